"""The beat of a track: two measurements, right within 3 % but for a factor of two."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurelia.media.labels.track_tempo import track_tempo
from aurelia.media.labels.track_tempo_again import track_tempo_again
from tests.media.labels import music

WAYS = [pytest.param(track_tempo, id="actor"), pytest.param(track_tempo_again, id="critic")]


def off(bpm: float, truth: float) -> float:
    """Relative error, a factor of two or four aside."""
    ratio = bpm / truth
    return float(abs(ratio / 2 ** np.round(np.log2(ratio)) - 1))


@pytest.mark.parametrize("measure", WAYS)
@pytest.mark.parametrize("bpm", [64.0, 83.0, 97.0, 112.0, 126.0, 141.0, 163.0, 186.0])
def test_beats_of_drawn_tracks(measure, bpm) -> None:  # type: ignore[no-untyped-def]
    sound = music.dance(round(bpm), bpm).astype(np.float32)
    found = measure(sound, music.RATE)
    assert found is not None
    assert off(found.bpm, bpm) < 0.03


@pytest.mark.parametrize("measure", WAYS)
def test_tempos_eight_percent_apart_are_told_apart(measure) -> None:  # type: ignore[no-untyped-def]
    slow = measure(music.dance(5, 100.0).astype(np.float32), music.RATE)
    quick = measure(music.dance(5, 108.0).astype(np.float32), music.RATE)
    assert slow is not None
    assert quick is not None
    assert off(slow.bpm, quick.bpm) > 0.05


@pytest.mark.parametrize("measure", WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_no_beat_in_noise_tones_and_silence(measure, seed) -> None:  # type: ignore[no-untyped-def]
    time = np.arange(8 * music.RATE) / music.RATE
    for sound in (
        0.3 * music.background(seed, 8.0),
        0.3 * np.sin(2 * np.pi * (150 + 200 * seed) * time),
        np.zeros(8 * music.RATE),
    ):
        assert measure(sound.astype(np.float32), music.RATE) is None


@pytest.mark.parametrize("measure", WAYS)
@settings(max_examples=15)
@given(
    length=st.integers(0, 90_000),
    level=st.sampled_from([0.0, 1e-5, 0.1, 50.0]),
    seed=st.integers(0, 99),
)
def test_any_sound_is_measured_or_refused(measure, length, level, seed) -> None:  # type: ignore[no-untyped-def]
    noise = np.random.default_rng(seed).standard_normal(length) * level
    found = measure(np.clip(noise, -1, 1).astype(np.float32), music.RATE)
    assert found is None or (50 < found.bpm < 200 and 0 <= found.clarity <= 1)
