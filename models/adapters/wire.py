"""What goes to a model's client, and what the families of clients share."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from aurelia.models.adapters.media import Medium
from aurelia.prompts.template import MediaPart, PromptMessage
from aurelia.types.reasoning import Modality

Block = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as a client takes it.

    Attributes:
        messages: for `chat.ainvoke`.
        refs: names of the media, as the trajectory refers to them.
        bind: parameters that belong to the messages; to be bound to the chat model.
        senses: what of the clip reaches the model.
        kept: what of it the provider keeps, by key of the upload store; a cached context last.
    """

    messages: list[BaseMessage]
    refs: list[str] = field(default_factory=list)
    bind: dict[str, Any] = field(default_factory=dict)
    senses: set[Modality] = field(default_factory=set)
    kept: tuple[str, ...] = ()


def to_messages(rendered: Sequence[PromptMessage], media: Sequence[Block]) -> list[BaseMessage]:
    """Messages in LangChain's blocks, with `media` where the prompt places them."""
    converted: list[BaseMessage] = []
    for message in rendered:
        if message.role == "system":  # prompt sets place media in the user's section alone
            converted.append(SystemMessage(content=message.text))
            continue
        blocks: list[str | dict[Any, Any]] = []
        for part in message.parts:
            blocks += media if isinstance(part, MediaPart) else [text(part.text)]
        converted.append(HumanMessage(content=blocks))
    return converted


def labelled(media: Sequence[Medium], convert: Callable[[Medium], Block]) -> list[Block]:
    """Each medium behind its label; a note is its label alone."""
    blocks: list[Block] = []
    for medium in media:
        blocks.append(text(medium.label))
        if medium.kind != "note":
            blocks.append(convert(medium))
    return blocks


def text(content: str) -> Block:
    """A block of text."""
    return {"type": "text", "text": content}


def standard(medium: Medium) -> Block:
    """LangChain's own block of a medium, its bytes in it."""
    kinds = {"frame": "image", "sound": "audio", "video": "video"}
    return {"type": kinds[medium.kind], "base64": encoded(medium), "mime_type": medium.mime}


def encoded(medium: Medium) -> str:
    """The bytes of a medium as base64."""
    return base64.b64encode(medium.read()).decode("ascii")


def data_url(medium: Medium) -> str:
    """The bytes of a medium as a `data:` URL."""
    return f"data:{medium.mime};base64,{encoded(medium)}"
