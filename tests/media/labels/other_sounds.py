"""Sounds that are none of the labelled ones: music, weather, voices, machines that speed up."""

from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from tests.media.labels.sounds import (
    RATE,
    Rng,
    Sound,
    band,
    faded,
    harmonics,
    mix,
    noise,
    seconds,
    thud,
    tone,
)


def melody(rng: Rng, length_s: float = 6.0) -> Sound:
    """Notes of a scale, blown or plucked."""
    sound, at, plucked = np.zeros(round(length_s * RATE)), 0.1, rng.random() < 0.5
    base, levels = rng.uniform(110, 660), harmonics(rng, 8)
    step = rng.uniform(0.2, 0.6)
    while at < length_s - step:
        hertz = base * 2 ** (int(rng.choice([0, 2, 4, 5, 7, 9, 11, 12])) / 12)
        note = tone(step * rng.uniform(0.8, 1.6), hertz, levels)
        if plucked:
            note = note * np.exp(-rng.uniform(4, 9) * seconds(len(note) / RATE)[: len(note)])
        mix(sound, faded(note, 0.004 if plucked else 0.03, 0.03), at)
        at += step
    return sound


def organ(rng: Rng, length_s: float = 2.5) -> Sound:
    """Chords without decay, two of them."""
    sound = np.zeros(round(2 * length_s * RATE))
    for k in range(2):
        base, levels = rng.uniform(130, 400), harmonics(rng, 8)
        for step in (0, int(rng.integers(3, 5)), 7):
            note = tone(length_s, base * 2 ** (step / 12), levels)
            mix(sound, faded(note, 0.05, 0.1), k * length_s)
    return sound


def plucked_chord(rng: Rng) -> Sound:
    """A low strummed chord."""
    sound, base = np.zeros(round(2.5 * RATE)), rng.uniform(90, 160)
    for k, step in enumerate((0, 7, 12, 16, 19, 24)):
        note = tone(2.0, base * 2 ** (step / 12), np.arange(1.0, 9.0) ** -1.2)
        mix(sound, faded(note * np.exp(-3 * seconds(2.0))), 0.04 * k)
    return sound


def held_tone(rng: Rng) -> Sound:
    """A tone that neither decays nor moves."""
    return faded(tone(rng.uniform(0.4, 2.5), rng.uniform(200, 2500), harmonics(rng, 6)), 0.02, 0.03)


def sweep(rng: Rng) -> Sound:
    """A tone that only rises, or only falls."""
    length_s, ends = (
        rng.uniform(0.8, 2.5),
        np.array([rng.uniform(200, 600), rng.uniform(900, 2500)]),
    )
    first, last = ends[:: 1 if rng.random() < 0.5 else -1]
    hertz = first * (last / first) ** (seconds(length_s) / length_s)
    return faded(tone(length_s, hertz, harmonics(rng, 4)), 0.02, 0.03)


def chirps(rng: Rng) -> Sound:
    """Short quick glides, as of a bird."""
    sound, at = np.zeros(3 * RATE), 0.0
    while at < 2.6:
        length_s, low = rng.uniform(0.05, 0.15), rng.uniform(2200, 4500)
        hertz = low * (1 + rng.uniform(-0.3, 0.5) * np.linspace(0, 1, round(length_s * RATE)))
        mix(sound, faded(tone(length_s, hertz), 0.01, 0.02), at)
        at += length_s + rng.uniform(0.03, 0.4)
    return sound


def footsteps(rng: Rng) -> Sound:
    """Low thuds that go on."""
    gap = rng.uniform(0.4, 0.7)
    sound = np.zeros(round((gap * 8 + 0.3) * RATE))
    for k in range(8):
        one = thud(rng, rng.uniform(70, 160), rng.uniform(0.06, 0.12), 0.2)
        mix(sound, one * rng.uniform(0.7, 1), max(0.0, k * gap + rng.uniform(-0.02, 0.02)))
    return sound


def clap(rng: Rng) -> Sound:
    """One short clap."""
    t = seconds(0.12)
    return band(noise(rng, 0.12)[: len(t)], rng.uniform(600, 1200), 4000) * np.exp(-t * 70)


