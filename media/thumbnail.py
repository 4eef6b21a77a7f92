"""A frame as 64x36 grey cells, and how two of them differ. Cheap enough for every frame."""

from functools import lru_cache
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 64, 36
_BLOCK_COLUMNS, _BLOCK_ROWS = 16, 9
_CELL_CHANGED = 10.0  # grey levels; above sensor noise in a cell

Thumbnail = NDArray[np.float32]

_PLANAR_8_BIT = frozenset(
    f"{letter}{rest}"
    for letter in ("yuv", "yuvj")
    for rest in ("410p", "411p", "420p", "422p", "440p", "444p")
) | {"nv12", "nv21", "gray"}
_PLANAR_10_BIT = frozenset(f"yuv{rest}10le" for rest in ("420p", "422p", "444p"))


class Difference(NamedTuple):
    """How one thumbnail differs from another.

    Attributes:
        mean: mean absolute difference, grey levels 0 to 255.
        share: share of cells that changed visibly, 0 to 1.
        local: largest mean difference of a 4x4 block of cells, 0 to 255.
    """

    mean: float
    share: float
    local: float


def thumbnail(frame: av.VideoFrame) -> Thumbnail:
    """Mean grey of 64x36 cells, shape `(36, 64)`, 0 to 255, as stored (not turned).

    Each cell averages four pixels of the luma plane, read in place: no conversion of the picture.
    """
    width, height = frame.width, frame.height
    name = frame.format.name
    if name not in _PLANAR_8_BIT | _PLANAR_10_BIT or width < 2 * COLUMNS or height < 2 * ROWS:
        small = frame.reformat(width=COLUMNS, height=ROWS, format="gray", interpolation="AREA")
        return small.to_ndarray().astype(np.float32)
    plane = frame.planes[0]
    deep = name not in _PLANAR_8_BIT
    pixels = np.frombuffer(memoryview(plane), np.uint16 if deep else np.uint8)
    stride = plane.line_size // pixels.itemsize
    pixels = pixels[: stride * height].reshape(height, stride)
    rows, columns = _samples(height, 2 * ROWS), _samples(width, 2 * COLUMNS)
    sampled = pixels.take(rows, axis=0).take(columns, axis=1).astype(np.uint16)
    pairs = sampled[0::2] + sampled[1::2]
    cells: Thumbnail = (pairs[:, 0::2] + pairs[:, 1::2]).astype(np.float32)
    cells *= np.float32(0.0625 if deep else 0.25)
    return cells


@lru_cache(maxsize=16)
def _samples(size: int, count: int) -> NDArray[np.intp]:
    """Positions of `count` pixels spread evenly over `size`."""
    return ((np.arange(count) + 0.5) * size / count).astype(np.intp)


def blocks(values: Thumbnail) -> NDArray[np.float32]:
    """Means of 4x4 cells, shape `(9, 16)`: a signature that motion and noise leave alone."""
    down, across = ROWS // _BLOCK_ROWS, COLUMNS // _BLOCK_COLUMNS
    # Two sums over one axis each take a third of the time of a mean over both.
    rows = values.reshape(_BLOCK_ROWS, down, COLUMNS).sum(axis=1)
    sums: NDArray[np.float32] = rows.reshape(_BLOCK_ROWS, _BLOCK_COLUMNS, across).sum(axis=2)
    return sums / np.float32(down * across)


def difference(new: Thumbnail, old: Thumbnail) -> Difference:
    """How `new` differs from `old`."""
    change = np.abs(new - old)
    return Difference(
        float(change.sum()) / change.size,
        float(np.count_nonzero(change > _CELL_CHANGED)) / change.size,
        float(blocks(change).max()),
    )


def likeness(a: Thumbnail, b: Thumbnail) -> float:
    """Correlation of two thumbnails, -1 to 1: 1 where only the light differs."""
    x, y = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / scale if scale > 1e-3 else 0.0


def aligned_likeness(a: Thumbnail, b: Thumbnail) -> float:
    """Likeness where the two fit best, one shifted by up to a third: a pan keeps it high.

    Normalised correlation of what overlaps, for all shifts at once by Fourier transforms.
    """
    size = (2 * ROWS, 2 * COLUMNS)
    ones = np.fft.rfft2(np.ones_like(a), size)
    first, second = (
        (np.fft.rfft2(x, size), np.fft.rfft2(x * x, size)) for x in (a - a.mean(), b - b.mean())
    )

    def correlate(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
        whole = np.fft.irfft2(x * np.conj(y), size)
        down, across = ROWS // 3, COLUMNS // 3
        return np.roll(whole, (down, across), (0, 1))[: 2 * down + 1, : 2 * across + 1]

    count = correlate(ones, ones)
    sum_a, sum_b = correlate(first[0], ones), correlate(ones, second[0])
    power_a = correlate(first[1], ones) - sum_a**2 / count
    power_b = correlate(ones, second[1]) - sum_b**2 / count
    both = correlate(first[0], second[0]) - sum_a * sum_b / count
    scale = np.sqrt(np.maximum(power_a, 0.0) * np.maximum(power_b, 0.0))
    return float(np.max(both / np.maximum(scale, 1.0)))
