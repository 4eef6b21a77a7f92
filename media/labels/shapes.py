"""Whether an outline is a ball, a square or a triangle: its area against what encloses it."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from aurelia.media.labels.vocabulary import Shape

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]

_LEAST_PX = 60
"""A smaller outline is too coarse to have a shape."""
_FINE_PX = 1500
_MOST_CORNERS = 20
_SOLID = 0.88


def _hull(mask: Mask) -> tuple[Points, float, float] | None:
    """Corners of the convex hull, its area and its length; None for a line."""
    rows, columns = np.nonzero(mask)
    points = np.stack([columns, rows], axis=1).astype(np.float64)
    try:
        hull = ConvexHull(points)
    except QhullError:
        return None
    return points[hull.vertices], float(hull.volume), float(hull.area)


def _boxed(corners: Points) -> tuple[float, float]:
    """Area and aspect (1 or more) of the smallest rectangle around the corners, half a pixel out.

    One side of it lies on a side of the hull.
    """
    sides = np.roll(corners, -1, axis=0) - corners
    angles = np.unique(np.round(np.arctan2(sides[:, 1], sides[:, 0]) % (np.pi / 2), 2))
    across = np.stack([np.cos(angles), np.sin(angles)])
    along = np.stack([-np.sin(angles), np.cos(angles)])
    width = np.ptp(corners @ across, axis=0) + 1
    height = np.ptp(corners @ along, axis=0) + 1
    best = int((width * height).argmin())
    long, short = max(width[best], height[best]), min(width[best], height[best])
    return float(width[best] * height[best]), float(long / short)


def _largest_triangle(corners: Points) -> float:
    """Area of the largest triangle between corners."""
    if len(corners) > _MOST_CORNERS:
        corners = corners[np.linspace(0, len(corners) - 1, _MOST_CORNERS).astype(int)]
    triples = np.array(list(combinations(range(len(corners)), 3)))
    a, b, c = (corners[triples[:, i]] for i in range(3))
    (ux, uy), (vx, vy) = (b - a).T, (c - a).T
    return float(np.abs(ux * vy - uy * vx).max() / 2)


def shape_of(mask: Mask) -> Shape | None:
    """The shape of one filled region, whichever way it is turned; None where no bar is cleared."""
    area = int(mask.sum())
    if area < _LEAST_PX:
        return None
    hull = _hull(mask)
    if hull is None:
        return None
    corners, inner, length = hull
    around = inner + length / 2 + np.pi / 4  # the hull passes through the middles of pixels
    if area < _SOLID * around:
        return None
    boxed, aspect = _boxed(corners)
    middle = np.argwhere(mask).mean(axis=0)[::-1]
    radius = float(np.hypot(*(corners - middle).T).max()) + 0.5
    round_part = area / (np.pi * radius**2)
    fine = min(1.0, area / _FINE_PX)  # the finer an outline is seen, the closer it must come
    if round_part >= 0.84 + 0.06 * fine and aspect <= 1.2 and area <= 0.86 * boxed:
        return "ball"
    if area >= (0.86 + 0.05 * fine) * boxed and aspect <= 1.25 and round_part <= 0.76:
        return "square"
    if not 0.4 * boxed <= area <= 0.64 * boxed or aspect > 1.6:
        return None
    return "triangle" if _largest_triangle(corners) >= (0.72 + 0.1 * fine) * inner else None
