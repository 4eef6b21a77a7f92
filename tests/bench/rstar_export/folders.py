"""A folder of rollouts made by hand."""

from pathlib import Path
from typing import Any

from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import HEAD, KEY, TRAJECTORIES, RolloutKey, RolloutLine
from aurelia.bench.settled import settle
from aurelia.types.trajectory import Trajectory
from tests.cli.records import make_trajectory

MANIFEST: dict[str, Any] = {
    "kind": "rollouts",
    "samples": {
        "kind": "reconstruction",
        "items_sha256": "f" * 64,
        "licences": {"music-avqa": ["for research"], "own": [""]},
    },
    "settings": {"threshold": 6.0, "seed": 0},
    "aurelia": "0.1.0",
}


def run(name: str, **changes: Any) -> Trajectory:
    """An accepted run about a sample of a data set."""
    sample = {
        "id": name,
        "task": "music_avqa",
        "dataset": "music-avqa",
        "split": "test",
        "category": "Musical Performances",
        "question_type": "Audio/Counting",
        "video_id": "v1",
    }
    return make_trajectory().model_copy(update={"id": f"run-{name}", "sample": sample, **changes})


def folder_of(folder: Path, *runs: Trajectory) -> Path:
    """Write them, each with a repeat of its own number, and one that could not be looked at."""
    settle(folder, MANIFEST)
    with Journal(folder / TRAJECTORIES, KEY, HEAD) as journal:
        for made in runs:
            assert made.sample is not None
            journal.append(RolloutLine.of(RolloutKey(made.sample["id"]), made))
        journal.append(RolloutLine.failed(RolloutKey("gone"), "There is no clip."))
    return folder
