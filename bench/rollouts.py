"""The rollouts that `aurelia generate` keeps in a folder, read by sample, variant and repeat."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import Field, ValidationError

from aurelia.bench.lines import Lines, named
from aurelia.bench.settled import NAME, read_settled
from aurelia.errors import InputError
from aurelia.types.reasoning import Record, Unscored
from aurelia.types.trajectory import StopReason, Trajectory

TRAJECTORIES = "trajectories.jsonl"
DEFAULT = "default"
"""The variant of rollouts that were made with no `--variant`."""

KEY = ("sample_id", "variant", "repeat")
HEAD = ("attempt", "stop_reason", "unscored", "cost_usd", "calls", "unpriced")


class RolloutKey(NamedTuple):
    """Which rollout: repeats count from 0."""

    sample_id: str
    variant: str = DEFAULT
    repeat: int = 0


class RolloutLine(Record):
    """A line of `trajectories.jsonl`. What stands before the trajectory is read without it."""

    sample_id: str
    variant: str = DEFAULT
    repeat: int = Field(default=0, ge=0)
    attempt: int = Field(
        default=0, ge=0, description="How often it was asked for again; the last line stands."
    )
    stop_reason: StopReason
    unscored: int = Field(default=0, description="Passes without a usable score.")
    cost_usd: float | None = Field(default=0.0, description="None: the price of a call is unknown.")
    calls: int = 0
    unpriced: int = Field(default=0, description="Calls whose cost is unknown.")
    trajectory: Trajectory

    @property
    def key(self) -> RolloutKey:
        """Which rollout it is."""
        return RolloutKey(self.sample_id, self.variant, self.repeat)

    @classmethod
    def of(cls, key: RolloutKey, trajectory: Trajectory, attempt: int = 0) -> Self:
        """The line of a rollout that has ended."""
        totals = trajectory.totals
        return cls(
            sample_id=key.sample_id,
            variant=key.variant,
            repeat=key.repeat,
            attempt=attempt,
            stop_reason=trajectory.stop_reason,
            unscored=sum(isinstance(i.verdict, Unscored) for i in trajectory.iterations),
            cost_usd=totals.cost_usd,
            calls=totals.calls,
            unpriced=totals.unpriced,
            trajectory=trajectory,
        )


class Rollouts:
    """The rollouts of a folder; each is read from disk when it is asked for.

    Made by `open_rollouts`.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], lines: Lines) -> None:
        self.folder = folder
        self.manifest = manifest
        """What the rollouts were made with; see docs/generate.md."""
        self._lines = lines

    @property
    def keys(self) -> list[RolloutKey]:
        """Which rollouts there are, in the order in which they ended."""
        return [RolloutKey(*key) for key in self._lines.done]

    @property
    def variants(self) -> list[str]:
        """Names of the variants that have rollouts, sorted."""
        return sorted({key[1] for key in self._lines.done})

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, key: object) -> bool:
        return key in self._lines

    def head(self, key: RolloutKey) -> dict[str, Any]:
        """How a rollout ended, without reading it: the fields of `RolloutLine` but the trajectory.

        Raises:
            KeyError: there is no such rollout.
        """
        return self._lines.head(key)

    def get(self, sample_id: str, variant: str = DEFAULT, repeat: int = 0) -> Trajectory | None:
        """A rollout, failed ones included (see its `stop_reason`); None where there is none.

        Raises:
            InputError: its line is damaged.
        """
        found = self.line(RolloutKey(sample_id, variant, repeat))
        return None if found is None else found.trajectory

    def line(self, key: RolloutKey) -> RolloutLine | None:
        """A rollout with what its line says beside the trajectory; None where there is none.

        Raises:
            InputError: its line is damaged.
        """
        raw = self._lines.raw(key)
        if raw is None:
            return None
        try:
            return RolloutLine.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "the line"
            raise InputError(
                f"{self._lines.path}: the rollout {named(key)} is damaged at {place} "
                f"({first['msg'].lower()}); take its line out and generate it again."
            ) from None

    def __iter__(self) -> Iterator[RolloutLine]:
        """All rollouts, one at a time."""
        for key in self.keys:
            found = self.line(key)
            if found is not None:
                yield found


def open_rollouts(folder: Path) -> Rollouts:
    """The rollouts that `aurelia generate` wrote to a folder; it may be writing still.

    Raises:
        InputError: there are none, or the file is damaged; names the line.
    """
    if not (folder / TRAJECTORIES).is_file():
        raise InputError(
            f"{folder} holds no {TRAJECTORIES}; `aurelia generate SAMPLES -o {folder}` makes it."
        )
    manifest = read_settled(folder) if (folder / NAME).exists() else {}
    return Rollouts(folder, manifest, Lines(folder / TRAJECTORIES, KEY, HEAD))
