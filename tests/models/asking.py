"""Requests as the nodes make them, with the shipped prompts."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aurelia.media.prepared import PreparedMedia
from aurelia.models.ask import Asked, ask
from aurelia.models.call import CallFailed, call
from aurelia.models.request import ModelReply, ModelRequest
from aurelia.prompts.loader import load_prompts
from aurelia.types.clip import Clip

PROMPTS = load_prompts("default")


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip and its frames, as a role that sees them is given both."""

    clip: Clip
    media: PreparedMedia


def critic(model: str, shown: Shown | None = None, **changes: Any) -> ModelRequest:
    """What the evaluator asks."""
    caption = changes.pop("caption", "A block moves, then a tone sounds.")
    return ModelRequest(
        role="critic",
        model=model,
        template=PROMPTS.get("evaluator"),
        variables={"caption": caption},
        inputs={"caption": caption},
        clip=shown.clip if shown else None,
        media=shown.media if shown else None,
        **changes,
    )


def summarizer(model: str, **changes: Any) -> ModelRequest:
    """What the summarizer is asked, which is shown no clip."""
    variables = {"steps": "1. Listen.", "findings": "A tone.", "answer": "A", "question": "What?"}
    return ModelRequest(
        role="summarizer",
        model=model,
        template=PROMPTS.get("summarizer"),
        variables=variables,
        inputs=variables,
        **changes,
    )


def ask_now(request: ModelRequest) -> ModelReply:
    """`call`, waited for in an event loop of its own."""
    return asyncio.run(call(request))


def failure_of(request: ModelRequest) -> CallFailed:
    """The failure that `call` ends with."""
    try:
        ask_now(request)
    except CallFailed as failure:
        return failure
    raise AssertionError("the call did not fail")


def ask_with_repair(request: ModelRequest) -> Asked:
    """`ask` with the shipped repair prompt."""
    return asyncio.run(ask(request, PROMPTS.get("repair")))
