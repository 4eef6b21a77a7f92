"""Accuracy, coverage and cost against the threshold and the number of passes."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from pydantic import Field

from aurelia.bench.analysis.asked import TargetAnswers
from aurelia.bench.analysis.estimates import DRAWS, Estimate, means
from aurelia.bench.analysis.logged import Log
from aurelia.bench.analysis.replay import Replayed, replay, replayable, thresholds
from aurelia.bench.run.reply import Spent
from aurelia.bench.run.spent import add
from aurelia.types.reasoning import Record


class TargetThere(Record):
    """What a target made of the texts that would have been injected, as far as it was asked."""

    target: str
    known: int = Field(description="Rollouts whose very text it was asked with.")
    n: int = Field(
        description="Rollouts whose answers are worth something by themselves: no captions that "
        "are scored as a set."
    )
    value: float | None = Field(default=None, description="Accuracy; None unless all are known.")
    lowest: float | None = Field(default=None, description="Were all unknown answers wrong.")
    highest: float | None = Field(default=None, description="Were all unknown answers right.")


class ReplayCell(Record):
    """All rollouts of a variant under one threshold and one bound on passes."""

    variant: str
    threshold: float
    passes: int = Field(description="At most.")
    accuracy: Estimate = Field(description="Of the actor's answer at the pass that is kept.")
    unread: int = Field(
        default=0, description="Rollouts whose answer nobody could read, or that have none: 0 each."
    )
    coverage: Estimate = Field(description="Share with an accepted pass.")
    accepted_accuracy: float | None = Field(description="Of the actor, where a pass is accepted.")
    mean_passes: float
    spent: Spent = Field(description="What all of them would have taken.")
    targets: list[TargetThere] = []


class Replays(Record):
    """The whole grid, and why cells are missing."""

    cells: list[ReplayCell]
    refused: list[str] = []


def replays(
    logs: Sequence[Log],
    known: dict[str, TargetAnswers] | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Replays:
    """Every threshold and bound on passes that the logs know, by variant.

    Args:
        logs: of any variants; captions that are scored as a set count for coverage and cost alone.
        known: by target, what its answers are worth.
    """
    found = Replays(cells=[])
    for variant in dict.fromkeys(log.variant for log in logs):
        chosen = [log for log in logs if log.variant == variant]
        places, missing = [], list[tuple[float, int, str]]()
        for most in range(1, max(log.most for log in chosen) + 1):
            for threshold in thresholds(chosen):
                if why := replayable(chosen, threshold, most):
                    missing.append((threshold, most, why))
                else:
                    places.append((threshold, most))
        found.cells += _cells(variant, chosen, places, known or {}, seed, draws)
        if missing:
            threshold, most, why = missing[0]
            found.refused.append(
                f"{variant}: {len(missing)} of {len(missing) + len(places)} places can't be "
                f"replayed, the first a threshold of {threshold:g} with {most} passes: {why}; "
                "record full depth with `aurelia generate --stop-when never`."
            )
    return found


def _cells(
    variant: str,
    logs: list[Log],
    places: list[tuple[float, int]],
    known: dict[str, TargetAnswers],
    seed: int,
    draws: int,
) -> list[ReplayCell]:
    gone = [[replay(log, threshold, most) for log in logs] for threshold, most in places]
    if not gone:
        return []
    marked = [n for n, log in enumerate(logs) if has_mark(log)]
    videos = [logs[n].video for n in marked]
    marks = np.array([[column[n].mark for column in gone] for n in marked])
    accepted = np.array([[float(one.accepted) for one in column] for column in gone]).T
    accuracies = means(marks.reshape(len(marked), len(gone)), videos, seed=seed, draws=draws)
    coverages = means(accepted, [log.video for log in logs], seed=seed, draws=draws)
    cells = []
    for (threshold, most), column, accuracy, coverage in zip(
        places, gone, accuracies, coverages, strict=True
    ):
        spent = reduce(add, (one.spent for one in column), Spent())
        there = [column[n].mark for n in marked if column[n].accepted]
        cells.append(
            ReplayCell(
                variant=variant,
                threshold=threshold,
                passes=most,
                accuracy=accuracy,
                unread=sum(column[n].unread for n in marked),
                coverage=coverage,
                accepted_accuracy=sum(there) / len(there) if there else None,
                mean_passes=sum(one.passes for one in column) / len(column),
                spent=spent,
                targets=[
                    target_there(t, k, [logs[n] for n in marked], [column[n] for n in marked])
                    for t, k in known.items()
                ],
            )
        )
    return cells


def has_mark(log: Log) -> bool:
    """Whether the actor's answers to this sample are worth something by themselves."""
    return not log.set_scored


def target_there(
    target: str, known: TargetAnswers, logs: Sequence[Log], gone: Sequence[Replayed]
) -> TargetThere:
    """What a target's recorded answers say about these replays; unknown ones are bounded."""
    values = [
        known.value(log.sample_id, one.injected, log.repeat)
        for log, one in zip(logs, gone, strict=True)
    ]
    there = [value for value in values if value is not None]
    n, total = len(values), sum(there)
    return TargetThere(
        target=target,
        known=len(there),
        n=n,
        value=total / n if n and len(there) == n else None,
        lowest=total / n if n and there else None,
        highest=(total + n - len(there)) / n if n and there else None,
    )
