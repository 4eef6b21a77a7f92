"""Colours, grounds, instruments, dancers and scenes of the held-out set."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from aurelia.bench.rendered.appearance import Light
from aurelia.bench.rendered.canvas import (
    HEIGHT,
    RGB,
    WIDTH,
    Draw,
    Frame,
    gradient,
    paste,
    picture_sprite,
    silhouette,
)
from aurelia.media.labels.vocabulary import Colour

SHADES: Mapping[Colour, tuple[RGB, ...]] = {
    "red": ((196, 24, 30), (232, 30, 44)),
    "orange": ((250, 150, 50), (232, 118, 12)),
    "yellow": ((230, 210, 34), (255, 236, 96)),
    "green": ((30, 146, 78), (78, 186, 60)),
    "blue": ((36, 76, 196), (62, 128, 240)),
    "purple": ((126, 52, 168), (164, 84, 212)),
    "white": ((232, 234, 236), (252, 250, 244)),
    "black": ((12, 14, 18), (30, 28, 28)),
}
FLAG_SHADES: Mapping[Colour, RGB] = {
    "red": (190, 22, 36), "orange": (250, 142, 48), "yellow": (252, 220, 70),
    "green": (8, 122, 58), "blue": (18, 56, 140), "purple": (104, 44, 140),
    "white": (236, 238, 240), "black": (28, 26, 28),
}  # fmt: skip


def ground(draw: Generator, light: Light) -> Frame:
    """A wall: warm or cold, brighter in the middle, with a faint weave."""
    level = {"dark": 46, "middle": 128, "light": 186}[light] + int(draw.integers(0, 10))
    tint = np.array([4.0, 0.0, -4.0]) * float(draw.choice([-1, 1]))
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    middle = draw.uniform(0.35, 0.65, 2) * (HEIGHT, WIDTH)
    away = np.hypot((rows - middle[0]) / HEIGHT, (columns - middle[1]) / WIDTH)
    weave = 1.5 * ((rows // 3 + columns // 3) % 2)
    pixels = level - 18 * away + weave
    result: Frame = np.clip(pixels[..., None] + tint, 0, 255).astype(np.uint8)
    return result


def _points(s: float, *pairs: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * s, y * s) for x, y in pairs]


def _harp(pen: ImageDraw.ImageDraw, s: float) -> None:
    wide = int(0.08 * s)
    pen.line(_points(s, (0.2, 0.08), (0.24, 0.92), (0.84, 0.3), (0.56, 0.22), (0.2, 0.08)),
             fill=255, width=wide, joint="curve")  # fmt: skip
    for k in range(4):
        x = 0.33 + 0.12 * k
        pen.line(_points(s, (x, 0.14 + 0.04 * k), (x, 0.86 - 0.12 * k)), fill=255,
                 width=int(0.035 * s))  # fmt: skip
    pen.rectangle((0.14 * s, 0.88 * s, 0.5 * s, 0.96 * s), fill=255)


def _banjo(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.ellipse((0.04 * s, 0.46 * s, 0.54 * s, 0.96 * s), fill=255)
    pen.line(_points(s, (0.3, 0.7), (0.9, 0.1)), fill=255, width=int(0.08 * s))
    pen.line(_points(s, (0.78, 0.08), (0.94, 0.24)), fill=255, width=int(0.06 * s))


def _piano(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.polygon(_points(s, (0.06, 0.4), (0.94, 0.4), (0.94, 0.62), (0.06, 0.62)), fill=255)
    pen.polygon(_points(s, (0.1, 0.42), (0.62, 0.04), (0.94, 0.16), (0.94, 0.42)), fill=255)
    for x in (0.12, 0.5, 0.82):
        pen.rectangle((x * s, 0.6 * s, (x + 0.06) * s, 0.96 * s), fill=255)


def _xylophone(pen: ImageDraw.ImageDraw, s: float) -> None:
    for k in range(5):
        x, half = 0.12 + 0.19 * k, 0.42 - 0.05 * k
        pen.rectangle(
            ((x - 0.07) * s, (0.5 - half) * s, (x + 0.07) * s, (0.5 + half) * s), fill=255
        )
    for way in (-1, 1):
        rail = _points(s, (0.08, 0.5 + way * 0.24), (0.92, 0.5 + way * 0.12))
        pen.line(rail, fill=255, width=int(0.08 * s))


def _tuba(pen: ImageDraw.ImageDraw, s: float) -> None:
    pen.polygon(_points(s, (0.1, 0.06), (0.6, 0.06), (0.46, 0.34), (0.26, 0.34)), fill=255)
    pen.rounded_rectangle((0.24 * s, 0.3 * s, 0.78 * s, 0.96 * s), 0.2 * s, fill=255)
    pen.line(_points(s, (0.74, 0.6), (0.93, 0.46), (0.93, 0.36)), fill=255, width=int(0.07 * s))


INSTRUMENTS: tuple[Draw, ...] = (_harp, _banjo, _piano, _xylophone, _tuba)


def _robot(phase: float, side: int) -> Image.Image:
    """A box that crouches and rises, its forearms thrown up on top of the movement."""
    up = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    top = 0.3 + 0.11 * (1 - up)

    def draw(pen: ImageDraw.ImageDraw, s: float) -> None:
        pen.rectangle((0.34 * s, top * s, 0.66 * s, (top + 0.34) * s), fill=255)
        pen.rectangle((0.4 * s, (top - 0.2) * s, 0.6 * s, (top - 0.03) * s), fill=255)
        pen.rectangle((0.47 * s, (top - 0.05) * s, 0.53 * s, (top + 0.02) * s), fill=255)
        for way in (-1, 1):
            elbow = (0.5 + way * 0.3, top + 0.16)
            hand = (0.5 + way * (0.42 - 0.1 * up), top + 0.32 - 0.42 * up)
            foot, knee = (0.5 + way * 0.13, 0.95), (0.5 + way * (0.13 + 0.07 * (1 - up)), 0.82)
            shoulder, hip = (0.5 + way * 0.14, top + 0.05), (0.5 + way * 0.1, top + 0.32)
            for line in ((shoulder, elbow, hand), (hip, knee, foot)):
                pen.line(_points(s, *line), fill=255, width=int(0.075 * s), joint="curve")

    return silhouette(draw, side)


def _jumping_jack(phase: float, side: int) -> Image.Image:
    """A figure in a skirt that jumps: legs apart and arms overhead, then together."""
    up = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    rise = 0.1 * np.sin(np.pi * phase) ** 2

    def draw(pen: ImageDraw.ImageDraw, s: float) -> None:
        neck, hip = 0.34 - rise, 0.68 - rise
        pen.polygon(_points(s, (0.44, neck), (0.56, neck), (0.68, hip), (0.32, hip)), fill=255)
        radius = 0.1
        pen.ellipse((0.4 * s, (neck - 0.19) * s, 0.6 * s, (neck + radius - 0.09) * s), fill=255)
        for way in (-1, 1):
            turn = np.pi * (0.12 + 0.7 * up)
            hand = (0.5 + way * (0.06 + 0.3 * np.sin(turn)), neck + 0.05 + 0.3 * np.cos(turn))
            pen.line(_points(s, (0.5 + way * 0.05, neck + 0.05), hand), fill=255,
                     width=int(0.06 * s))  # fmt: skip
            foot = (0.5 + way * (0.06 + 0.2 * up), hip + 0.26)
            pen.line(_points(s, (0.5 + way * 0.06, hip - 0.02), foot), fill=255,
                     width=int(0.07 * s))  # fmt: skip

    return silhouette(draw, side)


FIGURES: tuple[Callable[[float, int], Image.Image], ...] = (_robot, _jumping_jack)


def scenery(draw: Generator) -> Callable[[float], Frame]:
    """A street of houses that passes by, a train's lit windows before it."""
    base = gradient((92, 84, 116), (176, 138, 128))
    long = 2 * WIDTH
    street = np.zeros((HEIGHT, long), bool)
    panes = np.zeros((HEIGHT, long), bool)
    at = 0
    while at < long - 20:
        wide = int(draw.integers(34, 62))
        top = int(draw.integers(90, 140))
        street[top:, at : at + wide] = True
        for y in range(top + 10, 196, 20):
            for x in range(at + 8, min(at + wide - 10, long - 10), 16):
                panes[y : y + 9, x : x + 7] = draw.random() < 0.6
        at += wide + int(draw.integers(0, 10))
    house, glow = np.array([58, 54, 70], np.uint8), np.array([206, 186, 132], np.uint8)
    train = gradient((120, 124, 130), (96, 100, 108), size=(26, 150))
    for x in range(10, 136, 22):
        train[6:15, x : x + 14] = (218, 216, 196)
    cars, speed = picture_sprite(train), float(draw.uniform(18, 30))

    def frame_at(time: float) -> Frame:
        frame = base.copy()
        first = int(speed * time) % WIDTH
        frame[street[:, first : first + WIDTH]] = house
        frame[panes[:, first : first + WIDTH]] = glow
        frame[188:192] = (44, 42, 50)
        paste(frame, cars, (70 * time) % (WIDTH + 320) - 150, 176)
        return frame

    return frame_at
