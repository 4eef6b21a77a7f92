"""Structural similarity of full pictures, and the published frame rule built on it."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from aurelia.media.decode import TimedFrame
from aurelia.media.picture import to_rgb

PUBLISHED_THRESHOLD = 0.6

_WINDOW = 7
_C1, _C2 = np.float32((0.01 * 255) ** 2), np.float32((0.03 * 255) ** 2)


def _window_sums(values: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Sums over 7x7 windows that lie wholly inside, shape `(height - 6, width - 6)`.

    Running sums may wrap around; their differences are right all the same.
    """
    down = np.cumsum(values, axis=0, dtype=np.uint32)
    down = np.concatenate((down[_WINDOW - 1 : _WINDOW], down[_WINDOW:] - down[:-_WINDOW]))
    across = np.cumsum(down, axis=1, dtype=np.uint32)
    first = across[:, _WINDOW - 1 : _WINDOW]
    sums = np.concatenate((first, across[:, _WINDOW:] - across[:, :-_WINDOW]), axis=1)
    return sums.astype(np.float32)


def similarity(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Mean structural similarity of two pictures, channel by channel, -1 to 1.

    Wang et al., "Image quality assessment: from error visibility to structural similarity"
    (2004), with uniform 7x7 windows and sample covariances.

    Args:
        a: shape `(height, width, channels)`.
        b: same shape.
    """
    if min(a.shape[:2]) < _WINDOW:
        return float(np.array_equal(a, b))
    count = np.float32(_WINDOW * _WINDOW)
    unbiased = count / (count - 1)
    scores = []
    for channel in range(a.shape[2]):
        x, y = a[..., channel].astype(np.uint32), b[..., channel].astype(np.uint32)
        mean_x, mean_y = _window_sums(x) / count, _window_sums(y) / count
        squares, product = mean_x * mean_x + mean_y * mean_y, mean_x * mean_y
        spread = unbiased * (_window_sums(x * x + y * y) / count - squares)
        both = unbiased * (_window_sums(x * y) / count - product)
        above = (2 * product + _C1) * (2 * both + _C2)
        below = (squares + _C1) * (spread + _C2)
        scores.append(float((above / below).mean(dtype=np.float64)))
    return sum(scores) / len(scores)


def dissimilar(frames: Iterable[TimedFrame], count: int) -> Iterator[TimedFrame]:
    """The published rule: frames unlike the one before, the first `count` of them."""
    before: NDArray[np.uint8] | None = None
    for time, frame in frames:
        pixels = to_rgb(frame)
        if before is not None and (
            pixels.shape != before.shape or similarity(before, pixels) < PUBLISHED_THRESHOLD
        ):
            yield time, frame
            count -= 1
            if count <= 0:
                return
        before = pixels
