"""What a role asks of a model, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aurelia.media.prepared import PreparedMedia
from aurelia.prompts.template import MediaPart, PromptMessage, Template
from aurelia.types.clip import Clip
from aurelia.types.hashing import text_hash
from aurelia.types.trajectory import Call, Part, Purpose, Role, SentMessage


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
class ModelRequest:
    """One request, before an adapter turns it into a provider's messages.

    Attributes:
        template: the prompt that is rendered.
        variables: what fills the template, as text.
        inputs: the same as structured data, for models that compute instead of read.
        clip: what a model that opens the clip itself is told; None: this role sees no media.
        media: prepared frames and sound of that clip.
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
    messages: Sequence[PromptMessage], media_refs: Sequence[str]
) -> tuple[list[SentMessage], dict[str, str]]:
    """Messages as the trajectory stores them: texts by hash, media by reference."""
    texts: dict[str, str] = {}
    sent = []
    for message in messages:
        parts: list[Part] = []
        for part in message.parts:
            if isinstance(part, MediaPart):
                parts += [Part(media=ref) for ref in media_refs]
            else:
                key = text_hash(part.text)
                texts[key] = part.text
                parts.append(Part(text=key))
        sent.append(SentMessage(role=message.role, parts=parts))
    return sent, texts
