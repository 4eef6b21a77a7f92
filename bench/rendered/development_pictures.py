"""Colours, grounds, figures, instruments, letters and scenes of the development set."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from aurelia.bench.rendered.appearance import Light
from aurelia.bench.rendered.canvas import (
    FINE,
    HEIGHT,
    RGB,
    WIDTH,
    Draw,
    Frame,
    gradient,
    paste,
    silhouette,
    sprite,
)
from aurelia.media.labels.vocabulary import Colour

SHADES: Mapping[Colour, tuple[RGB, ...]] = {
    "red": ((214, 38, 40), (226, 52, 60)),
    "orange": ((242, 140, 30), (238, 128, 24)),
    "yellow": ((242, 222, 52), (250, 230, 70)),
    "green": ((52, 168, 72), (40, 150, 60)),
    "blue": ((46, 92, 222), (40, 110, 230)),
    "purple": ((142, 66, 190), (150, 60, 200)),
    "white": ((240, 240, 238), (248, 248, 248)),
    "black": ((18, 18, 20), (24, 22, 22)),
}
FLAG_SHADES: Mapping[Colour, RGB] = {
    "red": (206, 32, 42), "orange": (240, 130, 30), "yellow": (250, 210, 40),
    "green": (20, 140, 70), "blue": (30, 70, 170), "purple": (120, 50, 160),
    "white": (244, 244, 244), "black": (20, 20, 20),
}  # fmt: skip


def ground(draw: Generator, light: Light) -> Frame:
    """A soft, nearly neutral gradient."""
    low = {"dark": 36, "middle": 112, "light": 180}[light] + int(draw.integers(0, 14))
    red, green, blue = (low + int(more) for more in draw.integers(0, 7, 3))
    bottom = (red + 18, green + 18, blue + 22)
    return gradient((red, green, blue + 4), bottom, float(draw.choice([0.0, 0.3])))


def letters(draw: Generator, text: str, height: int) -> Image.Image:
    """Pillow's own font, plain."""
    font = ImageFont.load_default(height * 1.36)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4), 0)
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
    return image


