"""Whether a line of notes is an instrument of its own, or what others leave over."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.sources_pitch import HOP, LOWEST_STEP

_SHARE, _RUN, _TUNED, _BOUND, _TOO_HIGH = 3.0, 1.2, 2.6, -3.9, -7.0
_BASE = -3.0
"""Logistic weights: heard for much of the time, in long notes, at pitches of a scale, not at one
distance above a lower line, and no higher than instruments' registers begin (fitted to the wide
recipes; their order of size matters, not their exact values)."""
_HIGHEST_LOW = 85
_SAME = 0.6  # semitones: still the same note
_SKIN_S, _AWAY, _BRIEF = 0.25, 0.3, 5.5
"""A drum's skin rings so long; away from its hits it is heard so much less often; and it never
lasts as long as a note (windows)."""
_TOGETHER_S = 0.1


def runs(line: NDArray[np.float64]) -> NDArray[np.int_]:
    """How many windows each note of a line lasts."""
    lengths, run = [], int(np.isfinite(line[0])) if len(line) else 0
    for before, after in pairwise(line):
        if abs(after - before) < _SAME:
            run += 1
            continue
        lengths.append(run)
        run = int(np.isfinite(after))
    lengths.append(run)
    return np.array([n for n in lengths if n], int)


def in_tune(line: NDArray[np.float64]) -> float:
    """How far the pitches of a line stand whole semitones apart: 1 all, 0 none."""
    heard = line[np.isfinite(line)]
    return float(np.abs(np.exp(2j * np.pi * heard).mean())) if len(heard) else 0.0


def bound(line: NDArray[np.float64], lower: NDArray[np.float64]) -> float:
    """Share of a line's time that it stands at its most frequent distance above another."""
    apart = (line - lower)[np.isfinite(line) & np.isfinite(lower)]
    if not len(apart):
        return 0.0
    cells = np.round(4 * apart).astype(int)
    counts = np.convolve(np.bincount(cells - cells.min()), [1, 1, 1], "same")
    return float(counts.max() / np.isfinite(line).sum())


def belief(line: NDArray[np.float64], low: int, lower: list[NDArray[np.float64]]) -> float:
    """How likely a line is an instrument of its own, 0 to 1."""
    lengths = runs(line)
    if not len(lengths):
        return 0.0
    follows = max((bound(line, other) for other in lower), default=0.0)
    score = (
        _BASE
        + _SHARE * float(np.isfinite(line).mean())
        + _RUN * float(np.log(lengths.max()))
        + _TUNED * in_tune(line)
        + _BOUND * follows
        + _TOO_HIGH * (low + LOWEST_STEP >= _HIGHEST_LOW)
    )
    return float(1 / (1 + np.exp(-score)))


def of_a_drum(line: NDArray[np.float64], hits: NDArray[np.float64], rate: int, window: int) -> bool:
    """Whether it is the tone of a drum: brief, and heard when it is struck."""
    lengths = runs(line)
    if len(hits) < 4 or not len(lengths) or lengths.mean() > _BRIEF:
        return False
    time = (np.arange(len(line)) * HOP + window / 2) / rate
    near = np.abs(time[:, None] - hits[None, :]).min(axis=1) < _SKIN_S
    heard = np.isfinite(line)
    if (~near).sum() < 8 or not near.any():
        return False
    return float(heard[~near].mean()) < _AWAY * float(heard[near].mean())


def begins_with(
    line: NDArray[np.float64], times: NDArray[np.float64], rate: int, window: int
) -> float:
    """Share of these times at which a note of a line begins."""
    before = np.concatenate(([np.nan], line[:-1]))
    begin = np.isfinite(line) & ~(np.abs(line - before) < _SAME)
    starts = (np.flatnonzero(begin) * HOP + window / 2) / rate
    if not len(starts) or not len(times):
        return 0.0
    return float((np.abs(starts[None, :] - times[:, None]).min(axis=1) < _TOGETHER_S).mean())
