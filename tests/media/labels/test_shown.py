"""How many things are shown: two counts, on drawn scenes, real clips and odd films."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurelia.media.labels import shown, shown_again
from aurelia.media.labels.film import Film, film_of
from aurelia.media.labels.seen_types import Shown
from aurelia.media.labels.vocabulary import COLOURS, SHAPES
from aurelia.media.measure_spans import Span
from aurelia.media.open import open_clip
from aurelia.media.render import render_clip
from tests.media.labels.scenes import (
    SHADES,
    Pixels,
    Scene,
    Thing,
    background,
    film_from,
    resting,
)
from tests.media.labels.test_objects import natural_clips, odd_film

Counter = Callable[[Film], Shown | None]
COUNTERS = [
    pytest.param(shown.things_shown, shown.WIDTH, shown.FPS, id="actor"),
    pytest.param(shown_again.things_shown_again, shown_again.WIDTH, shown_again.FPS, id="critic"),
]


def ensemble(count: int, kind: str, seed: int = 0, noise: float = 2.0) -> Scene:
    """So many things in a row of six places; every second one bobs."""
    rng = np.random.default_rng(seed)
    ground = background(kind, rng) * 0.4
    things = []
    for index, place in enumerate(rng.permutation(6)[:count]):
        colour = COLOURS[index]
        x, y = 55 + 105 * (place % 3), 65 + 110 * (place // 3)
        bob = 5.0 * (index % 2)
        where = (
            (lambda time, x=x, y=y, bob=bob: (x, y + bob * np.sin(9 * time)))
            if bob
            else resting(x, y)
        )
        things.append(
            Thing(SHAPES[index % 3], SHADES[colour][0], float(rng.uniform(40, 70)), where)
        )
    return Scene(2.5, ((0.0, ground),), tuple(things), noise=noise, seed=seed)


@pytest.mark.parametrize(("count_things", "width", "fps"), COUNTERS)
@pytest.mark.parametrize(
    ("kind", "count"), [("plain", 1), ("plain", 4), ("gradient", 3), ("gradient", 6)]
)
def test_counts_things_before_an_even_background(
    count_things: Counter, width: int, fps: float, kind: str, count: int
) -> None:
    seen = count_things(film_from(ensemble(count, kind, seed=count), 320, fps))
    assert seen is not None
    assert seen.count == count
    assert seen.confidence > 0.8


@pytest.mark.parametrize(("count_things", "width", "fps"), COUNTERS)
def test_noise_and_few_bits_change_no_count(
    count_things: Counter, width: int, fps: float, clips: Path
) -> None:
    scene = ensemble(4, "gradient", seed=9, noise=8.0)
    path = clips / "noisy-ensemble.mp4"
    if not path.exists():
        render_clip(path, scene.frame_at, scene.duration_s, 25, bitrate="150k")
    film = film_of(open_clip(path), width, fps)
    assert film is not None
    seen = count_things(film)
    assert seen is not None
    assert seen.count == 4


@pytest.mark.parametrize(("count_things", "width", "fps"), COUNTERS)
def test_nothing_shown_is_no_count(count_things: Counter, width: int, fps: float) -> None:
    assert count_things(film_from(ensemble(0, "gradient"), 320, fps)) is None


@pytest.mark.parametrize(("count_things", "width", "fps"), COUNTERS)
@pytest.mark.parametrize("clip", natural_clips(), ids=lambda path: path.stem)
def test_real_footage_has_no_count(
    count_things: Counter, width: int, fps: float, clip: Path
) -> None:
    film = film_of(open_clip(clip), width, fps)
    assert film is not None
    assert count_things(film) is None


@pytest.mark.parametrize(("count_things", "width", "fps"), COUNTERS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_film_is_counted_or_refused(
    count_things: Counter, width: int, fps: float, data: st.DataObject
) -> None:
    seen = count_things(odd_film(data))
    assert seen is None or (1 <= seen.count <= 6 and 0 < seen.confidence <= 1)


@pytest.mark.parametrize(("count_things", "width", "fps"), COUNTERS)
def test_one_colour_and_static_noise_are_refused(
    count_things: Counter, width: int, fps: float
) -> None:
    rng = np.random.default_rng(0)
    for frames in (np.zeros((3, 90, 160, 3)), rng.integers(0, 256, (3, 90, 160, 3))):
        pixels: Pixels = frames.astype(np.uint8)
        assert count_things(Film(Span(0, 1), np.arange(3) / 3, pixels)) is None
