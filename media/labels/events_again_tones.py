"""The critic's bells and beeps: bands that are pure, and what their envelopes do."""

import itertools
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from aurelia.media.labels.events_again_bands import STEP_S, Band, Values, rise, steepest
from aurelia.media.labels.vocabulary import SoundLabel
from aurelia.media.measure_spans import runs

_PURE = 0.8


@dataclass(frozen=True, slots=True)
class Claim:
    """A name for a stretch, from the beginning of the sound; `hertz` of what sounds, or 0."""

    start_s: float
    end_s: float
    label: SoundLabel
    confidence: float
    hertz: float = 0.0


@dataclass(frozen=True, slots=True)
class Strike:
    """A tone that sets in at once in one band: step, frequency, level, whether it dies away."""

    at: int
    hertz: float
    db: float
    fades: bool
    end: int


def strikes(bands: list[Band]) -> list[Strike]:
    """Every sudden pure tone, band by band; the same tone may stand in two bands."""
    found = []
    for band in bands:
        if band.high < 300:
            continue
        rises = rise(band.db)
        for first, past in runs((rises >= 8) & (band.excess >= 4)):
            at = steepest(band.db, first + int(np.argmax(rises[first:past])))
            body = slice(at + 6, at + 30)
            pure = float(np.median(band.pure[body])) if at + 12 < len(band.db) else 0.0
            hertz = band.hertz[body]
            if pure < _PURE or not band.low <= float(np.median(hertz)) <= band.high:
                continue
            if float(np.std(hertz)) > 0.03 * float(np.median(hertz)):
                continue
            drift = float(np.median(hertz[:8]) / np.median(hertz[-8:]))
            if abs(np.log2(drift)) > 0.02:
                continue
            found.append(_strike(band, at, float(np.median(hertz))))
    return found


def _strike(band: Band, at: int, hertz: float) -> Strike:
    """Follow a tone until it is 30 dB down, at rest, or another sets in."""
    calm = uniform_filter1d(band.db[at : at + 700], 9)
    top = float(calm[:20].max()) if len(calm) else band.floor
    ended = np.flatnonzero(calm[8:] < max(top - 30, band.floor + 3)) + 8
    end = int(ended[0]) if len(ended) else len(calm)
    part = calm[3:end]
    if len(part) < 24:
        return Strike(at, hertz, top, False, at + end)
    # The middle of its energy in time tells a tone that dies away from one that is held.
    power = 10 ** ((part - top) / 10)
    times = np.arange(len(part)) / len(part)
    centre = float((power * times).sum() / power.sum())
    third = max(len(part) // 3, 1)
    levels = [float(part[k * third : (k + 1) * third].mean()) for k in range(3)]
    falls = levels[0] > levels[1] + 1.0 and levels[1] > levels[2] - 0.5
    depth = float(part[:6].mean() - part[-6:].mean())
    steady = float(np.corrcoef(np.arange(len(part)), part)[0, 1]) < -0.8
    fades = (
        falls and steady and centre < 0.42 and depth > 10 and 9 < depth / (len(part) * STEP_S) < 230
    )
    return Strike(at, hertz, top, fades, at + end)


def bells(bands: list[Band], found: list[Strike]) -> list[Claim]:
    """Strikes together, most of their strength above 400 Hz, that die away."""
    claims: list[Claim] = []
    left = sorted((s for s in found if s.fades), key=lambda s: -s.db)
    while left:
        first = left[0]
        group = [s for s in left if abs(s.at - first.at) <= 10]
        left = [s for s in left if abs(s.at - first.at) > 10]
        power = np.array([10 ** (s.db / 10) for s in group])
        pitches = np.array([s.hertz for s in group])
        if power[pitches < 380].sum() > 0.35 * power.sum() or len(group) < 1:
            continue
        at = min(s.at for s in group)
        end = max(s.end for s in group if s.db > first.db - 12)
        if (end - at) * STEP_S < 0.2 or _noisy(bands, at, power.max()):
            continue
        if _tune(found, group):
            continue
        sure = 0.65 + 0.1 * min(len({round(float(np.log2(p)) * 12) for p in pitches}), 3)
        claims.append(Claim(at * STEP_S, end * STEP_S, "bell", sure, first.hertz))
    return claims


def _noisy(bands: list[Band], at: int, loudest: float) -> bool:
    """Whether what sets in with a tone is mostly without pitch."""
    power = 0.0
    for band in bands[2:]:
        body = slice(at + 10, at + 36)
        if at + 14 >= len(band.db):
            continue
        before = float(np.median(band.db[max(0, at - 30) : max(1, at - 3)]))
        if float(np.median(band.pure[body])) < 0.72 and band.db[body].mean() > before + 6:
            power += 10 ** (float(band.db[body].mean()) / 10) / 2
    return power > 0.5 * loudest


def _tune(found: list[Strike], group: list[Strike]) -> bool:
    """Whether tones of other pitches set in within 2 s, at three moments or more."""
    level = max(s.db for s in group)
    at = group[0].at
    moments = sorted(
        s.at
        for s in found
        if 12 < abs(s.at - at) < 400
        and s.db > level - 12
        and s.end - s.at > 18
        and not any(abs(np.log(s.hertz / g.hertz)) < 0.03 for g in group)
    )
    return sum(b - a > 12 for a, b in zip([-99, *moments], moments, strict=False)) >= 3


def beeps(bands: list[Band], found: list[Strike]) -> list[Claim]:
    """Pulses of one pure tone whose envelope repeats every 0.2 to 0.45 s."""
    claims: list[Claim] = []
    for band in bands:
        if band.high < 650 or band.low > 2700:
            continue
        calm = uniform_filter1d(band.db, 5)
        on = (band.excess >= 8) & (band.pure >= 0.7)
        pulses = [(a, b) for a, b in runs(_filled(on)) if 8 <= b - a <= 84]
        for row in _rows(pulses, calm):
            claim = _beeping(band, calm, row)
            if claim is not None and not _between(found, claim):
                claims.append(claim)
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda c: -c.confidence):
        if not any(claim.start_s < k.end_s and k.start_s < claim.end_s for k in kept):
            kept.append(claim)
    return kept


