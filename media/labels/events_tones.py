"""The actor's beeps and sirens, from tracks of spectral peaks."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from aurelia.media.labels.events_spectrum import Track, Values
from aurelia.media.labels.vocabulary import SoundLabel


@dataclass(frozen=True, slots=True)
class Named:
    """A named stretch, from the beginning of the sound, with the tracks that it explains."""

    start_s: float
    end_s: float
    label: SoundLabel
    confidence: float
    tracks: tuple[Track, ...] = ()


def share(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def _multiple(pitch: float, of: float, within: float = 0.03) -> bool:
    """Whether one frequency is about a whole multiple of the other."""
    ratio = max(pitch, of) / min(pitch, of)
    return abs(ratio - round(ratio)) <= within * round(ratio)


def _flat(track: Track) -> bool:
    """Whether a pulse keeps its level but for its two ends."""
    inner = track.db[len(track.db) // 5 : max(len(track.db) * 4 // 5, 2)]
    return float(np.ptp(inner)) <= 7.0


def beeps(found: list[Track]) -> list[Named]:
    """Tones switched on and off: three pulses or more of one pitch at regular intervals."""
    pulses = [t for t in found if 600 <= t.pitch <= 2750 and t.length_s <= 0.42 and t.spread < 0.03]
    named: list[Named] = []
    left = sorted(pulses, key=lambda t: -float(t.db.max()))
    while left:
        first = left[0]
        top = float(first.db.max())
        alike = sorted(
            (
                t
                for t in left
                if abs(np.log(t.pitch / first.pitch)) < 0.025
                and abs(float(t.db.max()) - top) < 7
                and 0.55 <= t.length_s / first.length_s <= 1.8
            ),
            key=lambda t: t.start_s,
        )
        left = [t for t in left if all(t is not other for other in (first, *alike))]
        for row in _regular(alike):
            if sum(_flat(t) for t in row) * 3 < len(row) * 2 or _melodic(row, found):
                continue
            start, end = row[0].start_s, row[-1].end_s
            rival = any(
                n.start_s < end
                and start < n.end_s
                and (
                    _multiple(first.pitch, n.tracks[0].pitch)
                    or abs(n.start_s - start) + abs(n.end_s - end) < 0.12  # of one chord
                )
                for n in named
            )
            if not rival:
                inside = [
                    t
                    for t in found
                    if start - 0.05 <= t.start_s
                    and t.end_s <= end + 0.05
                    and _multiple(t.pitch, first.pitch)
                ]
                sure = 0.7 + 0.25 * share(len(row), 2, 5)
                named.append(Named(start, end, "beeping", sure, (*row, *inside)))
    return named


def _regular(row: list[Track]) -> list[list[Track]]:
    """The stretches of a row of pulses with three or more at one interval of 0.18 to 0.5 s."""
    found: list[list[Track]] = []
    current: list[Track] = []
    interval = 0.0
    for track in row:
        step = track.start_s - current[-1].start_s if current else 0.0
        fits = bool(current) and 0.17 <= step <= 0.5 and track.start_s > current[-1].end_s + 0.02
        if fits and len(current) > 1:
            fits = abs(step - interval) <= 0.035 + 0.08 * interval
        if not fits:
            if len(current) > 2:
                found.append(current)
            current = current[-1:] if len(current) == 2 and 0.17 <= step <= 0.5 else []
            interval = step
        elif len(current) == 1:
            interval = step
        current = [*current, track]
    if len(current) > 2:
        found.append(current)
    return found


def _melodic(row: list[Track], found: list[Track]) -> bool:
    """Whether other notes of about that strength stand between or beside the pulses."""
    start, end, pitch = row[0].start_s - 0.6, row[-1].end_s + 0.6, row[0].pitch
    level = float(np.median([t.db.max() for t in row]))
    others = [
        t
        for t in found
        if start < t.start_s < end
        and 0.06 <= t.length_s <= 0.7
        and t.spread < 0.04
        and float(t.db.max()) > level - 8
        and not _multiple(t.pitch, pitch)
        and not any(abs(t.start_s - p.start_s) < 0.04 for p in row)
    ]
    moments = sorted(t.start_s for t in others)
    return sum(b - a > 0.1 for a, b in zip([-1.0, *moments], moments, strict=False)) >= 2


def _joined(found: list[Track]) -> list[Track]:
    """Gliding tracks carried on over short breaks."""
    rest = [t for t in found if t.length_s >= 0.06]
    whole: list[Track] = []
    while rest:
        one = rest.pop(0)
        while True:
            ahead = one.hertz[-1] + np.clip(
                (one.hertz[-1] - one.hertz[-min(5, len(one.hertz))]) * 0.8, -60, 60
            )
            follow = [
                t
                for t in rest
                if -0.02 <= t.start_s - one.end_s <= 0.08
                and abs(np.log(t.hertz[0] / ahead)) < 0.12
                and abs(t.db[:4].mean() - one.db[-4:].mean()) < 14
            ]
            if not follow:
                break
            nearest = min(follow, key=lambda t: abs(float(np.log(t.hertz[0] / ahead))))
            rest = [t for t in rest if t is not nearest]
            late = nearest.frames > one.frames[-1]
            one = Track(
                np.concatenate((one.frames, nearest.frames[late])),
                np.concatenate((one.hertz, nearest.hertz[late])),
                np.concatenate((one.db, nearest.db[late])),
            )
        whole.append(one)
    return whole


def _turns(octaves: Values, least: float) -> int:
    """How often a curve turns by more than `least`."""
    turns, way, extreme = 0, 0, octaves[0]
    for value in octaves:
        if (way >= 0 and value > extreme) or (way <= 0 and value < extreme):
            extreme = value if way else extreme
        if way == 0 and abs(value - extreme) > least:
            way, extreme = (1 if value > extreme else -1), value
        elif way and (extreme - value) * way > least:
            turns, way, extreme = turns + 1, -way, value
    return turns


def sirens(found: list[Track]) -> list[Named]:
    """One tone that glides up and down without a step."""
    named: list[Named] = []
    whole = _joined(found)
    for one in whole:
        low, high = np.percentile(one.hertz, (5, 95))
        if one.length_s < 0.75 or low < 340 or high > 1800 or high / low < 1.15:
            continue
        frames = np.arange(one.frames[0], one.frames[-1] + 1)
        octaves = uniform_filter1d(np.interp(frames, one.frames, np.log2(one.hertz)), 5)
        moves = np.sort(np.abs(np.diff(octaves)))[::-1]
        stepped = moves[: max(1, len(moves) // 10)].sum() / max(moves.sum(), 1e-9)
        extent = float(np.ptp(octaves))
        turns = _turns(octaves, 0.25 * extent)
        rate = turns / 2 / one.length_s
        if not turns >= 1 or not 0.2 <= rate <= 2.8 or stepped > 0.42:
            continue
        if float(np.percentile(one.db, 90) - np.percentile(one.db, 15)) > 14:
            continue
        if _voiced(one, whole):
            continue
        sure = 0.65 + 0.3 * share(extent, 0.15, 0.5) * share(0.5 - stepped, 0.05, 0.25)
        named.append(Named(one.start_s, one.end_s, "siren", sure, (one,)))
    return _strongest(named)


def _voiced(one: Track, others: list[Track]) -> bool:
    """Whether tracks run beside it that make it an overtone of something lower."""
    level, beside = float(np.median(one.db)), 0.0
    for other in others:
        if other is one:
            continue
        shared, mine, theirs = np.intersect1d(one.frames, other.frames, return_indices=True)
        if len(shared) < 5 or float(np.median(other.db[theirs])) < level - 15:
            continue
        ratio = one.hertz[mine] / other.hertz[theirs]
        for low in (0.5, 2 / 3, 0.75, 1.5, 2.0, 3.0):
            if low <= 0.75 and abs(float(np.median(ratio)) - low) > 0.03 * low:
                continue
            if abs(float(np.median(ratio)) - low) <= 0.03 * low and low not in (0.5,):
                beside += len(shared)
                break
    return beside > 0.35 * len(one.frames)


def _strongest(named: list[Named]) -> list[Named]:
    """Of those at the same time, the one that is loudest."""
    kept: list[Named] = []
    for one in sorted(named, key=lambda n: -float(np.median(n.tracks[0].db)) * 1.0):
        if not any(one.start_s < k.end_s and k.start_s < one.end_s for k in kept):
            kept.append(one)
    return kept
