"""The rollouts that `aurelia generate` keeps in a folder, read by sample, variant and repeat."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import Field, ValidationError

from aurelia.bench.lines import Lines, named
from aurelia.bench.settled import NAME, read_settled
from aurelia.bench.worth import known_sum, worth_usd
from aurelia.errors import InputError
from aurelia.types.reasoning import Record, Unscored
from aurelia.types.trajectory import Call, StopReason, Trajectory

TRAJECTORIES = "trajectories.jsonl"
DEFAULT = "default"
"""The variant of rollouts that were made with no `--variant`."""

KEY = ("sample_id", "variant", "repeat")
HEAD = (
    *("attempt", "stop_reason", "passes", "unscored", "calls", "cached", "unpriced", "paid_usd"),
    *("worth_usd", "unlisted"),
)


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
    passes: int = 0
    unscored: int = Field(default=0, description="Passes without a usable score.")
    calls: int = 0
    cached: int = Field(default=0, description="Of the calls: served without asking.")
    unpriced: int = Field(default=0, description="Of the calls: their cost is unknown.")
    paid_usd: float = Field(
        default=0.0, description="USD of the calls whose cost is known, earlier attempts included."
    )
    worth_usd: float | None = Field(
        default=None,
        description="USD at list price of the calls whose price is known, served ones included, of "
        "the last attempt; null in a line that was written before it was counted.",
    )
    unlisted: int = Field(default=0, description="Of the calls: not in `worth_usd`.")
    error: str = Field(default="", description="Why it failed, in one sentence.")
    trajectory: Trajectory | None = Field(
        description="Null where the sample could not be looked at, such as a clip that is missing."
    )

    @property
    def key(self) -> RolloutKey:
        """Which rollout it is."""
        return RolloutKey(self.sample_id, self.variant, self.repeat)

    @classmethod
    def of(
        cls,
        key: RolloutKey,
        trajectory: Trajectory,
        attempt: int = 0,
        paid_before: float = 0.0,
        charged: Sequence[Call] | None = None,
    ) -> Self:
        """The line of a rollout that has ended. Looks prices up: in async code, in a thread.

        Args:
            key: which rollout.
            trajectory: its record.
            attempt: how often it was asked for again.
            paid_before: USD of earlier attempts.
            charged: the calls that were made for it; None: all of the record.
        """
        passes = trajectory.iterations
        calls = charged
        if calls is None:
            calls = [call for i in passes for call in i.calls]
            calls += [call for target in trajectory.targets.values() for call in target.calls]
        worth, unlisted = known_sum(map(worth_usd, calls))
        totals = trajectory.totals
        return cls(
            sample_id=key.sample_id,
            variant=key.variant,
            repeat=key.repeat,
            attempt=attempt,
            stop_reason=trajectory.stop_reason,
            passes=len(passes),
            unscored=sum(isinstance(i.verdict, Unscored) for i in passes),
            calls=totals.calls,
            cached=totals.cached,
            unpriced=totals.unpriced,
            paid_usd=paid_before + known_sum(call.usage.cost_usd for call in calls)[0],
            worth_usd=worth,
            unlisted=unlisted,
            error=trajectory.stop_detail if trajectory.stop_reason == "failed" else "",
            trajectory=trajectory,
        )

    @classmethod
    def failed(
        cls, key: RolloutKey, error: str, attempt: int = 0, paid_before: float = 0.0
    ) -> Self:
        """The line of a rollout of a sample that could not be looked at."""
        return cls(
            sample_id=key.sample_id,
            variant=key.variant,
            repeat=key.repeat,
            attempt=attempt,
            stop_reason="failed",
            paid_usd=paid_before,
            worth_usd=0.0,
            error=error,
            trajectory=None,
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
        """How a rollout ended, without reading it: the fields of `HEAD`.

        Raises:
            KeyError: there is no such rollout.
        """
        return self._lines.head(key)

    def get(self, sample_id: str, variant: str = DEFAULT, repeat: int = 0) -> Trajectory | None:
        """A rollout, failed ones included (see its `stop_reason`); None where there is none, or
        where its sample could not be looked at.

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
