"""The mood of music: its key by correlation with key profiles, its pace by peaks of flux."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import find_peaks

from aurelia.media.labels.heard_types import Mood
from aurelia.media.labels.vocabulary import Brightness

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
_SHORTEST_S = 3.0
_WINDOW, _HOP = 8192, 2048  # at 16 kHz: 0.5 s, 0.13 s; neighbouring notes stand apart from 65 Hz
_SHORT, _ONSET_HZ = 2048, 3000.0  # long enough to average noise
_GRAIN = 0.2  # magnitude that counts as faint, if noise isn't louder
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 1800.0
_FEWEST = 1.5  # partials a window, on average
_TUNED = 0.22  # speech stays below 0.1, noise and most sirens below 0.2
_TONAL = 0.5  # correlation with the best key
_MAJOR = np.array([5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0])
_MINOR = np.array([5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 3.0, 2.5])
"""How much each step above the keynote is used, after D. Temperley's rating."""
_MAJOR_TRIAD, _MINOR_TRIAD = np.zeros(12), np.zeros(12)
_MAJOR_TRIAD[[0, 4, 7]] = _MINOR_TRIAD[[0, 3, 7]] = 1.5, 1.0, 1.0
_OPENING_S, _BEGINS = 2.0, 0.4
_MIDDLE_PACE = 1.6  # notes a second between slow and quick
_UNCLEAR = 0.65


def _peaks(
    samples: NDArray[np.float32], rate: int
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Partials of each window: (pitch in semitones, magnitude)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW).astype(np.float32), axis=1))
    first, last = round(_LOWEST_HZ * _WINDOW / rate), round(_HIGHEST_HZ * _WINDOW / rate)
    found = []
    for size in spectra.astype(np.float64):
        floor = np.median(size[first:last])
        at, _ = find_peaks(size[:last], height=max(8 * floor, 0.03 * float(size.max()), 1e-3))
        at = at[at > first]
        low, mid, high = (np.log(size[at + k] + 1e-9) for k in (-1, 0, 1))
        exact = at + 0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-9)
        pitch = np.asarray(69 + 12 * np.log2(exact * rate / _WINDOW / 440), np.float64)
        found.append((pitch, np.asarray(size[at], np.float64)))
    return found


def _without_overtones(
    pitch: NDArray[np.float64], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Magnitudes less what a lower partial's third, fifth and so on may account for."""
    rest = size.copy()
    for order in (2, 3, 4, 5, 6, 7):
        above = pitch[:, None] - pitch[None, :] - 12 * np.log2(order)
        source = ((np.abs(above) < 0.4) * rest[None, :]).max(axis=1, initial=0)
        rest = np.maximum(rest - source * (0.8 / order**0.5 if order % 2 else 0.4), 0)
    return rest


def _chromas(
    samples: NDArray[np.float32], rate: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """How much each of the twelve pitch classes sounds, shape `(12,)`, whatever the tuning.

    First throughout, then in the opening; last, how well all partials fit one tuning, 0 to 1.
    """
    partials = _peaks(samples, rate)
    pitch = np.concatenate([p for p, _ in partials])
    if len(pitch) < _FEWEST * len(partials):
        return np.zeros(12), np.zeros(12), 0.0
    size = np.concatenate([_without_overtones(p, s) ** 0.5 for p, s in partials])
    turn = (size * np.exp(2j * np.pi * pitch)).sum()
    off = float(np.angle(turn)) / (2 * np.pi)
    near = np.abs((pitch - off + 0.5) % 1 - 0.5)
    weight = size * np.maximum(1 - 2 * near, 0)
    kind = np.rint(pitch - off).astype(int) % 12
    opening = sum(len(p) for p, _ in partials[: round(_OPENING_S * rate / _HOP)])
    return (
        np.bincount(kind, weight, 12).astype(np.float64),
        np.bincount(kind[:opening], weight[:opening], 12).astype(np.float64),
        float(np.abs(turn) / max(size.sum(), 1e-12)),
    )


def _onsets_per_s(samples: NDArray[np.float32], rate: int) -> float:
    """Peaks of the rise over 40 ms against the neighbouring bands, which vibrato doesn't raise."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _SHORT)[:: rate // 100]
    top = round(_ONSET_HZ * _SHORT / rate)
    shape = np.hanning(_SHORT).astype(np.float32)
    spectra = np.abs(np.fft.rfft(frames * shape, axis=1))[:, :top]
    steady = float(np.median(np.percentile(spectra[::4], 30, axis=0)))
    loud = np.log1p(spectra / max(_GRAIN, 3 * steady))
    before = maximum_filter1d(loud[:-4], 3, axis=1)
    rise = np.convolve(np.maximum(loud[4:] - before, 0).mean(axis=1), np.hanning(7) / 3, "same")
    least = 0.2 * float(np.percentile(rise, 99))
    at, _ = find_peaks(rise, height=rise.mean(), prominence=least, distance=8)
    return len(at) * rate / len(samples)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / max(scale, 1e-12)


def _keys(
    throughout: NDArray[np.float64], opening: NDArray[np.float64], mode: str
) -> tuple[float, float]:
    """The best key of one mode: its merit, and its correlation with what sounds throughout.

    A minor key and the major key of the same notes differ in where music begins.
    """
    profile, triad = (_MAJOR, _MAJOR_TRIAD) if mode == "major" else (_MINOR, _MINOR_TRIAD)
    found = []
    for key in range(12):
        fit = _correlation(np.roll(profile, key), throughout)
        found.append((fit + _BEGINS * _correlation(np.roll(triad, key), opening), fit))
    return max(found)


def mood_of(samples: NDArray[np.float32], rate: int) -> Mood | None:
    """Bright or dark, by mode and pace; None where no music in a key can be heard.

    Args:
        samples: mono, shape `(n,)`; what lies beyond `LONGEST_S` is not heard.
        rate: samples a second.

    Returns:
        The mood; its `mood` is None where mode and pace disagree or neither is clear.
    """
    samples = samples[: int(LONGEST_S * rate)]
    if len(samples) < _SHORTEST_S * rate or float(np.abs(samples).max()) < 1e-3:
        return None
    throughout, opening, tuned = _chromas(samples, rate)
    if tuned < _TUNED or np.count_nonzero(throughout > 0.1 * throughout.max()) < 3:
        return None
    major, fit = _keys(throughout, opening, "major")
    minor, fit_ = _keys(throughout, opening, "minor")
    if max(fit, fit_) < _TONAL:
        return None
    pace = _onsets_per_s(samples, rate)
    odds = 12 * (major - minor) + 2.5 * np.log2(max(pace, 0.2) / _MIDDLE_PACE)
    sure = float(1 / (1 + np.exp(-abs(odds))))
    mode = "major" if major > minor else "minor"
    label: Brightness | None = "bright" if odds > 0 else "dark"
    label = label if sure >= _UNCLEAR else None
    return Mood(label, mode if abs(major - minor) > 0.02 else "", pace, sure if label else 0.0)
