"""Sounds and instruments of the development set."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator, default_rng

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
    ratios = np.array([1.0, 2.0, 2.76, 3.9, 5.4]) * draw.uniform(0.995, 1.005, 5)
    sizes = np.array([1.0, 0.55, 0.45, 0.2, 0.12]) * draw.uniform(0.7, 1.2, 5)
    lasting = min(draw.uniform(0.8, 1.8), longest_s)
    slow = np.log(10) * 1.5 / lasting  # 30 dB over the whole length
    sound = partials(
        draw.uniform(520, 1100), lasting, sizes, slow * (1 + 0.5 * (ratios - 1)), ratios
    )
    return levelled(fade(sound, 0.002, 0.03), LEVEL)


def _crash(draw: Generator, longest_s: float) -> Sound:
    lasting = min(draw.uniform(0.45, 0.9), longest_s)
    noise = band_noise(draw, lasting, 250, 8500)
    fall = np.exp(-np.log(10) * 1.5 / lasting * times(lasting))
    return levelled(fade(noise * fall, 0.003, 0.03), LEVEL)


def _knock(draw: Generator, longest_s: float) -> Sound:
    hits = int(draw.integers(2, 4)) if longest_s > 0.55 else 1
    gap = draw.uniform(0.16, 0.2)
    pitch = draw.uniform(110, 210)
    sound = np.zeros(len(times(gap * (hits - 1) + 0.14)))
    for number in range(hits):
        clock = times(0.12)
        thud = np.exp(-42 * clock) * np.sin(2 * np.pi * pitch * clock)
        thud += 0.35 * np.exp(-90 * clock) * band_noise(draw, 0.12, 80, 500)
        put(sound, draw.uniform(0.85, 1.0) * fade(thud, 0.002, 0.02), number * gap)
    return levelled(sound, LEVEL)


def _siren(draw: Generator, longest_s: float) -> Sound:
    lasting = min(draw.uniform(1.4, 2.4), longest_s)
    clock = times(lasting)
    centre, swing, speed = draw.uniform(750, 950), draw.uniform(180, 280), draw.uniform(0.8, 1.6)
    pitch = centre + swing * np.sin(2 * np.pi * speed * clock + draw.uniform(0, 6))
    sound = tone(pitch, lasting) + 0.3 * tone(2 * pitch, lasting) + 0.12 * tone(3 * pitch, lasting)
    return levelled(fade(sound, 0.04, 0.06), LEVEL)


def _whirring(draw: Generator, longest_s: float) -> Sound:
    lasting = min(draw.uniform(1.3, 2.4), longest_s)
    order = np.arange(1, 13)
    base = draw.uniform(85, 130)
    hum = partials(base, lasting, order**-0.7, np.zeros(12), order * 1.0)
    hum = hum / np.sqrt(np.mean(hum**2)) + 0.5 * band_noise(draw, lasting, 120, 1500)
    shake = 1 + 0.35 * np.sin(2 * np.pi * draw.uniform(9, 15) * times(lasting))
    return levelled(fade(hum * shake, 0.05, 0.08), LEVEL)


def _beeping(draw: Generator, longest_s: float) -> Sound:
    period = draw.uniform(0.24, 0.36)
    count = int(np.clip(min(draw.uniform(1.1, 1.9), longest_s) / period, 3, 6))
    period = min(period, longest_s / (count - 0.4))
    pitch, lasting = draw.uniform(850, 1900), 0.55 * period
    sound = np.zeros(len(times(period * (count - 1) + lasting + 0.01)))
    for number in range(count):
        note = tone(pitch, lasting) + 0.15 * tone(3 * pitch, lasting)
        put(sound, fade(note, 0.006, 0.008), number * period)
    return levelled(sound, LEVEL)


SOUNDS: Mapping[SoundLabel, MakeSound] = {
    "bell": _bell,
    "crash": _crash,
    "knock": _knock,
    "siren": _siren,
    "whirring": _whirring,
    "beeping": _beeping,
}


def _plucked(draw: Generator) -> Timbre:
    order = np.arange(1, 15)
    place, fall = draw.uniform(0.15, 0.4), draw.uniform(2.0, 4.0)
    sizes = np.abs(np.sin(np.pi * order * place)) * order**-1.1
    decays = fall + 0.35 * order

    def note(hertz: float, length_s: float) -> Sound:
        return fade(partials(hertz, length_s, sizes, decays, order * 1.0), 0.003, 0.05)

    return note


def _bowed(draw: Generator) -> Timbre:
    speed, depth, slope = draw.uniform(4.8, 6.2), draw.uniform(0.003, 0.006), draw.uniform(1.0, 1.3)

    def note(hertz: float, length_s: float) -> Sound:
        clock = times(length_s)
        pitch = hertz * (
            1 + depth * np.minimum(clock / 0.25, 1) * np.sin(2 * np.pi * speed * clock)
        )
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        count = int(min(16, 0.4 * RATE / hertz))
        sound = sum(
            (k**-slope * np.sin(k * phase) for k in range(1, count + 1)), np.zeros(len(clock))
        )
        return fade(sound, 0.06, 0.08)

    return note


def _reed(draw: Generator) -> Timbre:
    order = np.arange(1, 16, 2)
    sizes = order ** -draw.uniform(0.7, 1.0)

    def note(hertz: float, length_s: float) -> Sound:
        return fade(partials(hertz, length_s, sizes, 0 * sizes, order * 1.0), 0.03, 0.05)

    return note


def _flute(draw: Generator) -> Timbre:
    breath, second = draw.uniform(0.02, 0.05), draw.uniform(0.1, 0.25)
    seed = int(draw.integers(1 << 30))

    def note(hertz: float, length_s: float) -> Sound:
        sound = tone(hertz, length_s) + second * tone(2 * hertz, length_s)
        air = band_noise(default_rng(seed), length_s, 0.8 * hertz, 2.5 * hertz)
        return fade(sound + breath * air, 0.05, 0.07)

    return note


TIMBRES: tuple[Callable[[Generator], Timbre], ...] = (_plucked, _bowed, _reed, _flute)


def percussion(draw: Generator) -> Callable[[], Sound]:
    """A snare or a shaker."""
    low, high, fall = [(700, 7000, 26.0), (3500, 9000, 38.0)][int(draw.integers(2))]
    seed = int(draw.integers(1 << 30))

    def hit() -> Sound:
        noise = band_noise(default_rng(seed), 0.2, low, high)
        return fade(noise * np.exp(-fall * times(0.2)), 0.002, 0.02)

    return hit


def backing(draw: Generator, length_s: float) -> Sound:
    """Wind: low noise that swells slowly."""
    clock = times(length_s)
    swell = 1 + 0.3 * np.sin(2 * np.pi * draw.uniform(0.1, 0.2) * clock + draw.uniform(0, 6))
    noise = band_noise(draw, length_s, 60, 900) + 0.35 * band_noise(draw, length_s, 300, 7000)
    result: Sound = noise * swell / np.sqrt(np.mean((noise * swell) ** 2))
    return result
