"""What a tracked thing looks like: one colour, a sharp outline, and a shape that it keeps."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from aurelia.media.labels.colours import colour_name
from aurelia.media.labels.objects_tracks import Track
from aurelia.media.labels.regions import SMALL, Region, Stage
from aurelia.media.labels.shapes import shape_of
from aurelia.media.labels.vocabulary import Colour, Shape

_SAMPLES = 9
_LEAST = 3  # samples without which nothing is named
_MARGIN = 4  # px around a region at half size
_UNEVEN = 14.0  # 0 to 255: a surface that varies more has texture
_SHADED = 130.0  # 0 to 255: how much a surface may darken from end to end
_BLURRED = 3.2  # px: a wider outline is soft
_RIM = 3  # px of a surface that are left out when its colour is measured
_VARIES = 0.15  # of the area: a rigid thing keeps its size
_STRICT = 0.5
"""A colour alone is named under this part of the bars."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Colour and shape where they clear their bars, how sure, and whether the thing is compact."""

    colour: Colour | None
    shape: Shape | None
    confidence: float
    compact: bool


@dataclass(frozen=True, slots=True)
class _Sight:
    """One frame's view: mean colour, how uneven, width of the outline, area (px), shape."""

    rgb: NDArray[np.float64]
    uneven: float
    outline: float
    area: int
    shape: Shape | None


_NOTHING = Looks(None, None, 0.0, False)


def _crop(region: Region, size: tuple[int, int]) -> tuple[slice, slice]:
    left, top, right, bottom = region.box
    height, width = size
    return (
        slice(max(0, top - _MARGIN), min(height, bottom + _MARGIN)),
        slice(max(0, left - _MARGIN), min(width, right + _MARGIN)),
    )


def _sight(region: Region, frame: NDArray[np.uint8], stage: Stage) -> _Sight | None:
    """A close look at one region in its full-size frame; None where it can't be made out."""
    height, width = stage.planes.shape[2:]
    rows, columns = _crop(region, (height, width))
    dy, dx = (int(v) for v in stage.shifts[region.frame])
    top, left = SMALL * rows.start + dy, SMALL * columns.start + dx
    tall, wide = SMALL * (rows.stop - rows.start), SMALL * (columns.stop - columns.start)
    if top < 0 or left < 0 or top + tall > frame.shape[0] or left + wide > frame.shape[1]:
        return None
    here = frame[top : top + tall, left : left + wide].astype(np.float64)
    behind = np.moveaxis(stage.ground[:, rows, columns], 0, 2).astype(np.float64)
    behind = behind.repeat(SMALL, axis=0).repeat(SMALL, axis=1) + stage.light[region.frame]
    core = np.zeros(here.shape[:2], np.bool_)
    y, x = SMALL * region.y + dy - top, SMALL * region.x + dx - left
    reach = max(2, int(0.2 * (SMALL**2 * region.area) ** 0.5))
    core[
        max(0, int(y) - reach) : int(y) + reach + 1, max(0, int(x) - reach) : int(x) + reach + 1
    ] = True
    rgb = np.median(here[core], axis=0)
    away = rgb - behind
    part = ((here - behind) * away).sum(axis=2) / np.maximum((away**2).sum(axis=2), 200.0)
    even = ndimage.gaussian_filter(part, 0.8 if stage.noise <= 2.5 else 1.2)
    labels, _ = ndimage.label(even > 0.5)
    number = labels[min(int(y), tall - 1), min(int(x), wide - 1)]
    if not number:
        return None
    mask = ndimage.binary_fill_holes(labels == number)
    inner = ndimage.binary_erosion(mask, iterations=_RIM if region.area > 60 else 2)
    if inner.sum() < 12:
        return None
    rgb, uneven = _lit(ndimage.uniform_filter(here, (3, 3, 0)), inner)
    rim = ndimage.binary_dilation(mask, iterations=4) & ~inner
    soft = int(((part > 0.2) & (part < 0.8) & rim).sum())
    length = int((mask & ~ndimage.binary_erosion(mask)).sum())
    return _Sight(rgb, uneven, soft / max(length, 1), int(mask.sum()), shape_of(mask))


