"""What the critic measures in a sound: peaks and mean amplitudes, where the actor takes powers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span, runs, tidy
from aurelia.media.recheck_tempo import tempo_by_tempogram
from aurelia.media.recheck_track import NO, UNSURE, YES, Track, bridged

Samples = NDArray[np.float32]
Signal = NDArray[np.float64]

_BLOCK_S = 0.025
_ON_PEAK, _OFF_PEAK = 10 ** (-57 / 20), 10 ** (-60 / 20)
_ON_MEAN = 10 ** (-64 / 20)  # faint noise has peaks well above its level
_MOMENT_BLOCKS = 16  # 0.4 s


@dataclass(frozen=True, slots=True)
class SoundRecheck:
    """The critic's hearing; times are clip times.

    Attributes:
        window: the time that was listened to.
        heard: per block of 25 ms whether its peak is that of a sound or of silence.
        amplitude: mean absolute sample of each block, `(blocks,)`.
        starts: clip time of each block's start.
        rises: times and sizes (dB) of rises of the block peak by 7 dB or more within 50 ms.
        spectral_dbfs: level over the window, summed in the spectrum.
        tempos: beats per minute that fit the bass, the strongest first; empty if none stands out.
    """

    window: Span
    heard: Track
    amplitude: Signal
    starts: Signal
    rises: tuple[tuple[float, float], ...]
    spectral_dbfs: float
    tempos: tuple[float, ...]

    def moment(self, time_s: float) -> float:
        """Mean amplitude over 0.4 s around a time, as decibels below the highest such value."""
        width = min(_MOMENT_BLOCKS, len(self.amplitude))
        every = np.convolve(self.amplitude, np.ones(width) / width, "same")
        if every.max() <= 0:
            return 0.0
        near = np.abs(self.starts + _BLOCK_S / 2 - time_s) <= 0.1
        best = every[near].max() if near.any() else 0.0
        return float(20 * np.log10(max(best, 1e-6) / every.max()))

    def between(self, start_s: float, end_s: float) -> Signal:
        """Levels of the blocks inside a stretch, dB of mean amplitude."""
        inside = (self.starts >= start_s) & (self.starts + _BLOCK_S <= end_s)
        return np.asarray(20 * np.log10(np.maximum(self.amplitude[inside], 1e-6)))

    @property
    def halves_db(self) -> float:
        """How much louder the second half is, by mean amplitude."""
        middle = len(self.amplitude) // 2
        if not middle:
            return 0.0
        first, second = self.amplitude[:middle].mean(), self.amplitude[middle:].mean()
        return float(20 * np.log10(max(second, 1e-5) / max(first, 1e-5)))


def _spectral_dbfs(samples: Samples) -> float:
    """Level by Parseval's theorem over adjoining blocks: the same quantity, another road."""
    block = 4096
    padded = np.pad(samples, (0, -len(samples) % block)).reshape(-1, block)
    power = 0.0
    for row in padded:
        spectrum = np.abs(np.fft.rfft(row.astype(np.float64))) ** 2
        power += float(spectrum[0] + 2 * spectrum[1:-1].sum() + spectrum[-1]) / block
    return float(10 * np.log10(max(power / max(len(samples), 1), 10**-9.6)))


def _rises(samples: Samples, rate: int, start_s: float) -> list[tuple[float, float]]:
    """Rises of the 10 ms peak over the 100 ms before it, from -57 dBFS upwards."""
    hop = round(rate / 100)
    count = len(samples) // hop
    if count < 16:
        return []
    peaks = np.abs(samples[: count * hop]).reshape(count, hop).max(axis=1)
    db = np.maximum(20 * np.log10(np.maximum(peaks, 1e-6)), -57.0)
    before = np.lib.stride_tricks.sliding_window_view(db, 10).max(axis=1)[:-6]
    ahead = np.lib.stride_tricks.sliding_window_view(db[10:], 6).max(axis=1)
    size = ahead[: len(before)] - before[: len(ahead)]
    found = []
    for first, past in runs(size >= 7.0):
        best = first + int(np.argmax(size[first:past]))
        found.append((start_s + (10 + best) * 0.01, float(size[best])))
    return found


def recheck_sound(samples: Samples, rate: int, start_s: float) -> SoundRecheck:
    """Measure a sound the critic's way."""
    block = round(_BLOCK_S * rate)
    count = max(1, len(samples) // block)
    padded = np.pad(samples, (0, max(0, count * block - len(samples))))
    blocks = np.abs(padded[: count * block].astype(np.float64)).reshape(count, block)
    peaks = blocks.max(axis=1)
    full = blocks.mean(axis=1) >= _ON_MEAN
    state = np.where((peaks >= _ON_PEAK) & full, YES, np.where(peaks < _OFF_PEAK, NO, UNSURE))
    starts: Signal = start_s + np.arange(count, dtype=np.float64) * _BLOCK_S
    middles: Signal = np.asarray(starts + _BLOCK_S / 2, np.float64)
    window = Span(start_s, start_s + len(samples) / rate)
    return SoundRecheck(
        window=window,
        heard=bridged(Track(middles, state.astype(np.int8), window, 0.03), 0.2),
        amplitude=blocks.mean(axis=1),
        starts=starts,
        rises=tuple(_rises(samples, rate, start_s)),
        spectral_dbfs=_spectral_dbfs(samples),
        tempos=tuple(tempo_by_tempogram(samples, rate)),
    )


def sound_spans(recheck: SoundRecheck) -> list[Span]:
    """Where the critic hears sound."""
    return tidy(recheck.heard.spans(), 0.2, 0.03)
