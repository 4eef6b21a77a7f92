"""Music with known content for tests: ensembles, songs and dance tracks, each drawn from a seed."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

Sound = NDArray[Any]
Timbre = Callable[[float, float], Sound]

RATE = 16_000
MODES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}


def _time(length_s: float) -> Sound:
    return np.arange(max(int(length_s * RATE), 64)) / RATE


def _edges(sound: Sound, attack_s: float, release_s: float) -> Sound:
    up = min(max(int(attack_s * RATE), 16), len(sound) // 2)
    down = min(max(int(release_s * RATE), 16), len(sound) // 2)
    sound = sound.copy()
    sound[:up] *= 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, up))
    sound[-down:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, down))
    return sound


def _partials(
    hertz: float, length_s: float, sizes: Sound, decays: Sound, stretch: float, vibrato: Sound
) -> Sound:
    """A sum of near-harmonic partials; `vibrato` is (depth, rate, tremolo)."""
    time = _time(length_s)
    depth, speed, shake = vibrato
    wave = depth * np.sin(2 * np.pi * speed * time) * np.minimum(time / 0.2, 1)
    phase = 2 * np.pi * np.cumsum(hertz * (1 + wave)) / RATE
    sound = np.zeros(len(time))
    for index, (size, decay) in enumerate(zip(sizes, decays, strict=True)):
        order = index + 1
        ratio = order * np.sqrt(1 + stretch * order**2)
        if size > 1e-4 and hertz * ratio < 7600:
            sound += size * np.exp(-decay * time) * np.sin(ratio * phase + 1.7 * index**2)
    return np.asarray(sound * (1 + shake * np.sin(2 * np.pi * speed * time + 1)))


def _normal(sound: Sound, level: float = 0.1) -> Sound:
    """Scaled by the loudest 100 ms, so that plucked and bowed notes are alike in level."""
    power = np.convolve(sound**2, np.ones(1600) / 1600)
    return np.asarray(sound * level / np.sqrt(power.max() + 1e-12))


def timbre(draw: Generator) -> Timbre:
    """One instrument, drawn from many kinds."""
    kind = draw.choice(["plucked", "bowed", "flute", "organ", "bell", "fm", "synth", "reed"])
    count = int(draw.integers(6, 24))
    order = np.arange(1, count + 1)
    slope = draw.uniform(0.8, 2.0)
    colour = 10 ** (draw.uniform(-5, 5, count) / 20)
    still, flat = np.array([0.0, 5.0, 0.0]), np.zeros(count)
    swing = np.array([draw.uniform(0.001, 0.008), draw.uniform(4.5, 6.5), draw.uniform(0, 0.15)])
    attack, release = draw.uniform(0.02, 0.08), draw.uniform(0.03, 0.1)
    if kind == "plucked":
        decay = draw.uniform(2, 6) + draw.uniform(0.1, 1.0) * order
        stretch, quick = draw.uniform(0, 3e-4), draw.uniform(0.001, 0.006)
        sizes = colour * order**-slope * np.abs(np.sin(np.pi * order * draw.uniform(0.1, 0.5)))
        sizes[0] = max(sizes[0], 0.4)
        return lambda f, d: _edges(_partials(f, d, sizes, decay, stretch, still), quick, release)
    if kind == "bell":
        count = 4
        sizes = np.array([1.0, draw.uniform(0, 0.5), draw.uniform(0, 0.2), draw.uniform(0, 0.5)])
        decay = draw.uniform(1.5, 4) * np.array([1.0, 1.5, 2.0, 3.0])
        stretch = draw.uniform(0, 1e-3)
        return lambda f, d: _edges(_partials(f, d, sizes, decay, stretch, still), 0.002, release)
    if kind == "flute":
        sizes = np.zeros(count)
        sizes[:4] = [1, *(draw.uniform(0.02, 0.4, 3) / [1, 2, 3])]
        breath, seed = draw.uniform(0, 0.06), int(draw.integers(1 << 30))

        def flute(hertz: float, length_s: float) -> Sound:
            tone = _partials(hertz, length_s, sizes, flat, 0.0, swing)
            air = np.convolve(default_rng(seed).standard_normal(len(tone)), [0.3, 0.4, 0.3], "same")
            return _edges(tone + breath * air, attack, release)

        return flute
    if kind == "fm":
        ratio, index = float(draw.integers(1, 4)), draw.uniform(0.8, 4)
        fade, fall = draw.uniform(0, 5), draw.uniform(0, 3)

        def fm(hertz: float, length_s: float) -> Sound:
            time, bright = _time(length_s), min(index, 2500 / (ratio * hertz))
            inner = bright * np.exp(-fade * time) * np.sin(2 * np.pi * ratio * hertz * time)
            tone = np.sin(2 * np.pi * hertz * time + inner) * np.exp(-fall * time)
            return _edges(tone, attack / 4, release)

        return fm
    if kind == "organ":
        sizes = np.zeros(8)
        sizes[[0, 1, 2, 3, 5, 7]] = [1, *draw.uniform(0.05, 0.9, 5)]
        return lambda f, d: _edges(_partials(f, d, sizes, np.zeros(8), 0.0, still), 0.01, 0.02)
    corner = draw.uniform(500, 3000)
    if kind == "synth":
        odd = draw.random() < 0.5
        swing = swing * (draw.random() < 0.5)
        attack /= 3
    else:
        odd = kind == "reed"

    def filtered(hertz: float, length_s: float) -> Sound:
        sizes = 1.0 / order * (1 + (order * hertz / corner) ** 2) ** -0.5
        sizes = sizes * (np.where(order % 2 == 0, 0.05, 1.0) if odd else 1.0)
        if kind == "bowed":
            sizes = sizes * colour
        return _edges(_partials(hertz, length_s, sizes, flat, 0.0, swing), attack, release)

    return filtered


def _put(into: Sound, sound: Sound, at_s: float) -> None:
    first = int(at_s * RATE)
    if 0 <= first < len(into):
        count = min(len(sound), len(into) - first)
        into[first : first + count] += sound[:count]


def _coloured(draw: Generator, length: int, low: float, high: float) -> Sound:
    spectrum = np.fft.rfft(draw.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / high) ** 4)
    return _normal(np.fft.irfft(spectrum, length))


def _drum(draw: Generator) -> Callable[[], Sound]:
    """One unpitched instrument: shaker, hat, snare, brushed noise or a drum kit's low thud."""
    kind = draw.choice(["hat", "snare", "shaker", "thud", "clap"])
    low, high = {
        "hat": (3000, 8000), "snare": (600, 6000), "shaker": (2500, 7000),
        "thud": (30, 400), "clap": (700, 3500),
    }[kind]  # fmt: skip
    fall, rise = draw.uniform(15, 50), 0.03 if kind == "shaker" else 0.002
    seed = int(draw.integers(1 << 30))

    def hit() -> Sound:
        time = _time(0.25)
        sound = _coloured(default_rng(seed), len(time), low, high) * np.exp(-fall * time)
        if kind == "thud":
            sound = 0.4 * sound + 0.3 * np.exp(-20 * time) * np.sin(
                2 * np.pi * (50 * time + 60 / 30 * (1 - np.exp(-30 * time)))
            )
            sound += (
                0.2 * _coloured(default_rng(seed + 1), len(time), 500, 7000) * np.exp(-60 * time)
            )
        return _edges(_normal(sound), rise, 0.02)

    return hit


