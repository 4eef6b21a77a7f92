"""Models that compute: text alone, with the structured request on the last message."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from aurelia.models.envelope import attach
from aurelia.models.registry import ResolvedModel, is_offline
from aurelia.models.request import ModelRequest, fingerprint
from aurelia.prompts.template import PromptMessage
from aurelia.prompts.variables import MEDIA
from aurelia.types.reasoning import Modality
from aurelia.types.trajectory import Role


def structured_messages(
    rendered: Sequence[PromptMessage], request: ModelRequest
) -> list[BaseMessage]:
    """The request as data, the clip by reference."""
    converted: list[BaseMessage] = []
    for message in rendered:
        kind = SystemMessage if message.role == "system" else HumanMessage
        converted.append(kind(content=message.text))
    attach(
        converted[-1],
        {
            "role": request.role,
            "iteration": request.draw.iteration,
            "repeat": request.draw.repeat,
            "purpose": request.purpose,
            "request": fingerprint(request),
            "clip": request.clip.model_dump(mode="json") if request.clip else None,
            "inputs": deepcopy(dict(request.inputs)),  # they may be what the graph's state holds
        },
    )
    return converted


def structured_senses(model: ResolvedModel, request: ModelRequest) -> set[Modality]:
    """What reaches a model that opens the clip itself: all, so that what isn't there can be told.

    A deaf one, or a script that stands for a model that was shown less, says so.
    """
    if request.clip is None or MEDIA not in request.template.variables:
        return set()
    return shown_to(model, request.role, request.draw.repeat)


def measures(model: ResolvedModel, role: Role, member: int = 0) -> bool:
    """Whether a model in a role measures by itself, or stands for one that does."""
    named: Collection[str] = getattr(model.chat, "measures", ())
    who = f"panel {member}" if role == "critic" and member else role
    return is_offline(model.identity) or who in named


def shown_to(model: ResolvedModel, role: Role, member: int = 0) -> set[Modality]:
    """What a model that computes is shown of a clip in a role.

    Args:
        model: the model.
        role: its role.
        member: its number on the panel, for critics; 0: the main one.
    """
    senses: set[Modality] = {"visual", "audio"}
    shown: Mapping[str, Collection[Modality]] = getattr(model.chat, "shown", {})
    limits = shown.get(role, senses)
    if role == "critic" and member:
        limits = shown.get(f"panel {member}", limits)
    return senses & set(limits)
