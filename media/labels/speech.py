"""The actor's ear for speech: a voiced pitch that glides, in syllables whose spectrum changes."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter, uniform_filter1d

from aurelia.media.labels.events_spectrum import HOP_S, Grid, Samples, Spectra, Values, spectra
from aurelia.media.measure_spans import Span, held, runs, tidy

LONGEST_S = 600.0
"""Longer sounds are not searched."""
_WINDOW_S, _STEP_S = 1.2, 0.1
_SHORTEST_S = 0.6
_FAINT_DB = -34.0  # what is fainter is too faint to tell


def speech_like(samples: Samples, rate: int, start_s: float) -> tuple[Span, ...]:
    """Stretches of clip time that sound like somebody speaking; there may be none.

    Args:
        samples: mono, `(n,)`, within [-1, 1].
        rate: samples a second.
        start_s: clip time of the first sample.
    """
    length_s = len(samples) / rate
    if not _SHORTEST_S <= length_s <= LONGEST_S or float(np.abs(samples).max()) < 1e-3:
        return ()
    sound = spectra(samples, rate, 0.064)
    score = speech_score(sound)
    if not len(score):
        return ()
    on = held(score >= 1.0, score >= 0.75)
    half = _WINDOW_S / 2
    level = uniform_filter1d(sound.band(150, 4000), 5)
    rest = max(float(np.percentile(level, 10)), -65.0)
    found = []
    for first, past in runs(on):
        span = Span(max(0.0, first * _STEP_S), min(length_s, (past - 1) * _STEP_S + 2 * half))
        inside = slice(round(span.start_s / HOP_S), round(span.end_s / HOP_S))
        loud = np.flatnonzero(level[inside] >= max(level[inside].max() - 25, rest + 4))
        if len(loud) and float(level[inside].max()) > _FAINT_DB:
            begin = span.start_s + float(loud[0]) * HOP_S
            found.append(
                Span(start_s + begin, start_s + span.start_s + float(loud[-1] + 1) * HOP_S)
            )
    return tuple(tidy(found, 0.5, _SHORTEST_S))


def speech_score(sound: Spectra) -> Values:
    """How speech-like 1.2 s from each tenth of a second are, `(windows,)`; 1 is enough."""
    pitch, voiced = _voice(sound)
    level = sound.band(200, 4000)
    rest = max(float(np.percentile(level, 8)), -62.0)
    size, hop = round(_WINDOW_S / HOP_S), round(_STEP_S / HOP_S)
    shapes = _shapes(sound, rest)
    scores = []
    for first in range(0, max(len(level) - size, 0) + 1, hop):
        part = slice(first, first + size)
        scores.append(_window(level[part], rest, pitch[part], voiced[part], shapes[part]))
    return np.array(scores)


def _window(
    level: Values, rest: float, pitch: Values, voiced: NDArray[np.bool_], shapes: Values
) -> float:
    """The weakest of what speech must have, each as a share of its bar."""
    if len(level) < 40 or level.max() < rest + 9:
        return 0.0
    loud = level >= max(level.max() - 22, rest + 4)
    share = float((voiced & loud).mean())
    if not 0.2 <= share <= 0.97:
        return 0.0
    slopes = np.abs(np.log2(pitch[4:] / pitch[:-4])) * 12 / (4 * HOP_S)
    both = voiced[4:] & voiced[:-4]
    smooth = both & (slopes < 60)
    if smooth.sum() < 0.7 * both.sum():
        return 0.0
    gliding = float(((slopes > 4) & smooth).sum() / max(smooth.sum(), 1))
    amplitude = 10 ** (uniform_filter1d(np.maximum(level, rest), 3) / 20)
    amplitude = amplitude / max(float(amplitude.mean()), 1e-9)
    power = np.abs(np.fft.rfft((amplitude - amplitude.mean()) * np.hanning(len(level)), 512)) ** 2
    rates = np.fft.rfftfreq(512, HOP_S)
    syllables = float(
        power[(rates >= 2.5) & (rates <= 9)].sum() / max(power[rates > 0.5].sum(), 1e-9)
    )
    depth = float(np.std(amplitude))
    change = (
        float(np.mean(np.linalg.norm(shapes[6:] - shapes[:-6], axis=1)[loud[6:] & loud[:-6]]))
        if (loud[6:] & loud[:-6]).any()
        else 0.0
    )
    return min(share / 0.3, gliding / 0.35, syllables / 0.4, depth / 0.3, change / 6.0, 1.5)


def _voice(sound: Spectra) -> tuple[Values, NDArray[np.bool_]]:
    """Pitch of 75 to 320 Hz by cepstrum, and where it is clear enough to be a voice."""
    step = float(sound.hertz[1])
    top = int(3200 / step)
    db: Grid = np.maximum(sound.db[:, :top], sound.db[:, :top].max(axis=1, keepdims=True) - 45)
    flat = db - uniform_filter1d(db, 2 * int(200 / step) + 1, axis=1)
    flat *= np.hanning(2 * top)[top:].astype(np.float32)
    size = 2048
    cepstrum = np.abs(np.fft.rfft(flat, size, axis=1))
    lags = np.arange(cepstrum.shape[1]) / (size * step)  # seconds
    near = (lags >= 1 / 320) & (lags <= 1 / 75)
    first = int(np.flatnonzero(near)[0])
    inside = cepstrum[:, near]
    best = first + np.argmax(inside, axis=1)
    rows = np.arange(len(best))
    left, here, right = (cepstrum[rows, best + k] for k in (-1, 0, 1))
    bend = np.minimum(left - 2 * here + right, -1e-9)
    lag = (best + np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) / (size * step)
    height = here / np.maximum(np.median(cepstrum[:, 10:], axis=1), 1e-6)
    # A higher tone repeats at this lag too, but then at a half or a third of it as well.
    higher = np.max([cepstrum[rows, np.rint(best / k).astype(int)] for k in (2, 3, 4, 5)], axis=0)
    low = sound.db[:, sound.between(80, 350)].max(axis=1) >= db.max(axis=1) - 24
    pitch = median_filter(1 / lag, 3)
    return np.asarray(pitch), np.asarray((height >= 4.5) & (higher < 0.75 * here) & low)


def _shapes(sound: Spectra, rest: float) -> Values:
    """Levels of eight bands from 250 to 4,000 Hz about their mean, `(frames, 8)`, dB."""
    edges = np.geomspace(250, 4000, 9)
    bands = [sound.band(a, b) for a, b in pairwise(edges)]
    stacked = np.maximum(np.stack(bands, axis=1), rest - 15)
    stacked = uniform_filter1d(stacked, 3, axis=0)
    return np.asarray(stacked - stacked.mean(axis=1, keepdims=True))
