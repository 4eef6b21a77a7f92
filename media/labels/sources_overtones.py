"""Registers of their own, or overtones: what sounds always a fixed interval above another note."""

import numpy as np
from numpy.typing import NDArray

_BOUND = 0.85  # share of its time; two that play for themselves meet at one interval in 0.2 to 0.5
_BEGINS = 0.6  # share of the notes that begin with one of the other's
_INTERVALS = (12, 19, 24, 28, 31, 36)  # semitones up to the overtones
_COVERED, _BEGUN = 0.85, 0.8  # shares, for a single step
_SAME = 0.35  # semitones
_NEAR = 2  # windows

Range = tuple[int, int]


def _meets(pitches: NDArray[np.float64], pitch: float, apart: float) -> bool:
    return bool((np.abs(pitch - pitches - apart) < _SAME).any())


def _bound(exact: NDArray[np.float64], high: Range, low: Range) -> bool:
    """Whether a register sounds, and begins, mostly with the other, always as far above."""
    above = exact[:, high[0] : high[1] + 1]
    below = exact[:, low[0] : low[1] + 1]
    heard = np.argwhere(np.isfinite(above))
    apart = above[:, :, None] - below[:, None, :]
    apart = apart[np.isfinite(apart)]
    if not len(apart):
        return False
    common = np.round(4 * apart).astype(int)
    offset = int(common.min())
    counts = np.convolve(np.bincount(common - offset), [1, 1, 1], "same")
    best = (int(np.argmax(counts)) + offset) / 4
    share = np.mean([
        _meets(below[max(0, r - 1) : r + 2], float(above[r, c]), best) for r, c in heard
    ])  # fmt: skip
    if share < _BOUND:
        return False
    begun = together = 0
    for row, column in heard:
        pitch = float(above[row, column])
        if row and _meets(above[row - 1], pitch, 0.0):
            continue
        begun += 1
        now = below[max(0, row - 1) : row + _NEAR + 1]
        before = below[max(0, row - _NEAR - 1) : max(0, row - _NEAR)]
        together += _meets(now, pitch, best) and not _meets(before, pitch, best)
    return together >= _BEGINS * begun


def without_overtones(roll: NDArray[np.bool_], exact: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The roll without steps that sound and begin almost only with lower ones they belong to."""
    kept = roll.copy()
    for step in range(_INTERVALS[0], roll.shape[1]):
        rows = np.flatnonzero(np.isfinite(exact[:, step]))
        apart = np.array([d for d in _INTERVALS if d <= step])
        below = exact[:, step - apart] + apart
        below = np.concatenate((below, exact[:, np.maximum(step - apart - 1, 0)] + apart), axis=1)
        below = np.concatenate((below, exact[:, step - apart + 1] + apart), axis=1)
        if not len(rows):
            continue
        share = begun = together = 0
        for row in rows:
            pitch = float(exact[row, step])
            share += _meets(below[max(0, row - 1) : row + 2], pitch, 0.0)
            if row and (np.abs(exact[row - 1, step - 1 : step + 2] - pitch) < _SAME).any():
                continue
            begun += 1
            now, before = below[max(0, row - 1) : row + 2], below[max(0, row - 3) : max(0, row - 2)]
            together += _meets(now, pitch, 0.0) and not _meets(before, pitch, 0.0)
        if share >= _COVERED * len(rows) and together >= _BEGUN * begun:
            kept[:, step] = False
    return kept


def independent(exact: NDArray[np.float64], ranges: list[Range]) -> list[Range]:
    """The registers, lowest first, without those that only follow a lower one."""
    kept: list[Range] = []
    for high in ranges:
        if not any(_bound(exact, high, low) for low in kept):
            kept.append(high)
    return kept
