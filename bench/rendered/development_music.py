"""Dance tracks and mood music of the development set."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from aurelia.bench.rendered.synth import (
    Sound,
    band_noise,
    fade,
    hertz_of,
    levelled,
    partials,
    put,
    times,
)
from aurelia.media.labels.vocabulary import Brightness

_ORDER = np.arange(1, 9) * 1.0


def _kick() -> Sound:
    clock = times(0.18)
    sweep = 55 * clock + 2.2 * (1 - np.exp(-40 * clock))
    return fade(np.exp(-16 * clock) * np.sin(2 * np.pi * sweep), 0.002, 0.03)


@lru_cache(maxsize=64)
def _struck(hertz: float, length_s: float, fall: float) -> Sound:
    return fade(partials(hertz, length_s, _ORDER**-1.3, fall + 0.6 * _ORDER, _ORDER), 0.004, 0.04)


@lru_cache(maxsize=64)
def _held(hertz: float, length_s: float) -> Sound:
    sizes = np.where(_ORDER <= 5, _ORDER**-1.2, 0.0)
    return fade(partials(hertz, length_s, sizes, np.zeros(8), _ORDER), 0.08, 0.15)


def groove(draw: Generator, per_minute: float, length_s: float) -> Sound:
    """Kick on every beat, snare or clap on every second, hats between, a bass and chords."""
    beat = 60 / per_minute
    sound = np.zeros(len(times(length_s)))
    kick = _kick()
    snare = fade(band_noise(draw, 0.15, 900, 7000) * np.exp(-28 * times(0.15)), 0.002, 0.02)
    hat = fade(band_noise(draw, 0.06, 6000, 11000) * np.exp(-70 * times(0.06)), 0.001, 0.01)
    root = draw.integers(36, 43)
    walk = root + draw.choice([0, 0, 3, 5, 7, -2], 8)
    first = draw.uniform(0.0, min(beat, 0.3))
    off_beat = draw.random() < 0.6
    for number in range(int((length_s - first) / beat) + 1):
        at = first + number * beat
        put(sound, 0.55 * kick, at)
        if number % 2:
            put(sound, 0.07 * snare, at)
        put(sound, 0.022 * hat, at + beat / 2)
        note = float(walk[(number // 2) % 8])
        put(sound, 0.16 * _struck(hertz_of(note), 0.8 * beat, 3.0), at)
        if off_beat:
            for step in (24, 28, 31):
                put(sound, 0.035 * _struck(hertz_of(note + step), 0.4 * beat, 6.0), at + beat / 2)
    return levelled(sound, 0.16, 0.5)


def mood_music(draw: Generator, mood: Brightness, length_s: float) -> Sound:
    """Bright: quick, major, high, detached. Dark: slow, minor, low, sustained."""
    bright = mood == "bright"
    beat = 60 / draw.uniform(125, 155) if bright else 60 / draw.uniform(50, 66)
    root = int(draw.integers(60, 68)) if bright else int(draw.integers(45, 52))
    scale = (0, 2, 4, 5, 7, 9, 11) if bright else (0, 2, 3, 5, 7, 8, 10)
    chords = ([0, 3, 4, 0], [0, 4, 3, 4]) if bright else ([0, 5, 3, 0], [0, 3, 5, 0])
    progression = chords[int(draw.integers(2))]
    play: Callable[[float, float], Sound] = (
        (lambda hertz, length: _struck(hertz, min(length, 0.3), 5.0)) if bright else _held
    )

    def pitch(degree: int) -> float:
        return hertz_of(root + 12 * (degree // 7) + scale[degree % 7])

    sound = np.zeros(len(times(length_s)))
    at, number, degree = 0.05, 0, 4
    while at < length_s - 0.2:
        chord = progression[(number // 4) % 4]
        if number % (1 if bright else 2) == 0:
            for step in (0, 2, 4):
                put(sound, 0.08 * play(pitch(chord + step), beat * (0.8 if bright else 2)), at)
        steps = (0, 0.5) if bright else (0.0,)
        for part in steps:
            choices = [chord + 7, chord + 9, chord + 11, degree + int(draw.integers(-1, 2))]
            degree = int(np.clip(choices[int(draw.integers(4))], 5, 13))
            put(sound, 0.13 * play(pitch(degree), 0.5 * beat if bright else beat), at + part * beat)
        put(sound, 0.12 * play(pitch(chord) / 2, 0.9 * beat), at)
        at, number = at + beat, number + 1
    return levelled(sound, 0.12, 0.5)
