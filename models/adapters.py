"""How a rendered prompt and a clip become LangChain messages.

Two forms stand here: frames (text and JPEG images, what nearly every chat model takes) and the
structured request of models that compute. Adapters for native video and audio join them.
"""

import base64
from collections.abc import Collection, Mapping
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from aurelia.media.prepared import PreparedMedia
from aurelia.models.envelope import attach
from aurelia.models.registry import ResolvedModel
from aurelia.models.request import ModelRequest
from aurelia.prompts.template import MediaPart, PromptMessage
from aurelia.prompts.variables import MEDIA
from aurelia.types.reasoning import Modality


def media_refs(media: PreparedMedia | None) -> list[str]:
    """Names of what `frames_messages` sends, as the trajectory refers to them."""
    return [f"frame@{frame.time_s:.2f}s" for frame in media.frames] if media else []


def received(request: ModelRequest, model: ResolvedModel) -> set[Modality]:
    """Which senses of the clip reach `model` with this request."""
    if request.clip is None or MEDIA not in request.template.variables:
        return set()
    if not model.computes:
        return {"visual"} if request.media and request.media.frames else set()
    # It opens the clip itself, so that a missing stream is a fact it can check. A deaf one, or a
    # script that stands for a model that was shown less, says so.
    senses: set[Modality] = {"visual", "audio"}
    shown: Mapping[str, Collection[Modality]] = getattr(model.chat, "shown", {})
    return senses & set(shown.get(request.role, senses))


def frames_messages(
    messages: list[PromptMessage], media: PreparedMedia | None
) -> list[BaseMessage]:
    """Text and labelled JPEG frames, in the standard content blocks of LangChain."""
    converted: list[BaseMessage] = []
    for message in messages:
        if message.role == "system":  # prompt sets place media in the user's section alone
            converted.append(SystemMessage(content=message.text))
            continue
        blocks: list[str | dict[Any, Any]] = []
        for part in message.parts:
            if isinstance(part, MediaPart):
                blocks += _frame_blocks(media)
            else:
                blocks.append({"type": "text", "text": part.text})
        converted.append(HumanMessage(content=blocks))
    return converted


def _frame_blocks(media: PreparedMedia | None) -> list[dict[Any, Any]]:
    blocks: list[dict[Any, Any]] = []
    for frame in media.frames if media else ():
        blocks.append({"type": "text", "text": f"Frame at {frame.time_s:.2f} s:"})
        data = base64.b64encode(frame.jpeg).decode("ascii")
        blocks.append({"type": "image", "base64": data, "mime_type": "image/jpeg"})
    return blocks


def structured_messages(
    messages: list[PromptMessage], request: ModelRequest, fingerprint: str
) -> list[BaseMessage]:
    """Text alone, with the structured request on the last message."""
    converted: list[BaseMessage] = []
    for message in messages:
        kind = SystemMessage if message.role == "system" else HumanMessage
        converted.append(kind(content=message.text))
    attach(
        converted[-1],
        {
            "role": request.role,
            "iteration": request.draw.iteration,
            "repeat": request.draw.repeat,
            "purpose": request.purpose,
            "request": fingerprint,
            "clip": request.clip.model_dump(mode="json") if request.clip else None,
            "inputs": dict(request.inputs),
        },
    )
    return converted
