"""A source of samples for workers: small clips, a question that measuring can answer."""

import os
from dataclasses import dataclass
from pathlib import Path

from aurelia.bench.mechanism.plan import Difficulty, Split
from aurelia.bench.sample import Fact, Sample
from aurelia.errors import MediaError
from tests.bench.samples import make_sample
from tests.clips import make_clip

OPTIONS = {"A": "The sound", "B": "The movement"}


@dataclass(frozen=True)
class Fake:
    """Every second clip has its sound first.

    Attributes:
        broken: numbers of samples that can't be rendered.
        deadly: numbers of samples that end the process.
        buggy: numbers of samples that raise what nobody foresaw.
    """

    broken: tuple[int, ...] = ()
    deadly: tuple[int, ...] = ()
    buggy: tuple[int, ...] = ()
    families: tuple[str, ...] = ("order",)

    def sample(
        self,
        family: str,
        index: int,
        seed: int,
        folder: Path,
        *,
        difficulty: Difficulty,
        split: Split,
    ) -> Sample:
        """A clip of 3 s with one sound and one movement."""
        if index in self.broken:
            raise MediaError("The encoder is missing.")
        if index in self.buggy:
            raise ZeroDivisionError("nobody foresaw this")
        if index in self.deadly:
            os._exit(9)
        sound_first = index % 2 == 0
        early, late = (0.4, 0.9), (1.9, 2.5)
        name = f"{family}-{index}.mp4"
        make_clip(
            folder / name,
            3.0,
            moves=[late if sound_first else early],
            sounds=[early if sound_first else late],
        )
        return make_sample(
            id=f"{family}-{index}",
            clip=name,
            ground_truth=["A" if sound_first else "B"],
            true_facts=[Fact(kind="sources.count", modality="audio", value=1)],
            split=split,
        )

    def captions(self, sample: Sample, seed: int) -> list[tuple[str, str]]:
        """True and reversed order, and one with times that are off."""
        first, second = (
            ("sound", "movement")
            if sample.ground_truth == ["A"]
            else (
                "movement",
                "sound",
            )
        )
        return [
            ("true", f"The {first} starts before the {second}."),
            ("reversed", f"The {second} starts before the {first}."),
            ("time_shifted", f"The {first} starts at 1.4 s."),
        ]
