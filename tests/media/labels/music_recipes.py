"""A second band for tests: more recipes for timbres and drums, in two halves.

`TUNED_ON` was heard while the counting was tuned; `KEPT_ASIDE` only checks it.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator, default_rng
from scipy.signal import butter, lfilter, resample_poly, sosfilt

from tests.media.labels.music import RATE, Sound, Timbre, background

LENGTH_S = 8.0
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))
Envelope = tuple[float, float, float]
"""Attack and release in seconds, decay per second."""


def _clock(length_s: float) -> Sound:
    return np.arange(max(int(length_s * RATE), 400)) / RATE


def _shaped(sound: Sound, envelope: Envelope) -> Sound:
    attack, release, decay = envelope
    time = np.arange(len(sound)) / RATE
    up = np.minimum(time / attack, 1.0)
    down = np.minimum((time[-1] - time) / release, 1.0)
    return np.asarray(
        sound * np.sin(np.pi / 2 * up) * np.sin(np.pi / 2 * down) * np.exp(-decay * time)
    )


def _band(sound: Sound, low: float, high: float) -> Sound:
    return np.asarray(sosfilt(butter(2, (low, high), "bandpass", fs=RATE, output="sos"), sound))


def _sum(
    sizes: Mapping[float, float],
    envelope: Envelope,
    *,
    fades: float = 0.0,
    wobble: tuple[float, float, float] = (0.0, 5.0, 0.0),
    breath: float = 0.0,
    formants: tuple[float, ...] = (),
    copies: tuple[float, ...] = (0.0,),
) -> Timbre:
    """Partials by ratio. `fades`: per second and ratio; `wobble`: depth, rate, tremolo;
    `copies`: detuned by so many cents."""

    def play(hertz: float, length_s: float) -> Sound:
        time = _clock(length_s)
        depth, speed, shake = wobble
        swing = depth * np.sin(2 * np.pi * speed * time)
        sound = np.zeros(len(time))
        for number, cents in enumerate(copies):
            phase = 2 * np.pi * np.cumsum(hertz * 2 ** (cents / 1200) * (1 + swing)) / RATE
            for ratio, size in sizes.items():
                at = ratio * hertz
                if at > 7500:
                    continue
                body = sum(np.exp(-(((at - f) / (0.25 * f)) ** 2)) for f in formants) + 0.08
                size_here = size * (body if formants else 1.0)
                sound += (
                    size_here
                    * np.exp(-fades * ratio * time)
                    * np.sin(ratio * phase + number + ratio**2)
                )
        sound *= 1 + shake * np.sin(2 * np.pi * speed * time)
        if breath:
            air = default_rng(int(hertz)).standard_normal(len(time))
            sound += breath * _band(air, 0.7 * hertz, min(4 * hertz, 7000)) * 2
        return _shaped(sound, envelope)

    return play


def _string(bright: float, damping: float, pick: float) -> Timbre:
    """Karplus and Strong: noise that runs round a loop and loses its treble."""

    def play(hertz: float, length_s: float) -> Sound:
        # At three times the rate: the loop's averaging takes the treble of a slower one at once.
        count = 3 * len(_clock(length_s))
        loop = 3 * RATE / hertz - 0.5
        whole = int(loop)
        rest = loop - whole
        noise = default_rng(int(7 * hertz)).standard_normal(whole + 2)
        noise = lfilter([bright], [1, bright - 1], noise)
        start = np.zeros(count)
        start[: len(noise)] = noise - np.roll(noise, int(pick * whole))
        feed = np.zeros(whole + 3)
        feed[whole : whole + 3] = 0.5 * (1 - rest), 0.5, 0.5 * rest
        loss = 10 ** (-3 * damping / hertz)
        sound = lfilter([1], np.concatenate(([1.0], -loss * feed[1:])), start)
        return _shaped(resample_poly(sound, 1, 3), (0.002, 0.04, 0))

    return play


def _fm(ratio: float, index: float, fades: float, envelope: Envelope) -> Timbre:
    def play(hertz: float, length_s: float) -> Sound:
        time = _clock(length_s)
        depth = min(index, 3000 / (ratio * hertz)) * np.exp(-fades * time)
        inner = depth * np.sin(2 * np.pi * ratio * hertz * time)
        return _shaped(np.sin(2 * np.pi * hertz * time + inner), envelope)

    return play


def _series(count: int, slope: float, even: float = 1.0) -> dict[float, float]:
    return {float(n): n**-slope * (1.0 if n % 2 else even) for n in range(1, count + 1)}


_PAD = (0.12, 0.12, 0.0)
TUNED_ON: Mapping[str, Timbre] = {
    "bright string": _string(0.9, 1.2, 0.2),
    "electric piano": _fm(1, 2.2, 3.0, (0.004, 0.05, 1.2)),
    "hollow square": _sum(_series(15, 1.0, 0.0), (0.01, 0.05, 0)),
    "oboe": _sum(
        _series(16, 0.8), (0.04, 0.06, 0), formants=(1100, 2700), wobble=(0.003, 5.5, 0.1)
    ),
    "soft flute": _sum(
        {1: 1, 2: 0.25, 3: 0.08}, (0.06, 0.08, 0), breath=0.15, wobble=(0.004, 5, 0.2)
    ),
    "detuned pad": _sum(_series(12, 1.2), _PAD, copies=(-9.0, 0.0, 8.0)),
    "marimba": _sum({1: 1, 3.93: 0.35, 9.2: 0.08}, (0.002, 0.05, 5.0), fades=2.0),
    "brass": _sum(_series(14, 0.7), (0.1, 0.08, 0), formants=(600, 1300), breath=0.05),
    "tine": _sum({1: 1, 2: 0.4, 5.4: 0.3}, (0.003, 0.1, 2.5), fades=1.0),
    "drawbars": _sum({1: 0.8, 2: 1.0, 3: 0.6, 4: 0.7, 8: 0.5}, (0.008, 0.02, 0)),
    "harpsichord": _sum(_series(20, 0.5), (0.002, 0.03, 2.0), fades=0.3),
}
KEPT_ASIDE: Mapping[str, Timbre] = {
    "nylon string": _string(0.35, 2.5, 0.12),
    "metal fm": _fm(2, 3.0, 4.0, (0.003, 0.06, 1.5)),
    "fm reed": _fm(2, 1.6, 0.0, (0.03, 0.05, 0)),
    "fm brass": _fm(1, 3.5, 0.0, (0.07, 0.06, 0)),
    "clarinet": _sum(_series(11, 1.1, 0.06), (0.04, 0.06, 0), formants=(1500,)),
    "stopped pipe": _sum({1: 1, 3: 0.4, 5: 0.15, 6: 0.05}, (0.03, 0.05, 0), breath=0.04),
    "vibraphone": _sum({1: 1, 4: 0.3, 10: 0.05}, (0.003, 0.1, 1.2), wobble=(0, 6, 0.4), fades=0.5),
    "small bell": _sum({1: 1, 2.0: 0.4, 2.76: 0.25, 5.4: 0.2}, (0.002, 0.1, 2.0), fades=0.8),
    "saw lead": _sum(_series(18, 1.0), (0.01, 0.04, 0), wobble=(0.006, 6, 0)),
    "strings": _sum(
        _series(16, 1.1), (0.09, 0.1, 0), copies=(-5.0, 6.0), wobble=(0.004, 5.2, 0.08)
    ),
    "bassoon": _sum(_series(18, 0.6), (0.03, 0.05, 0), formants=(480, 1200)),
    "whistle": _sum({1: 1, 2: 0.03}, (0.05, 0.06, 0), wobble=(0.006, 5.5, 0.1)),
}


def _noise_hit(
    low: float, high: float, attack: float, decay: float, tone: float = 0.0
) -> Callable[[Generator], Sound]:
    def hit(draw: Generator) -> Sound:
        time = _clock(0.3)
        noise = _band(draw.standard_normal(len(time)), low, high)
        body = tone * np.sin(2 * np.pi * 190 * time) * np.exp(-25 * time)
        return _shaped(noise / noise.std() + body, (attack, 0.02, decay))

    return hit


def _block(draw: Generator) -> Sound:
    time = _clock(0.15)
    click = 0.4 * draw.standard_normal(len(time)) * np.exp(-200 * time)
    modes = sum(
        np.sin(2 * np.pi * f * time) * np.exp(-d * time) for f, d in ((1830, 60), (2710, 80))
    )
    return _shaped(click + modes, (0.001, 0.02, 0))


def _tom(draw: Generator) -> Sound:
    time = _clock(0.3)
    phase = 2 * np.pi * (85 * time + 40 / 20 * (1 - np.exp(-20 * time)))
    skin = _band(draw.standard_normal(len(time)), 200, 2500) * np.exp(-50 * time)
    return _shaped(np.sin(phase) * np.exp(-12 * time) + 0.8 * skin, (0.002, 0.03, 0))


DRUMS_TUNED_ON: Mapping[str, Callable[[Generator], Sound]] = {
    "shaker": _noise_hit(3000, 7500, 0.03, 25),
    "snare": _noise_hit(400, 6500, 0.002, 22, tone=0.8),
    "tom": _tom,
}
DRUMS_KEPT_ASIDE: Mapping[str, Callable[[Generator], Sound]] = {
    "hi-hat": _noise_hit(5000, 7800, 0.001, 50),
    "brush": _noise_hit(900, 5000, 0.015, 14),
    "clap": _noise_hit(800, 2800, 0.003, 30),
    "wood block": _block,
}


def _levelled(part: Sound, level: float) -> Sound:
    """Scaled by the mean of its louder half, in steps of 0.1 s."""
    steps = part[: len(part) // 1600 * 1600].reshape(-1, 1600)
    power = np.sort((steps**2).mean(axis=1))[len(steps) // 2 :]
    return np.asarray(part * level / np.sqrt(power.mean() + 1e-12))


def _times(draw: Generator, taken: list[float]) -> list[tuple[float, float]]:
    beat, at = draw.uniform(0.3, 0.75), draw.uniform(0.05, 0.5)
    notes: list[tuple[float, float]] = []
    while at < LENGTH_S - 0.35:
        lasting = beat * float(draw.choice([0.5, 1, 1, 1, 2]))
        lasting = max(lasting, 0.2)
        start = at + 0.05 if any(abs(at - other) < 0.04 for other in taken) else at
        if draw.random() < 0.92:
            notes.append((start, lasting * draw.uniform(0.75, 0.98)))
        at += lasting
    taken.extend(start for start, _ in notes)
    return notes


def band(
    seed: int,
    count: int,
    timbres: Mapping[str, Timbre],
    drums: Mapping[str, Callable[[Generator], Sound]],
    noise_db: float | None = None,
) -> tuple[Sound, tuple[str, ...]]:
    """Music of `count` sources (1 to 4) made of these recipes, shape `(n,)`, and their names.

    Registers are 7 semitones wide and at least 5 apart, levels within 1.5 dB.
    """
    draw = default_rng(seed)
    drum = count > 1 and draw.random() < 0.45
    pitched = count - drum
    names = [str(name) for name in draw.permutation(list(timbres))[:pitched]]
    spare = np.sort(draw.integers(0, 53 - 12 * pitched + 5, pitched))
    lows = [36 + int(more) + 12 * k for k, more in enumerate(spare)]
    scale, key = _SCALES[draw.integers(len(_SCALES))], draw.integers(12)
    total, taken = np.zeros(int(LENGTH_S * RATE)), list[float]()

    def add(into: Sound, sound: Sound, at_s: float) -> None:
        first = int(at_s * RATE)
        into[first : first + len(sound)] += sound[: len(into) - first]

    for name, low in zip(names, draw.permutation(lows), strict=True):
        part = np.zeros(len(total))
        allowed = [n for n in range(low, low + 8) if (n - key) % 12 in scale]
        for at, lasting in _times(draw, taken):
            sound = timbres[name](440 * 2 ** ((draw.choice(allowed) - 69) / 12), lasting)
            add(part, sound / (np.abs(sound).max() + 1e-9), at)
        total += _levelled(part, 0.1 * 10 ** (draw.uniform(-1.5, 1.5) / 20))
    if drum:
        kind = str(draw.choice(list(drums)))
        names.append(kind)
        part = np.zeros(len(total))
        for at, _ in _times(draw, taken):
            add(part, drums[kind](draw), at)
        total += _levelled(part, 0.08)
    if noise_db is not None:
        power = np.sqrt(np.mean(total**2))
        total += background(seed + 1, LENGTH_S) * 10 * power * 10 ** (-noise_db / 20)
    return np.asarray(0.5 * total / np.abs(total).max()), tuple(names)
