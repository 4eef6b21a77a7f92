"""How many instruments play: pitches of each moment, instruments taken off one by one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.heard_types import Sources
from aurelia.media.labels.sources_belief import begins_with, belief, of_a_drum
from aurelia.media.labels.sources_hits import burst_times, thud_times
from aurelia.media.labels.sources_pitch import (
    HOP,
    LOWEST_STEP,
    partials_of,
    pitches,
    steadiness,
    tuned,
)
from aurelia.media.labels.sources_registers import name_of
from aurelia.media.labels.sources_struck import struck_times
from aurelia.media.labels.sources_timbre import Range, lines_of, peel

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
MOST = 5
_SHORTEST_S = 2.0
_WINDOWS = ((4096,), (4096, 2880, 6144))  # at 16 kHz, by how closely to listen
_HITS_PER_S = 0.38
_STEADY = 0.72  # share of held pitches that stay where they are; speech glides
_TUNED = 0.3  # notes of music stand whole semitones apart: 0.4 and more; speech and sirens don't
_WELL_TUNED = 0.6  # below, it is less sure that it is music
_UNEVEN = 0.6  # spread of the times between hits, against their mean; chance gives about 1
_ONE_NOTE = 2  # semitones: a lone tone, held or repeated, is no music
_ATTACKS = (0.8, 0.6, 0.85, 0.6)
"""Share of hits, of each kind, with which notes of one line may begin; chance gives 0.35. What is
low may be the beginning of a low note."""
_ONE_WAY = 0.8  # how sure, if only one way of listening hears the hits


class Hits(NamedTuple):
    """When something is struck, seconds: bursts of noise, low thuds, what sounds alike."""

    bursts: NDArray[np.float64]
    thuds: NDArray[np.float64]
    struck: NDArray[np.float64]
    struck_low: NDArray[np.float64]


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
    hits = _hits(samples, rate)
    votes = [_counted(samples, rate, window, hits) for window in _WINDOWS[min(max(look, 1), 2) - 1]]
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


def _hits(samples: NDArray[np.float32], rate: int) -> Hits:
    wide, low = struck_times(samples, rate)
    return Hits(burst_times(samples, rate), thud_times(samples, rate), wide, low)


def _counted(samples: NDArray[np.float32], rate: int, window: int, hits: Hits) -> Sources | None:
    frames = partials_of(samples, rate, window)
    exact = pitches(frames)
    every = max(hits, key=len)
    lines: list[tuple[Range, NDArray[np.float64]]] = []
    sure = 1.0
    for span, line in peel(lines_of(frames)):
        if of_a_drum(line, every, rate, window):
            continue
        likely = belief(line, span[0], [other for _, other in lines])
        sure *= max(likely, 1 - likely)
        if likely > 0.5:
            lines.append((span, line))
    ranges = [span for span, _ in lines]
    ways = _drum_hits(hits, lines, rate, window)
    drum = any(ways)
    if not ranges and not drum:
        return None
    if ranges and (steadiness(exact) < _STEADY or tuned(exact, ranges) < _TUNED):
        return None
    if not ranges and not _even(max(hits, key=len)):
        return None
    if not drum and len(ranges) == 1 and float(np.ptp(_heard(lines[0][1]))) < _ONE_NOTE:
        return None
    names = [name_of(a + LOWEST_STEP, b + LOWEST_STEP) for a, b in ranges]
    names += ["percussion"] if drum else []
    sure *= 1.0 if drum == (ways[2] or ways[3]) == (ways[0] or ways[1]) else _ONE_WAY
    if ranges:
        sure *= min(1.0, tuned(exact, ranges) / _WELL_TUNED)
    return Sources(min(len(names), MOST), tuple(names[:MOST]), round(min(sure, 0.95), 2))


def _heard(line: NDArray[np.float64]) -> NDArray[np.float64]:
    return line[np.isfinite(line)]


def _drum_hits(
    hits: Hits, lines: list[tuple[Range, NDArray[np.float64]]], rate: int, window: int
) -> list[bool]:
    """Whether each way of listening hears a drum: hits that are not the attacks of one line."""
    length_s = len(lines[0][1]) * HOP / rate if lines else 0.0
    heard = []
    for times, most in zip(hits, _ATTACKS, strict=True):
        enough = len(times) > 3 and len(times) >= _HITS_PER_S * length_s
        attacks = max((begins_with(line, times, rate, window) for _, line in lines), default=0.0)
        heard.append(enough and attacks <= most)
    return heard
