"""Two sets of rollouts beside each other: two variants, or two critics on the same captions."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from pydantic import Field

from aurelia.bench.analysis.auroc import AurocGain, auroc_gain
from aurelia.bench.analysis.estimates import DRAWS, Share, share
from aurelia.bench.analysis.logged import Log, Pass
from aurelia.bench.analysis.replay import replay, why_not
from aurelia.bench.stats_metric import mean_of
from aurelia.bench.stats_paired import gain, swap_p
from aurelia.bench.stats_tests import holm, too_small
from aurelia.types.reasoning import Record

Key = tuple[str, int]


class Paired(Record):
    """A score under two conditions, on the samples that have both."""

    what: str
    n: int
    videos: int
    alone: int = Field(description="Samples that have only one of the two; left out.")
    first: float | None
    second: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = Field(default=None, description="Permutation test by video.")
    p_holm: float | None = Field(default=None, description="After Holm, over this comparison.")
    warnings: list[str] = []


class Disagreement(Record):
    """A pass that one critic accepts and the other doesn't; an unscored one is not accepted."""

    sample_id: str
    repeat: int
    index: int
    first: float | None
    second: float | None
    right: bool | None = Field(
        description="Whether the actor's answer is; None where it was not read, or is graded."
    )
    unread: bool = False


class CriticsCompared(Record):
    """Two critics on the same passes."""

    n: int = Field(description="Passes that both sides have, with the same actor's answer.")
    other_answers: int = Field(description="Passes whose answers differ; they are left out.")
    scored: int = Field(description="Of `n`, scored by both.")
    unscored_first: int
    unscored_second: int
    same_score: Share
    same_decision: Share = Field(
        description="Of `n`: accepted or not, each at its own threshold. As in the loop, a pass "
        "without a score is not accepted."
    )
    auroc: AurocGain
    disagreements: list[Disagreement]


class Compared(Record):
    """One set of rollouts against another."""

    first: str
    second: str
    pairs: list[Paired]
    critics: CriticsCompared


def compare(
    first: Sequence[Log],
    second: Sequence[Log],
    names: tuple[str, str],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Compared:
    """Accuracy of what the loop kept, coverage, scores, and agreement, paired by sample and repeat.

    Args:
        first: one variant of one folder.
        second: another variant, or the same captions under another critic.
        names: how the two are called.
    """
    one, other = _by_sample(first), _by_sample(second)
    common = [key for key in one if key in other]
    alone = len(one.keys() ^ other.keys())
    pairs: list[Paired] = []
    for what, value in (
        ("the actor's accuracy", _mark),
        ("coverage", _covered),
        ("mean score", _score),
    ):
        values = [(value(one[key]), value(other[key]), one[key].video) for key in common]
        pairs.append(_paired(what, values, alone, seed, draws))
    unread = [sum(_unread(side[key]) for key in common) for side in (one, other)]
    if any(unread):
        pairs[0].warnings.append(
            f"{unread[0]} answers of the first and {unread[1]} of the second could not be read, "
            "and count 0."
        )
    tested = {n: pair.p for n, pair in enumerate(pairs) if pair.p is not None}
    for n, adjusted in holm(tested).items():
        pairs[n].p_holm = adjusted
    return Compared(
        first=names[0],
        second=names[1],
        pairs=pairs,
        critics=_critics([(one[key], other[key]) for key in common], seed, draws),
    )


def _by_sample(logs: Sequence[Log]) -> Mapping[Key, Log]:
    return {(log.sample_id, log.repeat): log for log in logs}


def _mark(log: Log) -> float | None:
    """What the answer of the loop that stops on acceptance is worth."""
    if log.set_scored:
        return None
    if why_not(log, log.threshold, log.most):
        return None
    return replay(log, log.threshold).mark


def _unread(log: Log) -> bool:
    """Whether that answer is one that nobody could read; it counts 0."""
    return _mark(log) is not None and replay(log, log.threshold).unread


def _covered(log: Log) -> float | None:
    reached = (p.score is not None and p.score >= log.threshold for p in log.passes)
    return float(any(reached))


def _score(log: Log) -> float | None:
    scores = [p.score for p in log.passes if p.score is not None]
    return fmean(scores) if scores else None


def _paired(
    what: str,
    values: Sequence[tuple[float | None, float | None, str]],
    alone: int,
    seed: int,
    draws: int,
) -> Paired:
    both = [(a, b, video) for a, b, video in values if a is not None and b is not None]
    found = Paired(
        what=what,
        n=len(both),
        videos=len({video for _, _, video in both}),
        alone=alone + len(values) - len(both),
        first=None,
        second=None,
    )
    if not both:
        return found
    one, other = mean_of([a for a, _, _ in both]), mean_of([b for _, b, _ in both])
    videos = [video for _, _, video in both]
    compared = gain(one, other, videos, seed=seed, draws=draws)
    found.first, found.second = compared.first, compared.second
    found.difference = compared.absolute
    found.low, found.high = compared.absolute_interval.low, compared.absolute_interval.high
    found.p = swap_p(one, other, videos, seed=seed)
    differing = len({video for a, b, video in both if a != b})
    found.warnings = too_small(found.videos, differing, 3)
    if unknown := len(values) - len(both):
        found.warnings.append(
            f"{unknown} samples that both sides have are left out, for one of the two is not known "
            "there, as where a critic ended the log: those that are left were not left by chance."
        )
    return found


def _critics(pairs: Sequence[tuple[Log, Log]], seed: int, draws: int) -> CriticsCompared:
    both: list[tuple[Log, Log, Pass, Pass]] = []
    others = 0
    for one, other in pairs:
        theirs = {p.index: p for p in other.passes}
        for p in one.passes:
            if p.index not in theirs:
                continue
            if p.answer != theirs[p.index].answer or p.r_star != theirs[p.index].r_star:
                others += 1
            else:
                both.append((one, other, p, theirs[p.index]))
    scored = [
        (one, p.score, q.score, p.right)
        for one, _, p, q in both
        if p.score is not None and q.score is not None
    ]
    judged = [(one, a, b, bool(right)) for one, a, b, right in scored if right is not None]
    alike = sum(_accepts(one, p) == _accepts(other, q) for one, other, p, q in both)
    return CriticsCompared(
        n=len(both),
        other_answers=others,
        scored=len(scored),
        unscored_first=sum(p.score is None for _, _, p, _ in both),
        unscored_second=sum(q.score is None for _, _, _, q in both),
        same_score=share(sum(a == b for _, a, b, _ in scored), len(scored)),
        same_decision=share(alike, len(both)),
        auroc=auroc_gain(
            [a for _, a, _, _ in judged],
            [b for _, _, b, _ in judged],
            [right for *_, right in judged],
            [log.video for log, *_ in judged],
            seed=seed,
            draws=draws,
        ),
        disagreements=[
            Disagreement(
                sample_id=one.sample_id,
                repeat=one.repeat,
                index=p.index,
                first=p.score,
                second=q.score,
                right=p.right,
                unread=p.unread,
            )
            for one, other, p, q in both
            if _accepts(one, p) != _accepts(other, q)
        ],
    )


def _accepts(log: Log, p: Pass) -> bool:
    return p.score is not None and p.score >= log.threshold
