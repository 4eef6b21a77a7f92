"""What both sets of pictures are made with: sprites, pasting them, shapes and grounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from aurelia.media.labels.vocabulary import Shape

WIDTH, HEIGHT, FPS = 320, 240, 25
FINE = 4
"""Sprites are drawn this much larger and scaled down, which smooths their edges."""

Frame = NDArray[np.uint8]
RGB = tuple[int, int, int]
Draw = Callable[[ImageDraw.ImageDraw, float], None]
"""Draws a white silhouette; the number is the side of the square, in fine pixels."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture with soft edges: colours `(h, w, 3)` and opacity `(h, w, 1)`, 0 to 1."""

    colours: NDArray[np.float32]
    opacity: NDArray[np.float32]

    @property
    def height(self) -> int:
        return int(self.opacity.shape[0])

    @property
    def width(self) -> int:
        return int(self.opacity.shape[1])


def sprite(mask: Image.Image, colour: RGB, shade: float = 0.0) -> Sprite:
    """A mask filled with one colour; with `shade` it grows darker to the lower right."""
    opacity = (np.asarray(mask)[..., None] / 255).astype(np.float32)
    height, width = opacity.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    fall = 1 - shade * (rows / height + columns / width) / 2
    return Sprite((fall[..., None] * np.array(colour)).astype(np.float32), opacity)


def picture_sprite(pixels: Frame) -> Sprite:
    """A rectangle of pixels without transparency."""
    return Sprite(pixels.astype(np.float32), np.ones((*pixels.shape[:2], 1), np.float32))


def silhouette(draw: Draw, side: int) -> Image.Image:
    """A mask `side` pixels square, drawn finely and scaled down."""
    image = Image.new("L", (side * FINE, side * FINE), 0)
    draw(ImageDraw.Draw(image), float(side * FINE))
    return image.reduce(FINE)


def shape_mask(shape: Shape, side: int) -> Image.Image:
    """A ball, a square or a triangle that fills a square of this side."""

    def draw(pen: ImageDraw.ImageDraw, size: float) -> None:
        edge = size - FINE
        if shape == "ball":
            pen.ellipse((FINE, FINE, edge, edge), fill=255)
        elif shape == "square":
            pen.rectangle((FINE, FINE, edge, edge), fill=255)
        else:
            pen.polygon([(size / 2, FINE), (edge, edge), (FINE, edge)], fill=255)

    return silhouette(draw, side)


def paste(frame: Frame, what: Sprite, x: float, y: float) -> None:
    """Draw a sprite centred at (x, y), in place; what stands out is cut off."""
    left, top = round(x - what.width / 2), round(y - what.height / 2)
    first_x, first_y = max(0, -left), max(0, -top)
    last_x = min(what.width, frame.shape[1] - left)
    last_y = min(what.height, frame.shape[0] - top)
    if last_x <= first_x or last_y <= first_y:
        return
    spot = (slice(top + first_y, top + last_y), slice(left + first_x, left + last_x))
    part = (slice(first_y, last_y), slice(first_x, last_x))
    alpha = what.opacity[part]
    frame[spot] = (frame[spot] * (1 - alpha) + what.colours[part] * alpha + 0.5).astype(np.uint8)


def gradient(
    top: RGB, bottom: RGB, sideways: float = 0.0, size: tuple[int, int] = (HEIGHT, WIDTH)
) -> Frame:
    """A ground that changes from one colour to another, downwards or partly sideways."""
    rows = np.linspace(0, 1, size[0])[:, None]
    columns = np.linspace(0, 1, size[1])[None, :]
    share = ((1 - sideways) * rows + sideways * columns)[..., None]
    pixels: Frame = ((1 - share) * np.array(top) + share * np.array(bottom)).astype(np.uint8)
    return pixels


def fitted(mask: Image.Image, width: int, height: int) -> Image.Image:
    """The mask scaled to fit into a box, its proportions kept; never enlarged."""
    factor = min(1.0, width / mask.width, height / mask.height)
    size = (max(1, round(mask.width * factor)), max(1, round(mask.height * factor)))
    return mask.resize(size, Image.Resampling.LANCZOS) if size != mask.size else mask


def stacked(masks: Sequence[Image.Image], gap: int) -> Image.Image:
    """Masks one below the other, centred."""
    width = max(mask.width for mask in masks)
    image = Image.new("L", (width, sum(m.height for m in masks) + gap * (len(masks) - 1)), 0)
    top = 0
    for mask in masks:
        image.paste(mask, ((width - mask.width) // 2, top))
        top += mask.height + gap
    return image
