"""The actor's names for the colours of cloth, in Lab: lightness, and angle and length of chroma."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.vocabulary import Colour

_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])
_ANGLES: tuple[tuple[float, Colour], ...] = (
    (48.0, "red"),
    (75.0, "orange"),
    (108.0, "yellow"),
    (205.0, "green"),
    (308.0, "blue"),
    (340.0, "purple"),
    (360.0, "red"),
)
"""Up to which angle of chroma, degrees, a colour goes."""


def lab_of(rgb: NDArray[np.floating]) -> NDArray[np.float32]:
    """CIE Lab of RGB values 0 to 255, shape `(..., 3)`."""
    share = np.asarray(rgb, np.float32) / 255
    linear = np.where(share > 0.04045, ((share + 0.055) / 1.055) ** 2.4, share / 12.92)
    xyz = linear @ _TO_XYZ.T.astype(np.float32)
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def cloth_colour(lab: NDArray[np.floating]) -> Colour | None:
    """The colour of a stripe; None for grey and for what is too dull to name."""
    light, a, b = (float(v) for v in lab)
    chroma = float(np.hypot(a, b))
    if light < 26 and chroma < 14:
        return "black"
    if light > 74 and chroma < 19:
        return "white"
    if chroma < 24:
        return "black" if light < 12 else None
    angle = float(np.degrees(np.arctan2(b, a))) % 360
    return next(name for past, name in _ANGLES if angle < past or past == 360.0)
