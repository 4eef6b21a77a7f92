"""What both sets of sounds are made with: tones, noise, fades, levels, and placing them."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Sound = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]

RATE = 24_000
"""Samples per second of every rendered sound."""

DECAY_DB = 30.0
"""An event ends when it has fallen this far below its loudest moment."""


def times(length_s: float) -> Sound:
    """The time of each sample, seconds; never fewer than 64 samples."""
    return np.arange(max(round(length_s * RATE), 64)) / RATE


def tone(hertz: float | Sound, length_s: float, phase: float = 0.0) -> Sound:
    """A sine of a fixed or changing pitch."""
    clock = times(length_s)
    if isinstance(hertz, np.ndarray):
        return np.sin(2 * np.pi * np.cumsum(hertz[: len(clock)]) / RATE + phase)
    return np.sin(2 * np.pi * hertz * clock + phase)


def partials(
    hertz: float, length_s: float, sizes: Numbers, decays: Numbers, ratios: Numbers
) -> Sound:
    """A sum of sines, each with its size, its decay (1/s) and its ratio to `hertz`."""
    clock = times(length_s)
    kept = ratios * hertz < 0.45 * RATE
    waves = np.sin(2 * np.pi * hertz * ratios[kept, None] * clock + ratios[kept, None])
    total: Sound = (sizes[kept, None] * np.exp(-decays[kept, None] * clock) * waves).sum(0)
    return total


def band_noise(draw: Generator, length_s: float, low: float, high: float) -> Sound:
    """Noise between two frequencies, with soft edges; rms 1."""
    count = len(times(length_s))
    spectrum = np.fft.rfft(draw.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum /= (1 + (low / np.maximum(hertz, 1.0)) ** 6) * (1 + (hertz / high) ** 6)
    noise = np.fft.irfft(spectrum, count)
    result: Sound = noise / (np.sqrt(np.mean(noise**2)) + 1e-12)
    return result


def fade(sound: Sound, up_s: float, down_s: float) -> Sound:
    """The sound with a raised-cosine beginning and end."""
    up = min(max(int(up_s * RATE), 8), len(sound) // 2)
    down = min(max(int(down_s * RATE), 8), len(sound) // 2)
    sound = sound.copy()
    sound[:up] *= 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, up))
    sound[len(sound) - down :] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, down))
    return sound


def envelope(sound: Sound, window_s: float = 0.01) -> Sound:
    """Root mean square over a short window around each sample."""
    count = max(int(window_s * RATE), 1)
    sums = np.concatenate([[0.0], np.cumsum(sound**2)])
    first = np.clip(np.arange(len(sound)) - count // 2, 0, len(sound))
    last = np.clip(first + count, 0, len(sound))
    result: Sound = np.sqrt((sums[last] - sums[first]) / count)
    return result


def levelled(sound: Sound, rms: float, window_s: float = 0.1) -> Sound:
    """The sound scaled so that its loudest stretch has this root mean square."""
    result: Sound = sound * (rms / (envelope(sound, window_s).max() + 1e-12))
    return result


def audible_s(sound: Sound) -> float:
    """How long a sound lasts until it has fallen by `DECAY_DB`, seconds."""
    loudness = envelope(sound)
    loud = np.flatnonzero(loudness >= loudness.max() * 10 ** (-DECAY_DB / 20))
    return float((loud[-1] + 1) / RATE) if len(loud) else 0.0


def put(into: Sound, sound: Sound, at_s: float) -> None:
    """Add a sound to a longer one, in place; what stands out is cut off."""
    first = round(at_s * RATE)
    if first < 0:
        sound, first = sound[-first:], 0
    count = min(len(sound), len(into) - first)
    if count > 0:
        into[first : first + count] += sound[:count]


def hertz_of(note: float) -> float:
    """The frequency of a MIDI note number."""
    return float(440.0 * 2 ** ((note - 69) / 12))
