"""Whether an outline is a ball, a square or a triangle: its radius by angle against drawn ones."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.vocabulary import Shape

Profile = NDArray[np.float64]

_ANGLES = 2 * np.pi * np.arange(72) / 72
_FARTHEST, _COARSE = 0.02, 0.6
"""Root mean square difference from a drawn outline: of the mean radius, and pixels."""
_LEAST_RADIUS = 4.0  # px


def _polygon(corners: NDArray[np.float64]) -> Profile:
    """Radius by angle around the centroid of a convex polygon, mean 1."""
    ahead = np.roll(corners, -1, axis=0)
    cross = corners[:, 0] * ahead[:, 1] - ahead[:, 0] * corners[:, 1]
    middle = ((corners + ahead) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    points, sides = corners - middle, ahead - corners
    normals = np.stack([sides[:, 1], -sides[:, 0]], axis=1)
    normals /= np.hypot(*normals.T)[:, None]
    depth = (points * normals).sum(axis=1)
    facing = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1) @ normals.T
    with_side = np.where(facing > 1e-6, depth / np.maximum(facing, 1e-6), np.inf)
    radius = with_side.min(axis=1)
    return np.asarray(radius / radius.mean(), np.float64)


def _regular(corners: int, stretch: float = 1.0) -> Profile:
    angles = 2 * np.pi * np.arange(corners) / corners
    return _polygon(np.stack([stretch * np.cos(angles), np.sin(angles)], axis=1))


def _gable(height: float) -> Profile:
    return _polygon(np.array([[-0.5, 0.0], [0.5, 0.0], [0.0, height]]))


def _oblong(aspect: float) -> Profile:
    return _polygon(np.array([[0.0, 0.0], [aspect, 0.0], [aspect, 1.0], [0.0, 1.0]]))


@cache
def _drawn() -> tuple[list[Shape | None], NDArray[np.complex128], NDArray[np.float64]]:
    """Names, spectra and powers of drawn outlines; those without a name are what to tell apart."""
    outlines: list[tuple[Shape | None, Profile]] = [
        ("ball", np.ones(len(_ANGLES))),
        ("square", _oblong(1.0)),
        ("square", _oblong(1.12)),
        *(("triangle", _gable(height)) for height in (0.5, 0.65, 0.78, 0.87, 1.0, 1.2)),
        *((None, _oblong(aspect)) for aspect in (1.35, 1.6, 2.0, 3.0)),
        *((None, _regular(40, stretch)) for stretch in (1.3, 1.6, 2.2)),
        *((None, _regular(corners)) for corners in (5, 6)),
    ]
    names = [name for name, _ in outlines]
    profiles = np.array([profile for _, profile in outlines])
    return names, np.fft.fft(profiles, axis=1), (profiles**2).mean(axis=1)


def radius_by_angle(mask: NDArray[np.bool_], row: float, column: float) -> Profile:
    """How far the mask reaches from a point, px, for 72 angles."""
    steps = np.arange(0.0, np.hypot(*mask.shape) + 1, 0.5)
    rows = np.rint(row + np.sin(_ANGLES)[:, None] * steps).astype(int)
    columns = np.rint(column + np.cos(_ANGLES)[:, None] * steps).astype(int)
    height, width = mask.shape
    within = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    hit = mask[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)] & within
    return np.asarray(0.5 * np.cumprod(hit, axis=1).sum(axis=1), np.float64)


def outline_shape(mask: NDArray[np.bool_]) -> Shape | None:
    """The shape of one filled region, whichever way it is turned; None where none is near."""
    rows, columns = np.nonzero(mask)
    if len(rows) < 40:
        return None
    radius = radius_by_angle(mask, float(rows.mean()), float(columns.mean()))
    mean = float(radius.mean())
    if mean < _LEAST_RADIUS:
        return None
    # An outline with bays covers less than what its mask holds, or the other way round.
    if abs(float((radius**2).mean()) * np.pi / len(rows) - 1) > 0.12 + 1 / mean:
        return None
    profile = radius / mean
    names, spectra, powers = _drawn()
    alike = np.fft.ifft(np.fft.fft(profile) * spectra.conj(), axis=1).real.max(axis=1)
    away = np.sqrt(np.maximum(powers + (profile**2).mean() - 2 * alike / len(_ANGLES), 0))
    best = int(away.argmin())
    return names[best] if away[best] < _FARTHEST + _COARSE / mean else None