def background(seed: int, length_s: float) -> Sound:
    """Steady noise of a colour drawn from the seed, at the level of an ensemble's loudest notes."""
    draw = default_rng(seed)
    slope = draw.uniform(0, 1.2)
    spectrum = np.fft.rfft(draw.standard_normal(int(length_s * RATE)))
    spectrum *= np.maximum(np.fft.rfftfreq(int(length_s * RATE), 1 / RATE), 40) ** -slope
    sound = np.fft.irfft(spectrum, int(length_s * RATE))
    return np.asarray(0.1 * sound / sound.std())


def _part(draw: Generator, into: Sound, play: Timbre, low: float, width: float) -> None:
    """One pitched source: a line of notes within its register, in a rhythm of its own."""
    length_s, gain = len(into) / RATE, 10 ** (draw.uniform(-5, 3) / 20)
    steps = np.unique(np.concatenate([[0, width], draw.uniform(0, width, 3).round()]))
    shortest = draw.uniform(0.18, 0.5)
    longest, rest = shortest * draw.uniform(1.3, 3), draw.uniform(0, 0.35)
    at = draw.uniform(0.05, 1.0)
    line = np.zeros(len(into))
    while at < length_s - 0.4:
        note_s = draw.uniform(shortest, longest)
        if draw.random() > rest:
            hertz = 440 * 2 ** ((low + draw.choice(steps) - 69) / 12)
            ring = min(note_s * draw.uniform(0.8, 1.05), length_s - at)
            _put(line, _normal(play(hertz, ring)) * 10 ** (draw.uniform(-2, 2) / 20), at)
        at += note_s
    into += gain * line


