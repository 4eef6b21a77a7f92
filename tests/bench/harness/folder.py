"""Samples with real clips, their rollouts, and the folder that lmms-eval is given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.bench.harness.lmms_export import Exported, export_lmms_eval
from aurelia.bench.rollouts import RolloutKey, Rollouts, open_rollouts
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample, read_samples
from aurelia.prompts.loader import load_prompts
from tests.bench.analysis.folders import write_rollouts
from tests.bench.analysis.made import made
from tests.bench.samples import make_sample
from tests.clips import make_clip

TRUTH = "zyxwv-truth"
ACCEPTED, NOT_ACCEPTED = [(9.0, True)], [(2.0, True)]


@dataclass(frozen=True)
class Case:
    """What was exported."""

    samples: Path
    rollouts: Rollouts
    folder: Path
    done: Exported


def sample(name: str, **changes: object) -> Sample:
    """An open question about a clip of its own name."""
    fields = {"options": None, "answer_type": "open", "ground_truth": [TRUTH]}
    return make_sample(**{"id": name, "clip": f"{name}.mp4", **fields, **changes})


def clip(place: Path, **changes: Any) -> Path:
    """A clip of two seconds: a movement, then a sound."""
    size: dict[str, Any] = {"width": 64, "height": 48, "fps": 10}
    return make_clip(place, 2.0, moves=[(0.3, 0.7)], sounds=[(1.3, 1.8)], **{**size, **changes})


def exported(place: Path, samples: list[Sample], marks: list[list[tuple[float, bool]]]) -> Case:
    """Samples and rollouts in `place`, and the folder made of them."""
    runs = {RolloutKey(s.id): made(s, of) for s, of in zip(samples, marks, strict=True)}
    folder = write_rollouts(place / "generated", samples, runs)
    rollouts = open_rollouts(folder)
    done = export_lmms_eval(
        read_samples(place / "samples.jsonl"),
        rollouts,
        place / "task",
        prompts=load_prompts("default"),
        settings=RunSettings(form="plan"),
    )
    return Case(place / "samples.jsonl", rollouts, place / "task", done)
