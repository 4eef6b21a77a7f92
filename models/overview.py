"""What is known of the models of a run before anything is asked: for people, and for programs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from aurelia.configuration.profile import Profile
from aurelia.errors import ConfigurationError
from aurelia.models.adapters.structured import shown_to
from aurelia.models.capabilities import Source
from aurelia.models.family import family
from aurelia.models.faults import redact
from aurelia.models.grounded import asked_as
from aurelia.models.keys import unset_key
from aurelia.models.prices import list_price
from aurelia.models.profiles import profile_of
from aurelia.models.registry import (
    GROUNDED,
    ResolvedModel,
    describe_profile,
    is_offline,
    resolve_model,
)

_SIGHT = {
    "native": "the video file",
    "raw": "the video file, as a data URL",
    "path": "the video file, by its path",
    "frames": "labelled frames",
    "off": "none",
}
_HEARING = {
    "native": "the file's own, or WAV",
    "input_audio": "WAV, as input_audio",
    "mp3": "MP3, as input_audio",
    "raw": "WAV, as a data URL",
    "path": "WAV, by its path",
    "in_video": "in the video",
    "off": "none",
}
_SOURCES: Mapping[Source, str] = {
    "configured": "as configured",
    "profile": "its package says so",
    "client": "its client decides",
}
_PRICE = re.compile(r"\$([\d.]+)/(input audio|output audio|input|output) MTok( \(\+tiers\))?")
_SOUND = {"input audio": "in", "output audio": "out"}


@dataclass(frozen=True, slots=True)
class Sense:
    """What a model takes of one sense.

    Attributes:
        takes: whether it does; None where nobody knows.
        form: in which form it is sent; `off`: not at all.
        source: who says so: `configured`, `profile` of its package, `client`, `unknown`.
    """

    takes: bool | None
    form: str
    source: Source


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens; None where it is unknown.

    Attributes:
        source: `profile` (the user's own), `list`, `free` (nothing is paid) or `unknown`.
        text: with what else is known, such as other prices for sound or for long prompts.
    """

    source: str
    text: str
    input_mtok: float | None = None
    output_mtok: float | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A model and its roles.

    Attributes:
        model: its string, cleared of secrets, without `grounded:`.
        roles: that it plays.
        leads_to: what a profile stands for; empty for other strings.
        client: by whose client it is called; `measures`: it computes its replies here.
        family: such as `gemini`; None where it has none, or can't be told.
        context_tokens: that it takes in at most; None where unknown.
        problem: why it can't be asked, in one sentence. Where that is a key alone, the rest is
            known all the same; else nothing is.
    """

    model: str
    roles: tuple[str, ...] = ()
    leads_to: str = ""
    client: str = ""
    family: str | None = None
    picture: Sense | None = None
    sound: Sense | None = None
    context_tokens: int | None = None
    price: Price | None = None
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        return asdict(self)


def overview(played: Iterable[tuple[str, str]]) -> list[Known]:
    """Models in the order in which they first come up, each once.

    Args:
        played: roles and the strings of their models, `grounded:` included.
    """
    roles: dict[str, list[str]] = {}
    wrong: dict[str, str] = {}
    for role, name in played:
        kind = "grounded " if name.startswith(GROUNDED) else ""
        inner = name.removeprefix(GROUNDED)
        roles.setdefault(inner, []).append(f"{kind}{role}")
        try:
            asked_as(role, name)
        except ConfigurationError as error:
            wrong.setdefault(inner, str(error))
    return [
        Known(redact(name), tuple(names), problem=wrong[name])
        if name in wrong
        else known(name, tuple(names))
        for name, names in roles.items()
    ]


def known(name: str, roles: tuple[str, ...] = ()) -> Known:
    """What is known of one model; builds its client, and asks nobody."""
    problem = ""
    try:
        model = resolve_model(name)
    except ConfigurationError as error:
        problem = str(error)
        try:
            found = _without_key(name)
        except ConfigurationError:
            found = None
        if found is None:
            return Known(redact(name), roles, problem=problem)
        model = found
    picture, sound = _senses(model)
    return Known(
        model=redact(name),
        roles=roles,
        leads_to=redact(model.identity) if profile_of(name) else "",
        client=model.family,
        family=family(name),
        picture=picture,
        sound=sound,
        context_tokens=model.takes.context_size,
        price=price_of(model),
        problem=problem,
    )


def _without_key(name: str) -> ResolvedModel | None:
    """A model as it would be with its key, where that is all it lacks; it can't be asked.

    Raises:
        ConfigurationError: it lacks something else.
    """
    if profile := profile_of(name):
        return describe_profile(profile)
    if name.startswith(("http://", "https://")) or not unset_key(name.partition(":")[0]):
        return None
    return describe_profile(Profile(name=name, model=name))


def _senses(model: ResolvedModel) -> tuple[Sense, Sense]:
    if model.computes:  # it opens the clip itself; a deaf or a blind one leaves a part alone
        left = shown_to(model, "critic") if is_offline(model.identity) else {"visual", "audio"}
        return Sense("visual" in left, "path", "client"), Sense("audio" in left, "path", "client")
    takes = model.takes
    return (
        Sense(takes.sees, takes.sight, takes.sight_from),
        Sense(takes.hears, takes.hearing, takes.hearing_from),
    )


def price_of(model: ResolvedModel) -> Price:
    """What a model costs: its profile first, the price list second."""
    if model.computes:
        return Price("free", "none: it computes here", 0.0, 0.0)
    if model.price is not None:
        given = (model.price.input_mtok, model.price.output_mtok)
        return Price("profile", f"{_tokens(str(model.price))} (its profile)", *given)
    listed = list_price(model.identity)
    found = {way: float(usd) for usd, way, _ in _PRICE.findall(listed)}
    if not found:
        return Price("unknown", "unknown")
    return Price("list", _tokens(listed), found.get("input"), found.get("output"))


def picture_words(picture: Sense) -> str:
    """In one phrase, what a model takes of the picture."""
    return _words(picture, _SIGHT)


def sound_words(sound: Sense) -> str:
    """In one phrase, what a model takes of the sound."""
    return _words(sound, _HEARING)


def _words(sense: Sense, forms: Mapping[str, str]) -> str:
    if sense.source == "unknown":
        return f"unknown; it is sent {forms[sense.form]}"
    if sense.source == "client" and sense.form == "off":
        return "none (its client can send none)"
    return f"{forms[sense.form]} ({_SOURCES[sense.source]})"


def _tokens(listed: str) -> str:
    """The parts of a price that every call may have: `$1.25 in, $10 out a million tokens`."""
    usd = {way: amount for amount, way, _ in _PRICE.findall(listed)}
    text = f"${usd.get('input', '?')} in, ${usd.get('output', '?')} out a million tokens"
    sound = [f"${usd[way]} {side}" for way, side in _SOUND.items() if way in usd]
    text += f"; for sound {', '.join(sound)}" if sound else ""
    return f"{text}; more for long prompts" if "+tiers" in listed else text
