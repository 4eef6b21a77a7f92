"""Speech-like stretches: found in made speech by both methods, and in little else."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from aurelia.media.labels.speech import speech_like
from aurelia.media.labels.speech_again import speech_like_again
from aurelia.media.measure_spans import Span
from tests.media.labels import other_sounds, sounds

RATE = sounds.RATE
Listen = Callable[[NDArray[np.float32], int, float], tuple[Span, ...]]
both = pytest.mark.parametrize("listen", [speech_like, speech_like_again])


@both
def test_speech_is_found_where_it_is(listen: Listen) -> None:
    found = 0
    for seed in range(6):
        draw = np.random.default_rng(seed)
        made = other_sounds.speech(draw, 5.0)
        spans = listen(sounds.scene(draw, [(made, 2.0)], 9.0, 20.0), RATE, 50.0)
        found += bool(spans)
        assert all(51.5 <= s.start_s < s.end_s <= 57.6 for s in spans), spans
    assert found >= 4


@both
@pytest.mark.parametrize(
    "name", ["organ", "held tone", "sweep", "applause", "wind", "rain", "drums", "footsteps"]
)
def test_other_sounds_are_not_speech(listen: Listen, name: str) -> None:
    for seed in range(3):
        draw = np.random.default_rng([1, seed])
        made = other_sounds.OTHERS[name](draw)[: 5 * RATE]
        assert not listen(sounds.scene(draw, [(made, 0.5)], 6.0, 20.0), RATE, 0.0)


@both
@pytest.mark.parametrize("name", sorted(sounds.LABELLED))
def test_named_sounds_are_not_speech(listen: Listen, name: str) -> None:
    falsely = 0
    for seed in range(4):
        draw = np.random.default_rng([2, seed])
        made = sounds.LABELLED[name](draw)
        falsely += bool(listen(sounds.scene(draw, [(made, 0.5)], 4.0, 20.0), RATE, 0.0))
    assert falsely <= 1


@both
@pytest.mark.parametrize("count", [0, 1, 100, 9_000, 40_000])
def test_short_and_empty_sound_has_none(listen: Listen, count: int) -> None:
    draw = np.random.default_rng(count)
    assert listen(np.zeros(count, np.float32), RATE, 0.0) == ()
    assert listen(draw.uniform(-1, 1, count).astype(np.float32), RATE, 0.0) == ()
