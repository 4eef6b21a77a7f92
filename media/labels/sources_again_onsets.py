"""Pitches of notes as they begin: which partials are new, and which series of overtones fits."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

_SPAN_S, _HOP_S, _SKIP_S = 0.15, 0.02, 0.02
_SIZE = 8192  # of the transform, zero-padded
_TOP_HZ = 4000.0
_LOWEST_HZ, _HIGHEST_HZ = 57.0, 1400.0
_QUIET = 0.06  # of the strongest beginning: no note
_NEW = 1.5  # how much larger a partial has become, at least
_ABOVE = 4.5  # times the steady part
_FITS = 0.6  # right series stay below 0.4, noise and the ends of notes give 0.7 and more
_REST = 0.4  # share of the new partials that one note leaves unexplained if there is a second


class Beginning(NamedTuple):
    """A note that begins: when, its fundamental, how strong."""

    time_s: float
    hertz: float
    size: float
    misfit: float

    @property
    def fits(self) -> bool:
        """Whether its partials are one series; noise and the ends of notes have none."""
        return self.misfit < _FITS


def _growth(samples: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float64], float]:
    """What each moment adds to the spectrum, shape `(moments, bins)`; Hz per bin."""
    span, hop, skip = (round(s * rate) for s in (_SPAN_S, _HOP_S, _SKIP_S))
    step = span + skip
    frames = np.lib.stride_tricks.sliding_window_view(samples, span)[::hop]
    bin_hz = rate / _SIZE
    top = round(_TOP_HZ / bin_hz)
    shape = np.hanning(span).astype(np.float32)
    spectra = np.abs(np.fft.rfft(frames * shape, _SIZE, axis=1))[:, :top].astype(np.float64)
    apart = max(1, round(step / hop))
    before, after = spectra[:-apart], spectra[apart:]
    steady = np.partition(spectra, len(spectra) // 3, axis=0)[len(spectra) // 3]
    floor = _ABOVE * uniform_filter1d(steady, 51)
    grown = np.where((after > _NEW * before) & (after > floor), after - before, 0.0)
    return grown, bin_hz


def _partials(
    row: NDArray[np.float64], bin_hz: float, most: int = 24
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at, _ = find_peaks(row, height=max(0.03 * float(row.max()), 1e-6), distance=4)
    at = at[at * bin_hz > 0.95 * _LOWEST_HZ]
    at = np.sort(at[np.argsort(-row[at])][:most])
    return at * bin_hz, row[at]


def _misfit(hertz: NDArray[np.float64], size: NDArray[np.float64], fundamental: float) -> float:
    """How badly partials and a series of overtones fit each other, both ways, from 0."""
    order = np.maximum(np.round(hertz / fundamental), 1)
    reach = np.maximum(0.012 * hertz, 5.0)
    far = np.minimum(np.abs(hertz - order * fundamental) / reach, 2.0)
    weight = size**0.5
    outside = float((weight * (far > 1)).sum() / weight.sum())
    top = min(int(hertz[size > 0.1 * size.max()].max() / fundamental + 0.5), 10)
    orders = np.arange(1, max(top, 1) + 1)
    gaps = np.abs(orders[:, None] * fundamental - hertz[None, :])
    missing = (gaps > np.maximum(0.012 * orders * fundamental, 5.0)[:, None]).all(axis=1)
    absent = float((missing / orders**0.5).sum() / (1 / orders**0.5).sum())
    return outside + 0.5 * absent + 0.5 * float(missing[0])


def _fundamental(
    hertz: NDArray[np.float64], size: NDArray[np.float64]
) -> tuple[float, float] | None:
    """The fundamental that fits best, and its misfit; of equals, the highest."""
    strong = hertz[np.argsort(-size)[:6]]
    tried = {float(f / k) for f in strong for k in (1, 2, 3, 4, 5)}
    fits = [
        (round(_misfit(hertz, size, f), 2), -f) for f in tried if _LOWEST_HZ <= f <= _HIGHEST_HZ
    ]
    return (-min(fits)[1], min(fits)[0]) if fits else None


def beginnings(samples: NDArray[np.float32], rate: int) -> list[Beginning]:
    """Notes that begin, by time; two at one moment if the new partials need two series."""
    grown, bin_hz = _growth(samples, rate)
    if len(grown) < 8:
        return []
    novelty = np.convolve(np.sqrt((grown**2).sum(axis=1)), [0.25, 0.5, 0.25], "same")
    loud = float(np.percentile(novelty, 97))
    if loud < 1e-2:
        return []
    found: list[Beginning] = []
    at, _ = find_peaks(novelty, height=_QUIET * loud, distance=4, prominence=0.3 * _QUIET * loud)
    for row in at:
        hertz, size = _partials(grown[row], bin_hz)
        whole = float((size**2).sum())
        for _ in range(2):
            if not len(size) or (size**2).sum() < _REST**2 * whole:
                break
            best = _fundamental(hertz, size)
            if best is None:
                break
            fundamental, misfit = best
            order = np.maximum(np.round(hertz / fundamental), 1)
            own = np.abs(hertz - order * fundamental) < np.maximum(0.015 * hertz, 6.0)
            if not own.any():
                break
            strength = float(np.sqrt((size[own] ** 2).sum()))
            found.append(Beginning(row * _HOP_S, fundamental, strength, misfit))
            hertz, size = hertz[~own], size[~own]
    return found
