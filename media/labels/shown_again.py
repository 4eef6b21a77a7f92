"""The critic's count of things before a plain background: what edges close off from its rim."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from aurelia.media.labels.film import Film
from aurelia.media.labels.seen_types import Shown

WIDTH, FPS = 400, 3.0
"""The film that `things_shown_again` wants."""
_MOST = 6
_FRAMES = 12
_FAINTEST = 5.0  # 0 to 255 a pixel: the weakest slope that is an edge
_OPEN = 0.4  # of the frame must be background
_AROUND = 0.75  # of the frame's edge must be background
_DRIFT = 75.0  # 0 to 255: the background's colour changes by no more over the frame
_LEAST = 0.0025  # of the frame


def things_shown_again(film: Film) -> Shown | None:
    """How many things stand before a plain background; measured apart from `things_shown`.

    Args:
        film: 400 pixels wide, 3 frames a second (`WIDTH`, `FPS`).

    Returns:
        A count of 1 to 6 and the share of the frames that agree; None where no even surface runs
        all around, where nothing stands before it, or where the frames do not agree.
    """
    if not len(film.frames) or min(film.frames.shape[1:3]) < 48:
        return None
    last = len(film.frames) - 1
    picks = np.unique(np.rint(np.linspace(0, last, _FRAMES)).astype(int))
    counts = [_closed_off(film.frames[i]) for i in picks]
    best, votes = Counter(counts).most_common(1)[0]
    if best is None or best < 1 or best > _MOST or votes < 0.6 * len(counts):
        return None
    return Shown(best, round(votes / len(counts), 2))


def _slopes(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Steepest slope of any channel in each pixel, 0 to 255 a pixel, smoothed."""
    steepest = np.zeros(frame.shape[:2], np.float32)
    for channel in range(3):
        plane = ndimage.gaussian_filter(frame[..., channel].astype(np.float32), 1.2)
        down, right = np.gradient(plane)
        np.maximum(steepest, np.hypot(down, right), out=steepest)
    return steepest


def _closed_off(frame: NDArray[np.uint8]) -> int | None:
    """How many regions of one frame its outer even surface does not reach; None without one."""
    slopes = _slopes(frame)
    edge = max(_FAINTEST, 4.0 * float(np.median(slopes)))
    if edge > 4 * _FAINTEST:
        return None
    even, count = ndimage.label(slopes < edge)
    if not count:
        return None
    sizes = np.bincount(even.ravel())
    sizes[0] = 0
    widest = int(sizes.argmax())
    ground = even == widest
    rim = np.concatenate((ground[2], ground[-3], ground[:, 2], ground[:, -3]))
    if ground.mean() < _OPEN or rim.mean() < _AROUND:
        return None
    drift = np.percentile(frame[ground], [2, 98], axis=0)
    if float((drift[1] - drift[0]).max()) > _DRIFT:
        return None
    # An edge is as wide as it was smoothed: what is left without it is the thing.
    things, count = ndimage.label(ndimage.binary_erosion(~ground, iterations=2, border_value=1))
    areas = np.bincount(things.ravel(), minlength=count + 1)[1:]
    return int((areas >= _LEAST * ground.size).sum())
