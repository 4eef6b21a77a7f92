"""Sums and differences of conditions on the samples that all of them have."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aurelia.bench.run.score import ScoredRun
from aurelia.bench.stats import Interval, bootstrap, sign_flip_p
from aurelia.bench.stats_paired import share_interval
from aurelia.bench.tables.results import Result

Key = tuple[str, str, int]
"""Column, sample id, repeat."""
Scores = Mapping[Key, Result]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A weighted sum of conditions, averaged over samples.

    Attributes:
        value: the mean.
        interval: 95 %, by bootstrapped videos; of a single condition as `share_interval` gives it.
        p: two-sided, of the sign-flip permutation by video; 1 where none was wanted, and for a
            single condition.
        n: samples.
        videos: what they are about.
        differing: videos whose sum is not 0.
    """

    value: float
    interval: Interval
    p: float
    n: int
    videos: int
    differing: int


def scores_by(run: ScoredRun) -> Mapping[tuple[str, str], Scores]:
    """By target and condition, what is right or wrong of its replies; nothing where it has none.

    Captions and graded texts are no part of it: their metrics belong to a set, and can't be taken
    apart by sample.
    """
    found: dict[tuple[str, str], dict[Key, Result]] = defaultdict(dict)
    for r in run.results:
        if r.caption is None and r.metric == "accuracy":
            found[r.target, r.condition][r.column, r.sample_id, r.repeat] = r
    return found


def contrast(
    *terms: tuple[float, Scores], seed: int = 0, draws: int = 4_000, tested: bool = True
) -> Contrast | None:
    """The mean over samples of a weighted sum; None where no sample has all conditions.

    Args:
        terms: weight and scores of each condition: `(1, helped), (-1, alone)` is a gain, and
            `(1, a), (-1, b), (-1, c), (1, d)` what two factors do together beyond each alone.
        seed: of bootstrap and permutations.
        draws: of the bootstrap.
        tested: whether p is wanted; else it is 1.
    """
    keys = common(*(scores for _, scores in terms))
    if not keys:
        return None
    first = terms[0][1]
    videos = [first[key].video for key in keys]
    values = [sum(weight * scores[key].score for weight, scores in terms) for key in keys]
    sums: dict[str, float] = {}
    for video, value in zip(videos, values, strict=True):
        sums[video] = sums.get(video, 0.0) + value
    single = len(terms) == 1
    nothing = [0.0] * len(values)
    return Contrast(
        value=sum(values) / len(values),
        interval=share_interval(values, videos, seed=seed, draws=draws)
        if single
        else bootstrap(values, videos, seed=seed, draws=draws),
        p=sign_flip_p(nothing, values, videos, seed=seed) if tested and not single else 1.0,
        n=len(keys),
        videos=len(sums),
        differing=sum(abs(value) > 1e-9 for value in sums.values()),
    )


def common(*scores: Scores) -> list[Key]:
    """The samples that all conditions have, in the first one's order."""
    if not scores:
        return []
    first: Sequence[Key] = list(scores[0])
    return [key for key in first if all(key in other for other in scores[1:])]
