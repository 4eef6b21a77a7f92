"""Pitches of each moment: partials from the lowest upwards, without those that are overtones."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import find_peaks

HOP = 1024
"""Samples from one window to the next: 64 ms at 16 kHz."""
LOWEST_STEP, STEPS = 30, 64
"""MIDI number of the first step of a roll, and how many steps there are."""
_LOWEST_HZ, _HIGHEST_HZ, _TOP_HZ = 55.0, 1450.0, 3500.0
_ABOVE_NOISE, _ABOVE_HISS = 5.0, 3.5  # what stays; what fills one window, as a drum does
_FAINT = 0.03  # of the loudest partials
_WEAK = 0.05  # of the loudest partial of that window: no note
_NEAR = 3.0  # semitones in which a stronger partial hides a weaker one
_HELD = 3  # windows
_STICKS_OUT = 3.2  # an overtone so much larger than its neighbours is a note of its own


class Partial(NamedTuple):
    """A peak of a spectrum."""

    hertz: float
    size: float


def _within(order: int) -> float:
    """How far off a partial may be: strings are stretched, players waver."""
    return 0.010 + 0.0012 * order


def _partials(
    size: NDArray[np.float64], least: NDArray[np.float64], bin_hz: float
) -> list[Partial]:
    at, _ = find_peaks(size, height=np.maximum(least, 0.012 * float(size.max())))
    at = at[(at > _LOWEST_HZ / bin_hz) & (at < len(size) - 1)]
    low, mid, high = (np.log(size[at + k] + 1e-12) for k in (-1, 0, 1))
    exact = at + 0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-9)
    return [Partial(float(x) * bin_hz, float(s)) for x, s in zip(exact, size[at], strict=True)]


def _series(note: Partial, partials: list[Partial]) -> dict[int, float]:
    """Sizes of the overtones of a note, by order."""
    sizes: dict[int, float] = {}
    for other in partials:
        order = round(other.hertz / note.hertz)
        if order and abs(other.hertz / note.hertz / order - 1) < _within(order):
            sizes[order] = max(sizes.get(order, 0.0), other.size)
    return sizes


def _explained(partial: Partial, note: Partial, sizes: dict[int, float]) -> bool:
    """Whether a partial belongs to a lower note, by its place and by its size."""
    order = round(partial.hertz / note.hertz)
    if order < 2 or abs(partial.hertz / note.hertz / order - 1) > _within(order):
        return False
    beside = max(sizes.get(order + k, 0.0) for k in (-2, -1, 1, 2))
    return partial.size < _STICKS_OUT * max(beside, 0.3 * note.size)


def notes(partials: list[Partial]) -> list[Partial]:
    """Fundamentals among the partials of one moment, from the lowest upwards."""
    loudest = max((p.size for p in partials), default=0.0)
    found: list[tuple[Partial, dict[int, float]]] = []
    for partial in partials:
        if partial.hertz > _HIGHEST_HZ:
            break
        if partial.size < _WEAK * loudest:
            continue
        if any(_explained(partial, note, sizes) for note, sizes in found):
            continue
        reach = 2 ** (_NEAR / 12)
        if any(
            q.size > partial.size and 1 / reach < q.hertz / partial.hertz < reach for q in partials
        ):
            continue
        found.append((partial, _series(partial, partials)))
    return [note for note, _ in found]


def partials_of(samples: NDArray[np.float32], rate: int, window: int) -> list[list[Partial]]:
    """The partials of each moment, up to `_TOP_HZ`, lowest first."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[::HOP]
    size = 2 * 4096 if window <= 4096 else 2 * window
    top = round(_TOP_HZ * size / rate)
    shape = np.hanning(window).astype(np.float32)
    spectra = np.abs(np.fft.rfft(frames * shape, size, axis=1))[:, :top].astype(np.float64)
    noise = median_filter(np.percentile(spectra, 35, axis=0), size=101)
    faint = _FAINT * float(np.percentile(spectra.max(axis=1), 90))
    found = []
    for spectrum in spectra:
        hiss = median_filter(spectrum[::8], size=19).repeat(8)[: len(spectrum)]
        least = np.maximum(np.maximum(_ABOVE_NOISE * noise, faint), _ABOVE_HISS * hiss)
        found.append(_partials(spectrum, least, rate / size))
    return found


def pitches(frames: list[list[Partial]]) -> NDArray[np.float64]:
    """Notes that are held: exact pitches (MIDI, nan: none) by semitone, `(windows, STEPS)`."""
    exact = np.full((len(frames), STEPS), np.nan)
    for row, frame in enumerate(frames):
        for note in notes(frame):
            pitch = 69 + 12 * np.log2(note.hertz / 440)
            step = round(pitch) - LOWEST_STEP
            if 0 <= step < STEPS:
                exact[row, step] = pitch
    roll = np.isfinite(exact)
    wide = roll | np.roll(roll, 1, axis=1) | np.roll(roll, -1, axis=1)
    held = median_filter(wide.astype(np.uint8), size=(2 * _HELD - 1, 1), mode="constant") > 0
    exact[~held] = np.nan
    return exact


def steadiness(exact: NDArray[np.float64]) -> float:
    """Share of the pitches that are where they were a window before, give or take 0.3."""
    heard = moved = 0
    for before, after in pairwise(exact):
        for step in np.flatnonzero(np.isfinite(after)):
            around = before[max(0, step - 2) : step + 3]
            around = around[np.isfinite(around)]
            if len(around):
                heard += 1
                moved += bool(np.abs(around - after[step]).min() > 0.3)
    return 1 - moved / heard if heard else 0.0


def tuned(exact: NDArray[np.float64], ranges: list[tuple[int, int]]) -> float:
    """How far the pitches of each register stand whole semitones apart: 1 all, 0 none."""
    agree = pairs = 0.0
    for low, high in ranges:
        heard = exact[::3, low : high + 1]
        heard = heard[np.isfinite(heard)]
        if len(heard) > 1:
            agree += float(np.abs(np.exp(2j * np.pi * heard).sum()) ** 2) - len(heard)
            pairs += len(heard) * (len(heard) - 1.0)
    return agree / pairs if pairs else 0.0
