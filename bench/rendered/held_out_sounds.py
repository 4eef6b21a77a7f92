"""Sounds and instruments of the held-out set: other recipes for the same definitions by ear."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator, default_rng
from scipy.signal import lfilter, sawtooth, square

from aurelia.bench.rendered.appearance import MakeSound, Timbre
from aurelia.bench.rendered.synth import (
    RATE,
    Sound,
    band_noise,
    fade,
    levelled,
    partials,
    put,
    times,
    tone,
)
from aurelia.media.labels.vocabulary import SoundLabel

LEVEL = 0.1


def _bell(draw: Generator, longest_s: float) -> Sound:
    """A hand bell or a triangle: pairs of near partials that beat, the upper ones soon gone."""
    ratios = np.array([[1.0, 2.4, 3.0, 4.5], [1.0, 2.0, 3.0, 4.2]][int(draw.integers(2))])
    ratios = np.concatenate([ratios, ratios + draw.uniform(0.002, 0.006)])
    sizes = np.tile([1.0, 0.7, 0.3, 0.25], 2) * np.repeat([1.0, 0.35], 4)
    lasting = min(draw.uniform(0.6, 1.9), longest_s)
    decays = np.log(10) * 1.5 / lasting * np.tile([1.0, 1.3, 1.9, 2.6], 2)
    sound = partials(draw.uniform(640, 1500), lasting, sizes, decays, ratios)
    strike = band_noise(draw, 0.02, 2000, 9000) * np.exp(-200 * times(0.02))
    put(sound, 0.25 * strike, 0.0)
    return levelled(fade(sound, 0.001, 0.04), LEVEL)


def _crash(draw: Generator, longest_s: float) -> Sound:
    """A burst, then splinters that grow sparser and softer."""
    lasting = min(draw.uniform(0.4, 0.95), longest_s)
    fall = np.log(10) * 1.5 / lasting
    sound = band_noise(draw, lasting, 400, 10000) * np.exp(-1.25 * fall * times(lasting))
    for at in np.sort(draw.uniform(0.05, 0.75, 14) ** 1.3) * lasting:
        low = draw.uniform(700, 2500)
        piece = band_noise(draw, 0.05, low, 4 * low) * np.exp(-60 * times(0.05))
        put(sound, 0.8 * np.exp(-fall * at) * piece, float(at))
    return levelled(fade(sound, 0.002, 0.04), LEVEL)


def _knock(draw: Generator, longest_s: float) -> Sound:
    """A wooden door: two or three damped resonances."""
    hits = int(draw.integers(1, 4)) if longest_s > 0.6 else 1
    gap = draw.uniform(0.15, 0.21)
    pitches = draw.uniform([95, 180, 290], [140, 240, 370])
    sound = np.zeros(len(times(gap * (hits - 1) + 0.14)))
    for number in range(hits):
        sizes, decays = np.array([1.0, 0.8, 0.4]), np.array([34.0, 45.0, 60.0])
        thud = partials(1.0, 0.12, sizes, decays, pitches)
        thud += 0.25 * band_noise(draw, 0.12, 60, 350) * np.exp(-70 * times(0.12))
        put(sound, draw.uniform(0.8, 1.0) * fade(thud, 0.001, 0.02), number * gap)
    return levelled(sound, LEVEL)


def _siren(draw: Generator, longest_s: float) -> Sound:
    """A horn whose pitch goes straight up and straight down."""
    lasting = min(draw.uniform(1.2, 2.5), longest_s)
    low, speed = draw.uniform(480, 640), draw.uniform(0.7, 1.8)
    high = low * draw.uniform(1.6, 2.1)
    swing = 0.5 + 0.5 * sawtooth(2 * np.pi * speed * times(lasting) + draw.uniform(0, 6), 0.5)
    pitch = low * (high / low) ** swing
    sizes = (1.0, 0.5, 0.35, 0.2, 0.1)
    sound = sum(
        (size * tone((k + 1) * pitch, lasting, float(k)) for k, size in enumerate(sizes)),
        np.zeros(len(pitch)),
    )
    return levelled(fade(sound, 0.06, 0.08), LEVEL)


def _whirring(draw: Generator, longest_s: float) -> Sound:
    """A motor: a buzzing wave through a low pass, chopped softly, with air."""
    lasting = min(draw.uniform(1.2, 2.5), longest_s)
    clock = times(lasting)
    base = draw.uniform(74, 140) * (1 + 0.006 * np.sin(2 * np.pi * draw.uniform(2, 4) * clock))
    buzz = sawtooth(2 * np.pi * np.cumsum(base) / RATE)
    corner = float(np.exp(-2 * np.pi * draw.uniform(500, 1100) / RATE))
    hum = lfilter([1 - corner], [1, -corner], buzz)
    air = 0.35 * band_noise(draw, lasting, 200, 2500)
    chop = np.tanh(1.5 * np.sin(2 * np.pi * draw.uniform(8, 14) * clock))
    sound: Sound = (hum / np.sqrt(np.mean(hum**2)) + air) * (1 + draw.uniform(0.15, 0.4) * chop)
    return levelled(fade(sound, 0.08, 0.1), LEVEL)


def _beeping(draw: Generator, longest_s: float) -> Sound:
    """An alarm clock or a reversing lorry: a squarish tone."""
    period = draw.uniform(0.21, 0.42)
    count = int(np.clip(min(draw.uniform(1.0, 2.0), longest_s) / period, 3, 7))
    period = min(period, longest_s / (count - 0.4))
    pitch, lasting = draw.uniform(740, 2300), draw.uniform(0.42, 0.6) * period
    shape = draw.uniform(0.5, 3.0)
    sound = np.zeros(len(times(period * (count - 1) + lasting + 0.01)))
    for number in range(count):
        note = np.tanh(shape * tone(pitch, lasting)) + 0.1 * tone(2 * pitch, lasting)
        put(sound, fade(note, 0.004, 0.012), number * period)
    return levelled(sound, LEVEL)


SOUNDS: Mapping[SoundLabel, MakeSound] = {
    "bell": _bell,
    "crash": _crash,
    "knock": _knock,
    "siren": _siren,
    "whirring": _whirring,
    "beeping": _beeping,
}


def _electric_piano(draw: Generator) -> Timbre:
    ratio, depth = float(draw.choice([1.0, 2.0])), draw.uniform(0.8, 1.8)

    def note(hertz: float, length_s: float) -> Sound:
        clock = times(length_s)
        inner = depth * np.exp(-3 * clock) * np.sin(2 * np.pi * ratio * hertz * clock)
        sound = np.sin(2 * np.pi * hertz * clock + inner) * np.exp(-1.2 * clock)
        return fade(sound, 0.004, 0.06)

    return note


def _brass(draw: Generator) -> Timbre:
    rise, order = draw.uniform(0.06, 0.12), np.arange(1, 13)

    def note(hertz: float, length_s: float) -> Sound:
        clock = times(length_s)
        opening = np.minimum(clock / rise, 1.0)
        sound = np.zeros(len(clock))
        for k in order[order * hertz < 0.4 * RATE]:
            sound += k**-0.8 * opening ** (1 + 0.35 * k) * np.sin(2 * np.pi * k * hertz * clock + k)
        return fade(sound, 0.03, 0.06)

    return note


def _organ(draw: Generator) -> Timbre:
    ratios = np.array([1.0, 2.0, 3.0, 4.0, 6.0, 8.0])
    sizes = np.array([1.0, *draw.uniform(0.1, 0.7, 5)])

    def note(hertz: float, length_s: float) -> Sound:
        return fade(partials(hertz, length_s, sizes, 0 * sizes, ratios), 0.015, 0.03)

    return note


def _string(draw: Generator) -> Timbre:
    """A delay line that loses its highs as it goes round, excited by a burst."""
    seed, loss = int(draw.integers(1 << 30)), draw.uniform(0.992, 0.997)

    def note(hertz: float, length_s: float) -> Sound:
        delay = RATE / hertz - 0.5
        whole = int(delay)
        part = delay - whole
        burst = np.zeros(len(times(length_s)))
        count = min(whole + 2, len(burst))
        burst[:count] = default_rng(seed).uniform(-1, 1, count)
        feedback = np.zeros(whole + 3)
        feedback[0] = 1.0
        feedback[whole] -= loss * 0.5 * (1 - part)
        feedback[whole + 1] -= loss * 0.5
        feedback[whole + 2] -= loss * 0.5 * part
        return fade(np.asarray(lfilter([1.0], feedback, burst)), 0.003, 0.05)

    return note


TIMBRES: tuple[Callable[[Generator], Timbre], ...] = (_electric_piano, _brass, _organ, _string)


def percussion(draw: Generator) -> Callable[[], Sound]:
    """A tambourine or a hand clap."""
    seed, clap = int(draw.integers(1 << 30)), draw.random() < 0.5

    def hit() -> Sound:
        low, high, fall = (800, 4000, 32.0) if clap else (4500, 10500, 24.0)
        sound = band_noise(default_rng(seed), 0.22, low, high) * np.exp(-fall * times(0.22))
        sound *= 0.6 + 0.4 * square(2 * np.pi * 60 * times(0.22)) if clap else 1.0
        return fade(sound, 0.001, 0.03)

    return hit


def backing(draw: Generator, length_s: float) -> Sound:
    """A room and a street: rumble and hiss, uneven."""
    noise = band_noise(draw, length_s, 40, 350) + 0.6 * band_noise(draw, length_s, 500, 9000)
    bumps = np.interp(
        times(length_s),
        np.arange(0, length_s + 1, 0.7),
        draw.uniform(0.75, 1.25, 64)[: len(np.arange(0, length_s + 1, 0.7))],
    )
    result: Sound = noise * bumps / np.sqrt(np.mean((noise * bumps) ** 2))
    return result
