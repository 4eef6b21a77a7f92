"""A far wider band: timbres and drums whose every parameter is drawn, in the benchmark's structure.

Seeds below `KEPT_ASIDE_FROM` are to tune on; those from there on only check.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.signal import resample_poly

from aurelia.bench.rendered.ensembles import ensemble
from aurelia.bench.rendered.noise import behind
from aurelia.bench.rendered.synth import RATE, Sound, band_noise, fade, times

KEPT_ASIDE_FROM = 100_000
LENGTH_S = 8.0
HEARD_AT = 16_000
"""Samples per second of what is returned."""

Timbre = Callable[[float, float], Sound]
Hit = Callable[[], Sound]


def _one(draw: Generator, *choices: float) -> float:
    return float(draw.choice(choices))


def _sizes(draw: Generator, kind: str) -> tuple[Sound, Sound]:
    """Ratios of the partials and their sizes."""
    if kind == "bar":
        ratios = [(1, 2.76, 5.4), (1, 3.9, 9.2), (1, 4.0, 10.0), (1, 2.0, 2.76, 5.4)]
        chosen = np.array(ratios[int(draw.integers(len(ratios)))], float)
        sizes = np.array([1.0, *draw.uniform(0.03, 0.45, len(chosen) - 1)])
        return chosen * draw.uniform(0.995, 1.005, len(chosen)), sizes
    if kind == "drawbars":
        ratios_ = np.array([1.0, 2, 3, 4, 5, 6, 8])
        sizes = draw.uniform(0, 1, 7) * (draw.random(7) < 0.7)
        sizes[0] = draw.uniform(0.4, 1.0)
        return ratios_, sizes
    count = int(np.round(np.exp(draw.uniform(0, np.log(30)))))
    order = np.arange(1, count + 1, dtype=float)
    sizes = order ** -draw.uniform(0.3, 2.5)
    if kind == "odd":
        sizes *= np.where(order % 2 == 0, draw.uniform(0, 0.1), 1.0)
    if kind == "weak" and count > 3:
        sizes[0] *= draw.uniform(0.0, 0.3)
    if kind == "plucked":
        sizes *= np.maximum(np.abs(np.sin(np.pi * order * draw.uniform(0.1, 0.5))), 0.02)
        sizes[0] = max(sizes[0], 0.3)
    if draw.random() < 0.5:
        sizes[1:] *= 10 ** (draw.uniform(-6, 6, count - 1) / 20)
    if kind == "pulse":
        share = draw.uniform(0.1, 0.5)
        sizes = np.abs(np.sin(np.pi * order * share)) / order
    stretch = draw.uniform(0, 4e-4) if kind == "plucked" else 0.0
    return order * np.sqrt(1 + stretch * order**2), sizes


def timbre(draw: Generator) -> Timbre:
    """One instrument of any kind; it keeps its timbre over all of its notes."""
    kinds = ("any", "plucked", "odd", "weak", "bar", "drawbars", "pulse", "formants", "fm")
    kind = str(draw.choice(kinds, p=[0.18, 0.15, 0.1, 0.06, 0.1, 0.1, 0.1, 0.13, 0.08]))
    if kind == "fm":
        return _fm(draw)
    ratios, sizes = _sizes(draw, kind)
    falls = kind in ("bar", "plucked") or draw.random() < 0.2
    decay = draw.uniform(0.5, 8.0) if falls else 0.0
    damping = draw.uniform(0, 1.2) if falls else 0.0
    attack = np.exp(draw.uniform(np.log(0.002), np.log(0.02 if falls else 0.12)))
    release = np.exp(draw.uniform(np.log(0.01), np.log(0.12)))
    swings = not falls and draw.random() < 0.45
    depth = draw.uniform(0.001, 0.007) * swings
    speed, shake = draw.uniform(4.5, 6.8), draw.uniform(0, 0.3) * (draw.random() < 0.3)
    cents: tuple[float, ...] = (0.0,)
    if draw.random() < 0.15:
        cents = (0.0, draw.uniform(4, 12), -draw.uniform(4, 12))
    breath = draw.uniform(0.01, 0.1) * (draw.random() < 0.25)
    middle = draw.uniform((300, 900, 2000), (900, 2000, 3200))
    corner = _one(draw, 0, 0, 1) * np.exp(draw.uniform(np.log(600), np.log(4000)))
    seed = int(draw.integers(1 << 30))

    def play(hertz: float, length_s: float) -> Sound:
        clock = times(length_s)
        swing = depth * np.minimum(clock / 0.2, 1) * np.sin(2 * np.pi * speed * clock)
        sound = 0 * clock
        for number, off in enumerate(cents):
            phase = 2 * np.pi * np.cumsum(hertz * 2 ** (off / 1200) * (1 + swing)) / RATE
            for ratio, size in zip(ratios, sizes, strict=True):
                at = ratio * hertz
                if at > 0.45 * RATE or size < 1e-4:
                    continue
                if kind == "formants":
                    size *= 0.1 + np.exp(-(((at - middle) / (0.25 * middle)) ** 2)).sum()
                if corner:
                    size /= 1 + (at / corner) ** 2
                fallen = np.exp(-(decay + damping * (ratio - 1)) * clock)
                sound += size * fallen * np.sin(ratio * phase + ratio**2 + 2 * number)
        sound *= 1 + shake * np.sin(2 * np.pi * speed * clock)
        sound /= np.sqrt(np.mean(sound**2)) + 1e-9
        if breath:
            sound += breath * band_noise(default_rng(seed), length_s, 0.8 * hertz, 4 * hertz)
        return fade(sound, attack, release)

    return play


def _fm(draw: Generator) -> Timbre:
    ratio, index = _one(draw, 1, 1, 2, 3, 4), draw.uniform(0.3, 3.0)
    fades, decay = draw.uniform(0, 5), draw.uniform(0, 4) * (draw.random() < 0.6)
    attack = draw.uniform(0.003, 0.06)

    def play(hertz: float, length_s: float) -> Sound:
        clock = times(length_s)
        depth = min(index, 3000 / (ratio * hertz)) * np.exp(-fades * clock)
        inner = depth * np.sin(2 * np.pi * ratio * hertz * clock)
        return fade(
            np.sin(2 * np.pi * hertz * clock + inner) * np.exp(-decay * clock), attack, 0.05
        )

    return play


def percussion(draw: Generator) -> Hit:
    """A hat, shaker, snare, tom, block, clap, cymbal, brush or kick; each hit is the same."""
    kinds = ("hat", "shaker", "snare", "tom", "block", "clap", "cymbal", "brush", "kick")
    kind = str(draw.choice(kinds))
    low, high, fall, rise = {
        "hat": (draw.uniform(3500, 6500), 11_000.0, draw.uniform(35, 80), 0.001),
        "shaker": (draw.uniform(2000, 4500), draw.uniform(7000, 11_000), draw.uniform(20, 40),
                   draw.uniform(0.005, 0.04)),
        "snare": (draw.uniform(300, 900), draw.uniform(5000, 9000), draw.uniform(14, 35), 0.002),
        "tom": (150.0, draw.uniform(1500, 3500), draw.uniform(30, 60), 0.002),
        "block": (800.0, 6000.0, draw.uniform(120, 250), 0.001),
        "clap": (draw.uniform(600, 1100), draw.uniform(2500, 4500), draw.uniform(20, 40), 0.002),
        "cymbal": (draw.uniform(1500, 4000), 11_000.0, draw.uniform(5, 14), 0.002),
        "brush": (draw.uniform(600, 1800), draw.uniform(4000, 8000), draw.uniform(10, 20),
                  draw.uniform(0.01, 0.03)),
        "kick": (60.0, draw.uniform(1000, 3000), draw.uniform(60, 120), 0.002),
    }[kind]  # fmt: skip
    lasting = min(3.5 / fall + 0.08, 0.6)
    clock = times(lasting)
    noise = band_noise(draw, lasting, low, high) * np.exp(-fall * clock)
    noise /= np.abs(noise).max()
    body = 0 * clock
    if kind in ("tom", "kick"):
        foot = draw.uniform(75, 130) if kind == "tom" else draw.uniform(45, 60)
        drop = draw.uniform(0.2, 0.6) if kind == "tom" else draw.uniform(1.0, 2.5)
        long = times(0.28)
        phase = foot * long + drop * foot / 35 * (1 - np.exp(-35 * long))
        body = np.sin(2 * np.pi * phase) * np.exp(-draw.uniform(10, 20) * long)
        noise = np.pad(0.4 * noise, (0, max(0, len(long) - len(noise))))[: len(long)]
    if kind == "snare":
        body = draw.uniform(0, 0.6) * np.sin(2 * np.pi * draw.uniform(160, 240) * clock)
        body = body * np.exp(-25 * clock)
    if kind == "block":
        modes = draw.uniform((800, 1800), (1500, 3500))
        body = sum(np.sin(2 * np.pi * f * clock) for f in modes) * np.exp(-60 * clock)
        noise = 0.6 * noise
    if kind == "clap":
        for late in (0.011, 0.023):
            noise = noise + np.roll(noise, round(late * RATE)) * (clock > late)
    sound = fade(np.asarray(noise + body), rise, 0.02)
    return lambda: sound


def band(seed: int, count: int, noisy: bool = False) -> NDArray[np.float32]:
    """8 s of so many sources (1 to 4), shape `(n,)` at `HEARD_AT`.

    The structure is the benchmark's own: registers, rhythms, levels and how often there is a drum.

    Args:
        noisy: with coloured noise 12 to 18 dB below the loudest moment.
    """
    draw = default_rng([seed, count])
    look = SimpleNamespace(timbres=(timbre,) * 4, percussion=percussion)
    sound = ensemble(cast(Any, SimpleNamespace(draw=draw, look=look)), count)
    if noisy:
        sound = behind(sound, _backing(draw), draw)
    heard = resample_poly(np.clip(sound, -1, 1), 2, 3)
    return np.asarray(heard, np.float32)


def _backing(draw: Generator) -> Sound:
    low, high = draw.uniform(40, 200), draw.uniform(600, 2500)
    noise = band_noise(draw, LENGTH_S, low, high)
    noise += draw.uniform(0.1, 0.6) * band_noise(draw, LENGTH_S, 300, 8000)
    noise *= 1 + 0.3 * np.sin(2 * np.pi * draw.uniform(0.1, 0.4) * times(LENGTH_S))
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))
