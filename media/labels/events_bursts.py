"""The actor's crashes, knocks and whirring, from the levels of bands."""

import itertools

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d, uniform_filter1d

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


def crashes(sound: Spectra) -> list[Named]:
    """Bursts of noise over most bands that die away within about a second."""
    bands = np.stack([sound.noise(a, b) for a, b in itertools.pairwise(_EDGES)], axis=1)
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
        straight = float(np.corrcoef(np.arange(len(part)), part)[0, 1]) if np.ptp(part) else 0.0
        rate = depth / max(end, 1) / HOP_S
        good = straight < -0.75 and 14 <= rate <= 220
        sure = 0.6 + 0.35 * float(np.clip((wide[at] - 5) / 4, 0, 1)) * min(1.0, depth / 20)
        found.append((at, top + end, sure if good else 0.0))
    named = []
    for at, end, sure in found:
        near = sum(abs(other - at) * HOP_S < 2.5 for other, _, _ in found)
        if sure > 0 and near <= 3:
            start = _onset(bands.mean(axis=1), at)
            named.append(Named(start * HOP_S, end * HOP_S, "crash", sure))
    return named


def _onset(db: Values, at: int) -> int:
    """The frame of the steepest rise near one."""
    first = max(0, at - 3)
    steps = np.diff(db[first : at + 8])
    return first + int(np.argmax(steps)) + 1 if len(steps) else at


def knocks(sound: Spectra) -> list[Named]:
    """One to three short low thuds that stand alone."""
    low = np.logaddexp(sound.band(50, 400) * 0.23, sound.rest[sound.between(50, 400)].max() * 0.23)
    low /= 0.23
    high = 10 * np.log10(sum(10 ** (sound.noise(a, b) / 10) for a, b in itertools.pairwise(_EDGES)))
    rises = _rises(low, 16)
    thuds: list[tuple[int, int, float]] = []
    for first, past in runs(rises >= 7):
        at = _onset(low, first + int(np.argmax(rises[first:past])))
        top = at + int(np.argmax(low[at : at + 8]))
        if thuds and at - thuds[-1][0] < 7:
            continue
        level, rest = float(low[top]), float(low[max(0, at - 17) : max(1, at - 2)].max())
        after = low[top : top + 45]
        fallen = np.flatnonzero(after < max(level - 12, (level + rest) / 2 - 2))
        later = after[int(fallen[0]) :][:8] if len(fallen) else after[:0]
        good = len(fallen) > 0 and fallen[0] <= 17 and len(later) > 0
        good = good and float(later.mean()) < level - 0.4 * (level - rest)
        gained = 10 ** (level / 10) - 10 ** (rest / 10)
        span = slice(at, at + 8)
        gone = float(high[max(0, at - 12) : max(1, at - 2)].mean())
        loud = float(np.mean(10 ** (high[span] / 10))) - 10 ** (gone / 10)
        share = gained / max(gained + max(loud, 0.0) * 2, 1e-12)
        if share < 0.6:
            continue
        end = at + (int(fallen[0]) if len(fallen) else 45)
        tail = np.flatnonzero(after < max(level - 28, rest + 2))
        end = max(end, top + int(tail[0])) if len(tail) and tail[0] < 25 else end
        thuds.append((at, end, share if good else 0.0))
    named = []
    row: list[tuple[int, int, float]] = []
    for thud in [*thuds, (10**9, 0, 0.0)]:
        if row and (thud[0] - row[-1][0]) * HOP_S > 0.95:
            length = (row[-1][0] - row[0][0]) * HOP_S
            if len(row) <= 3 and length <= 0.6 and all(share > 0 for _, _, share in row):
                sure = 0.55 + 0.4 * min(share for _, _, share in row)
                named.append(Named(row[0][0] * HOP_S, row[-1][1] * HOP_S, "knock", sure))
            row = []
        row.append(thud)
    return named


def whirrs(sound: Spectra, fine: Spectra) -> list[Named]:
    """Steady low hums with overtones of 66 to 158 Hz and something rough about them.

    Args:
        sound: spectra of the usual window.
        fine: spectra of a long window, which tells overtones apart.
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
            one = _hum(sound, low, calm, a * 5, b * 5, float(strength[a:b].mean()))
            if one is not None:
                named.append(one)
    return named


def _hum(
    sound: Spectra, low: Values, calm: float, first: int, past: int, strength: float
) -> Named | None:
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
    if (
        length < 0.7
        or length > 6
        or float(np.percentile(inside, 75) - np.percentile(inside, 25)) > 5
    ):
        return None
    rough = _rough(sound, start, end)
    if rough <= 0:
        return None
    sure = 0.6 + 0.35 * min(1.0, (strength - 4) / 6) * min(1.0, rough)
    return Named(start * HOP_S, end * HOP_S, "whirring", sure)


def _rough(sound: Spectra, start: int, end: int) -> float:
    """How much noise sets in with a hum, or how strongly it beats; 0 or less for a clean tone."""
    inside = slice(start + 8, max(end - 8, start + 9))
    hum = float(np.median(sound.band(60, 1000)[inside]))
    gains = []
    for low, high in ((1000, 2000), (2000, 4000), (4000, 7000)):
        noise = minimum_filter1d(sound.noise(low, high), 3)
        outside = np.concatenate(
            (noise[max(0, start - 60) : max(0, start - 8)], noise[end + 8 : end + 60])
        )
        rest = float(np.percentile(outside, 30)) if len(outside) > 5 else -80.0
        level = float(np.median(noise[inside]))
        gains.append((level - rest) / 6 if level > hum - 45 else 0.0)
    db = sound.band(60, 1000)[inside]
    swing = db - uniform_filter1d(db, 25)
    beat = np.abs(np.fft.rfft(10 ** (swing / 20) - 1, 512)) / len(swing) * 2
    rates = np.fft.rfftfreq(512, HOP_S)
    mine = beat[(rates >= 7) & (rates <= 18)].max()
    return float(max(max(gains) - 0.5, (mine - 0.08) / 0.1))