def applause(rng: Rng) -> Sound:
    """Many claps at once."""
    sound = np.zeros(3 * RATE)
    for at in rng.uniform(0, 2.8, 300):
        mix(sound, clap(rng) * rng.uniform(0.2, 1), at)
    return sound


def wind(rng: Rng) -> Sound:
    """Noise that swells and fades."""
    swell = np.interp(seconds(5.0), np.linspace(0, 5, 9), rng.uniform(0.05, 1, 9))
    return band(noise(rng, 5.0, 4), 80, rng.uniform(600, 1500)) * swell


def rain(rng: Rng) -> Sound:
    """Steady noise with drops."""
    sound = faded(noise(rng, 4.0, rng.uniform(-1, 2)) * 0.3, 0.3, 0.3)
    for at in rng.uniform(0.2, 3.8, 60):
        mix(sound, clap(rng)[:600] * 0.6, at)
    return sound


def engine(rng: Rng) -> Sound:
    """A hum that speeds up or slows down."""
    ends = (60.0, rng.uniform(150, 260))[:: 1 if rng.random() < 0.5 else -1]
    hertz = np.linspace(ends[0], ends[1], 2 * RATE)
    hum = tone(2.0, hertz, np.arange(1.0, 13.0) ** -0.8)
    return faded(hum / np.std(hum) + 0.3 * noise(rng, 2.0, 3), 0.1, 0.1)


def drums(rng: Rng) -> Sound:
    """A beat of bass drum and hi-hat."""
    period, sound = rng.uniform(0.4, 0.7), np.zeros(5 * RATE)
    for k in range(int(4.6 / period)):
        mix(sound, thud(rng, 60, 0.18, 0.1), k * period)
        hat = band(noise(rng, 0.08), 4000, 7500)[:1280] * np.exp(-60 * seconds(0.08))
        mix(sound, 0.3 * hat, (k + 0.5) * period)
    return sound


def speech(rng: Rng, length_s: float = 3.0) -> Sound:
    """Syllables: a voice of 90 to 250 Hz through moving formants, with pauses and hisses."""
    sound, at, base = np.zeros(round(length_s * RATE)), 0.05, rng.uniform(95, 230)
    vowels = [(730, 1090), (270, 2290), (300, 870), (530, 1840), (640, 1190), (490, 1350)]
    while at < length_s - 0.3:
        size = rng.uniform(0.11, 0.2)
        t = seconds(size)
        contour = base * (1 + rng.uniform(-0.15, 0.2) * t / size) * rng.uniform(0.9, 1.12)
        voice = tone(size, contour, np.arange(1.0, 31.0) ** -1.0)
        formants = vowels[int(rng.integers(0, 6))]
        vowel = np.zeros(len(t))
        for formant, weight in zip((*formants, 2600), (1, 0.6, 0.25), strict=True):
            pole = np.exp(-np.pi * 90 / RATE)
            turn = 2 * np.pi * formant / RATE
            vowel += weight * lfilter([1 - pole], [1, -2 * pole * np.cos(turn), pole**2], voice)
        mix(sound, faded(vowel / (np.std(vowel) + 1e-9), 0.03, 0.04) * rng.uniform(0.6, 1), at)
        at += size
        if rng.random() < 0.5:
            hiss = band(noise(rng, 0.08), 3000, 7000)[:1280]
            mix(sound, faded(hiss, 0.02, 0.02) * 0.15, at)
            at += rng.uniform(0.04, 0.09)
        if rng.random() < 0.12:
            at += rng.uniform(0.15, 0.35)
    return sound


OTHERS: dict[str, Callable[[Rng], Sound]] = {
    "melody": melody,
    "organ": organ,
    "plucked chord": plucked_chord,
    "held tone": held_tone,
    "sweep": sweep,
    "chirps": chirps,
    "footsteps": footsteps,
    "clap": clap,
    "applause": applause,
    "wind": wind,
    "rain": rain,
    "engine": engine,
    "drums": drums,
    "speech": speech,
}
