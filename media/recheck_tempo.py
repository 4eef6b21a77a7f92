"""A beat in the sound, the critic's way: the Fourier spectrum of how the bass energy rises."""

import numpy as np
from numpy.typing import NDArray

_HOP, _WINDOW = 200, 512  # at 16 kHz: 12.5 ms, 32 ms
_BASS_HZ = 500.0
_SHORTEST_S = 4.0


def tempo_by_tempogram(samples: NDArray[np.float32], rate: int) -> list[float]:
    """Beats per minute of the three strongest periodicities, if the rises are periodic at all."""
    if len(samples) < _SHORTEST_S * rate:
        return []
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    bins = np.fft.rfftfreq(_WINDOW, 1 / rate) <= _BASS_HZ
    shape = np.hamming(_WINDOW).astype(np.float32)
    energy = np.concatenate(
        [
            (np.abs(np.fft.rfft(frames[at : at + 4096] * shape, axis=1))[:, bins] ** 2).sum(axis=1)
            for at in range(0, len(frames), 4096)
        ]
    )
    rise = np.maximum(np.diff(np.sqrt(energy)), 0)
    if rise.max() < 1e-3:
        return []
    rise = rise - rise.mean()
    size = np.abs(np.fft.rfft(rise * np.hanning(len(rise)), 8 * len(rise)))
    bpm = np.fft.rfftfreq(8 * len(rise), _HOP / rate) * 60
    range_ = (bpm >= 40) & (bpm <= 440)
    size, bpm = size[range_], bpm[range_]
    if size.max() < 6 * np.median(size):
        return []
    peaks = np.flatnonzero((size[1:-1] > size[:-2]) & (size[1:-1] >= size[2:])) + 1
    strongest = peaks[np.argsort(-size[peaks])][:3]
    return [float(bpm[i]) for i in strongest]
