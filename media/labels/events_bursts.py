"""The actor's crashes and knocks, from the levels of bands."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

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


def knocks(sound: Spectra, fine: Spectra, tonal: list[Named]) -> list[Named]:
    """One to three short low thuds that stand alone.

    Args:
        sound: the spectra.
        fine: spectra of a long window, which tell a thud from a pop below 50 Hz.
        tonal: tones already named; what they add above 400 Hz does not count against a thud.
    """
    low = sound.band(50, 400)
    low = np.maximum(low, float(np.median(sound.rest[sound.between(50, 400)])) + 6)
    every = _high(sound, False), _high(sound, True)
    beside = sound.band(400, 700)  # where the lowest sirens are
    thuds = _thuds(low)
    pop = fine.band(12, 48) > fine.band(60, 400) - 2
    shares: list[float] = []
    for thud in thuds:
        under_tone = any(t.start_s - 0.02 <= thud.at * HOP_S <= t.end_s + 0.2 for t in tonal)
        share = _low_share(thud, every[1] if under_tone else every[0])
        span = slice(thud.at, thud.at + 7)
        bare = beside[span].max() < thud.level and not pop[min(thud.at + 3, len(pop) - 1)]
        shares.append(share if bare else 0.0)
    named = []
    row: list[int] = []
    for k in range(len(thuds) + 1):
        mine = k < len(thuds) and shares[k] >= 0.6 and thuds[k].brief
        if mine and (not row or _close(thuds[row[0]], thuds[k])):
            row.append(k)
            continue
        if row and k < len(thuds) and shares[k] >= 0.4 and _close(thuds[row[0]], thuds[k]):
            continue  # one of a row that is less clear than the others
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


def _close(first: _Thud, other: _Thud) -> bool:
    """Whether two thuds may belong to one knock."""
    return (other.at - first.at) * HOP_S <= 0.62


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
