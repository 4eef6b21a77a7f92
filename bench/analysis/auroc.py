"""How well a score tells positives from negatives, with intervals by video.

The area under the ROC curve is the chance that a positive scores higher than a negative, ties
counted half: Mann and Whitney's U over the number of pairs. It is a function of two histograms, so
that resampling and swapping sum rows here as for any other metric. There is none where one side is
empty; resamples without a value are left out, and where they are many, there is no interval.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from pydantic import Field

from aurelia.bench.analysis.estimates import DRAWS, Estimate, middle
from aurelia.bench.stats_metric import Measured, Numbers, by_video
from aurelia.bench.stats_paired import resampled
from aurelia.types.reasoning import Record


class AurocGain(Record):
    """Two scores of the same things."""

    n: int
    positives: int
    videos: int
    first: float | None
    second: float | None
    difference: float | None = Field(default=None, description="second - first.")
    low: float | None = Field(default=None, description="95 %, by videos drawn for both at once.")
    high: float | None = None


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The area under the ROC curve, 0 to 1; None where there are no positives or no negatives."""
    if not any(positive) or all(positive):
        return None
    return measure(scores, positive).value


def measure(scores: Sequence[float], positive: Sequence[bool]) -> Measured:
    """One row a thing: its place in the histogram of positives or of negatives."""
    levels, places = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    parts = np.zeros((len(scores), 2 * len(levels)))
    columns = places.ravel() + np.where(np.asarray(positive, dtype=bool), 0, len(levels))
    parts[np.arange(len(scores)), columns] = 1.0
    return Measured(parts, _area)


def auroc_estimate(
    scores: Sequence[float],
    positive: Sequence[bool],
    videos: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Estimate:
    """The area with its bootstrap interval."""
    value = auroc(scores, positive)
    found = Estimate(n=len(scores), videos=len(set(videos)), value=value)
    if value is None:
        return found
    table = by_video(measure(scores, positive), videos)
    interval = middle(np.concatenate([_area(s) for (s,) in resampled([table], seed, draws)]))
    if interval:
        found.low, found.high = interval.low, interval.high
    return found


def auroc_gain(
    first: Sequence[float],
    second: Sequence[float],
    positive: Sequence[bool],
    videos: Sequence[Hashable],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> AurocGain:
    """How much better the second score tells the same positives from the same negatives."""
    one, other = auroc(first, positive), auroc(second, positive)
    found = AurocGain(
        n=len(first), positives=sum(positive), videos=len(set(videos)), first=one, second=other
    )
    if one is None or other is None:
        return found
    tables = [by_video(measure(scores, positive), videos) for scores in (first, second)]
    drawn = [_area(b) - _area(a) for a, b in resampled(tables, seed, draws)]
    interval = middle(np.concatenate(drawn))
    found.difference = other - one
    if interval:
        found.low, found.high = interval.low, interval.high
    return found


def _area(sums: Numbers) -> Numbers:
    """From histograms of positives and negatives, shape (…, 2 × levels), to areas, shape (…)."""
    levels = sums.shape[-1] // 2
    positives, negatives = sums[..., :levels], sums[..., levels:]
    below = np.cumsum(negatives, axis=-1) - negatives
    won = (positives * (below + 0.5 * negatives)).sum(axis=-1)
    pairs = positives.sum(axis=-1) * negatives.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(pairs > 0, won / pairs, np.nan), dtype=np.float64)
