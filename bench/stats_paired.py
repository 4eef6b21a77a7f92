"""Two conditions on the same samples: how much one gains on the other, and whether that is chance.

Any two: modes, variants, critics. Samples of one video hang together, so whole videos are drawn
and swapped. Methods: percentile bootstrap over clusters (Field and Welsh, 2007); permutation of the
two conditions within each video (Fisher's sign flips, where the metric is a mean) with Phipson and
Smyth's (2010) correction where permutations are drawn. Of few videos intervals of gains are widened
by the jackknife over clusters with Student's t (Cameron, Gelbach and Miller, 2008, on the need).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import stdtrit

from aurelia.bench.stats import LEVEL, MOST_PATTERNS, Interval, wilson
from aurelia.bench.stats_metric import Measured, Numbers, by_video, mean_of

FEW = 20
"""With fewer videos a bootstrap interval is too narrow to be left alone."""
TOO_FEW = 8
"""With fewer videos a quotient has no interval that holds what it promises."""
_CELLS = 2_000_000  # numbers held at once
_EQUAL = 1e-9  # sums of the same numbers in another order differ by less


@dataclass(frozen=True, slots=True)
class Gain:
    """How much `second` gains on `first`.

    Attributes:
        first, second: the metric under each condition.
        absolute: second - first.
        relative: (second - first) / first, as published gains are; None where first is 0.
        absolute_interval: 95 %, by bootstrapped videos; widened below `FEW` of them, and where it
            is a point because all videos agree.
        relative_interval: likewise; None below `TOO_FEW` videos and where `first` is 0 in some
            resample in twenty or more, for then the quotient has no interval worth the name, and
            where few videos all agree.
        undefined: share of the resamples in which `first` is 0.
    """

    first: float
    second: float
    absolute: float
    relative: float | None
    absolute_interval: Interval
    relative_interval: Interval | None
    undefined: float


def metric_interval(
    measured: Measured, videos: Sequence[Hashable], *, seed: int = 0, draws: int = 10_000
) -> Interval:
    """Percentile bootstrap interval of any metric; whole videos are drawn with replacement.

    Raises:
        ValueError: no samples, or lengths that differ.
    """
    values = np.concatenate(
        [measured.finish(sums[0]) for sums in resampled([by_video(measured, videos)], seed, draws)]
    )
    return _middle(values)


def share_interval(
    scores: Sequence[float], videos: Sequence[Hashable], *, seed: int = 0, draws: int = 10_000
) -> Interval:
    """95 % interval of a mean of scores of 0 to 1, clustered by video.

    The bootstrap's; below `FEW` videos, or where it is a point because all videos agree, it claims
    too much, and is widened to Wilson's interval with the videos as trials.

    Raises:
        ValueError: no samples, or lengths that differ.
    """
    drawn = metric_interval(mean_of(scores), videos, seed=seed, draws=draws)
    count = len(set(videos))
    if count >= FEW and drawn.low < drawn.high:
        return drawn
    safe = wilson(count * sum(scores) / len(scores), count)
    return Interval(min(drawn.low, safe.low), max(drawn.high, safe.high))


def gain(
    first: Measured,
    second: Measured,
    videos: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 10_000,
) -> Gain:
    """The gain of one condition on another; both are drawn together, video by video.

    Args:
        first: the condition to be gained on, such as `zero_shot`.
        second: the other, with rows for the same samples in the same order.
        videos: the video of each sample.
        seed: of the random draws.
        draws: number of resamples.

    Raises:
        ValueError: no samples, or lengths that differ.
    """
    tables = [by_video(first, videos), by_video(second, videos)]
    pairs = [
        (first.finish(sums[0]), second.finish(sums[1])) for sums in resampled(tables, seed, draws)
    ]
    one, other = (np.concatenate(values) for values in zip(*pairs, strict=True))
    defined = one > _EQUAL
    undefined = float(1 - defined.mean())
    quotients = (other[defined] - one[defined]) / one[defined]
    whole = second.value - first.value
    count = len(tables[0])
    absolute = _middle(other - one)
    relative = _middle(quotients) if undefined < 1 - LEVEL and count >= TOO_FEW else None
    if count < FEW:
        one, other = _left_out(tables, first, second)
        absolute = _hull(absolute, _spread(whole, other - one))
        relative = relative and _few_quotients(relative, first.value, second.value, one, other)
    if absolute.high - absolute.low < _EQUAL and _is_share(first) and _is_share(second):
        # Wilson's bound on how many videos there may be that the conditions tell apart.
        unseen = wilson(0, count).high
        absolute = Interval(max(-1.0, whole - unseen), min(1.0, whole + unseen))
    return Gain(
        first=first.value,
        second=second.value,
        absolute=whole,
        relative=whole / first.value if first.value > _EQUAL else None,
        absolute_interval=absolute,
        relative_interval=relative,
        undefined=undefined,
    )


def swap_p(
    first: Measured,
    second: Measured,
    videos: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 20_000,
) -> float:
    """Two-sided p of "it makes no difference which condition a reply came from".

    The two conditions are swapped video by video and the metric of both is computed again. Exact
    where the videos that differ allow at most `MOST_PATTERNS` patterns, else of `draws` random ones
    as (hits + 1) / (draws + 1), which is never 0.

    Raises:
        ValueError: no samples, or lengths that differ.
    """
    one, other = by_video(first, videos), by_video(second, videos)
    if one.shape != other.shape:
        raise ValueError("The two conditions are of different metrics.")
    moves = other - one
    moves = moves[(np.abs(moves) > _EQUAL).any(axis=1)]  # swapping a tie changes nothing
    if not len(moves):
        return 1.0
    start, end = one.sum(axis=0), other.sum(axis=0)

    def distance(swapped: Numbers) -> Numbers:
        moved = swapped @ moves
        return np.asarray(np.abs(second.finish(end - moved) - first.finish(start + moved)))

    observed = float(distance(np.zeros((1, len(moves))))[0]) - _EQUAL
    if 2 ** len(moves) <= MOST_PATTERNS:
        patterns = np.array(list(product((0.0, 1.0), repeat=len(moves))))
        return float((distance(patterns) >= observed).mean())
    random = np.random.default_rng(seed)
    hits = 0
    for begin in range(0, draws, step := max(1, _CELLS // len(moves))):
        size = (min(draws, begin + step) - begin, len(moves))
        hits += int((distance(random.integers(0, 2, size).astype(float)) >= observed).sum())
    return (hits + 1) / (draws + 1)


def resampled(tables: list[Numbers], seed: int, draws: int) -> "list[list[Numbers]]":
    """Sums over drawn videos, in batches; the same videos are drawn of every table.

    A draw is a count of each video, so that its sums are one product of matrices.

    Args:
        tables: each of shape (videos, numbers), as `by_video` gives them.
        seed: of the random draws.
        draws: number of resamples.

    Returns:
        Of each batch, one array of shape (draws of the batch, numbers) a table.
    """
    count = len(tables[0])
    random = np.random.default_rng(seed)
    batches = []
    for begin in range(0, draws, step := max(1, _CELLS // count)):
        size = min(draws, begin + step) - begin
        drawn = random.integers(count, size=(size, count)) + np.arange(size)[:, None] * count
        times = np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count)
        batches.append([times.astype(np.float64) @ table for table in tables])
    return batches


def _left_out(tables: list[Numbers], first: Measured, second: Measured) -> tuple[Numbers, Numbers]:
    """Both metrics without each video in turn; empty where there is one video."""
    if len(tables[0]) < 2:
        return np.empty(0), np.empty(0)
    one, other = (table.sum(axis=0) - table for table in tables)
    return first.finish(one), second.finish(other)


def _spread(whole: float, without: Numbers) -> Interval:
    """By the jackknife and Student's t: a figure, and the same without each video in turn."""
    count = len(without)
    if count < 2:
        return Interval(whole, whole)
    error = np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum())
    half = float(stdtrit(count - 1, (1 + LEVEL) / 2) * error)
    return Interval(whole - half, whole + half)


def _few_quotients(
    drawn: Interval, first: float, second: float, one: Numbers, other: Numbers
) -> Interval | None:
    """The relative gain's interval, widened on the scale of logarithms, where a quotient's errors
    are nearest to even; None where all videos agree or a metric is 0."""
    if min(first, second, *one, *other) <= _EQUAL:
        return None
    logs = _spread(float(np.log(second / first)), np.log(other / one))
    found = _hull(drawn, Interval(float(np.expm1(logs.low)), float(np.expm1(logs.high))))
    return found if found.high - found.low > _EQUAL else None


def _is_share(measured: Measured) -> bool:
    """Whether it is a mean of scores of 0 to 1, so that no video can move it by more than 1."""
    parts = measured.parts
    return (
        parts.shape[1] == 2
        and bool((parts[:, 1] == 1).all())
        and bool(((parts[:, 0] >= 0) & (parts[:, 0] <= 1)).all())
    )


def _hull(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.low, other.low), max(one.high, other.high))


def _middle(values: Numbers) -> Interval:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
