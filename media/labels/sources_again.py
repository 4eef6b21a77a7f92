"""How many instruments play, the critic's way: notes as they begin and end, clustered by pitch."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.heard_types import Sources
from aurelia.media.labels.sources_again_hits import hit_times
from aurelia.media.labels.sources_again_onsets import Beginning, beginnings

LONGEST_S = 60.0
"""Of a longer sound, only its first minute is analysed."""
MOST = 5
_SHORTEST_S = 2.0
_AUDIBLE = 0.15  # of the loud ones; vibrato and the ends of notes leave fainter traces
_LOUD = 0.75  # how much more a loud note counts
_REACH = 7.7  # semitones: the widest register of one instrument, and some slack
_ASIDE = 3.0  # this near to a register, a pitch is a misheard note of the same instrument
_SHARE = 0.03  # of all that begins and ends
_FEWEST = 3  # beginnings and ends of one instrument
_HITS_PER_S = 0.3
_SURE = 0.35  # share of the notes that fit a series; in speech, fewer do
_TUNED = 0.3  # see _whole_steps: music 0.4 and more, what glides about 0
_ONE_NOTE = 0.5  # semitones
_UNEVEN = 0.45  # spread of the times between hits against their mean
_NAMES = ((110.0, "low pitched"), (290.0, "of middle pitch"), (620.0, "high pitched"))

Cluster = tuple[float, float, float]
"""Lowest and highest pitch (MIDI), share of the weight."""


def clusters(
    pitch: NDArray[np.float64], weight: NDArray[np.float64], share: float = _SHARE
) -> list[Cluster]:
    """Registers, lowest first: again and again the one that holds most of what is left."""
    left = np.ones(len(pitch), bool)
    total = float(weight.sum())
    found: list[Cluster] = []
    while left.any():
        inside = (pitch >= pitch[left][:, None]) & (pitch <= pitch[left][:, None] + _REACH) & left
        held = inside @ weight
        best = inside[int(np.argmax(held))]
        if held.max() < share * total or best.sum() < _FEWEST:
            break
        low, high = float(pitch[best].min()), float(pitch[best].max())
        found.append((low, high, float(held.max()) / total))
        left &= ~((pitch > low - _ASIDE) & (pitch < high + _ASIDE))
    return sorted(found)


def count_sources_again(samples: NDArray[np.float32], rate: int) -> Sources | None:
    """How many instruments play in music, and in which register each.

    What the actor's count is meant for: pitched instruments in registers of their own and one
    unpitched. New partials at each onset give the note that begins; heard backwards, the one that
    ends.

    Args:
        samples: mono, shape `(n,)`; what lies beyond `LONGEST_S` is not heard.
        rate: samples a second.

    Returns:
        The sources, at most `MOST`, or None where there is nothing musical to be counted.
    """
    samples = samples[: int(LONGEST_S * rate)]
    if len(samples) < _SHORTEST_S * rate or float(np.abs(samples).max()) < 1e-3:
        return None
    heard = beginnings(samples, rate) + beginnings(np.ascontiguousarray(samples[::-1]), rate)
    least = _AUDIBLE * float(np.percentile([b.size for b in heard], 95)) if heard else 0.0
    notes = [b for b in heard if b.fits and b.size > least]
    found = _clustered(notes, _SHARE)
    hits = hit_times(samples, rate)
    drum_per_s = len(hits) * rate / len(samples)
    drum = drum_per_s >= _HITS_PER_S and len(hits) > 2
    if (
        sum(n.size for n in notes) < _SURE * sum(n.size for n in heard)
        or _whole_steps(notes, found) < _TUNED
    ):
        found = []  # noise, or speech: of what a drum leaves, none is a note
    if not found and not drum:
        return None
    if len(found) == 1 and not drum and found[0][1] - found[0][0] < _ONE_NOTE:
        return None
    gaps = np.diff(hits)
    if not found and (len(gaps) < 5 or gaps.std() > _UNEVEN * gaps.mean()):
        return None
    names = [_name(low, high) for low, high, _ in found] + (["percussion"] if drum else [])
    same = sum(len(_clustered(notes, _SHARE * k)) == len(found) for k in (0.5, 1.6, 2.4))
    clear = sum((drum_per_s >= _HITS_PER_S * k) == drum for k in (0.5, 2.0))
    sure = 0.45 + 0.1 * same + 0.09 * clear
    return Sources(min(len(names), MOST), tuple(names[:MOST]), round(sure, 2))


def _clustered(notes: list[Beginning], share: float) -> list[Cluster]:
    if not notes:
        return []
    pitch = np.array([_pitch(n) for n in notes])
    return clusters(pitch, np.array([n.size**_LOUD * (0.7 - n.misfit) for n in notes]), share)


def _whole_steps(notes: list[Beginning], found: list[Cluster]) -> float:
    """Of all pairs of notes in a register, how many more are whole semitones apart than not."""
    total = count = 0.0
    for low, high, _ in found:
        inside = [n for n in notes if low <= _pitch(n) <= high]
        pitch = np.array([_pitch(n) for n in inside])
        size = np.array([n.size for n in inside])
        both = size[:, None] * size[None, :]
        both[np.diag_indices(len(size))] = 0
        total += float((both * np.cos(2 * np.pi * (pitch[:, None] - pitch[None, :]))).sum())
        count += float(both.sum())
    return total / count if count else 0.0


def _pitch(note: Beginning) -> float:
    return float(69 + 12 * np.log2(note.hertz / 440))


def _name(low: float, high: float) -> str:
    """A phrase for a register between two MIDI pitches."""
    middle_hz = 440 * 2 ** (((low + high) / 2 - 69) / 12)
    return next((name for top, name in _NAMES if middle_hz < top), "very high pitched")
