"""A beat in the sound: how regular and how fast, by autocorrelation of spectral flux."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_WINDOW, _HOP = 1024, 160  # at 16 kHz: 64 ms, 10 ms
_SLOWEST, _FASTEST = 40.0, 220.0
_CLEAR = 0.5  # share of the flux that repeats; speech and rain stay below 0.3
_SHORTEST_S = 4.0


class Tempo(NamedTuple):
    """A regular beat: beats per minute and how clear it is, 0 to 1."""

    bpm: float
    clarity: float


def spectral_flux(samples: NDArray[np.float32], window: int, hop: int) -> NDArray[np.float64]:
    """Rise of the compressed magnitude spectrum from one frame to the next, shape `(frames-1,)`."""
    if len(samples) < window + hop:
        return np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[::hop]
    shape = np.hanning(window).astype(np.float32)
    flux = np.zeros(len(frames) - 1)
    last: NDArray[np.float32] | None = None
    for at in range(0, len(frames), 4096):  # bounded memory on long sounds
        spectrum = np.log1p(100 * np.abs(np.fft.rfft(frames[at : at + 4096] * shape, axis=1)))
        joined = spectrum if last is None else np.concatenate((last, spectrum))
        rise = np.maximum(np.diff(joined, axis=0), 0).mean(axis=1)
        begin = at if last is None else at - 1
        flux[begin : begin + len(rise)] = rise
        last = spectrum[-1:].astype(np.float32)
    return flux


def tempo_by_autocorrelation(samples: NDArray[np.float32], rate: int) -> Tempo | None:
    """The beat, or None where none is clear.

    Half and double speed fit any beat; the one nearest to 110 per minute is given.
    """
    flux = spectral_flux(samples, _WINDOW, _HOP)
    fps = rate / _HOP
    if len(flux) < _SHORTEST_S * fps or flux.max() < 1e-3:
        return None
    flux = flux - flux.mean()
    spectrum = np.abs(np.fft.rfft(flux, 2 * len(flux))) ** 2
    similar = np.fft.irfft(spectrum)[: len(flux)]
    similar = similar / similar[0] * len(flux) / np.maximum(len(flux) - np.arange(len(flux)), 1)
    bpm = np.arange(_SLOWEST, _FASTEST, 0.25)
    lag = 60 * fps / bpm
    grid = np.arange(len(similar))
    once, twice = np.interp(lag, grid, similar), np.interp(2 * lag, grid, similar)
    usable = 3 * lag < len(flux)
    merit = (once + 0.5 * twice) * np.exp(-0.5 * np.log2(bpm / 110) ** 2) * usable
    best = int(np.argmax(merit))
    clarity = float(min(once[best], twice[best]))
    return Tempo(float(bpm[best]), min(clarity, 1.0)) if clarity >= _CLEAR else None
