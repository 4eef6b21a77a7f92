"""Sounds made from scratch, each by a recipe that varies widely within the meaning of its name."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

Sound = NDArray[np.float64]
Rng = np.random.Generator
RATE = 16_000


def seconds(length_s: float) -> Sound:
    return np.arange(round(length_s * RATE)) / RATE


def faded(sound: Sound, in_s: float = 0.01, out_s: float = 0.01) -> Sound:
    """With a linear fade at both ends."""
    first, last = max(1, round(in_s * RATE)), max(1, round(out_s * RATE))
    shape = np.ones(len(sound))
    shape[:first] *= np.linspace(0, 1, first)[: len(sound)]
    shape[-last:] *= np.linspace(1, 0, last)[-len(sound) :]
    return sound * shape


def scaled(sound: Sound, peak: float = 0.5) -> Sound:
    """With its largest sample at `peak`."""
    top = float(np.abs(sound).max()) if len(sound) else 0.0
    return sound * (peak / top) if top > 0 else sound


def noise(rng: Rng, length_s: float, slope_db: float = 0.0) -> Sound:
    """Noise whose level falls by `slope_db` an octave: 0 is white, 3 pink, 6 brown."""
    count = max(2, round(length_s * RATE))
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 30.0)
    shaped = np.fft.irfft(spectrum * hertz ** (-slope_db / 6.02), count)
    return np.asarray(shaped / (np.std(shaped) + 1e-12))


def band(sound: Sound, low: float, high: float, order: int = 2) -> Sound:
    """Only what lies between two frequencies."""
    return np.asarray(sosfilt(butter(order, (low, high), "bandpass", fs=RATE, output="sos"), sound))


def tone(length_s: float, hertz: float | Sound, partials: Sound | None = None) -> Sound:
    """A tone of harmonic partials with the given amplitudes (one by default)."""
    t = seconds(length_s)
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, t.shape)) / RATE
    top = float(np.max(hertz))
    amplitudes = np.ones(1) if partials is None else partials
    return np.asarray(
        sum(a * np.sin(k * phase) for k, a in enumerate(amplitudes, 1) if k * top < 0.47 * RATE)
        + np.zeros(len(t))
    )


def harmonics(rng: Rng, most: int) -> Sound:
    """Amplitudes of a random number of partials that fall with their number."""
    count = int(rng.integers(1, most + 1))
    return np.asarray(
        np.arange(1, count + 1) ** -rng.uniform(0.7, 2.2) * rng.uniform(0.4, 1, count)
    )


def bell(rng: Rng) -> Sound:
    """Struck: partials in one of several ratios, each with its own decay."""
    t60 = rng.uniform(0.7, 2.2)
    t = seconds(min(t60, 2.2))
    ratios = [
        np.array([1.0]),
        np.arange(1.0, 6.0),
        np.array([0.5, 1.0, 1.2, 1.5, 2.0, 2.67]),
        np.array([1.0, 2.76, 5.40, 8.93]),
        np.array([1.0, 1.59, 2.14, 2.30, 2.65]),
        np.sort(np.concatenate(([1.0], rng.uniform(1.3, 6, 5)))),
    ][int(rng.integers(0, 6))]
    base = rng.uniform(450, 1600) if len(ratios) != 6 else rng.uniform(500, 1200)
    sound = np.zeros(len(t))
    for ratio in ratios:
        if base * ratio > 7000:
            continue
        fall = 6.9 / (t60 * rng.uniform(0.6, 1.1) / max(ratio, 1.0) ** rng.uniform(0, 0.5))
        beat = 1 + rng.uniform(0, 0.3) * np.sin(2 * np.pi * rng.uniform(2, 7) * t)
        partial = np.sin(2 * np.pi * base * ratio * t + rng.uniform(0, 6)) * np.exp(-fall * t)
        sound += rng.uniform(0.3, 1) / max(ratio, 1) ** rng.uniform(0, 1) * partial * beat
    strike = noise(rng, 0.02) * np.linspace(1, 0, 320) ** 2
    sound[:320] += rng.uniform(0, 0.4) * strike
    return faded(sound, rng.uniform(0.001, 0.008), 0.03)


def crash(rng: Rng) -> Sound:
    """A burst of noise of one colour or several, with or without debris."""
    t60 = rng.uniform(0.45, 1.1)
    t = seconds(t60)
    sound = noise(rng, t60, rng.uniform(-2, 3.5))[: len(t)] * np.exp(-6.9 / t60 * t)
    if rng.random() < 0.5:
        sound = band(sound, rng.uniform(150, 900), rng.uniform(4500, 7500), 1)
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(2, 7))):
            at = rng.uniform(0.03, 0.25)
            bit = (t >= at) * np.exp(-rng.uniform(20, 60) * np.maximum(t - at, 0))
            sound += rng.uniform(0.1, 0.35) * np.exp(-6 * at) * noise(rng, t60)[: len(t)] * bit
    if rng.random() < 0.3:
        ring = sum(np.sin(2 * np.pi * f * t) for f in rng.uniform(900, 6500, 12))
        sound += 0.1 * np.asarray(ring) * np.exp(-6.9 / t60 * t)
    return faded(sound, rng.uniform(0.001, 0.01), 0.02)


def thud(rng: Rng, hertz: float, length_s: float, click: float) -> Sound:
    """One low thud."""
    t = seconds(length_s)
    fall = rng.uniform(4.5, 7) / length_s
    drop = hertz * (1 + rng.uniform(0, 0.6) * np.exp(-t * 40))
    sound = tone(length_s, drop, np.array([1, rng.uniform(0, 0.4), rng.uniform(0, 0.1)]))
    sound += rng.uniform(0, 0.8) * band(noise(rng, length_s)[: len(t)], 60, 350)
    sound += click * noise(rng, length_s)[: len(t)] * np.exp(-t * 300)
    return faded(sound * np.exp(-fall * t), 0.002, 0.01)


def knock(rng: Rng) -> Sound:
    """One to three thuds within 0.6 s."""
    count, length_s = int(rng.integers(1, 4)), rng.uniform(0.07, 0.15)
    hertz, click = rng.uniform(80, 260), rng.uniform(0, 0.2)
    gap = rng.uniform(0.13, min(0.24, 0.45 / max(count - 1, 1))) if count > 1 else 0.0
    sound = np.zeros(round((gap * (count - 1) + length_s + 0.01) * RATE))
    for k in range(count):
        mix(sound, thud(rng, hertz * rng.uniform(0.95, 1.05), length_s, click), k * gap)
    return sound


def siren(rng: Rng) -> Sound:
    """One tone that glides up and down."""
    length_s = rng.uniform(1.0, 2.5)
    rate = rng.uniform(max(0.55, 1.0 / length_s), 2.0)
    low = rng.uniform(400, 850)
    high = min(low * rng.uniform(1.3, 2.4), 1500)
    cycle = (seconds(length_s) * rate + rng.uniform(0, 1)) % 1.0
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * cycle)
    if rng.random() < 0.35:
        wave = 1 - np.abs(2 * cycle - 1)
    hertz = low * (high / low) ** wave if rng.random() < 0.5 else low + (high - low) * wave
    return faded(tone(length_s, hertz, harmonics(rng, 6)), rng.uniform(0.01, 0.08), 0.05)


def whirring(rng: Rng) -> Sound:
    """A steady low hum with noise, with or without a beat of 8 to 16 Hz."""
    length_s = rng.uniform(1.0, 2.5)
    t = seconds(length_s)
    count = int(rng.integers(4, 16))
    levels = np.arange(1, count + 1) ** -rng.uniform(0.4, 1.4) * rng.uniform(0.4, 1, count)
    hum = tone(length_s, rng.uniform(70, 150) * (1 + 0.004 * np.sin(2 * np.pi * 3 * t)), levels)
    rough = noise(rng, length_s, rng.uniform(0, 6))[: len(t)]
    if rng.random() < 0.5:
        rough = band(rough, 100, rng.uniform(800, 4000), 1)
    sound = hum / np.std(hum) + rng.uniform(0.25, 0.8) * rough / np.std(rough)
    if rng.random() < 0.6:
        beat = np.sin(2 * np.pi * rng.uniform(8, 16) * t)
        sound = sound * (1 + rng.uniform(0.2, 0.8) * beat)
    return faded(sound, rng.uniform(0.02, 0.1), rng.uniform(0.02, 0.1))


def beeping(rng: Rng) -> Sound:
    """A steady tone, switched on and off."""
    period, duty = rng.uniform(0.2, 0.45), rng.uniform(0.35, 0.7)
    count = int(np.clip(round(rng.uniform(1.0, 2.0) / period), 3, 9))
    one = tone(period * duty, rng.uniform(700, 2500), harmonics(rng, 5))
    one = faded(one, rng.uniform(0.002, 0.02), rng.uniform(0.002, 0.02))
    sound = np.zeros(round((period * (count - 1) + period * duty) * RATE) + 1)
    for k in range(count):
        mix(sound, one, k * period)
    return sound


LABELLED: dict[str, Callable[[Rng], Sound]] = {
    "bell": bell,
    "crash": crash,
    "knock": knock,
    "siren": siren,
    "whirring": whirring,
    "beeping": beeping,
}


def mix(into: Sound, sound: Sound, at_s: float) -> None:
    """Add a sound at a time, cut where the other ends."""
    first = round(at_s * RATE)
    part = sound[: max(0, len(into) - first)]
    into[first : first + len(part)] += part


def scene(
    rng: Rng, sounds: list[tuple[Sound, float]], length_s: float, below_db: float | None = None
) -> NDArray[np.float32]:
    """Sounds at their times, over noise that lies `below_db` under their mean level, if given."""
    made = np.zeros(round(length_s * RATE))
    for sound, at_s in sounds:
        mix(made, scaled(sound, rng.uniform(0.3, 0.6)), at_s)
    made += 1e-4 * rng.standard_normal(len(made))
    if below_db is not None:
        loud = made[np.abs(made) > 0.02]
        level = float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.1
        made += noise(rng, length_s, rng.uniform(0, 5)) * level * 10 ** (-below_db / 20)
    return np.asarray(scaled(made, min(0.95, float(np.abs(made).max()))), np.float32)
