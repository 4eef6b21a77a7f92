"""Registers: the fewest ranges of pitch that hold what was played."""

import numpy as np
from numpy.typing import NDArray

_WIDEST = 7  # semitones between the lowest and the highest note of one instrument
_APART = 5  # semitones from the highest note of one to the lowest of the next


def registers(
    used: NDArray[np.float64], least: float, widest: int = _WIDEST, apart: int = _APART
) -> list[tuple[int, int]]:
    """Ranges of steps that hold most of the use, lowest first, both ends included.

    A range costs `least`, so that what is used less has none. By dynamic programming.
    """
    count = len(used)
    best = np.zeros(count + 1)  # of the steps below
    begin = np.full(count + 1, -1)
    total = np.concatenate(([0.0], np.cumsum(used)))
    for stop in range(1, count + 1):
        best[stop] = best[stop - 1]
        if used[stop - 1] <= 0:
            continue
        for first in range(max(0, stop - 1 - widest), stop):
            gain = total[stop] - total[first] - least + best[max(0, first - apart + 1)]
            if used[first] > 0 and gain > best[stop] + 1e-9:
                best[stop], begin[stop] = gain, first
    ranges: list[tuple[int, int]] = []
    stop = count
    while stop > 0:
        if begin[stop] < 0:
            stop -= 1
        else:
            ranges.append((int(begin[stop]), stop - 1))
            stop = max(0, int(begin[stop]) - apart + 1)
    return ranges[::-1]


def name_of(low: int, high: int) -> str:
    """A phrase for a register between two MIDI notes."""
    middle = (low + high) / 2
    for top, name in ((48, "low pitched"), (62, "of middle pitch"), (75, "high pitched")):
        if middle < top:
            return name
    return "very high pitched"
