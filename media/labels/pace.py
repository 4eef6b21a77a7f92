"""The actor's pace of a movement: after what lag the pictures look like themselves again."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from aurelia.media.labels.film import Film
from aurelia.media.labels.seen_types import Pace

SLOWEST, FASTEST = 60.0, 190.0
"""Repeats a minute that are told."""
_SEARCHED_FROM = 30.0  # a step to the left and one to the right are two beats of one repeat
_SHORTEST_S = 2.4
_COLUMNS = 48
_MOVES = 2.5  # grey levels, standard deviation over time, that blurred noise stays below
_FEWEST = 6  # pixels of the small picture that move
_CLEAR = 0.3  # by how much a whole repeat is more alike than half of one
_ALIKE = 0.25  # how alike pictures a repeat apart are at least
_STEP = 1.002
_REPEATS = 5


def picture_pace(film: Film) -> Pace | None:
    """How often the movement repeats; None where nothing repeats clearly.

    Frames are compared with later ones, lag by lag. The pace is the one whose multiples of its
    period look most alike and whose half periods look least alike. It may be off by a factor of
    two: a step to the left and one to the right are one repeat or two.
    """
    if len(film.times) < 8 or film.times[-1] - film.times[0] < _SHORTEST_S:
        return None
    parts = _moving_parts(film.frames)
    if parts.shape[1] < _FEWEST:
        return None
    # Frames need not be evenly spaced; the nearest one stands for each even step.
    even = np.linspace(film.times[0], film.times[-1], len(film.times))
    nearest = np.searchsorted((film.times[1:] + film.times[:-1]) / 2, even)
    return _best(_likeness(parts[nearest]), float(1 / (even[1] - even[0])))


def _moving_parts(frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Small grey pictures, less their mean over time; only the pixels that move, `(n, k)`."""
    count, _, width = frames.shape[:3]
    factor = max(1, width // _COLUMNS)
    every = 2 if factor > 3 else 1
    green = frames[:, ::every, ::every, 1].astype(np.float32)
    other = frames[:, ::every, ::every, ::2].sum(axis=3, dtype=np.uint16)
    grey = (2 * green + other) / 4
    side = max(1, factor // every)
    rows, columns = max(1, grey.shape[1] // side), max(1, grey.shape[2] // side)
    grey = grey[:, : rows * side, : columns * side]
    blocks = grey.reshape(count, rows, side, columns, side).mean(axis=(2, 4))
    soft = gaussian_filter(blocks, (0, 0.7, 0.7))
    soft -= np.median(soft, axis=(1, 2), keepdims=True)  # light that flickers is no movement
    soft -= soft.mean(axis=0)
    moving: NDArray[np.float32] = soft[:, soft.std(axis=0) > _MOVES]
    return moving


def _likeness(parts: NDArray[np.float32]) -> NDArray[np.float64]:
    """Correlation of all frames with those a lag later, `(n,)` by lag."""
    products = parts @ parts.T
    count = len(parts)
    sums = np.array([np.trace(products, lag) for lag in range(count)], np.float64)
    total = np.concatenate(([0.0], np.cumsum(np.diagonal(products), dtype=np.float64)))
    lags = np.arange(count)
    early, late = total[count - lags], total[count] - total[lags]
    return np.asarray(sums / np.sqrt(np.maximum(early * late, 1e-9)), np.float64)


def _best(likeness: NDArray[np.float64], fps: float) -> Pace | None:
    """The rate whose whole repeats are alike and whose half repeats are not."""
    reach = 0.75 * len(likeness)
    rates = _SEARCHED_FROM * _STEP ** np.arange(np.log(FASTEST / _SEARCHED_FROM) / np.log(_STEP))
    lags = np.arange(len(likeness), dtype=np.float64)

    def at(lag: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(lag, lags, likeness)

    periods = 60.0 * fps / rates
    repeats = np.arange(1, _REPEATS + 1)[:, None]
    whole, half = repeats * periods, (repeats - 0.5) * periods
    inside = whole <= reach
    number = np.maximum(inside.sum(axis=0), 1)
    alike = np.where(inside, at(whole), 0).sum(axis=0) / number
    unlike = np.where(inside, at(half), 0).sum(axis=0) / number
    contrast = np.where(inside.sum(axis=0) >= 2, alike - unlike, 0.0)
    for parts in (3, 5):  # so many repeats look alike as well: the pace is a multiple of that
        shares = np.stack([at(k * periods / parts) for k in range(1, parts)])
        contrast -= np.maximum(shares.min(axis=0), 0)
    best = int(np.argmax(contrast))
    if not 0 < best < len(rates) - 1 or contrast[best] < _CLEAR or alike[best] < _ALIKE:
        return None
    rate = float(rates[best])
    return Pace(rate if rate >= SLOWEST else 2 * rate, float(np.clip(contrast[best] / 2, 0, 1)))