def _lit(here: NDArray[np.float64], inner: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Colour of a surface where light falls on it, and how uneven it is but for even shading."""
    rows, columns = np.nonzero(inner)
    terms = np.stack([rows - rows.mean(), columns - columns.mean(), np.ones(len(rows))], axis=1)
    fit = np.linalg.lstsq(terms, here[inner], rcond=None)[0]
    slope = np.abs(fit[:2]).sum(axis=0) * np.sqrt(len(rows))
    # A steeper fall than this is no shading of a flat colour.
    fitted = terms @ fit if slope.max() < _SHADED else here[inner].mean(axis=0)
    rest = np.abs(here[inner] - fitted).max(axis=1)
    return _light_end(rows, columns, fit, slope.max() < _SHADED), float(np.percentile(rest, 85))


def _light_end(
    rows: NDArray[np.int64], columns: NDArray[np.int64], fit: NDArray[np.float64], shaded: bool
) -> NDArray[np.float64]:
    """The fitted colour at the lightest corner of the box around the surface."""
    if not shaded:
        return np.asarray(fit[2], np.float64)
    down, right = fit[:2].sum(axis=1)
    row = (rows.max() + _RIM if down > 0 else rows.min() - _RIM) - rows.mean()
    column = (columns.max() + _RIM if right > 0 else columns.min() - _RIM) - columns.mean()
    return np.asarray(np.clip(np.array([row, column, 1.0]) @ fit, 0, 255), np.float64)


def _picked(track: Track, size: tuple[int, int]) -> list[Region]:
    height, width = size
    whole = [
        r
        for r in track.regions
        if r.box[0] > 1 and r.box[1] > 1 and r.box[2] < width - 1 and r.box[3] < height - 1
    ]
    if len(whole) < _LEAST:
        return []
    usual = float(np.median([r.area for r in whole]))
    steady = [r for r in whole if 0.75 * usual <= r.area <= 1.33 * usual]
    if len(steady) < 0.6 * len(whole):
        return []
    # Where it moves fastest and far from the ends, nothing is mixed with what rests there.
    return [steady[i] for i in np.unique(np.linspace(0, len(steady) - 1, _SAMPLES).astype(int))]


def looks_of(track: Track, frames: NDArray[np.uint8], stage: Stage, agree: float) -> Looks:
    """What a track looks like.

    Args:
        track: the track.
        frames: the shot's frames, RGB, `(n, height, width, 3)`.
        stage: the shot's background.
        agree: share of the views that must agree on a shape.
    """
    height, width = stage.planes.shape[2:]
    picked = _picked(track, (height, width))
    if len(picked) < _LEAST:
        return _NOTHING
    seen = [s for r in picked if (s := _sight(r, frames[r.frame], stage)) is not None]
    if len(seen) < _LEAST or len(seen) < 0.5 * len(picked):
        return _NOTHING
    areas = np.array([s.area for s in seen], np.float64)
    usual = float(np.median(areas))
    varies = float(np.median(np.abs(areas - usual))) / usual
    fills = float(
        np.median([r.area / ((r.box[2] - r.box[0]) * (r.box[3] - r.box[1])) for r in picked])
    )
    compact = varies < 0.1 and fills > 0.4
    rough = max(
        float(np.median([s.uneven for s in seen])) / (_UNEVEN + 1.5 * stage.noise),
        float(np.median([s.outline for s in seen])) / (_BLURRED + 0.15 * stage.noise),
        varies / _VARIES,
    )
    if rough > 1:
        return Looks(None, None, 0.0, compact)
    shape, votes = Counter(s.shape for s in seen).most_common(1)[0]
    if votes < agree * len(seen):
        shape = None
    colour, sure = colour_name(np.median([s.rgb for s in seen], axis=0))
    if shape is None and (rough > _STRICT or fills < 0.4):
        colour = None
    share = votes / len(seen) if shape else 0.6
    return Looks(colour, shape, round(min(1.0, 0.5 * (sure + share)), 2), compact)
