"""Samples about one small clip, rollouts made by hand, and a target that follows steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.bench.rollouts import RolloutKey
from aurelia.bench.run.order import RunOrder
from aurelia.bench.run.reply import Reply
from aurelia.bench.run.run import carry_out, open_run
from aurelia.bench.run.score import read_replies
from aurelia.bench.sample import Sample, write_samples
from aurelia.types.trajectory import Trajectory
from tests.bench.analysis.folders import write_rollouts
from tests.bench.analysis.made import Marks, made, sample
from tests.clips import make_clip
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, say
from tests.models.wire.server import Wire

STEPS = "for the time number"
"""Stands in every r* of a rollout made by hand."""


@dataclass(frozen=True)
class Study:
    """A samples file with rollouts beside it."""

    folder: Path
    samples: list[Sample]

    @property
    def file(self) -> Path:
        """The samples file."""
        return self.folder / "samples.jsonl"

    @property
    def rollouts(self) -> Path:
        """The folder of rollouts."""
        return self.folder / "rollouts"

    @property
    def out(self) -> Path:
        """Where replies go."""
        return self.folder / "out"

    def order(self, *targets: str, **changes: Any) -> RunOrder:
        """Both modes, no controls."""
        fields: dict[str, Any] = {
            "samples": self.file,
            "folder": self.out,
            "targets": targets,
            "controls": "none",
            "r_star": self.rollouts,
        }
        return RunOrder(**{**fields, **changes})

    def replies(self) -> dict[tuple[str, str], Reply]:
        """Replies of the only target by condition and sample."""
        return {(reply.condition, reply.sample_id): reply for reply in read_replies(self.out)}


def make_study(
    folder: Path,
    marks: Mapping[str, Marks | None],
    change: Callable[[Sample], Mapping[str, Any]] = lambda _: {},
    rollout: Mapping[str, Any] | None = None,
) -> Study:
    """Samples with rollouts.

    Args:
        folder: where all of it goes.
        marks: by sample; None: it has no rollout.
        change: fields of each sample that are otherwise.
        rollout: fields of each trajectory that are otherwise.
    """
    make_clip(folder / "one.mp4", 0.5, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    samples = [sample(name, question=f"What of {name}?") for name in marks]
    samples = [s.model_copy(update=dict(change(s))) for s in samples]
    trajectories: dict[RolloutKey, Trajectory] = {
        RolloutKey(s.id): made(s, of, **dict(rollout or {}))
        for s, of in zip(samples, marks.values(), strict=True)
        if of is not None
    }
    write_rollouts(folder / "rollouts", samples, trajectories)
    write_samples(folder / "samples.jsonl", samples)
    return Study(folder, samples)


def run(order: RunOrder) -> None:
    """Ask for whatever is missing."""
    with open_run(order) as opened:
        carry_out(opened, at_once=4)


def follower(request: Received) -> Behaviour:
    """Chooses B with steps and A without."""
    return say("Answer: B" if STEPS in request.raw.decode() else "Answer: A")


def target(server: Wire) -> str:
    """A target that leads to a server; it gives up at once."""
    return f"{server.openai}#m1?max_retries=0"


def outcomes(marks: Sequence[str]) -> dict[str, int]:
    """How often each occurs."""
    return {mark: list(marks).count(mark) for mark in dict.fromkeys(marks)}
