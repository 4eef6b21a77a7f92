"""The critic's view of things that move: colours that come and go, and where their patches go."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from aurelia.media.labels.colours_again import hue_name
from aurelia.media.labels.film import Film
from aurelia.media.labels.objects_again_chains import Course, Rows, chains, course_of
from aurelia.media.labels.regions_again import (
    Patches,
    Tone,
    coming_and_going,
    patches_of,
    reduced,
    shot_ranges,
)
from aurelia.media.labels.seen_types import MovingObject
from aurelia.media.labels.shapes_again import outline_shape
from aurelia.media.labels.vocabulary import Colour, Path, Shape

WIDTH, FPS = 240, 15.0
"""The film that `moving_objects_again` wants."""
_VIEWS = 8
_LEAST_VIEWS = 3
_SHORTEST_S = 0.2
_SMALL = 20.0  # px at half size: a smaller patch is too coarse to be named
_UNSTEADY = 0.14  # of the area
_SOFT = 2.2  # px between the core of a colour and its end
_LIGHTER = 50.0  # 0 to 255: how much shading may lighten and darken a surface
_TEXTURED = 13.0  # 0 to 255
_BEYOND = 0.7  # of the change of light within a core: how much lighter it gets outside
_BUSY, _CROWDED = 0.12, 12
"""Share of the frame that changes, and patches that move, beyond which bars are higher."""


def moving_objects_again(film: Film) -> tuple[MovingObject, ...]:
    """What moves as one patch of colour, in time order; measured apart from `moving_objects`.

    Args:
        film: 240 pixels wide, 15 frames a second (`WIDTH`, `FPS`).

    Returns:
        One entry for each thing and each stay in the picture. Without colour and shape a thing is
        given only if it keeps its size, goes far, and little else changes.
    """
    if len(film.frames) < 6 or min(film.frames.shape[1:3]) < 32:
        return ()
    small = reduced(film.frames)
    found: list[MovingObject] = []
    for first, past in shot_ranges(small):
        if past - first >= 6:
            shot = slice(first, past)
            found += _in_shot(film.frames[shot], small[shot], film.times[shot])
    return tuple(sorted(found, key=lambda o: (o.start_s, o.end_s)))


def _in_shot(
    frames: NDArray[np.uint8], small: NDArray[np.uint8], times: NDArray[np.float64]
) -> list[MovingObject]:
    tones, share = coming_and_going(small)
    step = float(np.median(np.diff(times)))
    going: list[tuple[Tone, Patches, Rows, Course]] = []
    for tone in tones:
        patches = patches_of(small, tone)
        rows = chains(patches, 1 / max(step, 1e-3))
        if len(rows) > 40:
            continue  # the colour of a texture
        for chain in rows:
            chain = _unhidden(patches, chain, small.shape[1:3])
            course = course_of(patches, chain, times, small.shape[1:3])
            if course is None or course.end_s - course.start_s < _SHORTEST_S:
                continue
            going.append((tone, patches, chain, course))
    busy = share > _BUSY or len(going) > _CROWDED
    found: list[tuple[MovingObject, Patches, Rows]] = []
    for tone, patches, chain, course in going:
        thing = _thing(frames, tone, patches, chain, course, busy)
        if thing is not None:
            found.append((thing, patches, chain))
    found.sort(key=lambda one: -float(one[1].area[one[2]].sum()))
    kept: list[tuple[MovingObject, Patches, Rows]] = []
    for one in found:
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return [thing for thing, _, _ in kept]


def _unhidden(patches: Patches, chain: Rows, size: tuple[int, ...]) -> Rows:
    """The chain without rows inside the frame in which part of the patch is hidden."""
    boxes, area = patches.box[chain], patches.area[chain]
    height, width = size
    inside = (boxes[:, 0] > 0) & (boxes[:, 1] > 0) & (boxes[:, 2] < width) & (boxes[:, 3] < height)
    if inside.sum() < 3:
        return chain
    usual = float(np.median(area[inside]))
    return np.asarray(chain[~inside | (np.abs(area - usual) < 0.3 * usual)], np.int64)


def _same(one: tuple[object, Patches, Rows], other: tuple[object, Patches, Rows]) -> bool:
    """Whether two chains follow one thing: two shades of it, or its rim."""
    (_, a, rows), (_, b, others) = one, other
    both, i, j = np.intersect1d(a.frame[rows], b.frame[others], return_indices=True)
    if len(both) < 0.4 * len(rows):
        return False
    apart = np.hypot(*(a.middle[rows[i]] - b.middle[others[j]]).T)
    side = np.sqrt(b.area[others[j]].astype(np.float64))
    return float(np.mean(apart < 0.5 * side)) > 0.4


def _thing(
    frames: NDArray[np.uint8],
    tone: Tone,
    patches: Patches,
    chain: Rows,
    course: Course,
    busy: bool,
) -> MovingObject | None:
    height, width = frames.shape[1] // 2, frames.shape[2] // 2
    boxes = patches.box[chain]
    whole = chain[
        (boxes[:, 0] > 1)
        & (boxes[:, 1] > 1)
        & (boxes[:, 2] < width - 1)
        & (boxes[:, 3] < height - 1)
    ]
    if len(whole) < _LEAST_VIEWS:
        return None
    areas = patches.area[whole].astype(np.float64)
    usual = float(np.median(areas))
    unsteady = float(np.median(np.abs(areas - usual))) / usual
    side = usual**0.5
    net = float(np.hypot(course.last[0] - course.first[0], course.last[1] - course.first[1]))
    if unsteady > _UNSTEADY or course.length < 3:
        return None
    steady = whole[np.abs(areas - usual) < 0.25 * usual]
    if len(steady) < max(_LEAST_VIEWS, 0.6 * len(whole)):
        return None
    colour, shape, sure = _named(frames, tone, patches, steady, 0.85 if busy else 0.6)
    far = net >= 1.5 * side and net >= 0.6 * course.length
    if shape is None and (colour is None or course.end_s - course.start_s < 0.5 or usual < 40):
        return None
    if (shape is None or colour is None) and (busy or not far):
        return None
    if usual < _SMALL or (busy and not far):
        return None
    return MovingObject(
        start_s=round(course.start_s, 3),
        end_s=round(course.end_s, 3),
        tolerance_s=0.15,
        colour=colour,
        shape=shape,
        path=_heading(course, net),
        confidence=sure,
    )


def _heading(course: Course, net: float) -> Path:
    across, down = course.last[0] - course.first[0], course.last[1] - course.first[1]
    if net < 0.6 * course.length or net < 6:
        return "about"
    if abs(down) > abs(across):
        return "downwards" if down > 0 else "upwards"
    return "left to right" if across > 0 else "right to left"


def _named(
    frames: NDArray[np.uint8], tone: Tone, patches: Patches, rows: Rows, agree: float
) -> tuple[Colour | None, Shape | None, float]:
    """Colour and shape by several close views, and how sure; None where a bar is not cleared."""
    views = []
    for row in rows[np.unique(np.linspace(0, len(rows) - 1, _VIEWS).astype(int))]:
        left, top, right, bottom = (2 * int(v) for v in patches.box[row])
        rim = slice(max(0, top - 5), bottom + 5), slice(max(0, left - 5), right + 5)
        crop = frames[int(patches.frame[row])][rim].astype(np.float64)
        view = _view(crop, tone)
        if view is not None:
            views.append(view)
    if len(views) < _LEAST_VIEWS:
        return None, None, 0.0
    if np.median([v[2] for v in views]) > _SOFT or np.median([v[3] for v in views]) > _TEXTURED:
        return None, None, 0.0
    shape, votes = Counter(v[1] for v in views).most_common(1)[0]
    agreed = votes / len(views)
    if agreed < agree:
        shape = None
    colour, sure = hue_name(np.median([v[0] for v in views], axis=0))
    if shape is None:
        return colour, None, round(0.5 * sure, 2)
    return colour, shape, round(0.5 * (sure + agreed), 2)


def _view(
    crop: NDArray[np.float64], tone: Tone
) -> tuple[NDArray[np.float64], Shape | None, float, float] | None:
    """Mean colour, shape, softness of the outline (px) and texture of the patch in a crop."""
    even = ndimage.uniform_filter(crop, (3, 3, 0))
    away = np.abs(even - tone.rgb).max(axis=2)
    labels, count = ndimage.label(away < tone.radius)
    if not count:
        return None
    sizes = np.bincount(labels.ravel())[1:]
    mask = ndimage.binary_fill_holes(labels == 1 + int(sizes.argmax()))
    inner = ndimage.binary_erosion(mask, iterations=2)
    if inner.sum() < 9:
        return None
    rgb = _in_full_light(even[inner])
    # Shading changes slowly: what differs from a wider mean is texture.
    weight = ndimage.uniform_filter(inner.astype(np.float64), 9)
    local = (
        ndimage.uniform_filter(even * inner[..., None], (9, 9, 0))
        / np.maximum(weight, 1e-6)[..., None]
    )
    texture = float(np.percentile(np.abs(even - local).max(axis=2)[inner], 80))
    if float(np.ptp(np.percentile(even[inner], [10, 90], axis=0), axis=0).max()) > 2 * _LIGHTER:
        texture = np.inf
    rim = int((mask & ~ndimage.binary_erosion(mask)).sum())
    # Farther in, what strays from the colour is shading.
    band = mask & ~ndimage.binary_erosion(mask, iterations=4)
    soft = int((band & (away >= 0.7 * tone.radius)).sum())
    return rgb, outline_shape(mask), soft / max(rim, 1), texture


def _in_full_light(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The colour that a shaded surface has where most light falls on it, from its pixels."""
    usual = np.median(pixels, axis=0)
    light = pixels @ usual / max(float(np.linalg.norm(usual)), 1.0)
    low, high, top = np.percentile(light, [10, 90, 85])
    brightest = np.median(pixels[light >= top], axis=0)
    # The core leaves out the rim, and a triangle the corner, where it is lighter still.
    gain = 1 + _BEYOND * (high - low) / max(float(high), 1.0)
    return np.asarray(np.minimum(brightest * gain, 255), np.float64)
