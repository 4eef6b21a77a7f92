"""The critic's view of a sound: a bank of bands, the envelope of each and how pure it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.ndimage import maximum_filter1d, uniform_filter1d

Samples = NDArray[np.float32]
Values = NDArray[np.float64]

STEP_S = 0.005
_FLOOR_DB = -75.0
_LOW = ((40, 70, 110), (70, 120, 200), (120, 210, 310), (210, 310, 420))
_CENTRES = 400.0 * 2 ** (np.arange(13) / 3.0)
_SMOOTH_S = 0.06


@dataclass(frozen=True, slots=True)
class Band:
    """One band of the bank; arrays hold one value for each 5 ms, `(steps,)`.

    Attributes:
        low: lower edge, Hz.
        high: upper edge, Hz.
        db: level of its envelope.
        floor: the level that it has at rest.
        pure: 0 for noise to 1 for a single tone, over 60 ms.
        hertz: the frequency that its phase turns with.
    """

    low: float
    high: float
    db: Values
    floor: float
    pure: Values
    hertz: Values

    @property
    def excess(self) -> Values:
        """How far the level is above that at rest, dB."""
        return self.db - self.floor


def bank(samples: Samples, rate: int) -> list[Band]:
    """The sound in four wide low bands and a third of an octave each from 400 to 6,400 Hz."""
    length_s = len(samples) / rate
    rim = round(0.25 * rate)
    padded = np.pad(samples, (rim, rim + (-len(samples)) % (rate // 10)))
    spectrum = np.fft.rfft(padded).astype(np.complex64)
    steps = max(1, int(length_s / STEP_S))
    thirds = [(c / 2 ** (1 / 3), c, min(c * 2 ** (1 / 3), rate / 2)) for c in _CENTRES]
    return [
        _band(spectrum, len(padded) / rate, edges, steps, rim / rate) for edges in (*_LOW, *thirds)
    ]


def _band(
    spectrum: NDArray[np.complex64],
    total_s: float,
    edges: tuple[float, float, float],
    steps: int,
    rim_s: float,
) -> Band:
    low, middle, high = edges
    first, past = int(low * total_s), min(int(high * total_s), len(spectrum) - 1)
    hertz = np.arange(first, past) / total_s
    weight = np.interp(hertz, (low, middle, high), (0.0, 1.0, 0.0))
    part = spectrum[first:past] * np.sqrt(weight).astype(np.float32)
    size = int(next_fast_len(max(len(part), 8)))  # critical: noise is then least like a tone
    signal = np.fft.ifft(part, size).astype(np.complex64) * np.float32(size / (len(spectrum) - 1))
    speed = size / total_s
    power = np.abs(signal).astype(np.float64) ** 2
    turn = signal[1:] * np.conj(signal[:-1])
    width = max(3, round(_SMOOTH_S * speed))
    product = uniform_filter1d(turn.real.astype(np.float64), width) + 1j * uniform_filter1d(
        turn.imag.astype(np.float64), width
    )
    mean = uniform_filter1d(power, width)[1:]
    pure = np.minimum(np.abs(product) / np.maximum(mean, 1e-12), 1.0)
    # The phase tells the frequency above the lower edge, up to whole turns.
    angle = np.angle(product) / (2 * np.pi)
    found = low + np.where(angle < -0.05, angle + 1, angle) * speed
    times = rim_s + (np.arange(steps) + 0.5) * STEP_S
    own = np.arange(len(power)) / speed
    short = uniform_filter1d(power, max(1, round(0.012 * speed)))
    db = 10 * np.log10(np.maximum(np.interp(times, own, short), 10 ** (_FLOOR_DB / 10)))
    calm = uniform_filter1d(db, 15)
    floor = max(float(np.percentile(calm, 12)) + 1.0, _FLOOR_DB + 3)
    return Band(
        low,
        high,
        db,
        floor,
        np.interp(times, own[1:], pure),
        np.interp(times, own[1:], found),
    )


def rise(db: Values, before_s: float = 0.12, within_s: float = 0.05) -> Values:
    """How far the level gets above all that was `before_s` before, in `within_s` from there."""
    past, ahead = round(before_s / STEP_S), round(within_s / STEP_S)
    highest = maximum_filter1d(db, past, origin=(past - 1) // 2, mode="nearest")
    coming = maximum_filter1d(db, ahead, origin=-((ahead - 1) // 2), mode="nearest")
    gap = 4
    shifted = np.concatenate((np.full(min(gap, len(db)), db[0]), highest[: max(0, len(db) - gap)]))
    return np.asarray(coming - shifted)


def steepest(db: Values, at: int) -> int:
    """The step of the steepest rise near one."""
    first = max(0, at - 8)
    part = db[first : at + 14]
    if len(part) < 4:
        return at
    return first + int(np.argmax(part[3:] - part[:-3])) + 1
