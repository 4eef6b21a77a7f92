"""A sample's clip with one thing changed, and what exactly was changed."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from typing import Any, TypeVar, cast, get_args

from aurelia.bench.run.condition import World
from aurelia.bench.sample import Sample
from aurelia.errors import InputError, MediaError
from aurelia.media.altered import Altered, ProbeName, alter, lacks
from aurelia.types.clip import Clip

T = TypeVar("T")

_MOST_DONORS = 16
"""So many other clips are looked into for a sound before there is said to be none."""

# Whoever renders another probe may not clear these away before they have been read.
_held: deque[object] = deque(maxlen=256)


async def probe_clip(name: str, sample: Sample, world: World) -> Clip:
    """A probe of a sample's clip, as `Ask.clip` names it.

    Raises:
        InputError: there is no such probe, or none of this clip (`missing_probe` says so before).
        MediaError: the clip, or the one whose sound it gets, can't be read or written.
    """
    return (await make_probe(name, sample, world)).clip


async def make_probe(name: str, sample: Sample, world: World) -> Altered:
    """As `probe_clip`, with what was done."""
    probe = _named(name)
    clip = await world.clip(sample)
    found = await donor(sample, world) if probe == "other_audio" else None
    if probe == "other_audio" and found is None:
        raise InputError(f"No other clip has a sound for the probe of {sample.id!r}.")
    altered = await asyncio.to_thread(alter, clip, probe, donor=found[1] if found else None)
    if found:
        altered.parameters["donor"] = found[0].id
    _held.append(altered.lease)
    return altered


async def missing_probe(name: str, sample: Sample, world: World) -> str:
    """Why a sample has no such probe, in words; empty where it can be made.

    Raises:
        MediaError: its clip can't be opened.
    """
    probe = _named(name)
    if why := lacks(await world.clip(sample), probe):
        return why
    if probe == "other_audio" and await donor(sample, world) is None:
        return "no other clip with a sound belongs to a question of this kind with another answer"
    return ""


async def donor(sample: Sample, world: World) -> tuple[Sample, Clip] | None:
    """Whose sound `other_audio` puts in: a clip of the same kind of question with another answer,
    drawn by the run's seed and the sample's id; None where none has a sound."""
    for other in drawn(world.peers(sample), world.settings.seed, "donor", sample.id)[:_MOST_DONORS]:
        try:
            clip = await world.clip(other)
        except MediaError:  # a broken clip fails for its own question, not for this one
            continue
        if clip.has_audio:
            return other, clip
    return None


def drawn(items: Sequence[T], seed: int, *purpose: str) -> list[T]:
    """The items in an order that follows from the seed and the purpose alone."""
    shuffled = list(items)
    random.Random("\n".join((str(seed), *purpose))).shuffle(shuffled)
    return shuffled


def told(parameters: dict[str, Any]) -> str:
    """What was done, in words for the record."""
    match parameters["probe"]:
        case "shifted":
            how = "as measured orders turn" if parameters["chosen"] == "measured" else "as given"
            return f"the sound {parameters['shift_s']:g} s later, going round ({how})"
        case "other_audio":
            return f"the sound of {parameters['donor']}"
        case "frozen":
            return f"the picture at {parameters['at_s']:g} s throughout"
        case _:
            return "silence for sound"


def _named(name: str) -> ProbeName:
    if name not in get_args(ProbeName):
        raise InputError(
            f"There is no probe {name!r}; there are: {', '.join(get_args(ProbeName))}."
        )
    return cast("ProbeName", name)
