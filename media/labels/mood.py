"""The mood of music: its key by correlation with key profiles, its pace by peaks of flux."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import find_peaks

from aurelia.media.labels.heard_types import Mood

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
_SHORTEST_S = 3.0
_WINDOW, _HOP = 8192, 2048  # at 16 kHz: 0.5 s, 0.13 s; neighbouring notes stand apart from 65 Hz
_SHORT = 1024
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 1800.0
_FEWEST = 1.5  # partials a window, on average
_TUNED = 0.22  # speech stays below 0.1, noise and most sirens below 0.2
_TONAL = 0.5  # correlation with the best key
_MAJOR = np.array([5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0])
_MINOR = np.array([5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 3.0, 2.5])
"""How much each step above the keynote is used, after D. Temperley's rating."""
_MIDDLE_PACE = 1.8  # notes a second between slow and quick
_UNCLEAR = 0.65


def _peaks(samples: NDArray[np.float32], rate: int) -> list[tuple[NDArray[np.float64], ...]]:
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
        found.append((69 + 12 * np.log2(exact * rate / _WINDOW / 440), size[at]))
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


def _chroma(samples: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float64], float]:
    """How much each of the twelve pitch classes sounds, shape `(12,)`, whatever the tuning.

    Also how well all partials fit one tuning in equal steps, 0 to 1.
    """
    partials = _peaks(samples, rate)
    pitch = np.concatenate([p for p, _ in partials])
    size = np.concatenate([_without_overtones(p, s) ** 0.5 for p, s in partials])
    if len(pitch) < _FEWEST * len(partials):
        return np.zeros(12), 0.0
    turn = (size * np.exp(2j * np.pi * pitch)).sum()
    off = float(np.angle(turn)) / (2 * np.pi)
    near = np.abs((pitch - off + 0.5) % 1 - 0.5)
    weight = size * np.maximum(1 - 2 * near, 0)
    chroma = np.bincount(np.rint(pitch - off).astype(int) % 12, weight, 12)
    return chroma, float(np.abs(turn) / max(size.sum(), 1e-12))


def _onsets_per_s(samples: NDArray[np.float32], rate: int) -> float:
    """Peaks of the rise over 30 ms against the neighbouring bands, which vibrato doesn't raise."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _SHORT)[:: rate // 100]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(_SHORT).astype(np.float32), axis=1))
    loud = np.log1p(10 * spectra[:, : _SHORT // 4])
    before = maximum_filter1d(loud[:-3], 3, axis=1)
    rise = np.convolve(np.maximum(loud[3:] - before, 0).mean(axis=1), np.hanning(7) / 3, "same")
    least = 0.1 * float(np.percentile(rise, 99))
    at, _ = find_peaks(rise, height=rise.mean(), prominence=least, distance=8)
    return len(at) * rate / len(samples)


def key_contrast(chroma: NDArray[np.float64]) -> tuple[float, float]:
    """Best correlation with a major and with a minor key."""
    best = []
    for profile in (_MAJOR, _MINOR):
        keys = [np.corrcoef(np.roll(profile, k), chroma)[0, 1] for k in range(12)]
        best.append(float(max(keys)))
    return best[0], best[1]


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
    chroma, tuned = _chroma(samples, rate)
    if tuned < _TUNED or np.count_nonzero(chroma > 0.1 * chroma.max()) < 3:
        return None
    major, minor = key_contrast(chroma)
    if max(major, minor) < _TONAL:
        return None
    pace = _onsets_per_s(samples, rate)
    odds = 20 * (major - minor) + 2.0 * np.log2(max(pace, 0.2) / _MIDDLE_PACE)
    sure = float(1 / (1 + np.exp(-abs(odds))))
    mode = "major" if major > minor else "minor"
    label = None if sure < _UNCLEAR else ("bright" if odds > 0 else "dark")
    return Mood(label, mode if abs(major - minor) > 0.02 else "", pace, sure if label else 0.0)
