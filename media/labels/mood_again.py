"""The mood of music, the critic's way: tuned resonators, scales as sets of notes, a bass line."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfiltfilt

from aurelia.media.labels.heard_types import Mood
from aurelia.media.labels.track_tempo_again import band_rises
from aurelia.media.labels.vocabulary import Brightness

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
_SHORTEST_S = 3.0
_LOWEST, _NOTES, _FINE = 47, 40, 5  # from B2 up; five resonators a semitone
_BLOCK_S = 0.3
_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_TRIADS = {"major": (0, 4, 7), "minor": (0, 3, 7)}
_TUNED = 2.0  # energy at the best against the worst tuning; noise and speech stay below 1.7
_WITHIN = 0.76  # share of the notes that one scale must hold; speech and noise stay below 0.7
_FIRST = 12  # windows, 1.5 s
_MIDDLE_PACE = 1.9  # notes a second between slow and quick
_UNCLEAR = 0.65


@lru_cache(maxsize=2)
def _resonators(block: int, rate: int) -> NDArray[np.complex64]:
    """One tuned tone a column, shape `(block, notes * fine)`."""
    step = np.arange(_NOTES * _FINE) / _FINE + _LOWEST
    hertz = 440 * 2 ** ((step - 69) / 12)
    time = np.arange(block)[:, None] / rate
    turning = np.exp(-2j * np.pi * hertz * time) * np.hanning(block)[:, None]
    return np.asarray(turning, np.complex64)


def _notes(samples: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float64], float]:
    """Use of each pitch class, shape `(12,)`, sum 1, and how clear the tuning is."""
    block = round(_BLOCK_S * rate)
    blocks = np.lib.stride_tricks.sliding_window_view(samples, block)[:: block // 2]
    energy = np.abs(blocks.astype(np.complex64) @ _resonators(block, rate)).astype(np.float64)
    fine = energy.reshape(len(blocks), _NOTES, _FINE)
    peaked = (fine**2).sum(axis=(0, 1))
    tuning = int(np.argmax(peaked))
    clear = float(peaked[tuning] / max(peaked.min(), 1e-12))
    size = fine[:, :, tuning]
    for above, share in ((19, 0.4), (28, 0.4), (34, 0.3)):  # third, fifth and seventh partial
        size[:, above:] = np.maximum(size[:, above:] - share * size[:, :-above], 0)
    size[size < 0.15 * size.max(axis=1, keepdims=True)] = 0
    use = np.sqrt(size).sum(axis=0)
    classes = np.bincount((np.arange(_NOTES) + _LOWEST) % 12, use, 12)
    off = (tuning - (_FINE if tuning > _FINE // 2 else 0)) / _FINE
    return classes / max(classes.sum(), 1e-12), clear if abs(off) <= 0.5 else 1.0


def _bass(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """How long each pitch class is the lowest note, by autocorrelation, shape `(12,)`, sum 1.

    The first notes count for more: music mostly begins on its keynote.
    """
    step = max(1, rate // 2000)
    few = samples[: len(samples) // step * step].reshape(-1, step).mean(axis=1, dtype=np.float64)
    thin = sosfiltfilt(butter(4, 350.0, fs=rate / step, output="sos"), few)
    width, fps = round(0.25 * rate / step), rate / step
    if len(thin) < 2 * width:
        return np.full(12, 1 / 12)
    frames = np.lib.stride_tricks.sliding_window_view(thin, width)[:: width // 2]
    power = np.abs(np.fft.rfft(frames * np.hanning(width), 4 * width, axis=1)) ** 2
    similar = np.fft.irfft(power, axis=1)
    first, last = int(fps / 330), int(fps / 45)
    classes, heard = np.zeros(12), 0
    for row in similar:
        if row[0] < 1e-6:
            continue
        at, _ = find_peaks(row[:last], height=0.5 * row[0])
        at = at[at >= first]
        if len(at):
            low_, mid, high = row[at[0] - 1 : at[0] + 2]
            lag = at[0] + 0.5 * (low_ - high) / min(low_ - 2 * mid + high, -1e-12)
            heard += 1
            weight = 3 if heard <= _FIRST else 1
            classes[round(69 + 12 * np.log2(fps / lag / 440)) % 12] += weight
    return np.asarray(classes / classes.sum()) if classes.sum() else np.full(12, 1 / 12)


def _best(use: NDArray[np.float64], bass: NDArray[np.float64], mode: str) -> tuple[float, float]:
    """Merit of the best keynote in one mode, and the share of notes within that scale."""
    scale, triad = list(_SCALES[mode]), list(_TRIADS[mode])
    merits = []
    for keynote in range(12):
        turned, below = np.roll(use, -keynote), np.roll(bass, -keynote)
        within = float(turned[scale].sum())
        merit = within + 0.6 * float(turned[triad].sum()) + 0.3 * float(below[0])
        merits.append((merit, within))
    return max(merits)


def mood_of_again(samples: NDArray[np.float32], rate: int) -> Mood | None:
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
    use, clear = _notes(samples, rate)
    if clear < _TUNED or np.count_nonzero(use > 0.04) < 3:
        return None
    bass = _bass(samples, rate)
    (major, within), (minor, within_) = (_best(use, bass, mode) for mode in ("major", "minor"))
    if max(within, within_) < _WITHIN:
        return None
    pulses = np.convolve(band_rises(samples, rate).sum(axis=0), np.hanning(9) / 4, "same")
    at, _ = find_peaks(pulses, prominence=0.16 * np.percentile(pulses, 99), distance=8)
    pace = len(at) * rate / len(samples)
    odds = 12 * (major - minor) + 2.5 * np.log2(max(pace, 0.2) / _MIDDLE_PACE)
    sure = float(1 / (1 + np.exp(-abs(odds))))
    mode = "major" if major > minor else "minor"
    label: Brightness | None = "bright" if odds > 0 else "dark"
    label = label if sure >= _UNCLEAR else None
    return Mood(label, mode if abs(major - minor) > 0.02 else "", pace, sure if label else 0.0)
