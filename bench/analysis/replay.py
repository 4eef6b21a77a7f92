"""What a loop with another threshold, or fewer passes, would have kept: from full-depth logs.

The rules are the loop's own (`aurelia.evaluators.selection`), and the loop is the one that stops on
acceptance. Where a log does not know what would have come next, that is said, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aurelia.bench.analysis.logged import HIGHEST, Log, Pass
from aurelia.bench.run.reply import Spent
from aurelia.errors import InputError
from aurelia.evaluators.selection import conclude
from aurelia.types.trajectory import StopReason

LOWEST = 1.0

_ENDED = ("cannot_answer", "failed", "budget")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One rollout as it would have gone.

    Attributes:
        kept: the pass that would have been kept; None where there is none.
        answering: the pass whose answer would have been the actor's.
        accepted: whether `kept` reached the threshold.
        passes: how many would have been made.
        spent: on them.
    """

    kept: Pass | None
    answering: Pass | None
    accepted: bool
    stop_reason: StopReason
    passes: int
    spent: Spent

    @property
    def mark(self) -> float:
        """What the actor's answer is worth; without any answer 0."""
        return (self.answering.mark or 0.0) if self.answering else 0.0

    @property
    def unread(self) -> bool:
        """Whether there is an answer, or should be, that nobody could read: it counts 0."""
        return self.answering.unread if self.answering else True

    @property
    def injected(self) -> str:
        """What a target would have been given; empty where its zero-shot reply stands."""
        return self.kept.r_star if self.kept and self.accepted else ""


def why_not(log: Log, threshold: float, most: int) -> str:
    """Why a log can't say how this would have gone; empty where it can."""
    if log.handled:
        return f"run {log.id} ({log.sample_id}) was decided or edited by a person"
    if most > log.most and not _over(log):
        return f"run {log.id} ({log.sample_id}) had {log.most} passes at most, and {most} are asked"
    if threshold > log.replayable_to and most > len(log.passes):
        return (
            f"run {log.id} ({log.sample_id}) stopped at pass {len(log.passes)} with a threshold of "
            f"{log.threshold:g}, so nobody knows what {threshold:g} would have led to"
        )
    return ""


def replay(log: Log, threshold: float, most: int | None = None) -> Replayed:
    """One rollout under another threshold, or with fewer passes.

    Args:
        log: recorded with `--stop-when never`, or stopped at this threshold or a higher one.
        threshold: τ, 1 to 10.
        most: passes at most; None: as many as there might have been.

    Raises:
        InputError: the log does not know.
    """
    most = log.most if most is None else most
    if problem := why_not(log, threshold, most):
        raise InputError(
            f"It can't be replayed: {problem}; record full depth with "
            "`aurelia generate --stop-when never`."
        )
    return _replayed(log, threshold, most)


def replayable(logs: Sequence[Log], threshold: float, most: int) -> str:
    """Why these logs together can't say; empty where they can."""
    return next((why for log in logs if (why := why_not(log, threshold, most))), "")


def thresholds(logs: Sequence[Log]) -> list[float]:
    """1 to 10, in steps of 0.5 where scores are finer than whole numbers, and the logged ones."""
    scores = [p.score for log in logs for p in log.passes if p.score is not None]
    whole = all(score == int(score) for score in scores)
    count = 9 if whole else 18
    steps = {LOWEST + n * (HIGHEST - LOWEST) / count for n in range(count + 1)}
    return sorted(steps | {log.threshold for log in logs})


def _over(log: Log) -> bool:
    """Whether a log had ended by itself, so that more passes would not have been made."""
    return log.stop_reason in _ENDED and len(log.passes) < log.most


def _replayed(log: Log, threshold: float, most: int) -> Replayed:
    within = [p for p in log.passes if p.index <= most]
    best, reason = conclude(
        [p.bare for p in within],
        threshold=threshold,
        keep_best=log.keep_best,
        inherited=log.inherited,
    )
    accepted = reason == "accepted"
    made = [p for p in within if not accepted or (best and p.index <= best.index)]
    whole = len(made) == len(log.passes)
    if not accepted and whole and (log.stop_reason in _ENDED):
        reason = log.stop_reason
        if reason == "cannot_answer":
            best = None
    kept = next((p for p in made if best and p.index == best.index), None)
    reasoned = [p for p in made if p.bare.reasoning]
    return Replayed(
        kept=kept,
        answering=kept or (reasoned[-1] if reasoned else None),
        accepted=accepted,
        stop_reason=reason,
        passes=len(made),
        spent=log.spent(len(made)),
    )
