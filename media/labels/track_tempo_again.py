"""The beat of a music track, the critic's way: the Fourier spectrum of how bands grow louder."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from aurelia.media.measure_tempo import Tempo

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
_SHORTEST_S = 4.0
_CELLS = 100  # energies a second
_BANDS = ((40.0, 160.0), (160.0, 700.0), (700.0, 2500.0), (2500.0, 7000.0))
_SLOWEST, _FASTEST, _FELT = 58.0, 194.0, 115.0
_OVERTONES = 4
_QUICKEST_HZ = 9.0  # faster rises are flutter, not rhythm
_CLEAR = 0.3  # share of the rises; music has 0.36 and more, speech seldom above 0.3


def band_rises(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """How steeply the level of each band rises, shape `(bands, cells)`."""
    cell = rate // _CELLS
    count = len(samples) // cell
    rows = []
    for low, high in _BANDS:
        if low * 2.2 > rate:
            continue
        band = butter(2, (low, min(high, 0.45 * rate)), "bandpass", fs=rate, output="sos")
        heard = np.asarray(sosfilt(band, samples[: count * cell]), np.float64)
        level = np.sqrt((heard.reshape(count, cell) ** 2).mean(axis=1))
        smooth = np.convolve(level, np.hanning(7) / 3, "same")
        loud = np.log1p(smooth / (0.1 * smooth.max() + 1e-9))
        rows.append(np.maximum(np.diff(loud), 0))
    return np.array(rows)


def track_tempo_again(samples: NDArray[np.float32], rate: int) -> Tempo | None:
    """The felt beat of music, 58 to 194 per minute, or None where no beat is clear.

    Args:
        samples: mono, shape `(n,)`; what lies beyond `LONGEST_S` is not heard.
        rate: samples a second.

    Returns:
        The tempo, right to about 1 %, and how strong the beat and its overtones are.
    """
    samples = samples[: int(LONGEST_S * rate)]
    if len(samples) < _SHORTEST_S * rate or float(np.abs(samples).max()) < 1e-3:
        return None
    rises = band_rises(samples, rate)
    total = rises.sum(axis=0)
    size = 8 * len(total)
    bpm = np.exp(np.arange(np.log(_SLOWEST), np.log(_FASTEST), 0.0015))
    hertz = np.arange(size // 2 + 1) * _CELLS / size
    window = np.hanning(len(total))
    spectrum = np.abs(np.fft.rfft((total - total.mean()) * window, size))
    comb = np.array([np.interp(k * bpm / 60, hertz, spectrum) for k in range(1, _OVERTONES + 1)])
    merit = np.sqrt(comb).sum(axis=0) ** 2 / _OVERTONES
    merit = merit * np.exp(-0.5 * (np.log2(bpm / _FELT) / 0.9) ** 2)
    best = int(np.argmax(merit))
    clarity = _share(spectrum, hertz, float(bpm[best]) / 60, len(total) / _CELLS)
    return Tempo(float(bpm[best]), clarity) if clarity >= _CLEAR else None


def _share(
    spectrum: NDArray[np.float64], hertz: NDArray[np.float64], beat_hz: float, length_s: float
) -> float:
    """How much of the power lies at the beat and its multiples, beyond what chance puts there."""
    used = (hertz > 0.7 * beat_hz) & (hertz < _QUICKEST_HZ)
    off = np.abs(hertz[used] / beat_hz - np.round(hertz[used] / beat_hz)) * beat_hz
    near = off < 1.5 / length_s  # the main lobe of a Hann window
    power = spectrum[used] ** 2
    chance = float(near.mean())
    share = float(power[near].sum() / max(power.sum(), 1e-12))
    return max(0.0, (share - chance) / max(1 - chance, 1e-6))
