"""Hits of one thing that is struck again and again: each sound short, and like the others.

Noise or not does not matter here, so blocks and toms count too. The notes of a struck string may
be as short, but they move: of those few are alike, and each of them has but a few partials.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

_WINDOW, _HOP = 512, 160  # at 16 kHz: 32 ms, every 10 ms
_AFTER_ROWS = 12  # rows from a hit until it is gone
_RISE, _FALL = 4.0, 10.0  # of the power in one bin
_LOUD = 0.4  # of the sound's mean power
_APART = 10  # rows
_ALIKE = 0.75  # cosine of the magnitudes; 0.785 for two bursts of the same band of noise
_WIDE = 18.0  # bins that a hit fills, counted evenly; the short part of a note fills 5 to 13
_LOW_HZ = 250.0  # below, a hit may be narrow: notes that low don't die that quickly
_FEWEST, _PER_S = 4, 0.7


def struck_times(
    samples: NDArray[np.float32], rate: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When it is struck, seconds, if that is heard over many pitches, and if it is a low tone.

    At least one of the two is empty; both are if nothing is struck again and again.
    """
    if len(samples) < _WINDOW + _HOP * 60:
        return np.zeros(0), np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    shape = np.hanning(_WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * shape, axis=1)).astype(np.float64)[:, 2:] ** 2
    count = len(power) - _AFTER_ROWS - 10

    def row(first: int) -> NDArray[np.float64]:
        return power[first : first + count]

    before = np.maximum(np.maximum(row(0), row(1)), row(2))
    now = np.maximum(np.maximum(row(5), row(6)), row(7))
    after = np.minimum(np.minimum(row(6 + _AFTER_ROWS), row(8 + _AFTER_ROWS)), row(9 + _AFTER_ROWS))
    passing = np.maximum(now - _RISE * before, 0) * (now > _FALL * after)
    whole = passing.sum(axis=1)
    at, _ = find_peaks(whole, height=max(_LOUD * float(power.sum(axis=1).mean()), 1e-6),
                       distance=_APART)  # fmt: skip
    if len(at) < _FEWEST:
        return np.zeros(0), np.zeros(0)
    shapes = np.sqrt(passing[at])
    unit = shapes / np.linalg.norm(shapes, axis=1, keepdims=True)
    alike = unit @ unit.T > _ALIKE
    group = alike[np.argmax(alike.sum(axis=1))]
    if group.sum() < max(_FEWEST, _PER_S * len(samples) / rate):
        return np.zeros(0), np.zeros(0)
    share = shapes[group] / shapes[group].sum(axis=1, keepdims=True)
    usual = np.minimum(share.mean(axis=0), 2 * np.median(share, axis=0))
    usual /= usual.sum() + 1e-12
    width = 1 / float((usual**2).sum() + 1e-12)
    middle = int(np.searchsorted(np.cumsum(usual**2), 0.5 * (usual**2).sum())) + 2
    if width < _WIDE and middle * rate / _WINDOW > _LOW_HZ:
        return np.zeros(0), np.zeros(0)
    times = np.asarray((at[group] + 6) * _HOP / rate + _WINDOW / 2 / rate, np.float64)
    return (np.zeros(0), times) if width < _WIDE else (times, np.zeros(0))
