"""The critic's pace of a movement: lines in the spectrum of where and how much the picture moves."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import detrend, get_window

from aurelia.media.labels.film import Film
from aurelia.media.labels.seen_types import Pace

_LOW, _HIGH = 60.0, 190.0  # repeats a minute
_SHORTEST_S = 2.4
_TILE = 4  # px
_NOISE = 12.0  # of 255: change of a tile's brightest channel that is not counted
_CLEAR = 0.3  # share of all swinging that the lines of one pace hold
_PADDED = 16


def picture_pace_again(film: Film) -> Pace | None:
    """How often the movement repeats; None where no line stands out of the spectrum.

    Followed are the middle, the spread and the amount of what differs from the usual picture, and
    how much changes from frame to frame. A pace may be told at twice or half its rate.
    """
    if len(film.times) < 12 or film.times[-1] - film.times[0] < _SHORTEST_S:
        return None
    signals = _swings(film.frames)
    return _strongest(signals, film.fps) if signals is not None else None


def _swings(frames: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Signals of unit variance with a weight each, `(k, n)`; None where nothing moves."""
    tiles = frames[:, ::_TILE, ::_TILE].max(axis=3).astype(np.float32)
    raise NotImplementedError
