"""The actor's view of a sound: short spectra, what each frequency holds at rest, lasting peaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter, uniform_filter1d

Samples = NDArray[np.float32]
Values = NDArray[np.float64]
Grid = NDArray[np.float32]

HOP_S = 0.01
_LOWEST_DB = -80.0  # of a bin: whatever is below is silence
_OVER_REST_DB, _OVER_NEAR_DB, _UNDER_TOP_DB = 9.0, 9.0, 38.0
_MOST_PEAKS = 16
_GAP = 2  # frames that a track may be missing for


@dataclass(frozen=True, slots=True)
class Spectra:
    """Power in decibels by frame (10 ms) and frequency.

    Attributes:
        db: `(frames, bins)`.
        rest: level that each bin falls to when nothing happens, `(bins,)`.
        hertz: middle of each bin.
        length_s: of the sound.
    """

    db: Grid
    rest: Grid
    hertz: Values
    length_s: float

    def between(self, low: float, high: float) -> slice:
        """The bins of a band."""
        first, past = np.searchsorted(self.hertz, (low, high))
        return slice(int(first), max(int(past), int(first) + 1))

    def band(self, low: float, high: float) -> Values:
        """Level of a band in each frame, dB."""
        power = 10.0 ** (self.db[:, self.between(low, high)].astype(np.float64) / 10)
        return np.asarray(10 * np.log10(power.sum(axis=1)))

    def noise(self, low: float, high: float) -> Values:
        """Level of a band as its median bin tells it, which single tones leave unmoved."""
        bins = self.db[:, self.between(low, high)]
        return np.asarray(np.median(bins, axis=1) + 10 * np.log10(bins.shape[1]) + 1.6, np.float64)


@dataclass(frozen=True, slots=True)
class Track:
    """One peak followed through time: its frames, frequencies and levels (dB), each `(n,)`."""

    frames: NDArray[np.intp]
    hertz: Values
    db: Values

    @property
    def start_s(self) -> float:
        """When it sets in, from the beginning of the sound."""
        return float(self.frames[0]) * HOP_S

    @property
    def end_s(self) -> float:
        """When it is gone."""
        return float(self.frames[-1] + 1) * HOP_S

    @property
    def length_s(self) -> float:
        """Length, seconds."""
        return self.end_s - self.start_s

    @property
    def pitch(self) -> float:
        """Its frequency, Hz, where it is strong."""
        return float(np.median(self.hertz[self.db >= np.median(self.db)]))

    @property
    def spread(self) -> float:
        """How far its frequency moves, octaves, the outermost tenths left out."""
        low, high = np.percentile(self.hertz, (10, 90))
        return float(np.log2(high / low))


def spectra(samples: Samples, rate: int, window_s: float, lowest_db: float = _LOWEST_DB) -> Spectra:
    """Spectra around every 10 ms; a full-scale sine has 0 dB."""
    size, hop = 1 << round(np.log2(window_s * rate)), round(HOP_S * rate)
    padded = np.pad(samples, (size // 2, size // 2 + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    shape = np.hanning(size).astype(np.float32)
    shape *= 2 / shape.sum()
    db = np.empty((len(frames), size // 2 + 1), np.float32)
    for first in range(0, len(frames), 2048):  # in blocks, so that a long sound stays small
        part = np.abs(np.fft.rfft(frames[first : first + 2048] * shape, axis=1))
        db[first : first + 2048] = 20 * np.log10(np.maximum(part, 10 ** (lowest_db / 20)))
    calm = uniform_filter1d(db[::3], 5, axis=0)
    rest = uniform_filter1d(np.percentile(calm, 12, axis=0), 5) + 2.0
    hertz = np.fft.rfftfreq(size, 1 / rate).astype(np.float64)
    return Spectra(db, rest.astype(np.float32), hertz, len(samples) / rate)


def _peaks(sound: Spectra) -> list[tuple[Values, Values]]:
    """Frequencies and levels of the peaks of each frame, the strongest first."""
    db, step = sound.db, float(sound.hertz[1])
    near = median_filter(db[:, ::2], (1, 15))  # every other bin: the median is smooth
    near = np.repeat(near, 2, axis=1)[:, : db.shape[1]]
    top = maximum_filter1d(db, 3, axis=1)
    good = (db >= top) & (db >= sound.rest + _OVER_REST_DB) & (db >= near + _OVER_NEAR_DB)
    good &= db >= db.max(axis=1, keepdims=True) - _UNDER_TOP_DB
    good[:, : max(2, round(150 / step))] = False
    good[:, -2:] = False
    found = []
    for frame, row in enumerate(good):
        at = np.flatnonzero(row)
        if len(at) > _MOST_PEAKS:
            at = np.sort(at[np.argsort(-db[frame, at])[:_MOST_PEAKS]])
        left, here, right = (db[frame, at + k].astype(np.float64) for k in (-1, 0, 1))
        bend = left - 2 * here + right
        shift = np.where(bend < -1e-6, 0.5 * (left - right) / np.minimum(bend, -1e-6), 0.0)
        found.append(((at + np.clip(shift, -0.5, 0.5)) * step, here))
    return found


def tracks(sound: Spectra, shortest_s: float = 0.04) -> list[Track]:
    """Peaks that last, followed from frame to frame by the nearest frequency."""
    step = float(sound.hertz[1])
    live: list[tuple[list[int], list[float], list[float]]] = []
    done: list[tuple[list[int], list[float], list[float]]] = []
    for frame, (hertz, levels) in enumerate(_peaks(sound)):
        kept: list[tuple[list[int], list[float], list[float]]] = []
        for one in live:
            (kept if frame - one[0][-1] <= _GAP + 1 else done).append(one)
        live, free = kept, np.ones(len(hertz), np.bool_)
        if live and len(hertz):
            last = np.array([one[1][-1] for one in live])
            slope = np.array([one[1][-1] - one[1][-4] if len(one[1]) > 4 else 0.0 for one in live])
            due = last + np.clip(slope / 3, -0.06 * last, 0.06 * last)
            away = np.abs(hertz[None, :] - due[:, None]) / (0.8 * step + 0.03 * due[:, None])
            away += np.abs(levels[None, :] - np.array([o[2][-1] for o in live])[:, None]) / 20
            for cell in np.argsort(away, axis=None):
                who, which = divmod(int(cell), len(hertz))
                if away[who, which] > 1.5:
                    break
                if free[which] and live[who][0][-1] != frame:
                    free[which] = False
                    live[who][0].append(frame)
                    live[who][1].append(float(hertz[which]))
                    live[who][2].append(float(levels[which]))
        for k in np.flatnonzero(free):
            live.append(([frame], [float(hertz[k])], [float(levels[k])]))
    found = [
        Track(np.array(f, np.intp), np.array(h), np.array(d))
        for f, h, d in [*done, *live]
        if (f[-1] + 1 - f[0]) * HOP_S >= shortest_s and len(f) >= 0.7 * (f[-1] + 1 - f[0])
    ]
    return sorted(found, key=lambda t: t.start_s)
