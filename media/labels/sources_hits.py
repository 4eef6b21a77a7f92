"""Hits of an unpitched instrument: bursts of energy that fill the gaps between partials."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfilt

_WINDOW, _HOP, _APART = 2048, 320, 4  # at 16 kHz: 0.13 s, 20 ms, 80 ms between before and after
_EDGES_HZ = (40.0, 500.0, 1200.0, 2500.0, 4500.0, 7800.0)
_FLAT = 0.27  # geometric over arithmetic mean of a burst; noise 0.5, the onset of a tone 0.1
_RISE = 2.5  # power after over power before, in that band
_AFTER, _CELL = 1280, 80  # samples searched on both sides for the attack, and its steepness
_FLAT_AFTER, _NOISE_LEFT = 0.2, 0.3
_LOW_HZ, _CELL_S = 150.0, 0.01
_FALL_DB = 15.0  # a thud is gone after 0.2 s, a bass note is not


def burst_times(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """When noise sets in suddenly, seconds; steady noise and plucked notes give none."""
    if len(samples) < _WINDOW + _HOP * (_APART + 8):
        return np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    shape = np.hanning(_WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * shape, axis=1)).astype(np.float64) ** 2
    before, after = power[:-_APART], power[_APART:]
    new = np.maximum(after - 2 * before, 0)
    edges = [min(round(hz * _WINDOW / rate), new.shape[1]) for hz in _EDGES_HZ]
    burst, total = np.zeros(len(new)), np.zeros(len(new))
    for first, stop in pairwise(edges):
        if stop - first < 8:
            continue
        band = new[:, first:stop]
        mean = band.mean(axis=1) + 1e-9
        flat = np.exp(np.log(band + 1e-3 * mean[:, None]).mean(axis=1)) / mean
        grown = after[:, first:stop].sum(axis=1) > _RISE * before[:, first:stop].sum(axis=1)
        energy = band.sum(axis=1)
        total += energy
        burst += energy * (flat > _FLAT) * grown
    loud = float(np.percentile(total, 97))
    if loud < 1e-3:
        return np.zeros(0)
    at, _ = find_peaks(burst, height=0.1 * loud, distance=6)
    at = np.array([row for row in at if not _rings(power, samples, row, total[row], rate)], int)
    return np.asarray(at * _HOP / rate + (_WINDOW / 2 + _APART * _HOP / 2) / rate, np.float64)


def _rings(
    power: NDArray[np.float64],
    samples: NDArray[np.float32],
    row: int,
    grown: float,
    rate: int,
) -> bool:
    """Whether what is left just after an attack has partials: a plucked note, no noise.

    While a window begins to cover an attack, any attack looks like noise; so one that begins
    right after it and fades out is used.
    """
    begin = row * _HOP + _WINDOW // 2 + _APART * _HOP - _AFTER
    loudness = np.square(samples[begin : begin + 2 * _AFTER].astype(np.float64))
    if len(loudness) < 2 * _AFTER:
        return False
    rise = np.convolve(loudness, np.ones(_CELL), "valid")
    first = begin + int(np.argmax(rise[_CELL:] - rise[:-_CELL])) + _CELL
    piece = samples[first : first + _WINDOW]
    if len(piece) < _WINDOW:
        return False
    shape = 0.5 + 0.5 * np.cos(np.pi * np.arange(_WINDOW) / _WINDOW)
    left = np.abs(np.fft.rfft(piece * shape, axis=0)) ** 2
    new = np.maximum(left - 2 * power[max(0, row - _APART)], 0)
    edges = [min(round(hz * _WINDOW / rate), len(new)) for hz in _EDGES_HZ]
    noise = whole = 0.0
    for low, stop in pairwise(edges):
        band = new[low:stop]
        mean = float(band.mean()) + 1e-9
        flat = float(np.exp(np.log(band + 1e-3 * mean).mean())) / mean
        whole += float(band.sum())
        noise += float(band.sum()) * (flat > _FLAT_AFTER)
    return noise < _NOISE_LEFT * whole


def thud_times(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """When a low drum is struck, seconds; none if most of what is low rings on like a bass."""
    low = sosfilt(butter(4, _LOW_HZ, fs=rate, output="sos"), samples.astype(np.float64))
    cell = max(1, round(_CELL_S * rate))
    count = len(low) // cell
    if count < 60:
        return np.zeros(0)
    level = 10 * np.log10((low[: count * cell].reshape(count, cell) ** 2).mean(axis=1) + 1e-9)
    whole = float(10 * np.log10((samples.astype(np.float64) ** 2).mean() + 1e-9))
    if level.max() < whole - 6:
        return np.zeros(0)
    level = np.maximum(np.convolve(level, np.ones(3) / 3, "same"), level.max() - 30)
    ahead = np.lib.stride_tricks.sliding_window_view(level, 4).max(axis=1)
    rise = ahead[4:] - level[: len(ahead) - 4]
    at, _ = find_peaks(rise, height=10.0, distance=10)
    peaks = [at_ + 4 + int(np.argmax(level[at_ + 4 : at_ + 12])) for at_ in at]
    peaks = [p for p in peaks if p + 22 < len(level) and level[p] > level.max() - 12]
    if len(peaks) < 4:
        return np.zeros(0)
    fallen = [level[p] - level[p + 16 : p + 22].min() >= _FALL_DB for p in peaks]
    if np.mean(fallen) < 0.7:
        return np.zeros(0)
    return np.array(peaks) * _CELL_S
