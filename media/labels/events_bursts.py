"""The actor's crashes, knocks and whirring, from the levels of bands."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, uniform_filter1d

from aurelia.media.labels.events_spectrum import HOP_S, Spectra, Values
from aurelia.media.labels.events_tones import Named
from aurelia.media.measure_spans import runs

_EDGES = (300, 500, 750, 1050, 1450, 2000, 2800, 3900, 5400, 7400)


def _before(db: Values, frames: int) -> Values:
    """The highest level in the frames before each, two frames left out."""
    past = maximum_filter1d(db, frames, origin=(frames - 1) // 2, mode="nearest")
    return np.concatenate((np.full(2, past[0]), past[:-2])) if len(past) > 2 else past


def _rises(db: Values, frames: int) -> Values:
    """How far each frame and the next four rise above all of `frames` before."""
    ahead = maximum_filter1d(db, 5, origin=-2, mode="nearest")
    return np.asarray(ahead - _before(db, frames))


def crashes(sound: Spectra, fine: Spectra) -> list[Named]:
    """Bursts of noise over most bands that die away within about a second."""
    bands = np.stack([sound.noise(a, b) for a, b in pairwise(_EDGES)], axis=1)
    bands = uniform_filter1d(bands, 3, axis=0)
    rises = np.stack([_rises(bands[:, k], 12) for k in range(bands.shape[1])], axis=1)
    wide = (rises >= 8).sum(axis=1)
    strength = np.sort(rises, axis=1)[:, 3:].mean(axis=1)
    found: list[tuple[int, int, float]] = []
    seen = 0
    for first, past in runs(wide >= 6):
        at = first + int(np.argmax(strength[first:past]))
        if at < seen:
            continue
        rising = rises[at] >= 8
        curve = bands[:, rising].mean(axis=1)
        rest = curve[max(0, at - 10) : max(1, at - 1)].mean() if at else curve.min()
        top = at + int(np.argmax(curve[at : at + 10]))
        level = float(curve[top])
        after = uniform_filter1d(curve[top : top + 200], 5)
        fallen = np.flatnonzero(after < max(level - 28, rest + 2.5))
        end = int(fallen[0]) if len(fallen) else len(after)
        depth = min(level - rest, 28.0)
        half = np.flatnonzero(after < level - 0.6 * depth)
        swift = int(half[0]) if len(half) else len(after)
        seen = top + max(10, min(end, 60))
        if swift * 28 / (0.6 * depth) * HOP_S < 0.11 or end * HOP_S > 1.7 or depth < 8:
            found.append((at, top, 0.0))
            continue
        part = after[: max(end, 4)]
        late = float(curve[top : top + 30].max()) > float(curve[at : at + 7].max()) + 1.5
        straight = float(np.corrcoef(np.arange(len(part)), part)[0, 1]) if np.ptp(part) else 0.0
        rate = depth / max(end, 1) / HOP_S
        good = not late and straight < -0.8 and 14 <= rate <= 220 and _toneless(fine, at) >= 5
        sure = 0.6 + 0.35 * float(np.clip((wide[at] - 5) / 4, 0, 1)) * min(1.0, depth / 20)
        found.append((at, top + end, sure if good else 0.0))
    named = []
    for at, end, sure in found:
        near = sum(abs(other - at) * HOP_S < 2.5 for other, _, _ in found)
        if sure > 0 and near <= 3:
            start = _onset(bands.mean(axis=1), at)
            named.append(Named(start * HOP_S, end * HOP_S, "crash", sure))
    return named


def _toneless(fine: Spectra, at: int) -> int:
    """In how many bands the spectrum just after a frame is that of noise, not of partials."""
    rows = fine.db[at + 10 : at + 15 : 4]
    count = 0
    for low, high in pairwise(_EDGES):
        part = rows[:, fine.between(low, high)].astype(np.float64)
        if part.size:
            flat = part.mean() - 10 * np.log10((10 ** (part / 10)).mean())
            count += bool(flat > -5.0)
    return count


def _onset(db: Values, at: int) -> int:
    """The frame of the steepest rise near one."""
    first = max(0, at - 3)
    steps = np.diff(db[first : at + 8])
    return first + int(np.argmax(steps)) + 1 if len(steps) else at


def knocks(sound: Spectra, tonal: list[Named]) -> list[Named]:
    """One to three short low thuds that stand alone.

    Args:
        sound: the spectra.
        tonal: tones already named; what they add above 400 Hz does not count against a thud.
    """
    low = sound.band(50, 400)
    low = np.maximum(low, float(np.median(sound.rest[sound.between(50, 400)])) + 6)
    every = _high(sound, False), _high(sound, True)
    beside = sound.band(400, 700)  # where the lowest sirens are
    thuds = _thuds(low)
    shares: list[float] = []
    for thud in thuds:
        under_tone = any(t.start_s - 0.02 <= thud.at * HOP_S <= t.end_s + 0.2 for t in tonal)
        share = _low_share(thud, every[1] if under_tone else every[0])
        span = slice(thud.at, thud.at + 7)
        shares.append(share if beside[span].max() < thud.level else 0.0)
    named = []
    row: list[int] = []
    for k in range(len(thuds) + 1):
        mine = k < len(thuds) and shares[k] >= 0.6 and thuds[k].brief
        if mine and (not row or (thuds[k].at - thuds[row[0]].at) * HOP_S <= 0.62):
            row.append(k)
            continue
        if row:
            first, last = thuds[row[0]], thuds[row[-1]]
            around = sum(
                abs(t.at - first.at) * HOP_S < 2.2
                and t.level > first.level - 10
                and shares[n] >= 0.5
                for n, t in enumerate(thuds)
            )
            if around <= 3:
                sure = 0.5 + 0.45 * min(shares[n] for n in row)
                named.append(Named(first.at * HOP_S, last.end * HOP_S, "knock", sure))
        row = [k] if mine else []
    return named


@dataclass(frozen=True, slots=True)
class _Thud:
    """A sudden low sound: frames of its start and end, levels at its top and before it."""

    at: int
    end: int
    level: float
    rest: float
    brief: bool


def _thuds(low: Values) -> list[_Thud]:
    """Rises of the lowest sound; a second soon after a first need only rise from between them."""
    far, near = _rises(low, 16), _rises(low, 6)
    found: list[_Thud] = []
    for first, past in runs(near >= 7):
        lone = float(far[first:past].max()) >= 7
        at = _onset(low, first + int(np.argmax(near[first:past])))
        if not 4 <= at < len(low) - 12:
            continue  # the sound's own edges are no events
        top = at + int(np.argmax(low[at : at + 8]))
        level, rest = float(low[top]), float(low[max(0, at - 17) : max(1, at - 2)].max())
        if found and at - found[-1].at < 7:
            continue
        if not lone:
            before = found[-1] if found else None
            if before is None or at - before.at > 62 or level < before.level - 9:
                continue
            rest = before.rest
            if level < rest + 6:
                continue
        after = low[top : top + 45]
        fallen = np.flatnonzero(after < max(level - 12, (level + rest) / 2 - 2))
        down = int(fallen[0]) if len(fallen) else len(after)
        later = after[down : down + 6]
        brief = (
            down <= 9
            and level > rest + 9
            and len(later) > 0
            and float(later.min()) < level - 0.5 * (level - rest)
        )
        tail = np.flatnonzero(after[:25] < max(level - 28, rest + 2))
        end = max(at + down, top + int(tail[0]) if len(tail) else 0)
        found.append(_Thud(at, end, level, rest, brief))
    return found


def _high(sound: Spectra, noise_only: bool) -> Values:
    """Power above 450 Hz, with or without single tones."""
    measure = sound.noise if noise_only else sound.band
    return np.asarray(sum(10 ** (measure(a, b) / 10) for a, b in pairwise((450, *_EDGES[2:]))))


def _low_share(thud: _Thud, high: Values) -> float:
    """Share of what a thud adds that lies low."""
    gained = 10 ** (thud.level / 10) - 10 ** (thud.rest / 10)
    gone = float(high[max(0, thud.at - 12) : max(1, thud.at - 2)].mean())
    loud = float(high[thud.at : thud.at + 7].max()) - 1.6 * gone
    return gained / max(gained + max(loud, 0.0) * 1.2, 1e-12)


def whirrs(sound: Spectra, fine: Spectra, tonal: list[Named]) -> list[Named]:
    """Steady low hums with overtones of 66 to 158 Hz and something rough about them.

    Args:
        sound: spectra of the usual window.
        fine: spectra of a long window, which tells overtones apart.
        tonal: tones already named, whose strength above a hum does not count against it.
    """
    every = fine.db[::5]
    step = float(fine.hertz[1])
    top = int(1100 / step)
    part = every[:, :top].astype(np.float64)
    if part.shape[0] < 8:
        return []
    near = median_filter(part, (1, round(90 / step)))
    over = np.clip(maximum_filter1d(part - near, 3, axis=1), -3, 18)
    pitches = np.arange(66.0, 158.0, 0.5)
    score = np.empty((len(pitches), len(part)))
    for k, pitch in enumerate(pitches):
        count = min(8, int(1000 / pitch))
        on = np.rint(np.arange(1, count + 1) * pitch / step).astype(int)
        off = np.rint((np.arange(1, count + 1) - 0.5) * pitch / step).astype(int)
        score[k] = (np.sort(over[:, on], axis=1)[:, 1:].mean(axis=1)) - over[:, off].mean(axis=1)
    best = pitches[np.argmax(score, axis=0)]
    strength = score.max(axis=0)
    low = uniform_filter1d(sound.band(60, 1000), 13)
    calm = float(np.percentile(low, 8))
    hum = strength >= 5.0
    named = []
    for first, past in runs(hum):
        middle = float(np.median(best[first:past]))
        same = np.abs(best / middle - 1) < 0.03
        for a, b in runs(hum & same):
            if a < first or b > past or (b - a) * 0.05 < 0.65:
                continue
            one = _hum(sound, fine, low, calm, (a * 5, b * 5), float(strength[a:b].mean()))
            if one is not None and _is_low(sound, one, tonal):
                named.append(one)
    return named


def _is_low(sound: Spectra, one: Named, tonal: list[Named]) -> bool:
    """Whether most of a hum lies below 400 Hz, where nothing else plays."""
    free = np.ones(len(sound.db), np.bool_)
    for other in tonal:
        free[max(0, round(other.start_s / HOP_S) - 3) : round(other.end_s / HOP_S) + 10] = False
    free[: round(one.start_s / HOP_S)] = False
    free[round(one.end_s / HOP_S) :] = False
    if free.sum() < 25:
        return True
    low, middle = sound.band(60, 400)[free], sound.band(500, 4000)[free]
    return float(np.median(low) - np.median(middle)) > -3.0


def _hum(
    sound: Spectra, fine: Spectra, low: Values, calm: float, cells: tuple[int, int], strength: float
) -> Named | None:
    first, past = cells
    inside = low[first + 5 : max(past - 5, first + 6)]
    level = float(np.median(inside))
    if level < calm + 5 and past - first < 0.9 * len(low):
        return None
    edge = max(level - 9, (level + calm) / 2 - 1)
    start = first + 10
    while start > 0 and low[start - 1] >= edge:
        start -= 1
    end = min(past - 10, len(low))
    while end < len(low) and low[end] >= edge:
        end += 1
    # Ends that lie far outside of the hum belong to something else that is low.
    start, end = max(start, first - 25), min(end, past + 25)
    length = (end - start) * HOP_S
    swing = float(np.percentile(inside, 75) - np.percentile(inside, 25))
    if length < 0.7 or length > 4 or swing > 5 or not _stands_out(sound, start, end):
        return None
    rough = _rough(sound, fine, start, end)
    if rough <= 0:
        return None
    sure = 0.6 + 0.35 * min(1.0, (strength - 4) / 6) * min(1.0, rough)
    return Named(start * HOP_S, end * HOP_S, "whirring", sure)


def _stands_out(sound: Spectra, start: int, end: int) -> bool:
    """Whether the lowest sound is much weaker just before and just after; a held note is not."""
    low = uniform_filter1d(sound.band(60, 400), 9)
    level = float(np.median(low[start:end]))
    before, after = low[max(0, start - 30) : max(0, start - 3)], low[end + 3 : end + 30]
    return all(len(part) < 10 or float(part.min()) < level - 7 for part in (before, after))


def _rough(sound: Spectra, fine: Spectra, start: int, end: int) -> float:
    """How much noise sets in with a hum, or how strongly it beats; 0 or less for a clean tone."""
    inside = slice(start + 15, max(end - 15, start + 16))
    hum = float(np.median(sound.band(60, 1000)[inside]))
    gains = []
    for low, high in ((500, 1000), (1000, 2000), (2000, 4000), (4000, 7000)):
        bins = fine.db[:, fine.between(low, high)]
        between = np.percentile(bins[max(0, start - 60) : end + 60], 30, axis=1)
        offset = start - max(0, start - 60)
        outside = np.concatenate(
            (between[: max(0, offset - 15)], between[offset + end - start + 15 :])
        )
        rest = float(np.percentile(outside, 30)) if len(outside) > 5 else -80.0
        level = float(np.median(between[offset + 15 : max(offset + end - start - 15, offset + 16)]))
        whole = level + 10 * np.log10(bins.shape[1])
        gains.append((level - rest) / 5 if whole > hum - 35 else 0.0)
    db = sound.band(60, 1000)[inside]
    swing = db - uniform_filter1d(db, 25)
    beat = np.abs(np.fft.rfft(10 ** (swing / 20) - 1, 512)) / max(len(swing), 1) * 2
    rates = np.fft.rfftfreq(512, HOP_S)
    mine = float(beat[(rates >= 7) & (rates <= 18)].max())
    return float(max(max(gains) - 0.6, (mine - 0.13) / 0.1))
