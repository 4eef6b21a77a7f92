"""How often a movement repeats, by two methods; nothing where nothing does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurelia.media.labels.film import Film, film_of
from aurelia.media.labels.pace import picture_pace
from aurelia.media.labels.pace_again import picture_pace_again
from aurelia.media.labels.seen_types import Pace
from aurelia.media.measure_spans import Span
from aurelia.media.open import open_clip
from aurelia.types.clip import Clip
from tests.media.labels.pictures import (
    ROUGH,
    STEADY,
    Camera,
    Scene,
    crossing,
    dancer,
    filmed,
    real_footage,
    wandering,
)

Method = Callable[[Film], Pace | None]
_METHODS: dict[Method, tuple[int, float]] = {
    picture_pace: (320, 25.0),
    picture_pace_again: (240, 15.0),
}


def _seen(clip: Clip) -> list[Pace | None]:
    """What each method says of a clip, at a size and rate of its own."""
    films = [(method, film_of(clip, *size)) for method, size in _METHODS.items()]
    return [method(film) for method, film in films if film is not None]


def _octaves_off(pace: Pace | None, per_minute: float) -> float:
    assert pace is not None
    octaves = np.log2(pace.per_minute / per_minute)
    return float(abs(octaves - round(octaves)))


@pytest.mark.parametrize(
    ("seed", "per_minute", "camera"),
    [(1, 72, STEADY), (2, 97, STEADY), (3, 121, ROUGH), (4, 147, ROUGH), (5, 186, STEADY)],
)
def test_the_pace_of_a_dance_up_to_the_octave(
    clips: Path, seed: int, per_minute: float, camera: Camera
) -> None:
    clip = filmed(clips / f"dance{seed}.mp4", dancer(seed, per_minute), 6.0, camera)
    for pace in _seen(clip):
        assert _octaves_off(pace, per_minute) < np.log2(1.03)
        assert pace is not None
        assert 60 <= pace.per_minute <= 196
        assert 0 < pace.clarity <= 1


def test_paces_eight_per_cent_apart_are_told_apart(clips: Path) -> None:
    slow, quick = (
        _seen(filmed(clips / f"dance at {rate}.mp4", dancer(11, rate), 6.0)) for rate in (100, 108)
    )
    for low, high in zip(slow, quick, strict=True):
        assert low is not None
        assert high is not None
        ratio = high.per_minute / low.per_minute
        assert ratio / 2.0 ** round(np.log2(ratio)) == pytest.approx(1.08, abs=0.025)


@pytest.mark.parametrize(
    "scene", [crossing(1), wandering(2), wandering(3), lambda time: dancer(1, 90)(0.0)]
)
def test_what_does_not_repeat_has_no_pace(tmp_path: Path, scene: Scene) -> None:
    assert _seen(filmed(tmp_path / "clip.mp4", scene, 5.0, ROUGH)) == [None, None]


@pytest.mark.parametrize("path", real_footage(), ids=lambda path: path.stem)
def test_real_footage_has_no_pace(path: Path) -> None:
    assert _seen(open_clip(path)) == [None, None]


def _film(frames: np.ndarray, fps: float) -> Film:
    times = np.arange(len(frames)) / fps
    return Film(Span(0.0, len(frames) / fps), times, frames)


@pytest.mark.parametrize("method", _METHODS)
@settings(max_examples=20)
@given(
    count=st.integers(1, 70),
    size=st.tuples(st.integers(1, 50), st.integers(1, 70)),
    kind=st.sampled_from(["black", "white", "noise", "strobe", "one pixel"]),
    fps=st.sampled_from([5.0, 15.0, 25.0]),
)
def test_any_film_is_borne(
    method: Method, count: int, size: tuple[int, int], kind: str, fps: float
) -> None:
    frames = np.zeros((count, *size, 3), np.uint8)
    if kind == "white":
        frames[:] = 255
    elif kind == "noise":
        frames[:] = np.random.default_rng(0).integers(0, 256, frames.shape)
    elif kind == "strobe":
        frames[::2] = 255
    elif kind == "one pixel":
        frames[count // 2, 0, 0] = 255
    assert method(_film(frames, fps)) is None


@pytest.mark.parametrize("method", _METHODS)
def test_uneven_frame_times_do_not_shift_the_pace(clips: Path, method: Method) -> None:
    film = film_of(filmed(clips / "uneven.mp4", dancer(6, 110), 6.0), 160, 25.0)
    assert film is not None
    kept = np.flatnonzero(np.arange(len(film.times)) % 5 != 2)  # one frame in five is lost
    thinned = Film(film.window, film.times[kept], film.frames[kept])
    assert _octaves_off(method(thinned), 110) < np.log2(1.03)
