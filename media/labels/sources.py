"""How many instruments play: pitches of each moment, harmonics sieved out, grouped by register."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.heard_types import Sources
from aurelia.media.labels.sources_hits import burst_times, thud_times
from aurelia.media.labels.sources_overtones import independent, without_overtones
from aurelia.media.labels.sources_pitch import HOP, LOWEST_STEP, pitches, steadiness, tuned
from aurelia.media.labels.sources_registers import name_of, registers

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
MOST = 5
_SHORTEST_S = 2.0
_WINDOWS = ((4096,), (4096, 2880, 6144))  # at 16 kHz, by how closely to listen
_PLAYS = 0.1  # share of the time that a source must be heard
_HITS_PER_S = 0.38
_STEADY = 0.72  # share of held pitches that stay where they are; speech glides
_TUNED = 0.3  # notes of music stand whole semitones apart: 0.4 and more; speech and sirens don't
_WELL_TUNED = 0.6  # below, it is less sure that it is music
_UNEVEN = 0.6  # spread of the times between hits, against their mean; chance gives about 1
_ONE_NOTE = 2  # semitones: a lone tone, held or repeated, is no music
_SKIN_S = 0.25  # how long a skin rings
_LOW_STEP = 46 - LOWEST_STEP


def count_sources(samples: NDArray[np.float32], rate: int, look: int = 1) -> Sources | None:
    """How many instruments play in music, and in which register each.

    Told apart are pitched instruments in registers of their own (at most 7 semitones wide, at
    least 5 apart, fundamentals of 60 to 1300 Hz) and one that is unpitched. Two in one register
    count as one.

    Args:
        samples: mono, shape `(n,)`; what lies beyond `LONGEST_S` is not heard.
        rate: samples a second; the windows are meant for 16,000.
        look: 1 to listen once, 2 or more to listen with three resolutions and take the majority.

    Returns:
        The sources, at most `MOST`, or None where there is nothing musical to be counted: silence,
        steady noise, a lone tone, pitches that glide as in speech, noises at odd times.
    """
    samples = samples[: int(LONGEST_S * rate)]
    if len(samples) < _SHORTEST_S * rate or float(np.abs(samples).max()) < 1e-3:
        return None
    votes = [_counted(samples, rate, window) for window in _WINDOWS[min(max(look, 1), 2) - 1]]
    heard = [vote for vote in votes if vote]
    if votes[0] is None or not heard:
        return None
    counts = [vote.count for vote in heard]
    common = max(counts, key=lambda c: (counts.count(c), c == counts[0]))
    agreed = [vote for vote in heard if vote.count == common]
    sure = max(vote.confidence for vote in agreed) * len(agreed) / len(votes)
    return Sources(common, agreed[0].names, sure)


def _even(times: NDArray[np.float64]) -> bool:
    gaps = np.diff(times)
    return len(gaps) > 4 and float(gaps.std()) < _UNEVEN * float(gaps.mean())


def _of_a_drum(
    roll: NDArray[np.bool_], one: tuple[int, int], hits: NDArray[np.float64], rate: int, window: int
) -> bool:
    """Whether it is the one tone of a drum's skin: heard when it is struck."""
    if one[1] - one[0] >= _ONE_NOTE or not len(hits):
        return False
    time = (np.flatnonzero(roll[:, one[0] : one[1] + 1].any(axis=1)) * HOP + window / 2) / rate
    near = np.abs(time[:, None] - hits[None, :]).min(axis=1) < _SKIN_S
    return bool(near.mean() > 0.8) and len(hits) > 3


def _counted(samples: NDArray[np.float32], rate: int, window: int) -> Sources | None:
    roll, exact = pitches(samples, rate, window)
    roll = without_overtones(roll, exact)
    hits, thuds = burst_times(samples, rate), thud_times(samples, rate)
    for time in thuds:
        near = np.abs((np.arange(len(roll)) * HOP + window / 2) / rate - time) < 0.3
        roll[near, :_LOW_STEP] = False
    length_s = len(samples) / rate
    beats = max(len(hits), len(thuds)) / length_s
    used = roll.sum(axis=0).astype(float) / max(len(roll), 1)
    ranges = independent(exact, registers(used, _PLAYS))
    ranges = [r for r in ranges if not _of_a_drum(roll, r, hits, rate, window)]
    drum = beats >= _HITS_PER_S
    if not ranges and not drum:
        return None
    if ranges and (steadiness(exact) < _STEADY or tuned(exact, ranges) < _TUNED):
        return None
    if not ranges and not _even(hits if len(hits) >= len(thuds) else thuds):
        return None
    if not drum and len(ranges) == 1 and ranges[0][1] - ranges[0][0] < _ONE_NOTE:
        return None
    names = [name_of(a + LOWEST_STEP, b + LOWEST_STEP) for a, b in ranges]
    names += ["percussion"] if drum else []
    steps = [
        len(independent(exact, registers(used, _PLAYS * k))) == len(ranges)
        for k in (0.4, 0.6, 1.5, 2.2)
    ]
    bars = [(beats >= _HITS_PER_S * k) == drum for k in (0.5, 2.0)]
    sure = 0.45 + 0.08 * sum(steps) + 0.08 * sum(bars)
    if ranges:
        sure *= min(1.0, tuned(exact, ranges) / _WELL_TUNED)
    return Sources(min(len(names), MOST), tuple(names[:MOST]), round(sure, 2))
