"""The stretches between hard cuts, and which frames show one."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span

_SHORTEST_S = 0.08
_SETTLED = 0.15  # of a shot's length that is left alone at each end


def shots_between(window: Span, cuts: Sequence[float]) -> list[Span]:
    """The shots of a window, in order; slivers shorter than 0.08 s are left out."""
    inside = sorted({c for c in cuts if window.start_s < c < window.end_s})
    bounds = [window.start_s, *inside, window.end_s]
    spans = [Span(a, b) for a, b in itertools.pairwise(bounds)]
    return [s for s in spans if s.length_s >= _SHORTEST_S] or [window]


def frames_within(times: NDArray[np.float64], shot: Span, most: int) -> list[int]:
    """Indices of at most so many frames, evenly spread over a shot and clear of its ends."""
    margin = _SETTLED * shot.length_s
    inside = np.flatnonzero((times >= shot.start_s + margin) & (times <= shot.end_s - margin))
    if not len(inside):
        inside = np.flatnonzero((times >= shot.start_s - 1e-6) & (times < shot.end_s))
    if not len(inside):
        return []
    at = np.linspace(0, len(inside) - 1, min(most, len(inside)))
    return [int(i) for i in inside[np.unique(at.round().astype(int))]]
