"""Dance tracks and mood music of the held-out set."""

from functools import lru_cache

import numpy as np
from numpy.random import Generator

from aurelia.bench.rendered.synth import (
    Sound,
    band_noise,
    fade,
    hertz_of,
    levelled,
    put,
    times,
    tone,
)
from aurelia.media.labels.vocabulary import Brightness


def _thump(draw: Generator) -> Sound:
    clock = times(0.22)
    body = np.sin(2 * np.pi * (48 * clock + 1.4 * (1 - np.exp(-55 * clock)))) * np.exp(-13 * clock)
    return fade(
        body + 0.08 * band_noise(draw, 0.22, 1500, 5000) * np.exp(-150 * clock), 0.001, 0.03
    )


@lru_cache(maxsize=64)
def _stab(notes: tuple[float, ...], length_s: float) -> Sound:
    """An organ chord, short."""
    parts = [tone(k * hertz_of(note), length_s) / k for note in notes for k in (1, 2, 3)]
    return fade(np.sum(parts, 0) * np.exp(-4 * times(length_s)), 0.004, 0.03)


@lru_cache(maxsize=64)
def _bass(note: float, length_s: float) -> Sound:
    return fade(np.tanh(2.2 * tone(hertz_of(note), length_s)), 0.006, 0.03)


def groove(draw: Generator, per_minute: float, length_s: float) -> Sound:
    """Four on the floor, claps, a shaker twice a beat, bass between the beats, organ stabs."""
    beat = 60 / per_minute
    sound = np.zeros(len(times(length_s)))
    thump = _thump(draw)
    clap = fade(band_noise(draw, 0.16, 1000, 4500) * np.exp(-24 * times(0.16)), 0.004, 0.03)
    shake = fade(band_noise(draw, 0.07, 5000, 10500), 0.02, 0.04)
    root = float(draw.integers(38, 46))
    shifts = draw.choice([0, -4, -2, 3, 5], 4)
    claps = draw.random() < 0.7
    first = draw.uniform(0.0, min(beat, 0.35))
    for number in range(int((length_s - first) / beat) + 1):
        at, home = first + number * beat, root + float(shifts[(number // 4) % 4])
        put(sound, (0.62 if number % 4 == 0 else 0.52) * thump, at)
        if claps and number % 2:
            put(sound, 0.06 * clap, at)
        for half in (0.0, 0.5):
            put(sound, (0.02 if half else 0.026) * shake, at + half * beat)
        put(sound, 0.1 * _bass(home, 0.4 * beat), at + 0.5 * beat)
        put(sound, 0.045 * _stab((home + 24, home + 27, home + 31), 0.35 * beat), at)
    return levelled(sound, 0.15, 0.5)


@lru_cache(maxsize=64)
def _keys(hertz: float, length_s: float) -> Sound:
    clock = times(length_s)
    inner = 1.2 * np.exp(-6 * clock) * np.sin(2 * np.pi * 2 * hertz * clock)
    return fade(np.exp(-3.5 * clock) * np.sin(2 * np.pi * hertz * clock + inner), 0.003, 0.04)


@lru_cache(maxsize=64)
def _bowed(hertz: float, length_s: float) -> Sound:
    clock = times(length_s)
    shake = 0.003 * np.sin(2 * np.pi * 5 * clock) * np.minimum(clock / 0.5, 1)
    sound = sum(
        (tone(k * hertz * (1 + shake), length_s) / k**1.4 for k in range(1, 8)),
        np.zeros(len(clock)),
    )
    return fade(sound, 0.15, 0.25)


def mood_music(draw: Generator, mood: Brightness, length_s: float) -> Sound:
    """Bright: running broken chords in major. Dark: slow low strings in minor with a lament."""
    sound = np.zeros(len(times(length_s)))
    if mood == "bright":
        beat, root = 60 / draw.uniform(118, 150), int(draw.integers(58, 66))
        chords = [(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)]
        pattern = ([0, 1, 2, 1], [0, 2, 1, 2])[int(draw.integers(2))]
        tune = [0, 2, 4, 5, 7, 9, 11, 12, 14, 16]
        at, number, place = 0.08, 0, 4
        while at < length_s - 0.2:
            chord = chords[(number // 4) % 4]
            for half in (0, 1):
                step = pattern[(2 * number + half) % 4]
                put(sound, 0.12 * _keys(hertz_of(root + chord[step]), 0.4), at + half * beat / 2)
            put(sound, 0.12 * _keys(hertz_of(root + chord[0] - 12), 0.6), at)
            place = int(np.clip(place + draw.integers(-2, 3), 2, 9))
            tones = [k for k in tune if (k - chord[0]) % 12 in (0, 4, 7)]
            aim = min(tones, key=lambda k: abs(k - tune[place]))
            put(sound, 0.16 * _keys(hertz_of(root + 12 + aim), 0.5 * beat + 0.1), at)
            at, number = at + beat, number + 1
        return levelled(sound, 0.12, 0.5)
    beat, root = 60 / draw.uniform(46, 60), int(draw.integers(43, 50))
    chords = [(0, 3, 7), (8, 12, 15), (5, 8, 12), (0, 3, 7)]
    falls = ([12, 10, 8, 7], [15, 14, 12, 7], [12, 8, 7, 3])
    at, number = 0.05, 0
    while at < length_s - 0.4:
        chord = chords[(number // 2) % 4]
        if number % 2 == 0:
            for step in chord:
                put(sound, 0.08 * _bowed(hertz_of(root + step), 2 * beat), at)
            put(sound, 0.1 * _bowed(hertz_of(root + chord[0] - 12 * (chord[0] > 4)), 2 * beat), at)
        note = falls[(number // 4) % 3][number % 4]
        put(sound, 0.12 * _bowed(hertz_of(root + 12 + note), 0.95 * beat), at)
        at, number = at + beat, number + 1
    return levelled(sound, 0.12, 0.5)
