"""The stretches between hard cuts and sudden changes, and which frames show one."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.film import Film
from aurelia.media.measure_spans import Span

_SHORTEST_S = 0.08
_SETTLED = 0.15  # of a shot's length that is left alone at each end
_BLOCK = 20  # blocks across the picture
_CHANGED = 16.0  # grey levels of a block
_FEWEST = 4  # blocks that a new sign or flag changes
_NEAR_S = 0.12  # a change so near a cut is the cut
_AROUND_S = 0.6


def shots_between(window: Span, cuts: Sequence[float]) -> list[Span]:
    """The shots of a window, in order; slivers shorter than 0.08 s are left out."""
    inside = sorted({c for c in cuts if window.start_s < c < window.end_s})
    bounds = [window.start_s, *inside, window.end_s]
    spans = [Span(a, b) for a, b in pairwise(bounds)]
    return [s for s in spans if s.length_s >= _SHORTEST_S] or [window]


def stretches(film: Film, cuts: Sequence[float]) -> list[Span]:
    """Shots, parted where a calm picture changes at once: a sign may follow one much like it."""
    changes = [t for t in sudden_changes(film) if all(abs(t - c) > _NEAR_S for c in cuts)]
    return shots_between(film.window, [*cuts, *changes])


def sudden_changes(film: Film) -> list[float]:
    """Times of frames that differ from the one before in far more blocks than those around."""
    count, height, width = film.frames.shape[:3]
    side = max(1, width // _BLOCK)
    rows, columns = height // side, width // side
    if count < 3 or not rows:
        return []
    cut = film.frames[:, : rows * side, : columns * side, 1]
    blocks = cut.reshape(count, rows, side, columns, side).mean(axis=(2, 4), dtype=np.float32)
    changed = (np.abs(np.diff(blocks, axis=0)) > _CHANGED).sum(axis=(1, 2))
    reach = max(2, round(_AROUND_S * film.fps))
    found = []
    for i in np.flatnonzero(changed >= _FEWEST).tolist():
        around = changed[max(0, i - reach) : i + reach + 1]
        calm = float(np.percentile(around, 80))
        if changed[i] == around.max() and changed[i] >= 4 * calm + _FEWEST:
            found.append(float(film.times[i + 1]))
    return found


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
