"""The critic's crashes, knocks and whirring: how many bands, how pure, how soon it is over."""

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from aurelia.media.labels.events_again_bands import STEP_S, Band, Samples, Values, rise, steepest
from aurelia.media.labels.events_again_lags import pitch_lags
from aurelia.media.labels.events_again_tones import Claim
from aurelia.media.measure_spans import runs


def crashes(samples: Samples, rate: int, bands: list[Band]) -> list[Claim]:
    """Most bands above 400 Hz set in at once without a pitch, and die away together."""
    high = [b for b in bands if b.low >= 390]
    rises = np.stack([rise(b.db) for b in high])
    impure = np.stack([uniform_filter1d(b.pure, 30, origin=-14) < 0.8 for b in high])
    wide = ((rises >= 7) & impure).sum(axis=0)
    _, clear = pitch_lags(samples, rate, 75.0, 500.0, 0.05, (1500.0, 7200.0))
    found: list[tuple[int, Claim | None]] = []
    until = -1
    for first, past in runs(wide >= max(6, round(0.55 * len(high)))):
        at = first + int(np.argmax(rises[:, first:past].mean(axis=0)))
        if at <= until:
            continue
        taking = [
            b for b, r, i in zip(high, rises[:, at], impure[:, at], strict=True) if r >= 7 and i
        ]
        at = steepest(np.mean([b.db for b in taking], axis=0), at)
        claim, until = _burst(taking, at, len(taking) / len(high))
        early = clear[at // 2 + 3 : at // 2 + 15]
        if len(early) and float(np.median(early)) > 0.55:
            claim = None  # what repeats at a steady lag has a pitch
        found.append((at, claim))
    claims = []
    for at, claim in found:
        near = sum(abs(other - at) * STEP_S < 2.5 for other, _ in found)
        if claim is not None and near <= 3:
            claims.append(claim)
    return claims


def _burst(taking: list[Band], at: int, share: float) -> tuple[Claim | None, int]:
    """The claim, if this dies away as a crash does, and the step until which it lasts."""
    energy = np.zeros(min(360, len(taking[0].db) - at))
    ends, depths = [], []
    for band in taking:
        before = float(np.mean(10 ** (band.db[max(0, at - 40) : max(1, at - 6)] / 10)))
        power = 10 ** (band.db[at : at + len(energy)] / 10)
        calm = uniform_filter1d(power, 11)
        top = float(calm[:16].max())
        depths.append(10 * np.log10(top / max(before, 1e-9)))
        low = np.flatnonzero(calm < max(top * 10**-2.8, before * 1.5))
        ends.append(int(low[0]) if len(low) else len(energy))
        net = np.maximum(power - before, 0.0)
        net[ends[-1] :] = 0.0
        energy += net / max(top, 1e-12)
    end = int(np.median(ends))
    early = float(energy[:12].max()) if len(energy) > 12 else 0.0
    if early < 0.6 * float(uniform_filter1d(energy, 5).max()):
        return None, at + 10  # what swells is no burst
    times = np.arange(len(energy)) * STEP_S
    centre = float((energy * times).sum() / max(energy.sum(), 1e-12))
    length = end * STEP_S
    if not 0.1 <= length <= 1.6 or not 0.025 <= centre <= 0.3 or centre > 0.45 * length:
        return None, at + max(10, min(end, 100))
    depth = float(np.median(depths))
    if depth < 8 or length < 0.16 * min(depth, 28.0) / 28 or length < 0.125:
        return None, at + 10
    sure = 0.55 + 0.2 * share + 0.2 * min(1.0, depth / 25)
    return Claim(at * STEP_S, (at + end) * STEP_S, "crash", sure), at + min(end, 100)


def knocks(samples: Samples, rate: int, bands: list[Band]) -> list[Claim]:
    """Short swells of the lowest sound that little above 400 Hz shares; one to three of them."""
    lowest = sosfiltfilt(butter(3, (45, 400), "bandpass", fs=rate, output="sos"), samples)
    deepest = sosfiltfilt(butter(2, (10, 48), "bandpass", fs=rate, output="sos"), samples)
    hop = round(STEP_S * rate)
    count = len(lowest) // hop
    size = np.abs(lowest[: count * hop]).reshape(count, hop).max(axis=1)
    size = np.maximum.reduce([size, np.roll(size, 1), np.roll(size, -1)])  # over a short wave
    db = 20 * np.log10(np.maximum(size, 1e-4))
    rises = rise(db, 0.16)
    soon = rise(db, 0.07)
    calm = float(np.percentile(uniform_filter1d(db, 15), 15))
    starts: list[int] = []
    for first, past in runs((soon >= 6) & (db >= calm + 6)):
        at = steepest(db, first + int(np.argmax(soon[first:past])))
        if not 8 <= at < count - 24:
            continue  # the sound's own edges are no events
        lone = float(rises[first:past].max()) >= 6
        second = bool(starts) and 14 <= at - starts[-1] <= 124
        if second and not lone:
            rest = float(np.median(db[max(0, at - 60) : at]))
            second = db[at : at + 8].max() > max(rest + 6, db[starts[-1] : at].max() - 9)
        if (lone or second) and not (starts and at - starts[-1] < 14):
            starts.append(at)
    thuds = []
    for at, until in zip(starts, [*starts[1:], 10**9], strict=False):
        before = float(np.mean(size[max(0, at - 40) : max(1, at - 5)]))
        net = np.maximum(size[at : min(until - 2, at + 80)] - 1.2 * before, 0.0) ** 2
        if not len(net) or net.sum() <= 0:
            continue
        body = float(net[:30].sum())
        most = int(np.searchsorted(np.cumsum(net[:30]), 0.85 * body))
        last = np.flatnonzero(net[:40] >= net.max() * 0.002)
        part = slice(at * hop, (at + 16) * hop)
        pop = np.abs(deepest[part]).max() > 0.8 * np.abs(lowest[part]).max()
        brief = not pop and most <= 15 and float(net[30:].sum()) < 0.25 * body
        thuds.append((at, at + int(last[-1]) + 1, brief, _mostly_low(bands, at)))
    claims = []
    used: set[int] = set()
    for k, thud in enumerate(thuds):
        if k in used or not (thud[2] and thud[3]):
            continue
        row = [n for n, t in enumerate(thuds) if 0 <= t[0] - thud[0] <= 122 and t[2] and t[3]]
        used |= set(row)
        mine = float(db[thud[0] : thud[0] + 10].max())
        others = sum(
            abs(t[0] - thud[0]) < 440 and t[3] and float(db[t[0] : t[0] + 10].max()) > mine - 10
            for n, t in enumerate(thuds)
            if n not in row
        )
        if len(row) + others <= 3:
            claims.append(Claim(thud[0] * STEP_S, thuds[row[-1]][1] * STEP_S, "knock", 0.8))
    return claims


def _mostly_low(bands: list[Band], at: int) -> bool:
    """Whether what sets in lies mostly below 400 Hz."""
    low = high = 0.0
    for band in bands:
        part = band.db[max(0, at - 1) : at + 16]
        before = float(np.mean(10 ** (band.db[max(0, at - 40) : max(1, at - 6)] / 10)))
        most = float(np.mean(10 ** (band.db[max(0, at - 40) : max(1, at - 6)] / 10 + 0.3)))
        gain = max(float(np.mean(10 ** (part / 10))) - before, 0.0) if len(part) else 0.0
        if band.high <= 430:
            low += gain
        elif band.low >= 390 and gain > most:
            high += gain
    return low > 1.2 * high


def whirrs(samples: Samples, rate: int, bands: list[Band]) -> list[Claim]:
    """A low pitch that stays, with a hiss or a flutter that comes and goes with it."""
    pitch, clear = pitch_lags(samples, rate, 64.0, 162.0, 0.06, (51.0, 356.0))
    loud = np.max([b.excess for b in bands if b.high <= 430], axis=0)[::2]
    count = min(len(pitch), len(loud))
    steady = median_filter(pitch[:count], 9)
    good = (uniform_filter1d(clear[:count], 9) >= 0.42) & (uniform_filter1d(loud[:count], 9) >= 6)
    good &= np.abs(np.diff(steady, prepend=steady[0])) < 4
    claims = []
    for first, past in runs(_bridged(good, steady)):
        middle = float(np.median(steady[first:past]))
        same = np.abs(steady[first:past] / middle - 1) < 0.035
        if past - first < 62 or not 66 <= middle <= 158 or same.mean() < 0.85:
            continue
        start, end = _reach(bands, first * 2, past * 2)
        if not 0.7 <= (end - start) * STEP_S <= 4 or not (
            _apart(bands, start, end) and _deep(bands, start, end)
        ):
            continue
        hiss, flutter = _roughness(samples, rate, bands, (start, end))
        if hiss < 1.2 and flutter < 1.05:
            continue
        sure = float(
            np.clip(0.5 + 0.3 * clear[first:past].mean() + 0.1 * min(hiss + flutter, 2), 0, 0.95)
        )
        claims.append(Claim(start * STEP_S, end * STEP_S, "whirring", sure, middle))
    return claims


def _apart(bands: list[Band], start: int, end: int) -> bool:
    """Whether the loudest low band is at a good part of its strength gone on either side."""
    band = max((b for b in bands if b.high <= 430), key=lambda b: float(np.median(b.db[start:end])))
    calm = uniform_filter1d(band.db, 15)
    level = float(np.percentile(calm[start:end], 40))
    sides = calm[max(0, start - 60) : max(0, start - 4)], calm[end + 4 : end + 60]
    return all(len(side) < 20 or float(np.percentile(side, 10)) < level - 7 for side in sides)


def _deep(bands: list[Band], start: int, end: int) -> bool:
    """Whether a hum is strongest where it is lowest, at the quieter moments of what is above."""
    low = max(float(np.median(b.db[start:end])) for b in bands if b.high <= 430)
    middle = max(float(np.percentile(b.db[start:end], 25)) for b in bands if b.low >= 600)
    return low > middle - 4


def _bridged(good: np.ndarray, steady: Values) -> np.ndarray:
    out = good.copy()
    for first, past in runs(~good):
        inner = first > 0 and past < len(good) and past - first <= 25
        if inner and abs(steady[first - 1] / steady[min(past, len(good) - 1)] - 1) < 0.04:
            out[first:past] = True
    return out


def _reach(bands: list[Band], first: int, past: int) -> tuple[int, int]:
    """Carry a stretch outwards for as long as the low bands keep their level."""
    power = np.sum([10 ** (b.db / 10) for b in bands if b.high <= 430], axis=0)
    db = 10 * np.log10(uniform_filter1d(power, 21))
    level = float(np.median(db[first:past]))
    calm = float(np.percentile(db, 10))
    edge = max(level - 8, (level + calm) / 2)
    start, end = first + 8, min(past - 8, len(db))
    while start > max(0, first - 50) and db[start - 1] >= edge:
        start -= 1
    while end < min(len(db), past + 50) and db[end] >= edge:
        end += 1
    return start, end


def _roughness(
    samples: Samples, rate: int, bands: list[Band], cells: tuple[int, int]
) -> tuple[float, float]:
    """How much unpitched sound comes with a hum, and how strongly it flutters; 1 is enough."""
    start, end = cells
    disorder = _disorder(samples[round(start * STEP_S * rate) : round(end * STEP_S * rate)], rate)
    hum = max(float(np.median(b.db[start:end])) for b in bands if b.high <= 900)
    hiss = 0.0
    for band in bands:
        inside = band.db[start + 16 : max(end - 16, start + 17)]
        around = np.concatenate(
            (band.db[max(0, start - 120) : max(0, start - 16)], band.db[end + 16 : end + 120])
        )
        rest = float(np.percentile(around, 40)) if len(around) > 10 else band.floor
        level = float(np.median(inside))
        impure = float(np.median(band.pure[start:end])) < 0.85
        if band.low > 900 and impure and level > hum - 50 and disorder >= 0.8:
            hiss = max(hiss, (level - rest) / 4)
    low = np.sum([10 ** (b.db / 10) for b in bands if b.high <= 1100], axis=0)[
        start + 10 : end - 10
    ]
    envelope = np.sqrt(low) / max(float(np.sqrt(low).mean()), 1e-9)
    envelope = envelope - uniform_filter1d(envelope, 61)
    size = (
        np.abs(np.fft.rfft(envelope * np.hanning(len(envelope)), 1024)) * 4 / max(len(envelope), 1)
    )
    rates = np.fft.rfftfreq(1024, STEP_S)
    flutter = float(size[(rates >= 7) & (rates <= 18)].max())
    return hiss, flutter / 0.16


def _disorder(part: Samples, rate: int) -> float:
    """Entropy of the spectrum from 900 to 6,000 Hz over half a second: 1 for white noise."""
    size = rate // 2
    values = []
    for first in range(0, len(part) - size + 1, size // 2):
        power = np.abs(np.fft.rfft(part[first : first + size] * np.hanning(size))) ** 2
        power = power[450:3000]
        # A slope is no order: each stretch of 150 bins counts alike.
        power = power.reshape(-1, 150)
        power = power / np.maximum(power.sum(axis=1, keepdims=True), 1e-12)
        entropy = -(power * np.log(np.maximum(power, 1e-12))).sum(axis=1) / np.log(150)
        values.append(float(np.median(entropy)))
    return float(np.median(values)) if values else 0.0