def _filled(on: np.ndarray) -> np.ndarray:
    out = on.copy()
    for first, past in runs(~on):
        if past - first <= 3:
            out[first:past] = True
    return out


def _rows(pulses: list[tuple[int, int]], calm: Values) -> list[list[tuple[int, int]]]:
    """Pulses of like level and length that follow one another at like distances."""
    rows: list[list[tuple[int, int]]] = []
    for pulse in pulses:
        top = float(calm[pulse[0] : pulse[1]].max())
        for row in rows:
            step = pulse[0] - row[-1][0]
            past = row[-1][0] - row[-2][0] if len(row) > 1 else step
            like = abs(float(calm[row[-1][0] : row[-1][1]].max()) - top) < 7
            size = (pulse[1] - pulse[0]) / (row[-1][1] - row[-1][0])
            if 34 <= step <= 100 and abs(step - past) <= 10 and like and 0.5 < size < 2:
                row.append(pulse)
                break
        else:
            rows.append([pulse])
    return [row for row in rows if len(row) >= 3]


def _beeping(band: Band, calm: Values, row: list[tuple[int, int]]) -> Claim | None:
    pitches = np.array([float(np.median(band.hertz[a + 2 : b - 1])) for a, b in row])
    middle = float(np.median(pitches))
    if np.ptp(pitches) > 0.035 * middle or not band.low <= middle <= band.high:
        return None
    if not 650 <= middle <= 2700:
        return None
    start, end = row[0][0], row[-1][1]
    period = (row[-1][0] - row[0][0]) / (len(row) - 1)
    envelope = 10 ** (calm[start:end] / 20)
    envelope = envelope - envelope.mean()
    lag = round(period)
    again = float((envelope[lag:] * envelope[:-lag]).sum() / (envelope**2).sum())
    held_on = []
    for a, b in row:
        pulse = 10 ** (calm[a:b] / 10)
        held_on.append(float((pulse * np.linspace(0, 1, b - a)).sum() / pulse.sum()))
    if again < 0.3 or not 0.4 <= float(np.median(held_on)) <= 0.6:
        return None
    rises = rise(band.db, 0.04)
    sharp = sum(float(rises[max(0, a - 24) : a + 6].max()) >= 7 for a, _ in row)
    if sharp * 3 < 2 * len(row) or (end - start) * STEP_S < 0.55:
        return None
    gaps = [float(calm[b:c].min()) for (_, b), (c, _) in itertools.pairwise(row) if c > b]
    tops = [float(calm[a:b].max()) for a, b in row]
    if not gaps or float(np.median(tops)) - float(np.median(gaps)) < 8:
        return None
    level = float(np.median(tops))
    sure = float(np.clip(0.6 + 0.05 * len(row) + 0.004 * (level - band.floor), 0, 0.95))
    return Claim(start * STEP_S, end * STEP_S, "beeping", sure, middle)


def _between(found: list[Strike], claim: Claim) -> bool:
    """Whether tones of other pitches set in between the pulses, again and again."""
    first, past = claim.start_s / STEP_S - 100, claim.end_s / STEP_S + 100
    level = max((s.db for s in found if first + 90 < s.at < past - 90), default=0.0)
    mine = [s.at for s in found if abs(np.log(s.hertz / claim.hertz)) < 0.03]
    moments = sorted(
        s.at
        for s in found
        if first < s.at < past
        and s.db > level - 9
        and abs(s.hertz / claim.hertz - round(s.hertz / claim.hertz)) > 0.04
        and not any(abs(s.at - m) < 10 for m in mine)
    )
    return sum(b - a > 12 for a, b in zip([-99, *moments], moments, strict=False)) >= 3
