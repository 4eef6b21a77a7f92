"""Names of colours by their nearest named shade in CIE Lab."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.vocabulary import Colour

Rgb = NDArray[np.float64]

_SHADES: dict[Colour | None, tuple[tuple[int, int, int], ...]] = {
    "red": ((220, 30, 30), (255, 0, 0), (180, 25, 30), (140, 15, 20), (225, 25, 60), (235, 60, 50)),
    "orange": ((240, 130, 25), (255, 150, 30), (255, 165, 0), (230, 105, 15), (255, 120, 45)),
    "yellow": (
        (240, 220, 40),
        (255, 255, 0),
        (255, 225, 30),
        (225, 195, 25),
        (250, 240, 110),
        (255, 205, 20),
    ),
    "green": (
        (40, 175, 60),
        (0, 128, 0),
        (0, 90, 30),
        (80, 200, 70),
        (0, 230, 40),
        (90, 160, 50),
        (30, 150, 95),
        (110, 215, 100),
        (130, 205, 50),
    ),
    "blue": (
        (40, 75, 220),
        (0, 0, 255),
        (25, 40, 130),
        (70, 130, 240),
        (20, 95, 200),
        (60, 150, 225),
        (60, 65, 185),
        (15, 60, 120),
        (90, 175, 245),
    ),
    "purple": (
        (150, 50, 190),
        (128, 0, 128),
        (105, 40, 150),
        (165, 35, 235),
        (175, 90, 215),
        (85, 20, 105),
        (135, 65, 205),
        (130, 90, 210),
        (145, 110, 220),
        (158, 88, 162),
    ),
    "white": ((255, 255, 255), (240, 240, 240), (232, 234, 236), (226, 227, 226), (250, 248, 235)),
    "black": ((0, 0, 0), (15, 15, 15), (28, 28, 28), (10, 10, 22)),
    None: (
        (50, 50, 50),
        (90, 90, 90),
        (128, 128, 128),
        (165, 165, 165),
        (208, 208, 208),  # greys
        (100, 60, 30),
        (130, 85, 45),
        (70, 45, 30),
        (165, 110, 60),
        (80, 70, 30),
        (120, 110, 50),  # browns, olive
        (255, 170, 190),
        (240, 100, 160),
        (255, 0, 200),
        (230, 130, 130),
        (200, 80, 110),  # pinks
        (235, 195, 165),
        (220, 170, 135),
        (190, 130, 100),
        (240, 215, 180),  # skin, beige
        (70, 190, 190),
        (0, 128, 128),
        (0, 230, 230),
        (150, 220, 220),  # between green and blue
        (60, 70, 90),
        (90, 110, 140),
        (140, 160, 190),
        (185, 205, 235),  # muted blues
        (80, 100, 75),
        (125, 150, 120),
        (175, 205, 170),
        (40, 60, 40),  # muted greens
        (110, 80, 120),
        (150, 130, 165),
        (205, 180, 220),  # muted purples
        (150, 90, 85),
        (110, 55, 55),
        (190, 180, 120),
        (235, 230, 190),
        (180, 205, 40),  # what is left: brick, khaki, cream, lime
    ),
}
_FARTHEST = 26.0
"""Lab distance beyond which a colour has no name."""
_MARGIN = 12.0
"""A second name must be this much farther for the first one to be sure."""
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def lab(rgb: Rgb) -> Rgb:
    """sRGB (0 to 255), shape `(…, 3)`, as CIE Lab (D65)."""
    value = np.clip(rgb, 0, 255) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ.T / _WHITE
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.asarray(np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1), np.float64)


_NAMES = [name for name, shades in _SHADES.items() for _ in shades]
_LAB = lab(np.array([rgb for shades in _SHADES.values() for rgb in shades], np.float64))
# Lightness counts less than hue: a shade is darker or lighter, and keeps its name.
_WEIGHTS = np.array([0.75, 1.0, 1.0])


def colour_name(rgb: Rgb) -> tuple[Colour | None, float]:
    """What people call a colour, RGB 0 to 255, shape `(3,)`, and how sure that is, 0 to 1.

    None and 0 for greys, browns, pinks, skin and whatever lies between two names.
    """
    far = np.sqrt((((_LAB - lab(np.asarray(rgb, np.float64))) * _WEIGHTS) ** 2).sum(axis=1))
    best = int(far.argmin())
    name = _NAMES[best]
    if name is None or far[best] > _FARTHEST:
        return None, 0.0
    other = min(float(far[i]) for i, found in enumerate(_NAMES) if found != name)
    sure = min(1.0, (other - float(far[best])) / _MARGIN)
    return name, round(0.5 + 0.5 * sure, 2)
