"""Hits of an unpitched instrument, the critic's way: short bursts in a band, without a period."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfilt

_BANDS_HZ = ((600.0, 1800.0), (1800.0, 4000.0), (4000.0, 7600.0))
_CELL_S = 0.008
_RISE_DB, _FALL_DB = 7.0, 6.0  # within 40 ms; within 150 ms
_STRONG_DB = -22.0  # of a band's burst against the loud moments of the whole sound
_SPAN_S = 0.06
_PERIODIC = 0.5  # highest autocorrelation between these two lags: noise stays below
_LAGS_S = (0.0015, 0.018)


def _periodic(piece: NDArray[np.float64], rate: int) -> float:
    """How well a piece repeats after the period of some note, up to 1."""
    power = np.abs(np.fft.rfft(piece, 2 * len(piece))) ** 2
    similar = np.fft.irfft(power)[: len(piece)]
    first, last = (round(s * rate) for s in _LAGS_S)
    lags = np.arange(first, min(last, len(piece) - 1))
    if similar[0] <= 0 or not len(lags):
        return 1.0
    return float((similar[lags] / similar[0] * len(piece) / (len(piece) - lags)).max())


def hit_times(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """When a short noise is struck, seconds."""
    cell, span = round(_CELL_S * rate), round(_SPAN_S * rate)
    count = len(samples) // cell
    if count < 60:
        return np.zeros(0)
    whole = (samples[: count * cell].astype(np.float64).reshape(count, cell) ** 2).mean(axis=1)
    loud = 10 * np.log10(float(np.percentile(whole, 90)) + 1e-12)
    found: list[float] = []
    for low, high in _BANDS_HZ:
        if high >= rate / 2:
            continue
        band = butter(3, (low, high), "bandpass", fs=rate, output="sos")
        heard = np.asarray(sosfilt(band, samples), np.float64)
        power = (heard[: count * cell].reshape(count, cell) ** 2).mean(axis=1)
        level = 10 * np.log10(np.convolve(power, np.ones(3) / 3, "same") + 1e-12)
        level = np.maximum(level, loud - 50)
        at, _ = find_peaks(level, height=loud + _STRONG_DB, distance=round(0.1 / _CELL_S))
        for peak in at:
            before = level[max(0, peak - 8) : max(1, peak - 2)]
            after = level[peak + 8 : peak + 20]
            if not len(after) or level[peak] - before.min() < _RISE_DB:
                continue
            if level[peak] - after.min() < _FALL_DB:
                continue
            first = max(0, peak * cell - cell)
            if _periodic(heard[first : first + span], rate) < _PERIODIC:
                found.append(peak * _CELL_S)
    times = np.sort(np.array(found))
    return times[np.diff(times, prepend=-1.0) > 0.09] if len(times) else times
