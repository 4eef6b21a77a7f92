"""The critic's names for the colours of cloth: hue, saturation and value."""

from colorsys import rgb_to_hsv

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.vocabulary import Colour

_HUES: tuple[tuple[float, Colour], ...] = (
    (15, "red"),
    (40, "orange"),
    (70, "yellow"),
    (172, "green"),
    (259, "blue"),
    (335, "purple"),
)
"""Up to which hue, degrees, a colour goes; beyond the last is red again."""


def on_cone(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """RGB 0 to 255, `(..., 3)`, as a place on the cone of hue, chroma and value, each 0 to 1."""
    share = rgb / 255
    red, green, blue = share[..., 0], share[..., 1], share[..., 2]
    value = share.max(axis=-1)
    along, aside = red - (green + blue) / 2, np.sqrt(0.75) * (green - blue)
    return np.stack([along, aside, value], axis=-1)


def dye(rgb: NDArray[np.float64]) -> Colour | None:
    """The colour of cloth; None for grey and pale or murky shades."""
    hue, saturation, value = rgb_to_hsv(*(float(np.clip(v, 0, 255)) / 255 for v in rgb))
    if value < 0.2 or (value < 0.27 and saturation < 0.35):
        return "black"
    if saturation < 0.2 and value > 0.74:
        return "white"
    if saturation < 0.32:
        return None
    return next((name for past, name in _HUES if hue * 360 < past), "red")
