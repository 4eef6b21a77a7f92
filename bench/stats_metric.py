"""Metrics that can be computed again on any choice of samples, means and others alike.

A metric is a function of sums over samples: an accuracy needs (score, 1), BLEU-4 the counts of its
n-grams. Resampling and permuting then sum rows, whatever the metric makes of the sums. CIDEr-D is a
mean in this sense too, because its document frequency comes from the references of the whole scored
set, which neither a swap of conditions nor a resample of videos changes here.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def _ratio(sums: Numbers) -> Numbers:
    return np.asarray(sums[..., 0] / sums[..., 1], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the samples of one condition add to a metric.

    Attributes:
        parts: shape (samples, numbers): one row a sample.
        finish: sums of shape (…, numbers) to the metric, shape (…).
    """

    parts: Numbers
    finish: Callable[[Numbers], Numbers]

    @property
    def value(self) -> float:
        """The metric over all samples."""
        return float(self.finish(self.parts.sum(axis=0)))


def mean_of(scores: Sequence[float]) -> Measured:
    """The mean of one score a sample.

    Raises:
        ValueError: there are no scores.
    """
    if not len(scores):
        raise ValueError("There are no scores.")
    values = np.asarray(scores, dtype=np.float64)
    return Measured(np.stack([values, np.ones_like(values)], axis=1), _ratio)


def by_video(measured: Measured, videos: Sequence[Hashable]) -> Numbers:
    """Parts summed over the samples of each video, in order of first appearance.

    Raises:
        ValueError: lengths differ, or there is nothing.
    """
    if len(videos) != len(measured.parts):
        raise ValueError(f"{len(measured.parts)} samples and {len(videos)} videos do not match.")
    if not len(videos):
        raise ValueError("There are no samples.")
    places = {name: place for place, name in enumerate(dict.fromkeys(videos))}
    sums = np.zeros((len(places), measured.parts.shape[1]))
    np.add.at(sums, [places[name] for name in videos], measured.parts)
    return sums
