"""Letters of the held-out set: a stroke font of our own, and Pillow's font made bold or slanted."""

from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from aurelia.bench.rendered.canvas import FINE

# Strokes by letter: points are column (0 to 6) and row (0 to 9), strokes are parted by a bar.
_STROKES = {
    "A": "09 30 69|16 56",
    "B": "04 44 53 51 40 00 09 49 68 65 44",
    "C": "61 40 20 02 07 29 49 68",
    "D": "00 09 39 66 63 30 00",
    "E": "60 00 09 69|04 44",
    "F": "60 00 09|04 44",
    "G": "61 40 20 02 07 29 49 67 65 35",
    "H": "00 09|60 69|04 64",
    "I": "10 19",
    "J": "50 57 39 19 07",
    "K": "00 09|60 05|23 69",
    "L": "00 09 69",
    "M": "09 00 35 60 69",
    "N": "09 00 69 60",
    "O": "20 40 62 67 49 29 07 02 20",
    "P": "09 00 40 61 63 45 05",
    "Q": "20 40 62 67 49 29 07 02 20|46 69",
    "R": "09 00 40 61 63 45 05|35 69",
    "S": "61 40 20 01 03 24 44 65 68 49 29 08",
    "T": "00 60|30 39",
    "U": "00 07 29 49 67 60",
    "V": "00 39 60",
    "W": "00 19 33 59 60",
    "X": "00 69|60 09",
    "Y": "00 34 60|34 39",
    "Z": "00 60 09 69",
}
_WIDE, _TALL = 6, 9


def letters(draw: Generator, text: str, height: int) -> Image.Image:
    """A mask of the text in one of three hands."""
    hand = int(draw.integers(3))
    if hand == 0:
        return _stroked(text, height)
    font = ImageFont.load_default(height * 1.36)
    weight = 1 if hand == 1 else 0
    left, top, right, bottom = font.getbbox(text, stroke_width=weight)
    size = (int(right - left) + 4, int(bottom - top) + 4)
    image = Image.new("L", size, 0)
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font, stroke_width=weight)
    if hand == 1:
        return image
    lean = 0.22
    wide = (size[0] + int(lean * size[1]) + 1, size[1])
    return image.transform(
        wide, Image.Transform.AFFINE, (1, lean, -lean * size[1], 0, 1, 0),
        Image.Resampling.BICUBIC,
    )  # fmt: skip


def _stroked(text: str, height: int) -> Image.Image:
    unit = height * FINE / _TALL
    thick = max(int(1.35 * unit), FINE)
    advances = [4.5 if c == " " else 4.2 if c == "I" else _WIDE + 2.6 for c in text]
    image = Image.new(
        "L", (int(sum(advances) * unit) + 2 * thick, int(_TALL * unit) + 2 * thick), 0
    )
    pen, at = ImageDraw.Draw(image), float(thick)
    for character, advance in zip(text, advances, strict=True):
        for stroke in _STROKES.get(character, "").split("|"):
            points = [
                (at + int(point[0]) * unit, thick + int(point[1]) * unit)
                for point in stroke.split()
            ]
            if points:
                pen.line(points, fill=255, width=thick, joint="curve")
            for x, y in points:
                pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)
        at += advance * unit
    size = (max(1, image.width // FINE), max(1, image.height // FINE))
    return image.resize(size, Image.Resampling.LANCZOS)
