"""Measured sentences about the clip, for models that can't hear or can't see it.

Physical measurements alone: when there is sound and how loud, sudden rises, a beat, movement,
cuts, light. They hold on any footage and name nothing. The question plays no part in them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aurelia.graph.context import Context
from aurelia.models.adapters.structured import measures, shown_to
from aurelia.models.offline.notes import Note
from aurelia.models.registry import ResolvedModel, find_model, is_offline, resolve_model
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Evidence, Modality
from aurelia.types.trajectory import Role

PHYSICAL = ("sound", "loudness", "jumps", "tempo", "motion", "cuts", "light")
"""Topics that are measured, in the order in which they are told."""
_HEADINGS: Mapping[tuple[Modality, ...], str] = {
    ("visual",): "Instruments measured this in the clip's picture:",
    ("audio",): "Instruments measured this in the clip's sound:",
    ("visual", "audio"): "Instruments measured this in the clip's picture and sound:",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a model is told of a clip in words.

    Attributes:
        text: the sentences as they stand in its prompt; empty where it is told nothing.
        senses: what they are about.
        evidence: the same as records, with the ids that the text names.
    """

    text: str = ""
    senses: frozenset[Modality] = frozenset()
    evidence: tuple[Evidence, ...] = ()


NOTHING = Told()


async def told(model: str, clip: Clip, context: Context, role: Role, member: int = 0) -> Told:
    """What `Context.evidence` gives to a model in a role.

    Args:
        model: a model string, without `grounded:`.
        clip: what is measured; nothing is sent anywhere.
        context: settings of the run.
        role: whom the prompt addresses. A model that measures by itself is told nothing.
        member: its number on the panel, for critics.
    """
    if context.evidence == "off" or is_offline(model):
        return NOTHING
    if measures(await find_model(model), role, member):
        return NOTHING
    senses = senses_of(clip)
    if context.evidence == "missing_modalities":
        senses = await asyncio.to_thread(missing_senses, model, clip, role, member)
    return await asyncio.to_thread(measured, clip, frozenset(senses)) if senses else NOTHING


def senses_of(clip: Clip) -> set[Modality]:
    """What there is to perceive in a clip."""
    senses: set[Modality] = set()
    if clip.has_video:
        senses.add("visual")
    if clip.has_audio:
        senses.add("audio")
    return senses


def missing_senses(model: str, clip: Clip, role: Role = "actor", member: int = 0) -> set[Modality]:
    """What of a clip does not reach a model: it is there, and the model is not sent it.

    Raises:
        ConfigurationError: `model` names no model.
    """
    return senses_of(clip) - taken_in(resolve_model(model), role, member)


def taken_in(model: ResolvedModel, role: Role, member: int = 0) -> set[Modality]:
    """Which senses a model in a role is sent, of clips that have them."""
    if model.computes:
        return shown_to(model, role, member)
    taken: set[Modality] = set()
    taken |= {"visual"} if model.takes.sight != "off" else set()
    taken |= {"audio"} if model.takes.hearing != "off" else set()
    return taken


@lru_cache(maxsize=32)
def measured(clip: Clip, senses: frozenset[Modality]) -> Told:
    """Measured sentences about some senses of a clip. Reads the media: call it in a thread.

    Ids are those of the whole list, so that every role speaks of the same `e3`.
    """
    # Here, because it brings SciPy along, and most runs measure nothing for others.
    from aurelia.models.offline.looks import take

    notes = [note for topic in PHYSICAL for note in take(clip, topic, 1)]
    numbered = [(f"e{n}", note) for n, note in enumerate(notes, 1) if note.modality in senses]
    if not numbered:
        return NOTHING
    order: tuple[Modality, ...] = ("visual", "audio")
    about = tuple(s for s in order if any(note.modality == s for _, note in numbered))
    return Told(
        text="\n".join([_HEADINGS[about], *(sentence(i, note) for i, note in numbered)]),
        senses=frozenset(about),
        evidence=tuple(_evidence(i, note) for i, note in numbered),
    )


def sentence(identity: str, note: Note) -> str:
    """One line: its id, what was measured, and how sure that is."""
    return f"- {identity}: {note.text} (measured, confidence {note.confidence:.2f})"


def named(steps: Sequence[Sequence[str]], known: Sequence[Evidence]) -> list[Evidence]:
    """The records that steps name, so that their ids lead somewhere.

    Args:
        steps: ids that each step names.
        known: what the model was told.
    """
    wanted = {identity for ids in steps for identity in ids}
    return [item for item in known if item.id in wanted]


def _evidence(identity: str, note: Note) -> Evidence:
    return Evidence(
        id=identity,
        kind=note.kind,
        modality=note.modality,
        start_s=round(note.span.start_s, 3),
        end_s=round(note.span.end_s, 3),
        value=note.value,
        unit=note.unit,
        confidence=note.confidence,
        source=f"look 1: {note.source}",
    )
