"""What a model takes in: as configured first, as its package knows it second, unknown otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from langchain_core.language_models.chat_models import BaseChatModel

from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.types.reasoning import Modality

Family = Literal["gemini", "openai", "compatible", "anthropic", "ollama", "other", "measures"]
Sight = Literal["native", "raw", "path", "frames", "off"]
Hearing = Literal["native", "input_audio", "mp3", "raw", "path", "in_video", "off"]
Source = Literal["configured", "profile", "client", "unknown"]

SIGHTS: Mapping[Family, tuple[Sight, ...]] = {
    "gemini": ("native", "frames", "off"),
    "openai": ("frames", "off"),
    "compatible": ("frames", "raw", "path", "off"),
    "anthropic": ("frames", "off"),
    "ollama": ("frames", "off"),
    "other": ("frames", "native", "off"),
    "measures": ("path",),
}
"""In which forms a picture can be sent to each family of clients."""

HEARINGS: Mapping[Family, tuple[Hearing, ...]] = {
    "gemini": ("native", "off"),
    "openai": ("input_audio", "mp3", "off"),
    "compatible": ("input_audio", "mp3", "raw", "path", "in_video", "off"),
    "anthropic": ("off",),
    "ollama": ("off",),
    "other": ("native", "off"),
    "measures": ("path",),
}
"""In which forms sound can be sent to each family of clients."""

SETTINGS = ("video", "audio", "context")
"""Settings in a model's string that are ours, and never reach a client."""

_WORDS = {
    "native": "as it is",
    "raw": "as a data URL",
    "path": "as a path",
    "frames": "as frames",
    "input_audio": "as input_audio",
    "mp3": "as MP3",
    "in_video": "in the video",
    "off": "no",
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model takes in, and how we know.

    Attributes:
        sight: form in which it is sent pictures; `off`: it is sent none.
        hearing: form in which it is sent sound; `off`: it is sent none.
        sight_from: who says so. `client`: the provider's client has no way to send it.
        hearing_from: the same for sound. `unknown` sends frames and no sound.
        context_size: tokens that it takes in at most; None where unknown.
    """

    sight: Sight = "frames"
    hearing: Hearing = "off"
    sight_from: Source = "unknown"
    hearing_from: Source = "unknown"
    context_size: int | None = None

    @property
    def sees(self) -> bool | None:
        """Whether it takes pictures; None where nobody knows."""
        return None if self.sight_from == "unknown" else self.sight != "off"

    @property
    def hears(self) -> bool | None:
        """Whether it takes sound; None where nobody knows."""
        return None if self.hearing_from == "unknown" else self.hearing != "off"

    def was_told_off(self, sense: Modality) -> bool:
        """Whether the user configured that this sense is not to be sent."""
        form, source = {
            "visual": (self.sight, self.sight_from),
            "audio": (self.hearing, self.hearing_from),
        }[sense]
        return form == "off" and source == "configured"

    def describe(self) -> str:
        """One line for tables: `picture: as frames (profile); sound: no (client); …`."""
        size = f"{self.context_size:,} tokens" if self.context_size else "unknown"
        sight = _said("picture", self.sight, self.sight_from)
        return f"{sight}; {_said('sound', self.hearing, self.hearing_from)}; context: {size}"


UNKNOWN = Capabilities()
MEASURES = Capabilities("path", "path", "client", "client")
"""Of models that open the clip themselves."""


def family_of(chat: BaseChatModel) -> Family:
    """By whose client a model is called, subclasses of other packages included."""
    if getattr(chat, "takes_envelope", False):
        return "measures"
    packages = {cls.__module__.partition(".")[0] for cls in type(chat).__mro__}
    if "langchain_google_genai" in packages:
        return "gemini"
    if "langchain_openai" in packages:
        return "compatible" if getattr(chat, "openai_api_base", None) else "openai"
    if "langchain_anthropic" in packages:
        return "anthropic"
    return "ollama" if "langchain_ollama" in packages else "other"


def capabilities_of(
    name: str, chat: BaseChatModel, family: Family, configured: Mapping[str, Any]
) -> Capabilities:
    """What the model of a role's string takes in.

    Args:
        name: the string, for messages.
        chat: its client, whose profile is asked about what is not configured.
        family: of `family_of`.
        configured: settings among `SETTINGS`.

    Raises:
        ConfigurationError: a setting has no such value for this family.
    """
    profile: Mapping[str, Any] = chat.profile or {}
    sight, sight_from = _sight(family, profile)
    hearing, hearing_from = _hearing(family, profile)
    if "video" in configured:
        _check(name, "video", configured["video"], SIGHTS[family])
        sight, sight_from = configured["video"], "configured"
    if "audio" in configured:
        _check(name, "audio", configured["audio"], HEARINGS[family])
        hearing, hearing_from = configured["audio"], "configured"
    if hearing == "in_video" and sight not in ("raw", "path"):
        raise ConfigurationError(
            f"{redact(name)!r} has audio=in_video, which needs video=raw or video=path."
        )
    size = configured.get("context", profile.get("max_input_tokens"))
    if size is not None and (not isinstance(size, int) or size < 1):
        raise ConfigurationError(
            f"{redact(name)!r} has context={size!r}; give the number of tokens it takes in."
        )
    return Capabilities(sight, hearing, sight_from, hearing_from, size)


def _sight(family: Family, profile: Mapping[str, Any]) -> tuple[Sight, Source]:
    if family == "gemini" and profile.get("video_inputs"):
        return "native", "profile"
    known = profile.get("image_inputs")
    if known is None:
        return "frames", "unknown"
    return ("frames" if known else "off"), "profile"


def _hearing(family: Family, profile: Mapping[str, Any]) -> tuple[Hearing, Source]:
    forms = HEARINGS[family]
    if forms == ("off",):
        return "off", "client"
    known = profile.get("audio_inputs")
    if known is None:
        return "off", "unknown"
    return (forms[0] if known else "off"), "profile"


def _check(name: str, setting: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigurationError(
            f"{redact(name)!r} can't have {setting}={value!s}; its client can be sent "
            f"{setting}={' or '.join(allowed)}."
        )


def _said(what: str, form: str, source: Source) -> str:
    if source == "unknown":
        return f"{what}: unknown, {'none is sent' if form == 'off' else f'sent {_WORDS[form]}'}"
    return f"{what}: {_WORDS[form]} ({source})"


def forms() -> set[str]:
    """Every form that a setting can name; the documentation is checked against it."""
    return {*get_args(Sight), *get_args(Hearing)}
