"""The critic's ear for speech: voiced and unvoiced sound by turns, and bands that trade places."""

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d

from aurelia.media.labels.events_again_bands import Samples, Values, bank
from aurelia.media.labels.events_again_lags import pitch_lags
from aurelia.media.measure_spans import Span, held, runs, tidy

LONGEST_S = 600.0
"""Longer sounds are not searched."""
_SHORTEST_S = 0.6
_BLOCK_S = 1.0
_FAINT_DB = -36.0  # of a band: what is fainter is too faint to tell


def speech_like_again(samples: Samples, rate: int, start_s: float) -> tuple[Span, ...]:
    """Stretches of clip time that sound like somebody speaking; there may be none.

    Args:
        samples: mono, `(n,)`, within [-1, 1].
        rate: samples a second.
        start_s: clip time of the first sample.
    """
    length_s = len(samples) / rate
    if not _SHORTEST_S <= length_s <= LONGEST_S or float(np.abs(samples).max()) < 1e-3:
        return ()
    every = bank(samples, rate)
    deep = np.max([b.excess for b in every if b.high <= 430], axis=0)[::2]
    bands = [b for b in every if b.low >= 200 and b.high <= 4100]
    pitch, clear = pitch_lags(samples, rate, 75.0, 320.0, 0.045, (60.0, 704.0))
    db = np.stack([uniform_filter1d(b.db, 5) for b in bands])[:, ::2]
    floors = np.array([[b.floor] for b in bands])
    count = min(len(pitch), db.shape[1])
    db, pitch, clear = db[:, :count], median_filter(pitch[:count], 3), clear[:count]
    over = np.maximum(db - floors, 0.0)
    # The voice itself is low; without it a pitch is that of something higher.
    clear = np.where(deep[:count] >= np.maximum(6.0, over.max(axis=0) - 26), clear, 0.0)
    block = min(round(_BLOCK_S * 100), count)
    firsts = range(0, max(count - block, 0) + 1, 10)
    score = np.array(
        [_score(over[:, a : a + block], pitch[a : a + block], clear[a : a + block]) for a in firsts]
    )
    found = []
    for a, b in runs(held(score >= 1.0, score >= 0.8)):
        first, past = a * 10, min((b - 1) * 10 + block, count)
        loud = np.flatnonzero(over[:, first:past].max(axis=0) >= 8)
        if len(loud) and float(db[:, first:past].max()) > _FAINT_DB:
            found.append(
                Span(
                    start_s + (first + int(loud[0])) / 100,
                    start_s + (first + int(loud[-1]) + 1) / 100,
                )
            )
    return tuple(tidy(found, 0.5, _SHORTEST_S))


def _score(over: Values, pitch: Values, clear: Values) -> float:
    """The weakest of what a second of speech must have, each as a share of its bar."""
    swell = over.max(axis=0)
    loud = swell >= max(9.0, float(swell.max()) - 20)
    if loud.mean() < 0.3 or swell.max() < 12:
        return 0.0
    voiced = loud & (clear >= 0.6)
    share = float(voiced.mean())
    if not 0.2 <= share <= 0.97:
        return 0.0
    semitones = 12 * np.log2(pitch)
    moving = 0
    held_still = 0
    for first, past in runs(voiced):
        if past - first < 6:
            continue
        curve = uniform_filter1d(semitones[first:past], 5)
        speed = np.abs(curve[3:] - curve[:-3]) / 0.03
        moving += int(((speed > 3) & (speed < 70)).sum())
        held_still += int((speed <= 3).sum())
    glides = moving / max(moving + held_still, 1)
    if moving + held_still < 15:
        return 0.0
    # Bands trade places: the order of their levels now says little of 120 ms later.
    ahead, now = over[:, 12:], over[:, :-12]
    both = loud[12:] & loud[:-12]
    if both.sum() < 10:
        return 0.0
    a, b = now[:, both] - now[:, both].mean(axis=0), ahead[:, both] - ahead[:, both].mean(axis=0)
    alike = (a * b).sum(axis=0) / np.maximum(np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0)), 1e-9)
    traded = float(1 - np.mean(alike))
    # Syllables: peaks of the mean excess that stand 4 dB out, counted.
    mean = uniform_filter1d(over.mean(axis=0), 7)
    peaks = _humps(mean, 3.0)
    rate = peaks / (len(mean) / 100)
    rhythm = 1.2 if 2.4 <= rate <= 9 else 0.0
    return min(share / 0.3, glides / 0.4, traded / 0.22, rhythm)


def _humps(curve: Values, least: float) -> int:
    """How often a curve rises by `least` and then falls by as much."""
    count, low, high, rising = 0, curve[0], curve[0], False
    for value in curve:
        low, high = min(low, value), max(high, value)
        if not rising and value >= low + least:
            rising, high = True, value
        elif rising and value <= high - least:
            count, rising, low = count + 1, False, value
    return count + int(rising)
