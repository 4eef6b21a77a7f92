"""The beat of a music track, by autocorrelation of spectral flux over many beats."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from aurelia.media.measure_tempo import Tempo, spectral_flux

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
_WINDOW, _HOP_S = 1024, 0.01
_SLOWEST, _FASTEST, _FELT = 58.0, 194.0, 115.0
_SHORTEST_S = 4.0
_FAINT = 0.01  # no onset at all: a steady tone
_BEATS = 8  # lags of up to this many beats are compared: eight times as precise as one
_CLEAR = 0.22  # share of the flux that repeats; speech and rain stay below 0.15


def similarity(novelty: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    """Autocorrelation by lag, unbiased, 1 at lag 0, shape `(lags,)`."""
    centred = novelty - novelty.mean()
    spectrum = np.abs(np.fft.rfft(centred, 2 * len(centred))) ** 2
    similar = np.fft.irfft(spectrum)[:lags]
    overlap = np.maximum(len(novelty) - np.arange(len(similar)), 1) / len(novelty)
    return np.asarray(similar / max(similar[0], 1e-12) / overlap, np.float64)


def track_tempo(samples: NDArray[np.float32], rate: int) -> Tempo | None:
    """The felt beat of music, 58 to 194 per minute, or None where no beat is clear.

    Args:
        samples: mono, shape `(n,)`; what lies beyond `LONGEST_S` is not heard.
        rate: samples a second.

    Returns:
        The tempo, right to about 1 %, and how much of the sound's rises repeat with it. Double or
        half the speed that a person would tap is possible; two thirds of it is not expected.
    """
    hop = max(1, round(_HOP_S * rate))
    flux = spectral_flux(samples[: int(LONGEST_S * rate)], _WINDOW, hop)
    fps = rate / hop
    if len(flux) < _SHORTEST_S * fps or flux.max() < _FAINT:
        return None
    novelty = np.maximum(flux - uniform_filter1d(flux, round(0.4 * fps)), 0)
    similar = similarity(novelty, int(0.8 * len(novelty)))
    similar = np.convolve(similar, [0.25, 0.5, 0.25], "same")  # players are not exact
    bpm = np.exp(np.arange(np.log(_SLOWEST), np.log(_FASTEST), 0.0015))
    lag = 60 * fps / bpm
    grid = np.arange(len(similar))
    beats = np.arange(1, _BEATS + 1)[:, None] * lag
    heard = beats < len(similar)
    weight = heard * (len(similar) - beats) / len(similar)
    repeats = (np.interp(beats, grid, similar) * weight).sum(0) / weight.sum(0)
    odd = np.array([np.interp(lag * part, grid, similar) for part in (2 / 3, 4 / 3, 2 / 5, 4 / 5)])
    unlike = 0.3 * odd.reshape(2, 2, -1).mean(axis=1).max(axis=0).clip(0)
    merit = np.maximum(repeats - unlike, 0)
    # First the family of speeds, by what repeats alone: two thirds of a quick beat repeats too,
    # a little less, and must not win for being nearer to the speed that people tap.
    family = lag[int(np.argmax(merit * (bpm / _FELT) ** 0.1))] * 2.0 ** np.arange(-2, 3)
    related = (np.abs(np.log(lag / family[:, None])) < 0.02).any(axis=0)
    felt = np.exp(-0.5 * (np.log2(bpm / _FELT) / 0.9) ** 2)
    best = int(np.argmax(merit * felt * related))
    clarity = float(repeats[best])
    return Tempo(float(bpm[best]), min(clarity, 1.0)) if clarity >= _CLEAR else None
