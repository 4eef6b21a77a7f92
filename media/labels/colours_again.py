"""Names of colours by sectors of hue, with bars for how strong and how light they must be."""

import colorsys

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.vocabulary import Colour

_SECTORS: tuple[tuple[Colour, float, float, float, float], ...] = (
    # name, first and last hue in degrees, least saturation, least value
    ("red", 344, 373, 0.62, 0.42),
    ("orange", 15, 43, 0.66, 0.76),
    ("yellow", 45, 66, 0.44, 0.77),
    ("green", 82, 164, 0.39, 0.30),
    ("blue", 198, 255, 0.44, 0.34),
    ("purple", 258, 306, 0.42, 0.34),
)
_SOFT = 6.0  # degrees from a sector's end within which a name is unsure


def hue_name(rgb: NDArray[np.float64]) -> tuple[Colour | None, float]:
    """What a colour is called, RGB 0 to 255, shape `(3,)`, and how sure that is, 0 to 1.

    None and 0 for what is pale, dull, or between two sectors.
    """
    red, green, blue = (float(np.clip(v, 0, 255)) / 255 for v in rgb)
    hue, strength, value = colorsys.rgb_to_hsv(red, green, blue)
    if value <= 0.165 and (strength < 0.6 or value <= 0.115):
        return "black", 0.9
    if strength < 0.13 and value >= 0.85:
        return "white", 0.9
    degrees = 360 * hue
    for name, first, last, least_strength, least_value in _SECTORS:
        turned = degrees + 360 if degrees + 360 <= last else degrees
        if first <= turned <= last and strength >= least_strength and value >= least_value:
            inside = min(turned - first, last - turned)
            return name, round(0.6 + 0.4 * min(1.0, inside / _SOFT), 2)
    return None, 0.0
