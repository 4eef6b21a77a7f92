"""The actor's bells: tracks of spectral peaks that set in together and die away."""

import numpy as np

from aurelia.media.labels.events_spectrum import HOP_S, Spectra, Track
from aurelia.media.labels.events_tones import Named, share

_TOGETHER_S = 0.05


def bells(found: list[Track], sound: Spectra) -> list[Named]:
    """Struck tones: partials that set in together, hold their pitch and die away."""
    struck = [t for t in found if _dies_away(t)]
    named: list[Named] = []
    used: set[int] = set()
    for track in sorted(struck, key=lambda t: -float(t.db.max())):
        if id(track) in used:
            continue
        group = [t for t in struck if abs(t.start_s - track.start_s) <= _TOGETHER_S]
        used |= {id(t) for t in group}
        one = _struck(track, group, sound)
        if one is not None and not _among_notes(one, found):
            named.append(one)
    return named


def _dies_away(track: Track) -> bool:
    """Whether a track is steady in pitch, loudest early and falls by a steady number of dB."""
    if track.length_s < 0.12 or track.spread > 0.025 + 12 / track.pitch:
        return False
    top = int(np.argmax(track.db))
    if top * HOP_S > max(0.09, 0.2 * track.length_s):
        return False
    third = max(len(track.hertz) // 3, 1)
    drift = np.log2(
        np.median(track.hertz[third : -third or None]) / np.median(track.hertz[1 : third + 1])
    )
    if abs(float(drift)) > 0.012 + 3 / track.pitch:
        return False
    return -220 <= _slope(track) <= -9


def _slope(track: Track) -> float:
    """Decibels a second from the peak to the end."""
    top = int(np.argmax(track.db))
    times, db = track.frames[top:] * HOP_S, track.db[top:]
    if len(db) < 8:
        return 0.0
    return float(np.polyfit(times, db, 1)[0])


def _struck(track: Track, group: list[Track], sound: Spectra) -> Named | None:
    frames = np.arange(track.frames[0], max(t.frames[-1] for t in group) + 1)
    summed = np.zeros(len(frames))
    high = total = 0.0
    for t in group:
        power = 10 ** (t.db / 10)
        summed[t.frames[t.frames >= frames[0]] - frames[0]] += power[t.frames >= frames[0]]
        total += float(power.sum())
        high += float(power.sum()) if t.pitch >= 380 else 0.0
    db = 10 * np.log10(np.maximum(summed, 1e-9))
    top = float(db.max())
    rings = float(np.flatnonzero(db >= top - 15)[-1] + 1) * HOP_S
    end = float(np.flatnonzero(db >= top - 30)[-1] + 1) * HOP_S
    if rings < 0.12 or end < 0.22 or end > 3.5 or high < 0.7 * total:
        return None
    # What the tracks hold of all that set in with them.
    first = int(frames[0])
    span = slice(first + 2, first + 22)
    before = sound.db[max(0, first - 8) : max(1, first - 3)].astype(np.float64)
    power = 10 ** (sound.db[span].astype(np.float64) / 10)
    past = (10 ** (before / 10)).mean(axis=0) if len(before) else 0.0
    gain = np.maximum(power.mean(axis=0) - past, 0.0)
    near = np.zeros(len(gain), np.bool_)
    step = float(sound.hertz[1])
    for t in group:
        at = round(t.pitch / step)
        near[max(0, at - 2) : at + 3] = True
    tonal = float(gain[near].sum() / max(gain.sum(), 1e-12))
    if tonal < 0.55:
        return None
    sure = 0.6 + 0.35 * share(tonal, 0.5, 0.9) * share(end, 0.15, 0.5)
    return Named(track.start_s, track.start_s + end, "bell", sure, tuple(group))


def _among_notes(one: Named, found: list[Track]) -> bool:
    """Whether notes of other pitches set in before and after: a tune, or a chord in a row."""
    mine = [t.pitch for t in one.tracks]
    level = max(float(t.db.max()) for t in one.tracks)
    others = sorted(
        t.start_s
        for t in found
        if abs(t.start_s - one.start_s) < 2.0
        and abs(t.start_s - one.start_s) > 0.07
        and t.length_s >= 0.1
        and t.spread < 0.05
        and float(t.db.max()) > level - 12
        and not any(abs(np.log(t.pitch / p)) < 0.025 for p in mine)
    )
    return sum(b - a > 0.07 for a, b in zip([-9.0, *others], others, strict=False)) >= 3
