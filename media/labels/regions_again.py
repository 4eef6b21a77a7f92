"""Patches of one colour, found by the colours that come and go, in each frame of one shot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Pixels = NDArray[np.uint8]
Colour3 = NDArray[np.float64]

_LAG = 3  # frames: what differs over this long comes or goes
_MOST_COLOURS = 7
_RARE = 0.025  # of the pixels that change: a rarer colour is not looked for
_APART = 34  # 0 to 255, largest channel: colours closer than this are one
_LEAST = 10  # px at half size
_GROUND = 0.15  # of all pixels: so many alike are no thing that moves
_WIDE = 0.2  # of the frame: a larger patch is background
_IN_PLANE = np.zeros((3, 3, 3), np.bool_)
_IN_PLANE[1] = True


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour that comes and goes: RGB 0 to 255, and how far a pixel may be from it."""

    rgb: Colour3
    radius: float


@dataclass(frozen=True, slots=True)
class Patches:
    """All patches of one tone: frame, middle (px at half size), area and box, one row each.

    Attributes:
        frame: `(n,)`, ascending.
        middle: `(n, 2)`: x, y.
        area: `(n,)`, px.
        box: `(n, 4)`: left, top, right, bottom, the last two past the end.
    """

    frame: NDArray[np.int64]
    middle: NDArray[np.float64]
    area: NDArray[np.int64]
    box: NDArray[np.int64]