def ensemble(seed: int, count: int, length_s: float = 8.0, noise_db: float | None = None) -> Sound:
    """Music of `count` sources (1 to 4), at most one of them unpitched, shape `(n,)`.

    Registers of the pitched ones are at most 7 semitones wide and at least 5 apart. `noise_db`:
    how far steady noise stays below the music; None for none.
    """
    draw = default_rng(seed)
    sound = np.zeros(int(length_s * RATE))
    drum = draw.random() < (0.35 if count < 4 else 0.6)
    pitched = count - drum
    if drum:
        hit, beat = _drum(draw), draw.uniform(0.2, 0.6)
        gain, at = 10 ** (draw.uniform(-4, 4) / 20), draw.uniform(0, 1)
        while at < length_s - 0.3:
            if draw.random() < 0.9:
                _put(sound, gain * hit() * 10 ** (draw.uniform(-3, 1) / 20), at)
            at += beat * draw.choice([1, 1, 1, 0.5])
    widths = draw.integers(3, 8, size=pitched).astype(float)
    spare = 52.0 - widths.sum() - 5 * max(pitched - 1, 0)
    gaps = np.sort(draw.uniform(0, spare, pitched))
    low = 35.5
    for index in range(pitched):
        first = low + gaps[index] + widths[:index].sum() + 5 * index
        _part(draw, sound, timbre(draw), first, widths[index])
    if noise_db is not None:
        power = np.sqrt(np.mean(sound**2))
        sound += background(seed + 1, length_s)[: len(sound)] * 10 * power * 10 ** (-noise_db / 20)
    return np.asarray(0.5 * sound / np.abs(sound).max())


