"""What a mechanism run does: which clips, which models, and where clips come from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from aurelia.bench.sample import Sample
from aurelia.graph.context import OFFLINE

Difficulty = Literal["clean", "noisy"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)
Split = Literal["dev", "held_out"]

DEAF = f"{OFFLINE}?modality=deaf"
TRUE = "true"
"""The kind of a caption that is not corrupted."""
CHUNK = 10
"""So many samples are one worker's job: among them, partners for r* of another clip are found."""


class Source(Protocol):
    """Where samples and captions come from. Handed to processes, so it must pickle."""

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families it can make."""

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
        """Make one sample and its files; its paths are absolute, or relative to `folder`."""

    def captions(self, sample: Sample, seed: int) -> list[tuple[str, str]]:
        """`(kind, caption)`: a true caption of kind `true`, and corruptions of others."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Samples of the rendered benchmark."""

    @property
    def families(self) -> tuple[str, ...]:
        """The six families."""
        from aurelia.bench.rendered.render import FAMILIES

        return tuple(FAMILIES)

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
        """Render one sample."""
        from aurelia.bench.rendered.render import render_sample

        return render_sample(family, index, seed, folder, difficulty=difficulty, split=split)

    def captions(self, sample: Sample, seed: int) -> list[tuple[str, str]]:
        """The true caption in other words, and its corruptions."""
        from aurelia.bench.rendered.captions import corruptions, true_caption

        false = [(c.kind, c.caption) for c in corruptions(sample, seed)]
        return [(TRUE, true_caption(sample, seed)), *false]


@dataclass(frozen=True, slots=True)
class Models:
    """Who plays which role, and when a caption is accepted."""

    target: str = DEAF
    actor: str = OFFLINE
    summarizer: str = OFFLINE
    critic: str = OFFLINE
    threshold: float = 6.0
    max_iterations: int = 5
    panel: tuple[str, ...] = ()

    @property
    def by_role(self) -> dict[str, str]:
        """Model strings by role, members of the panel as `panel 1` …"""
        roles = ("target", "actor", "summarizer", "critic")
        members = {f"panel {number}": name for number, name in enumerate(self.panel, 1)}
        return {role: getattr(self, role) for role in roles} | members

    @property
    def settings(self) -> dict[str, Any]:
        """As keyword arguments of a context."""
        return {
            "target": self.target,
            "actor": self.actor,
            "summarizer": self.summarizer,
            "critic": self.critic,
            "panel": list(self.panel),
            "threshold": self.threshold,
            "max_iterations": self.max_iterations,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a worker has to know. `keep`: whether rendered clips stay in `folder`."""

    seed: int
    split: Split
    models: Models
    folder: Path
    keep: bool = False
    source: Source = field(default_factory=Rendered)


@dataclass(frozen=True, slots=True)
class Job:
    """Samples of one family and difficulty, by their numbers."""

    family: str
    difficulty: Difficulty
    indices: tuple[int, ...]

    @property
    def name(self) -> str:
        """What its samples have in common, in words."""
        return f"{self.family}, {self.difficulty}"

    @property
    def singles(self) -> Iterator["Job"]:
        """The same samples, one a job."""
        return (Job(self.family, self.difficulty, (index,)) for index in self.indices)


def jobs_for(families: Iterable[str], difficulties: Iterable[Difficulty], count: int) -> list[Job]:
    """Jobs of at most `CHUNK` samples, `count` samples for each family and difficulty."""
    return [
        Job(family, difficulty, tuple(range(start, min(count, start + CHUNK))))
        for difficulty in difficulties
        for family in families
        for start in range(0, count, CHUNK)
    ]
