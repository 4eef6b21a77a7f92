"""The actor's flags: even regions that tile a rectangle as stripes, or as a disc on a field."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes, find_objects, gaussian_filter, label, maximum_filter

from aurelia.media.labels.film import Film
from aurelia.media.labels.flags_colours import cloth_colour, lab_of
from aurelia.media.labels.seen_types import FlagSeen
from aurelia.media.labels.shots import frames_within, stretches
from aurelia.media.labels.vocabulary import Colour, FlagLayout

_WIDTH = 160  # px that are looked at
_LOOKS = 3  # frames of a shot
_STEP = 5.0  # Lab distance of neighbours that parts two regions
_LEAST, _MOST = 0.05, 0.93  # share of the picture
_STRIPE = 0.012  # share of the picture of the smallest stripe
_REGIONS = 9  # largest regions that are combined
_FILLED = 0.82  # of the flag's rectangle
_WAVING = 0.64  # of a stripe's own, which is lower
_GROWN = 3  # px that a region grows into the edges around it
_OFF = 0.3  # by which share a stripe may be narrower or wider than it should be
_LAYOUTS: tuple[FlagLayout, ...] = ("vertical", "horizontal")
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.bool_)
_TWO, _THREE = (1.15, 1.9), (0.9, 2.6)  # width to height; two of three stripes are no flag

Sight = tuple[FlagLayout, tuple[Colour, ...]]


@dataclass(frozen=True, slots=True)
class _Region:
    top: int
    bottom: int
    left: int
    right: int
    area: int
    mask: NDArray[np.bool_]  # within the box
    lab: NDArray[np.float64]

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left


def flags_shown(film: Film, cuts: Sequence[float]) -> tuple[FlagSeen, ...]:
    """The flag of each shot that shows one, from the looks at it that agree.

    Colours stand in reading order, one for each stripe that differs from the one before: yellow,
    blue, red for a flag whose yellow is twice as high.
    """
    found = []
    for shot in stretches(film, cuts):
        looks = frames_within(film.times, shot, _LOOKS)
        sights = [s for s in (_flag_in(_calm(film, i, shot.end_s)) for i in looks) if s]
        if not sights:
            continue
        (layout, colours), votes = Counter(sights).most_common(1)[0]
        if 2 * votes > len(looks):
            share = votes / len(looks)
            found.append(FlagSeen(shot.start_s, shot.end_s, layout, colours, share))
    return tuple(found)


def _calm(film: Film, index: int, end_s: float) -> NDArray[np.float32]:
    """A frame at the width that is looked at, averaged with the two that follow it."""
    last = index + 1
    while last < min(index + 3, len(film.times)) and film.times[last] < end_s - 1e-6:
        last += 1
    picture = film.frames[index:last].mean(axis=0, dtype=np.float32)
    factor = max(1, round(picture.shape[1] / _WIDTH))
    rows, columns = picture.shape[0] // factor, picture.shape[1] // factor
    cut = picture[: rows * factor, : columns * factor]
    small: NDArray[np.float32] = cut.reshape(rows, factor, columns, factor, 3).mean(axis=(1, 3))
    return small


def _flag_in(picture: NDArray[np.float32]) -> Sight | None:
    regions = _regions(picture)
    size = picture.shape[0], picture.shape[1]
    best: tuple[int, Sight] | None = None
    for count in (3, 2):
        for chosen in combinations(regions, count):
            area = sum(r.area for r in chosen)
            if (best and area <= best[0]) or area < _LEAST * size[0] * size[1]:
                continue
            sight = _as_stripes(chosen, size) or (
                _as_disc(chosen[0], chosen[1], size) if count == 2 else None
            )
            if sight:
                best = area, sight
    return best[1] if best else None


def _regions(picture: NDArray[np.float32]) -> list[_Region]:
    """The largest regions without an inner edge, grown to meet each other."""
    lab = lab_of(picture)
    soft = gaussian_filter(lab, (0.7, 0.7, 0))
    rise = np.zeros(lab.shape[:2], np.float32)
    for axis in (0, 1):
        step = np.linalg.norm(np.diff(soft, axis=axis), axis=2)
        for side in ((1, 0), (0, 1)):
            pad = [(0, 0), (0, 0)]
            pad[axis] = side
            np.maximum(rise, np.pad(step, pad), out=rise)
    parts, count = label(rise < _STEP)
    if not count:
        return []
    for _ in range(_GROWN):
        parts = np.where(parts, parts, maximum_filter(parts, footprint=_CROSS))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    boxes = find_objects(parts)
    kept = [int(i) for i in np.argsort(-sizes)[:_REGIONS] if sizes[i] >= _STRIPE * parts.size]
    return [_region(lab, parts == i, boxes[i - 1], int(sizes[i])) for i in kept]


def _region(
    lab: NDArray[np.float32], mask: NDArray[np.bool_], box: tuple[slice, slice], area: int
) -> _Region:
    rows, columns = box
    middle = np.median(lab[mask], axis=0)
    return _Region(
        rows.start, rows.stop, columns.start, columns.stop, area, mask[box], middle.astype(float)
    )


def _is_cloth(regions: Sequence[_Region], picture: tuple[int, int]) -> bool:
    """Whether the box round some regions is as large and as wide as flags are shown."""
    top, bottom = min(r.top for r in regions), max(r.bottom for r in regions)
    left, right = min(r.left for r in regions), max(r.right for r in regions)
    height, width = bottom - top, right - left
    if (top == 0 and bottom == picture[0]) or (left == 0 and right == picture[1]):
        return False
    share, shape = height * width / (picture[0] * picture[1]), width / height
    narrowest, widest = _TWO if len(regions) == 2 else _THREE
    return _LEAST <= share <= _MOST and narrowest <= shape <= widest


def _as_stripes(regions: Sequence[_Region], picture: tuple[int, int]) -> Sight | None:
    """Regions as the stripes of one flag: side by side, alike in extent, together a rectangle."""
    if not _is_cloth(regions, picture):
        return None
    width = max(r.right for r in regions) - min(r.left for r in regions)
    height = max(r.bottom for r in regions) - min(r.top for r in regions)
    if sum(r.area for r in regions) < _FILLED * width * height:
        return None
    for layout in _LAYOUTS:
        ordered = sorted(regions, key=lambda r: r.left if layout == "vertical" else r.top)
        along = [(r.left, r.right) if layout == "vertical" else (r.top, r.bottom) for r in ordered]
        across = [(r.top, r.bottom) if layout == "vertical" else (r.left, r.right) for r in ordered]
        long = max(b for _, b in across) - min(a for a, _ in across)
        slack = 0.1 * long + 2
        if np.ptp([a for a, _ in across]) > slack or np.ptp([b for _, b in across]) > slack:
            continue
        gaps = [b[0] - a[1] for a, b in pairwise(along)]
        if max(abs(g) for g in gaps) > 0.06 * long + 2:
            continue
        if min(r.area / (r.height * r.width) for r in ordered) < _WAVING:
            continue
        if not _proportioned([r.area for r in ordered]):
            continue
        names = [cloth_colour(r.lab) for r in ordered]
        colours = tuple(n for n in names if n is not None)
        if len(colours) == len(names) and all(a != b for a, b in pairwise(colours)):
            return layout, colours
    return None


def _proportioned(areas: Sequence[int]) -> bool:
    """Whether stripes are equal, or one of three is twice as wide as the others."""
    shares = np.array(areas) / sum(areas)
    ways = [np.full(len(areas), 1 / len(areas))]
    if len(areas) == 3:
        ways += [np.roll([0.5, 0.25, 0.25], k) for k in range(3)]
    return any(bool(np.all(np.abs(shares / way - 1) < _OFF)) for way in ways)


def _as_disc(first: _Region, second: _Region, picture: tuple[int, int]) -> Sight | None:
    """Two regions as a field and the round disc in the middle of it."""
    field, disc = (first, second) if first.area > second.area else (second, first)
    if not _is_cloth([field], picture):
        return None
    whole = int(np.count_nonzero(binary_fill_holes(field.mask)))
    off_y = (disc.top + disc.bottom - field.top - field.bottom) / 2
    off_x = (disc.left + disc.right - field.left - field.right) / 2
    fits = (
        whole >= _FILLED * field.height * field.width
        and abs(whole - field.area - disc.area) < 0.2 * disc.area
        and 0.3 < disc.height / field.height < 0.85
        and 0.8 < disc.width / disc.height < 1.25
        and 0.7 < disc.area / (disc.width * disc.height) < 0.87
        and abs(off_y) < 0.12 * field.height
        and abs(off_x) < 0.12 * field.width
    )
    ground, spot = cloth_colour(field.lab), cloth_colour(disc.lab)
    if not fits or ground is None or spot is None or ground == spot:
        return None
    return "disc", (ground, spot)
