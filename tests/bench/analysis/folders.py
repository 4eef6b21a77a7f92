"""Folders as `aurelia generate` and `aurelia bench run` leave them, made by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aurelia.bench.imports.manifest import items_hash
from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import HEAD, KEY, TRAJECTORIES, RolloutKey, RolloutLine
from aurelia.bench.sample import Sample, write_samples
from aurelia.bench.settled import settle
from aurelia.types.trajectory import Trajectory
from tests.bench.analysis.made import Marks, made, sample


def write_rollouts(
    folder: Path,
    samples: Sequence[Sample],
    trajectories: Mapping[RolloutKey, Trajectory],
    **manifest: Any,
) -> Path:
    """A folder of rollouts, with the samples in `samples.jsonl` above it."""
    write_samples(folder.parent / "samples.jsonl", samples)
    about = {"items_sha256": items_hash(samples), "count": len(samples)}
    settle(folder, {"kind": "rollouts", "samples": about, "settings": {}, **manifest})
    with Journal(folder / TRAJECTORIES, KEY, HEAD) as journal:
        for key, trajectory in trajectories.items():
            journal.append(RolloutLine.of(key, trajectory))
    return folder


def simple(folder: Path, marks: Mapping[str, Marks], **changes: Any) -> Path:
    """A folder with one rollout a sample."""
    samples = [sample(name) for name in marks]
    return write_rollouts(
        folder,
        samples,
        {
            RolloutKey(s.id): made(s, of, **changes)
            for s, of in zip(samples, marks.values(), strict=True)
        },
    )
