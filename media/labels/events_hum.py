"""The actor's whirring: overtones of one low pitch, and something rough about them."""

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, uniform_filter1d

from aurelia.media.labels.events_spectrum import HOP_S, Spectra, Values
from aurelia.media.labels.events_tones import Named
from aurelia.media.measure_spans import runs


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
        whole = np.sort(over[:, on], axis=1)[:, 1:].mean(axis=1)
        odd = over[:, on[::2]].mean(axis=1) - 3.0  # square waves have no even partials
        score[k] = np.maximum(whole, odd) - over[:, off].mean(axis=1)
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
    return float(np.median(low) - np.median(middle)) > -5.0


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
        rest = float(np.percentile(outside, 30)) if len(outside) > 5 else -120.0
        level = float(np.median(between[offset + 15 : max(offset + end - start - 15, offset + 16)]))
        whole = level + 10 * np.log10(bins.shape[1])
        gains.append((level - rest) / 5 if whole > hum - 45 else 0.0)
    db = sound.band(60, 1000)[inside]
    swing = db - uniform_filter1d(db, 25)
    beat = np.abs(np.fft.rfft(10 ** (swing / 20) - 1, 512)) / max(len(swing), 1) * 2
    rates = np.fft.rfftfreq(512, HOP_S)
    mine = float(beat[(rates >= 7) & (rates <= 18)].max())
    return float(max(max(gains) - 0.6, (mine - 0.13) / 0.1))
