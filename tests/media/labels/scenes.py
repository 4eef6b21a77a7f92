"""Drawn scenes with known objects, for tests of what is named in the picture."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path as File

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from aurelia.media.labels.film import Film
from aurelia.media.labels.vocabulary import COLOURS, SHAPES, Colour, Path, Shape
from aurelia.media.measure_spans import Span
from aurelia.media.render import render_clip

Pixels = NDArray[np.uint8]
Field = NDArray[np.float64]
Where = Callable[[float], tuple[float, float] | None]

SHADES: dict[Colour, tuple[tuple[int, int, int], ...]] = {
    "red": ((214, 38, 38), (190, 24, 32), (236, 52, 46), (226, 28, 58), (170, 22, 22)),
    "orange": ((240, 135, 25), (255, 150, 30), (232, 112, 18), (250, 128, 40), (255, 140, 0)),
    "yellow": ((236, 214, 42), (255, 225, 20), (246, 232, 70), (228, 200, 24), (255, 240, 90)),
    "green": ((40, 172, 62), (24, 128, 40), (52, 200, 70), (70, 180, 50), (16, 150, 90)),
    "blue": ((40, 76, 220), (28, 50, 160), (60, 120, 235), (20, 90, 200), (48, 60, 190)),
    "purple": ((150, 52, 190), (122, 40, 160), (168, 76, 214), (110, 30, 130), (135, 60, 205)),
    "white": ((240, 240, 240), (250, 250, 250), (232, 234, 236), (255, 255, 250)),
    "black": ((16, 16, 16), (6, 6, 8), (28, 26, 28), (20, 24, 22)),
}
OTHER_SHADES: dict[Colour, tuple[tuple[int, int, int], ...]] = {
    "red": ((220, 20, 60), (178, 34, 34), (220, 75, 75), (196, 48, 43)),
    "orange": ((242, 133, 0), (205, 90, 25), (235, 110, 40), (245, 150, 60)),
    "yellow": ((255, 215, 0), (255, 244, 79), (220, 190, 40), (255, 236, 139)),
    "green": ((34, 139, 34), (80, 200, 120), (50, 205, 50), (0, 155, 110), (120, 200, 120)),
    "blue": ((30, 144, 255), (70, 130, 190), (100, 149, 237), (20, 30, 95), (135, 190, 245)),
    "purple": ((143, 0, 255), (147, 112, 219), (110, 70, 180), (160, 90, 162), (75, 10, 130)),
    "white": ((255, 255, 240), (250, 242, 232), (228, 228, 225)),
    "black": ((10, 10, 12), (26, 26, 30)),
}
"""Shades people still call by the name: crimson, rust, gold, jade, navy, indigo, ivory …"""
GROUNDS = (
    "flat", "fading", "two colours", "stripes", "squares", "dots", "grain", "vignette", "clouds",
    "waves", "close grey",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """One drawn thing: what it is, and where its middle stands at a time (None: not there)."""

    shape: Shape
    rgb: tuple[int, int, int]
    size: float
    where: Where
    turn: float = 0.0
    shaded: float = 0.0
    truth: tuple[Colour, Path, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene: background by time, things, and what the camera adds."""

    duration_s: float
    backgrounds: tuple[tuple[float, Field], ...]
    things: tuple[Thing, ...]
    noise: float = 0.0
    shake: float = 0.0
    flicker: float = 0.0
    seed: int = 0

    def frame_at(self, time: float) -> Pixels:
        """RGB pixels at a time."""
        index = round(time * 1000)
        rng = np.random.default_rng([self.seed, index])
        ground = [g for since, g in self.backgrounds if since <= time + 1e-6][-1]
        dx, dy = rng.uniform(-self.shake, self.shake, 2)
        picture = np.roll(ground, (round(dy), round(dx)), axis=(0, 1)).astype(np.float32)
        for thing in self.things:
            place = thing.where(time)
            if place is None:
                continue
            x, y, reach = place[0] + dx, place[1] + dy, round(0.8 * thing.size) + 2
            left, top = max(0, round(x) - reach), max(0, round(y) - reach)
            spot = picture[top : max(0, round(y) + reach), left : max(0, round(x) + reach)]
            if spot.size:
                cover = coverage(thing, x - left, y - top, *spot.shape[1::-1])
                surface = _surface(thing, (x - left, y - top), *spot.shape[1::-1])
                spot += cover[..., None] * (surface - spot)
        picture *= 1 + self.flicker * rng.uniform(-1, 1)
        if self.noise:
            picture += self.noise * rng.standard_normal(picture.shape, np.float32)
        return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _surface(thing: Thing, place: tuple[float, float], width: int, height: int) -> Field:
    """The thing's colour, darker to its lower right if it is shaded."""
    if not thing.shaded:
        return np.array(thing.rgb, np.float64)
    rows, columns = np.mgrid[:height, :width]
    along = (columns - place[0] + rows - place[1]) / (2 * thing.size) + 0.5
    return np.asarray((1 - thing.shaded * np.clip(along, 0, 1))[..., None] * np.array(thing.rgb))


