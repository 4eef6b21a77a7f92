"""Instruments one by one, from the lowest: what moves along with a line of notes is its timbre.

An instrument keeps its timbre: above each of its notes the same partials stand at the same
distances, about as strong, whether the series is harmonic or not. What is far stronger than that,
or stands elsewhere, belongs to somebody else, even where it could be an overtone by its place.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter

from aurelia.media.labels.sources_pitch import LOWEST_STEP, STEPS, Partial
from aurelia.media.labels.sources_registers import registers

_CELLS = 4  # a semitone
_REACH = 62 * _CELLS  # five octaves of overtones
_USUAL, _EXPECTED = 60, 75  # percentiles of an overtone's size; the latter where one is expected
_STRONGER = 2.5  # times its usual size: formants pass, somebody else's note does not
_YOUNG = 3  # windows: then the higher partials of a struck note have faded
_HELD = 5  # windows, of which most must hold a pitch
_MOST = 6
_ORDERS = np.arange(2, 33)
_LEAST_FRAMES = 8
_PLAYS = 0.15  # share of the time that an instrument must be heard
_WEAK = 0.04  # of the loudest partial that is left: no note

Range = tuple[int, int]
Lines = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Pitches (MIDI) and sizes of the partials of each window, shape `(windows, most)`, nan-padded."""


def lines_of(frames: list[list[Partial]]) -> Lines:
    """The partials of each window as arrays."""
    most = max((len(f) for f in frames), default=0) or 1
    pitch, size = np.full((2, len(frames), most), np.nan)
    for row, found in enumerate(frames):
        for column, partial in enumerate(found):
            pitch[row, column] = 69 + 12 * np.log2(partial.hertz / 440)
            size[row, column] = partial.size
    return pitch, size


def roll_of(pitch: NDArray[np.float64], size: NDArray[np.float64]) -> Lines:
    """What is left as a roll of semitones: exact pitches and sizes, of what is held."""
    loudest = np.nanmax(np.nan_to_num(size), axis=1, keepdims=True)
    step = np.round(np.nan_to_num(pitch, nan=-1.0)).astype(int) - LOWEST_STEP
    good = (step >= 0) & (step < STEPS) & (np.nan_to_num(size) > _WEAK * loudest)
    exact = np.full((len(pitch), STEPS), np.nan)
    sizes = np.zeros((len(pitch), STEPS))
    for row, column in np.argwhere(good):
        if size[row, column] > sizes[row, step[row, column]]:
            sizes[row, step[row, column]] = size[row, column]
            exact[row, step[row, column]] = pitch[row, column]
    heard = np.isfinite(exact)
    wide = heard | np.roll(heard, 1, axis=1) | np.roll(heard, -1, axis=1)
    held = median_filter(wide.astype(np.uint8), size=(_HELD, 1), mode="constant") > 0
    exact[~held] = np.nan
    sizes[~held] = 0
    return exact, sizes


def _ages(line: NDArray[np.float64]) -> NDArray[np.int_]:
    """For how many windows the note of each window has been sounding."""
    ages = np.zeros(len(line), int)
    for row in range(1, len(line)):
        ages[row] = ages[row - 1] + 1 if abs(line[row] - line[row - 1]) < 0.6 else 0
    return ages


def usual_sizes(
    line: NDArray[np.float64], loud: NDArray[np.float64], lines: Lines
) -> NDArray[np.float64]:
    """How strong each partial would be if it belonged to a line of notes, of the lines' shape.

    0 where no partial moves along with that line.
    """
    pitch, size = lines
    apart = pitch - line[:, None]
    cell = np.round(np.nan_to_num(apart, nan=-1.0) * _CELLS).astype(int)
    inside = (cell >= 0) & (cell < _REACH) & np.isfinite(apart)
    ratio = np.zeros((len(line), _REACH))
    for row, column in np.argwhere(inside):
        at = cell[row, column]
        ratio[row, at] = max(ratio[row, at], size[row, column] / loud[row])
    ratio = maximum_filter1d(ratio, 3, axis=1)
    expected = np.zeros(_REACH, bool)
    places = np.round(12 * np.log2(_ORDERS) * _CELLS).astype(int)
    expected[places] = True
    expected = maximum_filter1d(expected.astype(np.uint8), 3) > 0
    ages = _ages(line)
    limit = np.zeros(pitch.shape)
    for group in (ages < _YOUNG, ages >= _YOUNG):
        rows = np.isfinite(line) & group
        if rows.sum() < _LEAST_FRAMES:
            rows = np.isfinite(line)
        usual = np.percentile(ratio[rows], _USUAL, axis=0)
        high = np.percentile(ratio[rows], _EXPECTED, axis=0)
        profile = np.where(expected, high, usual)
        profile[: 2 * _CELLS] = 0
        mine = inside & group[:, None]
        limit[mine] = (profile[np.clip(cell, 0, _REACH - 1)] * loud[:, None])[mine]
    return limit


def peel(lines: Lines) -> list[tuple[Range, NDArray[np.float64]]]:
    """Registers, lowest first, each with its line of exact pitches (nan: none)."""
    pitch, size = lines[0].copy(), lines[1].copy()
    found: list[tuple[Range, NDArray[np.float64]]] = []
    below = 0
    for _ in range(_MOST):
        exact, sizes = roll_of(pitch, size)
        use = np.isfinite(exact).mean(axis=0)
        use[:below] = 0
        spans = registers(use, _PLAYS)
        if not spans:
            break
        low, high = spans[0]
        part = sizes[:, low : high + 1]
        line = exact[np.arange(len(exact)), low + np.argmax(part, axis=1)]
        heard = np.isfinite(line)
        below = high + 1
        if heard.sum() < _LEAST_FRAMES:
            continue
        found.append(((low, high), line))
        loud = np.where(heard, part.max(axis=1), 1.0)
        limit = usual_sizes(line, loud, (pitch, size))
        its_own = np.abs(pitch - np.where(heard, line, -99.0)[:, None]) < 0.6
        gone = (np.nan_to_num(size) <= _STRONGER * limit) | its_own
        pitch[gone], size[gone] = np.nan, np.nan
    return found