def song(seed: int, mood: str, length_s: float = 8.0, sharp: float = 1.0) -> Sound:
    """Bass, chords and a tune: `bright` is major and quick, `dark` is minor and slow."""
    draw = default_rng(seed)
    bright = mood == "bright"
    scale = np.array(MODES["major" if bright else "minor"])
    beat = 60 / (draw.uniform(105, 175) if bright else draw.uniform(48, 84))
    tonic = draw.uniform(48, 60)
    sound = np.zeros(int(length_s * RATE))
    degrees = [0, *draw.permutation([3, 4, 5, 0])] if draw.random() < 0.7 else [0] * 5
    bass, pad, lead = timbre(draw), timbre(draw), timbre(draw)

    def hertz(degree: int, octave: int = 0) -> float:
        step = tonic + 12 * (octave + degree // 7) + scale[degree % 7]
        return float(sharp * 440 * 2 ** ((step - 69) / 12))

    at, number, chords = 0.1, 0, draw.random() < 0.8
    while at < length_s - 0.2:
        root = int(degrees[(number // 4) % len(degrees)]) if length_s / beat > 6 else 0
        if number % 2 == 0:
            _put(sound, _normal(bass(hertz(root, -1), 1.9 * beat)), at)
        if chords and number % (4 if not bright else 2) == 0:
            for third in (0, 2, 4):
                chord = pad(hertz(root + third), (3.5 if not bright else 1.5) * beat)
                _put(sound, _normal(chord, 0.05), at)
        for half in range(2 if bright and draw.random() < 0.6 else 1):
            degree = root + int(draw.choice([0, 2, 4, 7])) if draw.random() < 0.7 else None
            degree = int(draw.integers(0, 8)) if degree is None else degree
            note = lead(hertz(degree, 1), beat * (0.5 if half else 0.9))
            _put(sound, _normal(note, 0.08), at + half * beat / 2)
        at, number = at + beat, number + 1
    sound += background(seed + 1, length_s)[: len(sound)] * 10 ** (-draw.uniform(30, 50) / 20)
    return np.asarray(0.5 * sound / np.abs(sound).max())


def dance(seed: int, bpm: float, length_s: float = 8.0) -> Sound:
    """A track with a beat: a drum on each beat, or in a pattern, with bass and chords at times."""
    draw = default_rng(seed)
    beat, start = 60 / bpm, draw.uniform(0, 60 / bpm)
    sound = np.zeros(int(length_s * RATE))
    kick, snare, hat = _drum(draw), _drum(draw), _drum(draw)
    bass, root = timbre(draw), draw.uniform(36, 50)
    backbeat, halves, notes = draw.random(3) < [0.6, 0.7, 0.7]
    soft = 10 ** (draw.uniform(-14, -4) / 20)
    for number in range(int((length_s - start - 0.2) / beat) + 1):
        at = start + number * beat + draw.normal(0, 0.004)
        _put(sound, kick() * (1.0 if number % 4 == 0 else draw.uniform(0.6, 1.0)), at)
        if backbeat and number % 2:
            _put(sound, 0.8 * snare(), at)
        if halves:
            _put(sound, soft * hat(), at + beat / 2)
        if notes:
            step = root + draw.choice([0, 3, 5, 7, 12])
            _put(sound, _normal(bass(440 * 2 ** ((step - 69) / 12), 0.9 * beat), 0.08), at)
    sound += background(seed + 1, length_s)[: len(sound)] * 10 ** (-draw.uniform(20, 50) / 20)
    return np.asarray(0.5 * sound / np.abs(sound).max())


def speech_like(seed: int, length_s: float = 8.0) -> Sound:
    """Buzzes with gliding pitch and changing formants, in syllables: no music."""
    draw = default_rng(seed)
    sound, at = np.zeros(int(length_s * RATE)), 0.1
    pitch = draw.uniform(90, 230)
    while at < length_s - 0.4:
        length = draw.uniform(0.08, 0.3)
        time = _time(length)
        glide = pitch * 2 ** (draw.uniform(-3, 3) / 12 + draw.uniform(-5, 5) / 12 * time / length)
        phase, tone = 2 * np.pi * np.cumsum(glide) / RATE, np.zeros(len(time))
        formants = (draw.uniform(300, 800), draw.uniform(900, 2200), draw.uniform(2300, 3000))
        for order in range(1, 30):
            hertz = order * pitch
            size = sum(np.exp(-(((hertz - f) / 120) ** 2)) for f in formants) + 0.02
            tone += size * np.sin(order * phase)
        _put(sound, _edges(_normal(tone), 0.02, 0.04), at)
        if draw.random() < 0.4:
            hiss = _coloured(draw, int(0.08 * RATE), 2500, 7000)
            _put(sound, _edges(0.3 * hiss, 0.01, 0.02), at + length)
            at += 0.08
        at += length + (draw.uniform(0.2, 0.5) if draw.random() < 0.2 else draw.uniform(0, 0.05))
    return np.asarray(0.5 * sound / np.abs(sound).max())
