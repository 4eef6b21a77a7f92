"""Intervals and tests for shares and paired differences, all at the 95 % level.

Several questions may be asked about one video, and their scores hang together: what resamples or
permutes does so by whole videos (clusters). Methods: Wilson (1927) for a single share; Efron's
percentile bootstrap over clusters (Field and Welsh, 2007); Fisher's sign-flip permutation test of
paired differences, with Phipson and Smyth's (2010) correction where permutations are drawn.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
MOST_PATTERNS = 2**14
"""Up to so many sign patterns the permutation test counts every one of them."""
_Z = 1.959963984540054  # two-sided 95 % quantile of the normal distribution
_CELLS = 2_000_000  # numbers held at once while resampling
_EQUAL = 1e-9  # sums of the same numbers in another order differ by less


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided 95 % interval, in the unit of what was averaged."""

    low: float
    high: float


def wilson(successes: float, count: int) -> Interval:
    """Wilson's score interval of a share.

    Args:
        successes: how many of `count`; a sum of fractional scores in 0 to 1 is taken as if it were
            a count, which makes the interval wider than it need be, never narrower.
        count: number of independent trials; with none the interval is 0 to 1.

    Raises:
        ValueError: fewer than 0 or more than `count` successes.
    """
    if not 0 <= successes <= count + _EQUAL:
        raise ValueError(f"{successes} successes of {count} are no share.")
    if count == 0:
        return Interval(0.0, 1.0)
    share = min(1.0, successes / count)
    scale = 1 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / scale
    half = _Z / scale * np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    low = 0.0 if share == 0 else max(0.0, float(middle - half))
    high = 1.0 if share == 1 else min(1.0, float(middle + half))
    return Interval(low, high)


def bootstrap(
    values: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 10_000,
) -> Interval:
    """Percentile bootstrap interval of a mean; whole clusters are drawn with replacement.

    Where all clusters agree there is nothing to resample, and the interval is a point: read it
    together with Wilson's.

    Args:
        values: one number for each sample.
        clusters: the video of each sample.
        seed: of the random draws; equal input and seed give equal intervals.
        draws: number of resamples.

    Raises:
        ValueError: no values, or lengths that differ.
    """
    sums, sizes = _by_cluster(values, clusters)
    random = np.random.default_rng(seed)
    means = np.empty(draws)
    for start in range(0, draws, step := max(1, _CELLS // len(sums))):
        stop = min(draws, start + step)
        drawn = random.integers(len(sums), size=(stop - start, len(sums)))
        means[start:stop] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def paired_lower(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 10_000,
) -> float:
    """Lower bound of the mean of `second - first`, for scores of 0 to 1: the smaller of two.

    One is the low end of the clustered bootstrap interval. It collapses to the mean where all
    differences are alike and says little about a few videos, so the other never does: the low end
    of Wilson's interval of the share gained, less the high end of that of the share lost (videos
    are the trials; at least as wide as an interval of the difference itself would be).

    Raises:
        ValueError: no values, or lengths that differ.
    """
    differences = _differences(first, second)
    drawn = bootstrap(differences, clusters, seed=seed, draws=draws).low
    videos = len(set(clusters))
    gained = sum(max(0.0, d) for d in differences) / len(differences)
    lost = sum(max(0.0, -d) for d in differences) / len(differences)
    return min(drawn, wilson(gained * videos, videos).low - wilson(lost * videos, videos).high)


def sign_flip_p(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = 20_000,
) -> float:
    """Two-sided p of "first and second score alike": the sign of each cluster's sum is flipped.

    Exact where the clusters that differ allow at most `MOST_PATTERNS` patterns; otherwise `draws`
    random ones, where p is (hits + 1) / (draws + 1) and so never 0.

    Raises:
        ValueError: no values, or lengths that differ.
    """
    sums, _ = _by_cluster(_differences(first, second), clusters)
    sums = sums[np.abs(sums) > _EQUAL]  # flipping a tie changes nothing
    observed = abs(float(sums.sum())) - _EQUAL
    if 2 ** len(sums) <= MOST_PATTERNS:
        patterns = list(product((1.0, -1.0), repeat=len(sums)))
        signs = np.array(patterns).reshape(len(patterns), len(sums))
        return float((np.abs(signs @ sums) >= observed).mean())
    random = np.random.default_rng(seed)
    hits = 0
    for start in range(0, draws, step := max(1, _CELLS // len(sums))):
        size = (min(draws, start + step) - start, len(sums))
        hits += int((np.abs(random.choice((1.0, -1.0), size=size) @ sums) >= observed).sum())
    return (hits + 1) / (draws + 1)


def _differences(first: Sequence[float], second: Sequence[float]) -> list[float]:
    return [b - a for a, b in zip(first, second, strict=True)]


def _by_cluster(
    values: Sequence[float], clusters: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and size of each cluster, in order of first appearance."""
    if len(values) != len(clusters):
        raise ValueError(f"{len(values)} values and {len(clusters)} clusters do not go together.")
    if not values:
        raise ValueError("There are no values.")
    places = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    index = [places[name] for name in clusters]
    sums = np.bincount(index, weights=values).astype(np.float64)
    return sums, np.bincount(index).astype(np.float64)
