"""Both sets keep to the definitions of the sounds by ear."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.random import default_rng
from scipy import ndimage

from aurelia.bench.rendered.looks import look_of
from aurelia.bench.rendered.render import Split
from aurelia.bench.rendered.synth import RATE, Sound, audible_s
from aurelia.media.labels.vocabulary import SoundLabel

BOTH = pytest.mark.parametrize("split", ["dev", "held_out"])


def made(split: Split, label: SoundLabel, longest_s: float = 2.5) -> list[Sound]:
    return [look_of(split).sounds[label](default_rng(seed), longest_s) for seed in range(12)]


def share_between(sound: Sound, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())


def level(sound: Sound, window_s: float) -> Sound:
    """Root mean square over a window around each sample."""
    power = ndimage.uniform_filter1d(sound**2, round(window_s * RATE))
    return np.asarray(np.sqrt(np.maximum(power, 0)))


def pulses(sound: Sound, window_s: float = 0.01) -> list[float]:
    """Where a sound rises above a quarter of its loudest moment, seconds."""
    smooth = level(sound, window_s)
    loud = smooth > 0.25 * smooth.max()
    return [float(k / RATE) for k in np.flatnonzero(np.diff(loud.astype(int), prepend=0) == 1)]


@BOTH
def test_bells_are_tones_that_ring_on(split: Split) -> None:
    for sound in made(split, "bell"):
        assert 0.45 <= audible_s(sound) <= 2.0
        assert share_between(sound, 400, 12000) > 0.97
        power = np.sort(np.abs(np.fft.rfft(sound)) ** 2)[::-1]
        assert power[: len(power) // 50].sum() > 0.9 * power.sum()
        first, later = sound[: len(sound) // 5], sound[len(sound) // 2 :]
        assert np.mean(first**2) > 8 * np.mean(later**2)


@BOTH
def test_crashes_are_sudden_broad_and_short(split: Split) -> None:
    for sound in made(split, "crash"):
        assert 0.3 <= audible_s(sound) <= 1.0
        power = np.abs(np.fft.rfft(sound)) ** 2
        assert np.sort(power)[::-1][: len(power) // 50].sum() < 0.6 * power.sum()
        assert share_between(sound, 1000, 12000) > 0.3
        assert np.abs(sound).argmax() < 0.15 * RATE


@BOTH
def test_knocks_are_up_to_three_low_thuds(split: Split) -> None:
    for sound in made(split, "knock"):
        assert audible_s(sound) <= 0.6
        assert share_between(sound, 0, 400) > 0.75
        assert 1 <= len(pulses(sound, 0.06)) <= 3


@BOTH
def test_sirens_glide_within_their_range(split: Split) -> None:
    for sound in made(split, "siren"):
        assert 1.0 <= audible_s(sound) <= 2.5
        steps = [sound[k : k + 1200] * np.hanning(1200) for k in range(0, len(sound) - 1200, 600)]
        hertz = [np.abs(np.fft.rfft(step, 8192)).argmax() * RATE / 8192 for step in steps[1:-1]]
        assert min(hertz) > 400
        assert max(hertz) < 1500
        assert max(hertz) > 1.35 * min(hertz)
        assert max(abs(b / a - 1) for a, b in pairwise(hertz)) < 0.3


@BOTH
def test_whirring_is_low_rough_and_steady(split: Split) -> None:
    for sound in made(split, "whirring"):
        assert 1.0 <= audible_s(sound) <= 2.5
        assert share_between(sound, 60, 2000) > 0.85
        middle = level(sound, 0.2)[RATE // 5 : -RATE // 5]
        assert middle.max() < 1.6 * middle.min()


@BOTH
def test_beeps_are_regular(split: Split) -> None:
    for sound in made(split, "beeping"):
        assert 0.6 <= audible_s(sound) <= 2.0
        starts = pulses(sound)
        gaps = np.diff(starts)
        assert len(starts) >= 3
        assert gaps.max() - gaps.min() < 0.02
        assert 0.2 <= gaps.mean() <= 0.45
        assert share_between(sound, 700, 12000) > 0.95


@BOTH
def test_a_sound_is_no_longer_than_asked(split: Split) -> None:
    for label in look_of(split).sounds:
        for sound in made(split, label, 1.2):
            assert audible_s(sound) <= 1.2
