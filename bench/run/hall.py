"""What all items of a run share: samples, rollouts, settings, prompts."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aurelia.bench.rollouts import RolloutKey, Rollouts
from aurelia.bench.run.condition import NO_CLIP, OWN_CLIP
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample
from aurelia.errors import InputError, RunError
from aurelia.graph.context import Context
from aurelia.media.open import open_clip
from aurelia.prompts.loader import PromptSet
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Trajectory

CLIPS = (OWN_CLIP, NO_CLIP)
_Kind = tuple[str, str, str]


class RolloutStore(Protocol):
    """Where rollouts come from: a folder's `Rollouts`, or those of this process."""

    def __contains__(self, key: object) -> bool: ...

    def head(self, key: RolloutKey) -> Mapping[str, Any]:
        """How a rollout ended: its `stop_reason` at least."""

    def get(self, sample_id: str, variant: str = ..., repeat: int = ...) -> Trajectory | None:
        """A rollout; None where there is none."""


@dataclass(frozen=True)
class Hall:
    """The shared part of a run.

    Attributes:
        samples: by id, in the file's order, paths resolved.
        rollouts: None: the run takes none.
        context: settings of all requests.
        prompts: of the targets, and of what conditions ask on the way.
        settings: of the benchmark.
        rollout_repeats: how many repeats the rollouts have.
    """

    samples: Mapping[str, Sample]
    rollouts: RolloutStore | None
    context: Context
    prompts: PromptSet
    settings: RunSettings
    rollout_repeats: int = 1
    _kinds: dict[_Kind, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for sample in self.samples.values():
            self._kinds[kind_of(sample)].append(sample)

    def peers(self, sample: Sample, *, other_answer: bool = True) -> Sequence[Sample]:
        """As `World.peers`."""
        alike = self._kinds[kind_of(sample)]
        place = next((n for n, s in enumerate(alike) if s.id == sample.id), -1)
        return [
            other
            for other in (*alike[place + 1 :], *alike[: max(place, 0)])
            if other.video != sample.video
            and not (other_answer and not truths(other).isdisjoint(truths(sample)))
        ]

    def rollout_key(self, sample_id: str, repeat: int) -> RolloutKey:
        """The rollout that goes with a repeat: the one of its number, or the only one there is."""
        number = repeat if self.rollout_repeats > 1 else 0
        return RolloutKey(sample_id, self.settings.variant, number)

    def rollout_state(self, sample_id: str, repeat: int) -> str:
        """How a rollout ended, without reading it; empty where there is none."""
        key = self.rollout_key(sample_id, repeat)
        if self.rollouts is None or key not in self.rollouts:
            return ""
        return str(self.rollouts.head(key)["stop_reason"])

    async def rollout(self, sample_id: str, repeat: int) -> Trajectory | None:
        """The rollout that goes with a repeat, read from disk.

        Raises:
            RunError: it is about another question than the sample.
            InputError: its line is damaged.
        """
        if self.rollouts is None:
            return None
        key = self.rollout_key(sample_id, repeat)
        found = await asyncio.to_thread(self.rollouts.get, *key)
        sample = self.samples.get(sample_id)
        if found is not None and sample is not None and not _same_question(found, sample):
            raise RunError(
                f"The rollout of {sample_id!r} asked {found.question!r}, the sample asks "
                f"{sample.asked!r}: they come from different samples files."
            )
        return found

    async def clip(self, sample: Sample) -> Clip:
        """A sample's own clip.

        Raises:
            MediaError: a file is missing or can't be decoded.
        """
        return await asyncio.to_thread(
            open_clip,
            sample.clip,
            sample.audio,
            sample.start_s,
            sample.end_s,
            sample.candidates or None,
        )


def kind_of(sample: Sample) -> _Kind:
    """What questions of one kind share: data set, task, and the data set's own type of question
    (where it names none, the category)."""
    return sample.dataset, sample.task, sample.question_type or sample.category


def truths(sample: Sample) -> set[str]:
    """The right answers in words: letters are shuffled, and say nothing across samples."""
    options = sample.options or {}
    return {" ".join(options.get(truth, truth).lower().split()) for truth in sample.ground_truth}


def _same_question(rollout: Trajectory, sample: Sample) -> bool:
    return " ".join(rollout.question.split()) == " ".join(sample.asked.split())


def check_rollouts(rollouts: Rollouts, settings: RunSettings) -> int:
    """How many repeats of a variant the rollouts have.

    Raises:
        InputError: there is no such variant, or it has several repeats and fewer than are asked.
    """
    if settings.variant not in rollouts.variants:
        there = ", ".join(rollouts.variants) or "none"
        raise InputError(
            f"{rollouts.folder} has no rollouts of the variant {settings.variant!r}; it has: "
            f"{there}. Name one with --variant."
        )
    repeats = 1 + max(key.repeat for key in rollouts.keys if key.variant == settings.variant)
    if 1 < repeats < settings.repeats:
        raise InputError(
            f"{rollouts.folder} has {repeats} repeats of the variant {settings.variant!r} and "
            f"{settings.repeats} are asked for: ask for {repeats} or fewer, or generate more."
        )
    return repeats