def reduced(frames: Pixels) -> Pixels:
    """Frames at half size, each pixel the mean of four."""
    height, width = frames.shape[1] // 2 * 2, frames.shape[2] // 2 * 2
    rows = frames[:, 0:height:2, :width] // 2 + frames[:, 1:height:2, :width] // 2
    return np.asarray(rows[:, :, 0::2] // 2 + rows[:, :, 1::2] // 2 + 1, np.uint8)


def _jumps(small: Pixels, offset: int) -> NDArray[np.float64]:
    """Share of the picture that changes its coarse colour, from frame to frame."""
    coarse = np.minimum((small.astype(np.int64) + offset) >> 6, 4)
    codes = coarse @ np.array([25, 5, 1])
    counts = np.stack([np.bincount(code.ravel(), minlength=125) for code in codes])
    return np.asarray(np.abs(np.diff(counts, axis=0)).sum(axis=1) / max(1, codes[0].size))


def shot_ranges(small: Pixels) -> list[tuple[int, int]]:
    """Frame ranges `[first, past)` between sudden changes of how often each colour occurs."""
    jump = np.minimum(_jumps(small[:, ::2, ::2], 0), _jumps(small[:, ::2, ::2], 32))
    cuts = [0]
    for index in np.flatnonzero(jump > 0.5).tolist():
        beside = np.concatenate((jump[max(0, index - 3) : index], jump[index + 1 : index + 4]))
        if not len(beside) or jump[index] > 2 * beside.max():
            cuts.append(index + 1)
    return list(zip(cuts, [*cuts[1:], len(small)], strict=True))


def coming_and_going(small: Pixels) -> tuple[list[Tone], float]:
    """The colours of what changes within a fifth of a second, and how much of the frame does.

    Returns:
        At most seven tones, the most frequent first, those of the uncovered background among
        them, and the usual share of the frame that changes.
    """
    before, after = small[:-_LAG], small[_LAG:]
    change = np.zeros(before.shape[:3], np.uint8)
    for channel in range(3):
        a, b = before[..., channel], after[..., channel]
        np.maximum(change, np.maximum(a, b) - np.minimum(a, b), out=change)
    usual = float(np.median(change[:: max(1, len(change) // 10)]))
    moved = change > max(30.0, 5 * usual)
    share = float(np.median(moved.mean(axis=(1, 2))))
    colours = np.concatenate((before[moved], after[moved])).astype(np.int64)
    if len(colours) > 60_000:
        colours = colours[:: len(colours) // 60_000 + 1]
    tones: list[Tone] = []
    centre: Colour3
    left, total = colours, len(colours)
    while len(tones) < _MOST_COLOURS and len(left) > max(30, _RARE * total):
        bins = (left >> 4) @ np.array([256, 16, 1])
        counts = np.bincount(bins, minlength=4096).reshape(16, 16, 16).astype(np.float64)
        dense = ndimage.uniform_filter(counts, 3, mode="constant")
        peak = np.unravel_index(int(dense.argmax()), dense.shape)
        centre = np.asarray(16.0 * np.array(peak) + 8, np.float64)
        near = np.zeros(len(left), np.bool_)
        for reach in (28, 22, 18):
            near = np.abs(left - centre).max(axis=1) < reach
            if not near.any():
                break
            centre = np.asarray(left[near].mean(axis=0), np.float64)
        wide = left[np.abs(left - centre).max(axis=1) < 45]
        if len(wide) > 1.25 * near.sum():  # shades of one colour: take the middle of them
            ends = np.percentile(wide, [10, 90], axis=0)
            centre = np.asarray(ends.mean(axis=0), np.float64)
        close = np.abs(left - centre).max(axis=1) < _APART
        if close.sum() > max(20, _RARE * total):
            tones.append(Tone(centre, _radius(small, centre)))
        if not close.any():
            break
        left = left[~close]
    return tones, share


def _radius(small: Pixels, rgb: Colour3) -> float:
    """How far from a colour its own pixels end: where the fewest pixels are."""
    sample = small[:: max(1, len(small) // 12), ::2, ::2].reshape(-1, 3).astype(np.float64)
    away = np.abs(sample - rgb).max(axis=1)
    counts = np.bincount(np.minimum(away, 127).astype(int), minlength=128).astype(np.float64)
    # A ground near by holds much of the picture: the colour ends before it.
    ground = int(np.searchsorted(np.cumsum(counts), _GROUND * len(sample)))
    counts = ndimage.uniform_filter1d(counts, 9, mode="nearest")
    first = 20
    past = min(max(ground - 3, first + 2), 71) if ground > first else 71
    fewest = counts[first:past].min()
    quiet = first + np.flatnonzero(counts[first:past] <= 1.15 * fewest + 0.5)
    return float(quiet[len(quiet) * 2 // 3])


def patches_of(small: Pixels, tone: Tone) -> Patches:
    """All patches of a tone that are no background, in time order."""
    mask = np.ones(small.shape[:3], np.bool_)
    low = np.clip(tone.rgb - tone.radius, 0, 255).astype(np.uint8)
    high = np.clip(tone.rgb + tone.radius, 0, 255).astype(np.uint8)
    for channel in range(3):
        plane = small[..., channel]
        mask &= (plane >= low[channel]) & (plane <= high[channel])
    mask[mask.mean(axis=(1, 2)) > 0.6] = False
    labels, count = ndimage.label(mask, _IN_PLANE)
    where = np.nonzero(labels)
    number = labels[where] - 1
    area = np.bincount(number, minlength=count)
    big = (area >= _LEAST) & (area <= _WIDE * mask[0].size)
    x = np.bincount(number, where[2], count) / np.maximum(area, 1)
    y = np.bincount(number, where[1], count) / np.maximum(area, 1)
    boxes = ndimage.find_objects(labels)
    kept = np.flatnonzero(big)
    rows = [
        (
            boxes[i][0].start,
            boxes[i][2].start,
            boxes[i][1].start,
            boxes[i][2].stop,
            boxes[i][1].stop,
        )
        for i in kept
    ]
    table = np.array(rows, np.int64).reshape(-1, 5)
    order = np.argsort(table[:, 0], kind="stable")
    return Patches(
        table[order, 0],
        np.stack([x[kept], y[kept]], axis=1)[order],
        area[kept][order],
        table[order, 1:],
    )
