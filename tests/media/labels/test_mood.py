"""The mood of music: bright or dark, in any tuning; nothing where there is no music."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurelia.media.labels.mood import mood_of
from aurelia.media.labels.mood_again import mood_of_again
from tests.media.labels import music

WAYS = [pytest.param(mood_of, id="actor"), pytest.param(mood_of_again, id="critic")]


@pytest.mark.parametrize("measure", WAYS)
def test_songs_by_mode_and_pace(measure) -> None:  # type: ignore[no-untyped-def]
    right = wrong = 0
    for seed in range(5):
        for mood in ("bright", "dark"):
            sound = music.song(seed, mood, sharp=1.03 if seed % 2 else 1.0)
            found = measure(sound.astype(np.float32), music.RATE)
            right += found is not None and found.mood == mood
            wrong += found is not None and found.mood not in (None, mood)
    assert right >= 8
    assert wrong <= 1


@pytest.mark.parametrize("measure", WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_no_mood_without_music(measure, seed) -> None:  # type: ignore[no-untyped-def]
    time = np.arange(8 * music.RATE) / music.RATE
    for sound in (
        music.speech_like(seed),
        0.3 * music.background(seed, 8.0),
        0.3 * np.sin(2 * np.pi * (150 + 200 * seed) * time),
        np.zeros(8 * music.RATE),
    ):
        assert measure(sound.astype(np.float32), music.RATE) is None


@pytest.mark.parametrize("measure", WAYS)
@settings(max_examples=15)
@given(
    length=st.integers(0, 70_000),
    level=st.sampled_from([0.0, 1e-5, 0.1, 50.0]),
    seed=st.integers(0, 99),
)
def test_any_sound_is_judged_or_refused(measure, length, level, seed) -> None:  # type: ignore[no-untyped-def]
    noise = np.random.default_rng(seed).standard_normal(length) * level
    found = measure(np.clip(noise, -1, 1).astype(np.float32), music.RATE)
    assert found is None or 0 <= found.confidence <= 1