def coverage(thing: Thing, x: float, y: float, width: int, height: int) -> Field:
    """How much of each pixel a thing covers that stands at (x, y), 0 to 1."""
    shape = thing.shape
    rows, columns = np.mgrid[:height, :width]
    dx, dy, half = columns - x, rows - y, thing.size / 2
    if shape == "ball":
        inside = half - np.hypot(dx, dy)
    else:
        corners = 4 if shape == "square" else 3
        depth = half * (1.0 if shape == "square" else 0.62)
        first = thing.turn + (0.0 if shape == "square" else np.pi / 2)
        angles = first + 2 * np.pi * np.arange(corners) / corners
        inside = np.min([depth - dx * np.cos(a) - dy * np.sin(a) for a in angles], axis=0)
    return np.asarray(np.clip(inside + 0.5, 0, 1), np.float64)


def background(kind: str, rng: np.random.Generator, width: int = 320, height: int = 240) -> Field:
    """`plain`, `gradient`, `checks` or `textured`, in a muted colour."""
    level = rng.uniform(50, 200)
    tint = rng.uniform(0.85, 1.15, 3)
    rows, columns = np.mgrid[:height, :width]
    grey = np.full((height, width), level)
    if kind == "gradient":
        angle = rng.uniform(0, 2 * np.pi)
        along = np.cos(angle) * columns / width + np.sin(angle) * rows / height
        grey = grey + rng.uniform(20, 70) * (along - along.mean())
    elif kind == "checks":
        side = rng.uniform(20, 60)
        grey = grey + rng.uniform(8, 22) * (2 * ((rows // side + columns // side) % 2) - 1)
    elif kind == "textured":
        for _ in range(6):
            fx, fy = rng.uniform(-0.25, 0.25, 2)
            grey = grey + rng.uniform(2, 6) * np.sin(fx * columns + fy * rows + rng.uniform(0, 6))
    return np.clip(grey[..., None] * tint, 0, 255)


def other_ground(kind: str, rng: np.random.Generator) -> Field:
    """One of `GROUNDS`, 320x240: dark and saturated, but for the close grey."""
    tints = ((20, 30, 70), (60, 20, 30), (20, 55, 35), (50, 25, 65), (20, 60, 65), (45, 45, 50))
    first, second = (np.array(tints[int(k)], np.float64) for k in rng.permutation(6)[:2])
    rows, columns = np.mgrid[:240, :320]
    period = int(rng.integers(14, 45))
    level: dict[str, Callable[[], Field]] = {
        "fading": lambda: 1 + columns / 320 + 0 * rows,
        "stripes": lambda: 1 + 0.6 * ((rows + 2 * columns) // period % 2),
        "squares": lambda: 1 + 0.6 * ((rows // period + columns // period) % 2),
        "dots": lambda: (
            1 + 0.6 * (np.hypot(rows % period, columns % period) < 0.4 * period).astype(np.float64)
        ),
        "grain": lambda: 1 + 0.12 * rng.standard_normal(rows.shape),
        "vignette": lambda: 1.6 - 0.9 * np.hypot((rows - 120) / 150, (columns - 160) / 200),
        "clouds": lambda: 1 + 3 * ndimage.gaussian_filter(rng.standard_normal(rows.shape), 9),
        "waves": lambda: 1.3 + 0.35 * np.sin(columns / period + rows / 9),
    }
    if kind == "close grey":
        return np.broadcast_to(np.array([114.0, 116.0, 123.0]), (240, 320, 3)).copy()
    if kind == "two colours":
        return np.asarray(first + (rows / 240)[..., None] * (1.3 * second - first))
    share = level[kind]() if kind in level else np.ones(rows.shape)
    return np.asarray(np.clip(first * share[..., None], 0, 255))


def crossing(
    path: Path, start: float, end: float, size: float, side: float, width: int, height: int
) -> Where:
    """A way across the whole frame, just outside at both ends; `side`: 0 to 1 across the way."""
    reach = size * 0.63

    def where(time: float) -> tuple[float, float] | None:
        if not start <= time < end:
            return None
        u = (time - start) / (end - start)
        if path in ("left to right", "right to left"):
            x = -reach + u * (width + 2 * reach)
            y = size + side * (height - 2 * size) + 6 * np.sin(4 * u)
            return (x if path == "left to right" else width - x), y
        y = -reach + u * (height + 2 * reach)
        x = size + side * (width - 2 * size)
        return x, (y if path == "downwards" else height - y)

    return where


def sliding(
    start: float, end: float, first: tuple[float, float], last: tuple[float, float]
) -> Where:
    """At rest, then from one place to another, then at rest."""

    def where(time: float) -> tuple[float, float]:
        u = min(1.0, max(0.0, (time - start) / (end - start)))
        return first[0] + u * (last[0] - first[0]), first[1] + u * (last[1] - first[1])

    return where


def resting(x: float, y: float) -> Where:
    """Never moves."""
    return lambda _time: (x, y)


def shade(colour: Colour, rng: np.random.Generator, spread: int = 8) -> tuple[int, int, int]:
    """A shade that is still called by this name."""
    base = SHADES[colour][int(rng.integers(len(SHADES[colour])))]
    noisy = np.clip(np.array(base) + rng.integers(-spread, spread + 1, 3), 0, 255)
    return int(noisy[0]), int(noisy[1]), int(noisy[2])


def distance(rgb: tuple[int, int, int], ground: Field) -> float:
    """How far a colour is from all of a background: the 5th percentile of the largest channel."""
    return float(np.percentile(np.abs(ground - np.array(rgb)).max(axis=2), 5))


def seen_thing(
    rng: np.random.Generator,
    ground: Field,
    times: tuple[float, float],
    side: float,
    taken: tuple[Colour, ...] = (),
) -> Thing:
    """A random thing that crosses the frame or slides within it, and stands out."""
    height, width = ground.shape[:2]
    while True:
        colour = COLOURS[int(rng.integers(len(COLOURS)))]
        rgb = shade(colour, rng)
        if colour not in taken and distance(rgb, ground) > 45:
            break
    size = float(rng.uniform(20, min(80, height / 3)))
    shape = SHAPES[int(rng.integers(3))]
    path: Path = ("left to right", "right to left", "downwards", "upwards")[
        int(rng.choice(4, p=(0.35, 0.35, 0.15, 0.15)))
    ]
    start, end = times
    if rng.random() < 0.7:
        where = crossing(path, start, end, size, side, width, height)
    else:
        near, far = 0.2, 0.8
        across = size + side * (height - 2 * size)
        ends = {
            "left to right": ((near * width, across), (far * width, across)),
            "right to left": ((far * width, across), (near * width, across)),
            "downwards": ((width / 2, near * height), (width / 2, far * height)),
            "upwards": ((width / 2, far * height), (width / 2, near * height)),
        }[path]
        where = sliding(start, end, *ends)
    return Thing(shape, rgb, size, where, truth=(colour, path, start, end))


def random_scene(seed: int, kind: str | None = None, hard: bool = False) -> Scene:
    """One object that moves, perhaps a second one later, perhaps one that rests."""
    rng = np.random.default_rng(seed)
    kinds = ("plain", "gradient", "checks", "textured")
    ground = background(kind or kinds[int(rng.integers(4))], rng)
    duration = float(rng.uniform(5, 9))
    first = float(rng.uniform(0.5, 1.5)), float(rng.uniform(2.6, 4.0))
    things = [seen_thing(rng, ground, first, float(rng.uniform(0, 0.6)))]
    assert things[0].truth is not None
    taken = (things[0].truth[0],)
    if rng.random() < 0.3:
        second = first[1] - 0.4, min(duration - 0.5, first[1] + float(rng.uniform(1.0, 2.0)))
        things.append(seen_thing(rng, ground, second, float(rng.uniform(0, 0.6)), taken))
    if rng.random() < 0.5:
        rgb = (110, 110, 110)
        while distance(rgb, ground) < 40:
            rgb = shade(COLOURS[int(rng.integers(len(COLOURS)))], rng)
        place = resting(float(rng.uniform(30, 290)), 215.0)
        things.insert(0, Thing(SHAPES[int(rng.integers(3))], rgb, 24, place))
    return Scene(
        duration,
        ((0.0, ground),),
        tuple(things),
        noise=float(rng.uniform(6, 14)) if hard else float(rng.uniform(0, 3)),
        shake=float(rng.choice((0.0, 2.0))) if hard else 0.0,
        flicker=0.02 if hard else 0.0,
        seed=seed,
    )


def film_from(scene: Scene, width: int, fps: float) -> Film:
    """The scene as a film without a codec; the frame is scaled by taking nearest pixels."""
    times = np.arange(0, scene.duration_s - 1e-6, 1 / fps)
    frames = np.stack([scene.frame_at(float(t)) for t in times])
    columns = (np.arange(width) * frames.shape[2] / width).astype(int)
    rows = (np.arange(width * frames.shape[1] // frames.shape[2]) * frames.shape[2] / width).astype(
        int
    )
    return Film(Span(0.0, scene.duration_s), times, frames[:, rows][:, :, columns])


def clip_of(scene: Scene, path: File, bitrate: str | None = None, fps: float = 25) -> File:
    """The scene as an H.264 file."""
    return render_clip(path, scene.frame_at, scene.duration_s, fps, bitrate=bitrate)
