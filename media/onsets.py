"""When sounds set in, from 10 ms energies that a stream of samples is reduced to."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aurelia.media.prepared import Onset

HOP = 160  # samples: 10 ms at 16 kHz
_HOP_S = 0.01
_PRE_EMPHASIS = 0.9  # lifts what sets in (attacks are bright) over what hums
_FLOOR = 100.0  # energy of about -70 dBFS: nothing quieter counts
_PAST_HOPS = 15
_LEAD_HOPS = 10  # sound that is there from the first instant does not set in
_PRIMING_HOPS = 20  # encoders put up to this much silence before the first sound
_LEAST_RISE_DB = 6.0
_LEAST_GAP_S = 0.25


@dataclass(slots=True)
class EnergyMeter:
    """Takes 16-bit samples block by block; holds one number per 10 ms."""

    _levels: list[NDArray[np.float32]] = field(default_factory=list)
    _rest: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    _last: float = 0.0

    def feed(self, block: NDArray[np.int16]) -> None:
        """Take in the next samples, shape `(n,)`."""
        samples = np.concatenate((self._rest, block)) if len(self._rest) else block
        whole = len(samples) // HOP * HOP
        self._rest = samples[whole:].copy()
        if not whole:
            return
        values = samples[:whole].astype(np.float32)
        bright = values.copy()
        bright[1:] -= _PRE_EMPHASIS * values[:-1]
        bright[0] -= _PRE_EMPHASIS * self._last
        self._last = float(values[-1])
        self._levels.append(np.square(bright).reshape(-1, HOP).mean(axis=1, dtype=np.float32))

    def levels_db(self) -> NDArray[np.float64]:
        """Level of each 10 ms, dB over an arbitrary zero, shape `(hops,)`."""
        if not self._levels:
            return np.zeros(0)
        energy = np.concatenate(self._levels).astype(np.float64)
        return 10.0 * np.log10(energy + _FLOOR)


def find_onsets(levels_db: NDArray[np.float64], start_s: float = 0.0) -> tuple[Onset, ...]:
    """Times at which the level rises by 6 dB or more over the 150 ms before.

    Args:
        levels_db: level of each 10 ms, dB.
        start_s: clip time of the first.

    Returns:
        Onsets in time order, at least 0.25 s apart; of closer ones the stronger is kept. None
        in the first 0.1 s.
    """
    count = len(levels_db)
    if count < 3:
        return ()
    levels_db = _without_lead(levels_db)
    sums = np.concatenate(([0.0], np.cumsum(levels_db)))
    at = np.arange(count)
    begin = np.maximum(0, at - _PAST_HOPS)
    past = (sums[at] - sums[begin]) / np.maximum(1, at - begin)
    rise = levels_db - past
    rise[:_LEAD_HOPS] = 0.0
    before = np.concatenate(([-np.inf], rise[:-1]))
    after = np.concatenate((rise[1:], [-np.inf]))
    peaks = np.flatnonzero((rise >= _LEAST_RISE_DB) & (rise >= before) & (rise > after))
    free = np.ones(count, bool)
    gap = round(_LEAST_GAP_S / _HOP_S)
    found = []
    for peak in peaks[np.argsort(-rise[peaks], kind="stable")]:
        if free[peak]:
            free[max(0, peak - gap) : peak + gap + 1] = False
            found.append(Onset(round(start_s + peak * _HOP_S, 3), round(float(rise[peak]), 2)))
    return tuple(sorted(found, key=lambda onset: onset.time_s))


def _without_lead(levels_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill an encoder's silence at the very start with the level that follows."""
    quiet = levels_db[:_PRIMING_HOPS] <= 10.0 * np.log10(2 * _FLOOR)
    first = int(np.argmin(quiet))
    if first == 0:
        return levels_db
    follows = levels_db[first + 1 : first + 1 + _LEAD_HOPS]
    return np.concatenate((np.full(first + 1, follows.mean()), levels_db[first + 1 :]))
