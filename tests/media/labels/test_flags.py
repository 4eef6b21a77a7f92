"""Flags, by two methods: layout, colours and the shot; nothing where no flag is shown."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurelia.media.labels.film import Film, film_of
from aurelia.media.labels.flags import flags_shown
from aurelia.media.labels.flags_again import flags_shown_again
from aurelia.media.labels.seen_types import FlagSeen
from aurelia.media.measure_spans import Span
from aurelia.media.open import open_clip
from aurelia.types.clip import Clip
from tests.media.labels.pictures import (
    ROUGH,
    STEADY,
    Camera,
    dancer,
    filmed,
    flag,
    in_turn,
    real_footage,
    sign,
    wandering,
)

Method = Callable[[Film, Sequence[float]], tuple[FlagSeen, ...]]
_METHODS: dict[Method, tuple[int, float]] = {
    flags_shown: (320, 25.0),
    flags_shown_again: (240, 15.0),
}
_FLAGS = (
    "vertical blue white red", "vertical green white green", "vertical orange white green",
    "horizontal black red yellow", "horizontal white blue red", "horizontal blue yellow",
    "disc white red", "disc green red",
)  # fmt: skip
_SHOT_S = 0.8


def _seen(clip: Clip, cuts: Sequence[float]) -> list[tuple[FlagSeen, ...]]:
    """What each method says of a clip, at a size and rate of its own."""
    films = [(method, film_of(clip, *size)) for method, size in _METHODS.items()]
    return [method(film, cuts) for method, film in films if film is not None]


def _told(found: FlagSeen) -> str:
    return " ".join((found.layout, *found.colours))


@pytest.mark.parametrize(("camera", "seed"), [(STEADY, 0), (ROUGH, 0), (STEADY, 40), (ROUGH, 40)])
def test_flags_shot_by_shot(tmp_path: Path, camera: Camera, seed: int) -> None:
    shots = []
    for k, written in enumerate(_FLAGS):
        layout, *colours = written.split()
        shots.append((_SHOT_S, flag(seed + k, layout, colours)))
    cuts = [_SHOT_S * (k + 1) for k in range(len(_FLAGS) - 1)]
    clip = filmed(tmp_path / "clip.mp4", in_turn(*shots), _SHOT_S * len(shots), camera)
    for found in _seen(clip, cuts):
        assert [_told(f) for f in found] == list(_FLAGS)
        assert [f.start_s for f in found] == pytest.approx([0.0, *cuts])
        assert [f.end_s for f in found] == pytest.approx([*cuts, clip.duration_s])
        assert all(0.5 < f.confidence <= 1 for f in found)


def test_stripes_of_unequal_width_are_told_once(tmp_path: Path) -> None:
    double = flag(3, "horizontal", ("yellow", "blue", "red"), parts=(2, 1, 1))
    middle = flag(5, "horizontal", ("red", "yellow", "red"), parts=(1, 2, 1))
    clip = filmed(tmp_path / "clip.mp4", in_turn((1.0, double), (1.0, middle)), 2.0)
    for found in _seen(clip, [1.0]):
        assert [_told(f) for f in found] == [
            "horizontal yellow blue red",
            "horizontal red yellow red",
        ]


def test_dancers_signs_and_discs_are_no_flags(tmp_path: Path) -> None:
    scene = in_turn((1.0, dancer(1, 100)), (1.0, sign(2, "LAGOS")), (1.0, wandering(3)))
    clip = filmed(tmp_path / "clip.mp4", scene, 3.0)
    assert _seen(clip, [1.0, 2.0]) == [(), ()]


def test_bands_that_fill_the_picture_are_no_flag() -> None:
    frame = np.zeros((120, 160, 3), np.uint8)
    frame[:40], frame[40:80], frame[80:] = (200, 20, 20), (250, 250, 250), (20, 20, 200)
    film = Film(Span(0.0, 1.0), np.arange(5) / 5, np.repeat(frame[None], 5, axis=0))
    for method in _METHODS:
        assert method(film, ()) == ()


@pytest.mark.parametrize("path", real_footage(), ids=lambda path: path.stem)
def test_real_footage_shows_no_flag(path: Path) -> None:
    assert _seen(open_clip(path), [0.5, 1.0, 2.0, 3.0]) == [(), ()]


@pytest.mark.parametrize("method", _METHODS)
@settings(max_examples=20)
@given(
    count=st.integers(1, 20),
    size=st.tuples(st.integers(1, 60), st.integers(1, 80)),
    kind=st.sampled_from(["black", "red", "noise", "strobe"]),
    cuts=st.lists(st.floats(-1, 5), max_size=4),
)
def test_any_film_is_borne(
    method: Method, count: int, size: tuple[int, int], kind: str, cuts: list[float]
) -> None:
    frames = np.zeros((count, *size, 3), np.uint8)
    if kind == "red":
        frames[..., 0] = 220
    elif kind == "noise":
        frames[:] = np.random.default_rng(0).integers(0, 256, frames.shape)
    elif kind == "strobe":
        frames[::2] = 255
    film = Film(Span(0.0, count / 10), np.arange(count) / 10, frames)
    assert method(film, cuts) == ()
