"""What each further pass brings: accuracy of the actor's answer by pass."""

from collections.abc import Sequence

from pydantic import Field

from aurelia.bench.analysis.estimates import DRAWS, Estimate, mean
from aurelia.bench.analysis.grid import has_mark
from aurelia.bench.analysis.logged import HIGHEST, Log, Pass
from aurelia.bench.analysis.replay import why_not
from aurelia.bench.stats_metric import mean_of
from aurelia.bench.stats_paired import gain, swap_p
from aurelia.types.reasoning import Record


class PassRow(Record):
    """All rollouts of a variant, as they stood after so many passes."""

    variant: str
    index: int
    reached: int = Field(description="Rollouts that made this pass.")
    known: int = Field(
        description="Rollouts whose answer after so many passes is known: those that stopped on "
        "acceptance before are not among them."
    )
    accuracy: Estimate = Field(description="Of the last answer up to this pass, of the known.")
    unread: int = Field(
        default=0, description="Of the known, whose answer nobody could read: 0 each."
    )
    gain: float | None = Field(
        default=None, description="Over the first pass, on the same rollouts; None for the first."
    )
    gain_low: float | None = None
    gain_high: float | None = None
    p: float | None = Field(default=None, description="Permutation test by video, uncorrected.")
    mean_score: float | None = Field(description="The critic's, of the passes that have one.")
    unscored: int
    calls: int = Field(description="Made in this pass.")
    note: str = ""


def pass_rows(logs: Sequence[Log], *, seed: int = 0, draws: int = DRAWS) -> list[PassRow]:
    """By variant and pass. A rollout that ended by itself keeps its last answer; one that stopped
    because it was accepted is not known further on, and leaves the comparison."""
    rows = []
    for variant in dict.fromkeys(log.variant for log in logs):
        chosen = [log for log in logs if log.variant == variant]
        deepest = max((len(log.passes) for log in chosen), default=0)
        rows += [_row(variant, chosen, n, seed, draws) for n in range(1, deepest + 1)]
    return rows


def _row(variant: str, logs: Sequence[Log], index: int, seed: int, draws: int) -> PassRow:
    made = [p for log in logs for p in log.passes if p.index == index]
    known = [log for log in logs if has_mark(log) and not why_not(log, HIGHEST, index)]
    answering = [_answering(log, index) for log in known]
    now, first = [_mark(p) for p in answering], [_mark(_answering(log, 1)) for log in known]
    videos = [log.video for log in known]
    scores = [p.score for p in made if p.score is not None]
    row = PassRow(
        variant=variant,
        index=index,
        reached=len(made),
        known=len(known),
        accuracy=mean(now, videos, seed=seed, draws=draws),
        unread=sum(p.unread if p else True for p in answering),
        mean_score=sum(scores) / len(scores) if scores else None,
        unscored=len(made) - len(scores),
        calls=sum(p.spent.calls for p in made),
    )
    if index > 1 and known:
        compared = gain(mean_of(first), mean_of(now), videos, seed=seed, draws=draws)
        row.gain = compared.absolute
        row.gain_low = compared.absolute_interval.low
        row.gain_high = compared.absolute_interval.high
        row.p = swap_p(mean_of(first), mean_of(now), videos, seed=seed)
    if len(known) < len(logs):
        stopped = sum(1 for log in logs if has_mark(log)) - len(known)
        if stopped:
            row.note = f"{stopped} had stopped, accepted: what is left is the harder part."
    return row


def _answering(log: Log, index: int) -> Pass | None:
    reasoned = [p for p in log.passes if p.index <= index and p.bare.reasoning]
    return reasoned[-1] if reasoned else None


def _mark(answering: Pass | None) -> float:
    return (answering.mark or 0.0) if answering else 0.0
