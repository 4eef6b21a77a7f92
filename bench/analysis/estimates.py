"""A figure with its interval and the number of things that it is about."""

from collections.abc import Hashable, Sequence

import numpy as np
from pydantic import Field

from aurelia.bench.stats import LEVEL, Interval, wilson
from aurelia.bench.stats_metric import Measured, Numbers, by_video
from aurelia.bench.stats_paired import FEW, resampled
from aurelia.types.reasoning import Record

DRAWS = 2_000
"""Resamples of whole videos, unless told otherwise."""


class Estimate(Record):
    """A mean or a rate; what it is about may be nothing, then there is no value."""

    n: int
    videos: int = 0
    value: float | None = None
    low: float | None = Field(default=None, description="95 %, by bootstrapped videos.")
    high: float | None = None


class Share(Record):
    """A share with Wilson's interval, which takes every one of `n` for a trial of its own."""

    count: int
    n: int
    value: float | None = None
    low: float = 0.0
    high: float = 1.0


def share(count: int, n: int) -> Share:
    """`count` of `n`."""
    interval = wilson(count, n)
    value = count / n if n else None
    return Share(count=count, n=n, value=value, low=interval.low, high=interval.high)


def means(
    columns: Numbers, videos: Sequence[Hashable], *, seed: int = 0, draws: int = DRAWS
) -> list[Estimate]:
    """The mean of each column of scores of 0 to 1, all by the same resamples.

    As `share_interval` does, an interval of few videos, or one that is a point, is widened to
    Wilson's with the videos as trials.

    Args:
        columns: shape (samples, columns).
        videos: the video of each sample.
    """
    count = len(columns)
    if not count:
        return [Estimate(n=0) for _ in range(columns.shape[1])]
    table = by_video(
        Measured(np.column_stack([columns, np.ones(count)]), lambda sums: sums), videos
    )
    drawn = np.concatenate(
        [sums[:, :-1] / sums[:, -1:] for (sums,) in resampled([table], seed, draws)]
    )
    lows, highs = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    clusters = len(table)
    found = []
    for value, low, high in zip(columns.mean(axis=0), lows, highs, strict=True):
        if clusters < FEW or low == high:
            safe = wilson(clusters * min(1.0, float(value)), clusters)
            low, high = min(low, safe.low), max(high, safe.high)
        found.append(
            Estimate(n=count, videos=clusters, value=float(value), low=float(low), high=float(high))
        )
    return found


def mean(
    scores: Sequence[float], videos: Sequence[Hashable], *, seed: int = 0, draws: int = DRAWS
) -> Estimate:
    """The mean of scores of 0 to 1; no value where there are none."""
    column = np.asarray(scores, dtype=np.float64).reshape(-1, 1)
    return means(column, videos, seed=seed, draws=draws)[0]


def middle(values: Numbers) -> Interval | None:
    """The middle 95 % of resampled values; None where one in twenty or more is undefined."""
    defined = values[np.isfinite(values)]
    if not len(values) or len(defined) <= LEVEL * len(values):
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