def _guitar(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.ellipse((0.2 * s, 0.52 * s, 0.8 * s, 0.98 * s), fill=255)
    pen.ellipse((0.28 * s, 0.34 * s, 0.72 * s, 0.68 * s), fill=255)
    pen.rectangle((0.45 * s, 0.06 * s, 0.55 * s, 0.5 * s), fill=255)
    pen.rectangle((0.4 * s, 0.02 * s, 0.6 * s, 0.12 * s), fill=255)


def _drum(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.rectangle((0.12 * s, 0.3 * s, 0.88 * s, 0.78 * s), fill=255)
    pen.ellipse((0.12 * s, 0.16 * s, 0.88 * s, 0.44 * s), fill=255)
    pen.ellipse((0.12 * s, 0.64 * s, 0.88 * s, 0.92 * s), fill=255)
    pen.line((0.7 * s, 0.24 * s, 0.96 * s, 0.04 * s), fill=255, width=int(0.05 * s))


def _trumpet(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.polygon([(0.66 * s, 0.46 * s), (0.98 * s, 0.24 * s), (0.98 * s, 0.76 * s)], fill=255)
    pen.rectangle((0.04 * s, 0.45 * s, 0.8 * s, 0.55 * s), fill=255)
    pen.rounded_rectangle((0.26 * s, 0.45 * s, 0.62 * s, 0.74 * s), 0.1 * s, fill=255)
    for x in (0.32, 0.42, 0.52):
        pen.rectangle((x * s, 0.3 * s, (x + 0.05) * s, 0.5 * s), fill=255)


def _keyboard(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.rounded_rectangle((0.03 * s, 0.3 * s, 0.97 * s, 0.58 * s), 0.04 * s, fill=255)
    pen.line((0.2 * s, 0.56 * s, 0.7 * s, 0.94 * s), fill=255, width=int(0.06 * s))
    pen.line((0.8 * s, 0.56 * s, 0.3 * s, 0.94 * s), fill=255, width=int(0.06 * s))


def _saxophone(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.arc((0.28 * s, 0.42 * s, 0.82 * s, 0.96 * s), 0, 180, fill=255, width=int(0.17 * s))
    pen.polygon([(0.28 * s, 0.7 * s), (0.45 * s, 0.7 * s), (0.4 * s, 0.1 * s), (0.32 * s, 0.1 * s)],
                fill=255)  # fmt: skip
    pen.line((0.37 * s, 0.12 * s, 0.14 * s, 0.08 * s), fill=255, width=int(0.07 * s))
    horn = [(0.65, 0.7), (0.82, 0.7), (0.94, 0.46), (0.6, 0.46)]
    pen.polygon([(x * s, y * s) for x, y in horn], fill=255)


INSTRUMENTS: tuple[Draw, ...] = (_guitar, _drum, _trumpet, _keyboard, _saxophone)


def _limbs(points: list[list[tuple[float, float]]], head: tuple[float, float, float]) -> Draw:
    def draw(pen: ImageDraw.ImageDraw, s: float) -> None:
        wide = int(0.055 * s)
        for line in points:
            spots = [(x * s, y * s) for x, y in line]
            pen.line(spots, fill=255, width=wide, joint="curve")
            for x, y in spots:
                pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=255)
        x, y, radius = head[0] * s, head[1] * s, head[2] * s
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    return draw


def _stick_figure(phase: float, side: int) -> Image.Image:
    """Arms rise and fall, knees bend: once a cycle."""
    up = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    hip, lift = 0.62 + 0.06 * (1 - up), 0.34 * up
    neck = hip - 0.3
    arms = [(0.2, neck + 0.26 - lift * 1.3), (0.34, neck + 0.16 - lift * 0.5), (0.5, neck + 0.03)]
    legs = [(0.36, 0.96), (0.36 - 0.05 * (1 - up), 0.79), (0.5, hip)]
    lines = [arms, [(1 - x, y) for x, y in arms], legs, [(1 - x, y) for x, y in legs]]
    return silhouette(_limbs([*lines, [(0.5, neck), (0.5, hip)]], (0.5, neck - 0.09, 0.085)), side)


def _bouncer(phase: float, side: int) -> Image.Image:
    """A round body that hops, with arms that swing out."""
    up = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    y = 0.66 - 0.2 * up

    def draw(pen: ImageDraw.ImageDraw, s: float) -> None:
        pen.ellipse((0.3 * s, (y - 0.19) * s, 0.7 * s, (y + 0.21) * s), fill=255)
        pen.ellipse((0.38 * s, (y - 0.4) * s, 0.62 * s, (y - 0.16) * s), fill=255)
        for side_of in (-1, 1):
            hand = (0.5 + side_of * 0.38, y + 0.14 - 0.3 * up)
            pen.line([((0.5 + side_of * 0.15) * s, (y - 0.08) * s), (hand[0] * s, hand[1] * s)],
                     fill=255, width=int(0.06 * s))  # fmt: skip
            foot = (0.5 + side_of * 0.14, y + 0.28)
            pen.line([((0.5 + side_of * 0.1) * s, (y + 0.15) * s), (foot[0] * s, foot[1] * s)],
                     fill=255, width=int(0.07 * s))  # fmt: skip

    return silhouette(draw, side)


FIGURES: tuple[Callable[[float, int], Image.Image], ...] = (_stick_figure, _bouncer)


def scenery(draw: Generator) -> Callable[[float], Frame]:
    """Hills that drift past below clouds."""
    base = gradient((96, 128, 158), (150, 168, 182))
    columns, rows = np.arange(WIDTH), np.arange(HEIGHT)[:, None]
    waves = [(draw.uniform(90, 160), draw.uniform(0, 6), 18 + 10 * k, 160 + 28 * k) for k in (0, 1)]
    greens = ((78, 112, 88), (58, 92, 70))
    puff = Image.new("L", (90 * FINE, 36 * FINE), 0)
    for x, y, r in ((22, 22, 13), (42, 16, 15), (64, 21, 13)):
        box = ((x - r) * FINE, (y - r) * FINE, (x + r) * FINE, (y + r) * FINE)
        ImageDraw.Draw(puff).ellipse(box, fill=255)
    cloud = sprite(puff.resize((90, 36), Image.Resampling.LANCZOS), (205, 212, 218))
    places = [(draw.uniform(0, 400), draw.uniform(96, 120)) for _ in range(3)]

    def frame_at(time: float) -> Frame:
        frame = base.copy()
        for x, y in places:
            paste(frame, cloud, (x + 16 * time) % 420 - 50, y)
        for (length, start, height, level), colour, speed in zip(
            waves, greens, (14, 30), strict=True
        ):
            crest = level + height * np.sin((columns + speed * time) * 2 * np.pi / length + start)
            frame[rows > crest] = colour
        return frame

    return frame_at
