"""What a role asks of a model, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aurelia.media.prepared import PreparedMedia
from aurelia.models.retry import CallLimits
from aurelia.prompts.template import MediaPart, PromptMessage, Template
from aurelia.types.clip import Clip
from aurelia.types.hashing import json_hash, text_hash
from aurelia.types.trajectory import Call, Purpose, Role


@dataclass(frozen=True, slots=True)
class Draw:
    """Which of several independent samples of the same request this is.

    Part of the cache key, so that best-of-k is k draws and a repair is never served the reply
    that it should repair.
    """

    seed: int = 0
    iteration: int | None = None
    repeat: int = 0
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the clip is to be sent where a provider leaves a choice.

    Attributes:
        uses: calls that will send this clip to this account, as far as is known. What is used
            once may go with the call itself; otherwise it is uploaded once.
        video_fps: pictures a second that the provider samples of a video file; None: its default.
        context_cache: whether the provider is to keep the clip between calls.
    """

    uses: int = 1
    video_fps: float | None = None
    context_cache: bool = False


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One request, before an adapter turns it into a provider's messages.

    Attributes:
        template: the prompt that is rendered.
        variables: what fills the template, as text.
        inputs: the same as structured data, for models that compute instead of read.
        clip: what a model that opens the clip itself is told; None: this role sees no media.
        media: prepared frames and sound of that clip.
        delivery: how the clip is to be sent.
        limits: how often and how long it may be tried.
    """

    role: Role
    model: str
    template: Template
    variables: Mapping[str, str]
    inputs: Mapping[str, Any]
    clip: Clip | None = None
    media: PreparedMedia | None = None
    sampling: Mapping[str, Any] = field(default_factory=dict)
    draw: Draw = field(default_factory=Draw)
    purpose: Purpose = "main"
    use_cache: bool = True
    delivery: Delivery = field(default_factory=Delivery)
    limits: CallLimits = field(default_factory=CallLimits)

    def rendered(self) -> list[PromptMessage]:
        """The template with its variables filled in."""
        return self.template.render(self.variables)


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A reply as received, the record of the call, and the texts that the record refers to."""

    text: str
    call: Call
    texts: Mapping[str, str]


def describe_messages(
    messages: Sequence[PromptMessage],
    media_refs: Sequence[str],
    texts: dict[str, str],
    hashes: dict[str, str],
) -> list[dict[str, Any]]:
    """Messages as the trajectory stores them, in plain JSON: texts by hash, media by reference.

    Args:
        messages: as rendered.
        media_refs: what stands where they place the media.
        texts: by hash; those of the messages are added.
        hashes: by text; the same the other way round, so that no text is hashed twice.
    """
    media = [{"text": None, "media": ref} for ref in media_refs]
    sent = []
    for message in messages:
        parts: list[dict[str, str | None]] = []
        for part in message.parts:
            if isinstance(part, MediaPart):
                parts += media
            else:
                parts.append({"text": hashed(part.text, texts, hashes), "media": None})
        sent.append({"role": message.role, "parts": parts})
    return sent


def hashed(text: str, texts: dict[str, str], hashes: dict[str, str]) -> str:
    """The hash of a text, which joins both mappings."""
    if (key := hashes.get(text)) is None:
        key = hashes[text] = text_hash(text)
        texts[key] = text
    return key


def fingerprint(
    request: ModelRequest,
    rendered: Sequence[PromptMessage] | None = None,
    hashes: Mapping[str, str] | None = None,
) -> str:
    """What was asked, whoever is asked: no path, no model, no draw, no form of the media.

    Args:
        request: what was asked.
        rendered: the same as messages; None: they are made here.
        hashes: of their texts, by text, as far as they are known.
    """
    clip = request.clip
    messages = request.rendered() if rendered is None else rendered
    return json_hash(
        {
            "messages": describe_messages(
                messages, ["clip"] if clip else [], {}, dict(hashes or {})
            ),
            "inputs": dict(request.inputs),
            "clip": clip and [clip.sha256, clip.audio_sha256, clip.start_s, clip.end_s],
            "candidates": clip and [[c.label, c.sha256] for c in clip.candidates],
        }
    )[:24]
