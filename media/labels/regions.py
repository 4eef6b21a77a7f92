"""Regions that stand out from the resting background of one shot, frame by frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Pixels = NDArray[np.uint8]
Field = NDArray[np.float32]
Flags = NDArray[np.bool_]

SMALL = 2
"""Regions are searched at half size: this many pixels of a film to one here."""
_LEAST = 12  # px: a smaller region is noise
_MOST = 12  # regions in one frame
_FAINT = 14.0
_FULL = 0.35  # of the frame: where more stands out, the background does not rest
_SAMPLES = 21
_PLANE = np.zeros((3, 3, 3), np.bool_)
_PLANE[1] = True


@dataclass(frozen=True, slots=True)
class Region:
    """One region in one frame, px at half size.

    Attributes:
        frame: index within the shot.
        x, y: its middle.
        area: how many pixels.
        box: left, top, right, bottom, the last two past the end.
        rgb: mean colour.
        inside: it does not touch the frame's edge.
    """

    frame: int
    x: float
    y: float
    area: int
    box: tuple[int, int, int, int]
    rgb: tuple[float, float, float]
    inside: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One shot: its pictures at half size, channels first, and what lies behind.

    Attributes:
        planes: shape `(n, 3, height, width)`; the camera's shake is taken out.
        shifts: by how much each frame was moved, full pixels, `(n, 2)`: rows, columns.
        ground: background, `(3, height, width)`.
        light: change of light of each frame and channel, `(n, 3)`.
        noise: usual difference of a pixel from the background, 0 to 255.
    """

    planes: Pixels
    shifts: NDArray[np.int64]
    ground: Field
    light: Field
    noise: float


def halved(frames: Pixels) -> Pixels:
    """Frames `(n, h, w, 3)` at half size, channels first: `(n, 3, h // 2, w // 2)`."""
    count, height, width = frames.shape[:3]
    height, width = height // 2 * 2, width // 2 * 2
    out = np.empty((count, 3, height // 2, width // 2), np.uint8)
    for first in range(0, count, 32):
        part = frames[first : first + 32, :height, :width]
        rows = part[:, ::2].astype(np.uint16) + part[:, 1::2]
        out[first : first + 32] = np.moveaxis((rows[:, :, ::2] + rows[:, :, 1::2] + 2) // 4, 3, 1)
    return out


def shakes(planes: Pixels) -> NDArray[np.int64]:
    """How far the camera has moved in each frame, whole half-size pixels, `(n, 2)`; 0 if unsure.

    Each block of the picture is asked for the shift that explains its change best; the median of
    those with texture counts, so that things that move do not.
    """
    count, _, height, width = planes.shape
    luma = planes[:, 1].astype(np.float32)
    still = luma[count // 2]
    down, right = np.gradient(still)
    shape = (4, height // 4, 4, width // 4)

    def blocks(values: Field) -> Field:
        cut = values[..., : height // 4 * 4, : width // 4 * 4]
        summed = cut.reshape(*cut.shape[:-2], *shape).sum(axis=(-3, -1))
        return np.asarray(summed.reshape(*cut.shape[:-2], 16), np.float32)

    rr, dd, rd = blocks(right * right), blocks(down * down), blocks(right * down)
    size = height * width / 16
    clear = (rr > 4 * size) & (dd > 4 * size) & (rr * dd - rd**2 > 0.1 * rr * dd)
    moved = np.zeros((count, 2), np.int64)
    if clear.sum() < 8:
        return moved
    change = np.clip(luma - still, -40, 40)
    dr, ddn = blocks(change * right)[:, clear], blocks(change * down)[:, clear]
    rr, dd, rd = rr[clear], dd[clear], rd[clear]
    whole = rr * dd - rd**2
    x = np.median(-(dd * dr - rd * ddn) / whole, axis=1)
    y = np.median(-(rr * ddn - rd * dr) / whole, axis=1)
    found = np.stack([np.rint(y), np.rint(x)], axis=1).astype(np.int64)
    return np.asarray(np.clip(found, -2, 2), np.int64)


def _shrunk(mask: Flags) -> Flags:
    out = mask.copy()
    out[..., 1:, :] &= mask[..., :-1, :]
    out[..., :-1, :] &= mask[..., 1:, :]
    side = out.copy()
    out[..., :, 1:] &= side[..., :, :-1]
    out[..., :, :-1] &= side[..., :, 1:]
    return out


def grown(mask: Flags) -> Flags:
    """The mask, one pixel more to every side."""
    out = mask.copy()
    out[..., 1:, :] |= mask[..., :-1, :]
    out[..., :-1, :] |= mask[..., 1:, :]
    side = out.copy()
    out[..., :, 1:] |= side[..., :, :-1]
    out[..., :, :-1] |= side[..., :, 1:]
    return out


def _light(planes: Pixels, ground: Field) -> Field:
    change = planes[:, :, ::4, ::4].astype(np.float32) - ground[:, ::4, ::4]
    return np.asarray(np.median(change.reshape(*change.shape[:2], -1), axis=2), np.float32)


def _difference(planes: Pixels, ground: Field, light: Field) -> Pixels:
    """Largest change of a channel, with what the whole picture's light changed taken out."""
    out = np.zeros((planes.shape[0], *planes.shape[2:]), np.uint8)
    for channel in range(3):
        level = np.rint(ground[channel]).astype(np.int16)
        change = planes[:, channel] - level
        change -= np.rint(light[:, channel]).astype(np.int16)[:, None, None]
        np.maximum(out, np.minimum(np.abs(change), 255).astype(np.uint8), out=out)
    return out


def _stands_out(planes: Pixels, ground: Field, light: Field) -> tuple[Flags, float]:
    """What differs from the background, specks removed, and the usual difference elsewhere."""
    difference = _difference(planes, ground, light)
    noise = float(np.median(difference[:: max(1, len(planes) // 12), ::2, ::2]))
    if noise > 2.5:
        wide = difference.astype(np.uint16)
        wide[:, 1:-1] = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
        wide[:, :, 1:-1] = wide[:, :, :-2] + 2 * wide[:, :, 1:-1] + wide[:, :, 2:]
        mask = wide[:, 1:-1, 1:-1] > 16 * max(_FAINT, 2.6 * noise + 6)
        out = np.pad(mask, ((0, 0), (1, 1), (1, 1)), mode="edge")
    else:
        out = difference > max(_FAINT, 4 * noise)
    out = grown(_shrunk(out))
    out[out.mean(axis=(1, 2)) > _FULL] = False
    return out, noise


def stage_of(frames: Pixels) -> tuple[Stage, Flags]:
    """The background of one shot, and where each frame differs from it, `(n, h // 2, w // 2)`."""
    planes = halved(frames)
    shifts = shakes(planes)
    for index in np.flatnonzero(shifts.any(axis=1)):
        planes[index] = np.roll(planes[index], tuple(-shifts[index]), axis=(1, 2))
    picks = np.unique(np.linspace(0, len(planes) - 1, _SAMPLES).astype(int))
    ground = np.median(planes[picks], axis=0).astype(np.float32)
    light = _light(planes, ground)
    mask, noise = _stands_out(planes, ground, light)
    better = _without_things(planes, ground, mask, light)
    if better is not None:
        ground = better
        light = _light(planes, ground)
        mask, noise = _stands_out(planes, ground, light)
    return Stage(planes, shifts * SMALL, ground, light, noise), mask


def _edges(picture: Field) -> Field:
    down, right = np.gradient(picture, axis=(1, 2))
    return np.asarray((np.abs(down) + np.abs(right)).max(axis=0), np.float32)


def _without_things(planes: Pixels, ground: Field, mask: Flags, light: Field) -> Field | None:
    """The background without things that rested long enough to be taken for part of it.

    Where such a thing has left, the frame differs from the background, and the outline of the
    difference is an edge of the background, not of the frame. Where a thing never left its place
    for good, the smooth surface around it is drawn on through it.
    """
    better = ground.copy()
    changed = False
    picks = np.unique(np.linspace(0, len(planes) - 1, 9).astype(int))
    for index in picks:
        labels, count = ndimage.label(mask[index], np.ones((3, 3), np.bool_))
        if not count:
            continue
        frame = planes[index] - light[index][:, None, None]
        here, behind = _edges(frame), _edges(better)
        for number, box in enumerate(ndimage.find_objects(labels)[:20], 1):
            rows, columns = box
            near = (
                slice(max(0, rows.start - 3), rows.stop + 3),
                slice(max(0, columns.start - 3), columns.stop + 3),
            )
            one = labels[near] == number
            if one.sum() < _LEAST:
                continue
            rim = grown(one) & ~_shrunk(one)
            ours, theirs = float(here[near][rim].mean()), float(behind[near][rim].mean())
            if theirs > 1.4 * ours + 2:
                patch = grown(grown(one))
                better[:, near[0], near[1]][:, patch] = frame[:, near[0], near[1]][:, patch]
                changed = True
    swept = grown(np.asarray(mask.any(axis=0), np.bool_))
    labels, count = ndimage.label(swept, np.ones((3, 3), np.bool_))
    often = mask.mean(axis=0)
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels)[:20], 1):
        near = (
            slice(max(0, rows.start - 5), rows.stop + 5),
            slice(max(0, columns.start - 5), columns.stop + 5),
        )
        one = ndimage.binary_fill_holes(labels[near] == number)
        held = (
            bool(often[near][one].max() > 0.3) or one.sum() > 1.1 * (labels[near] == number).sum()
        )
        if not held or one.sum() > 0.25 * swept.size:
            continue
        ring = ~grown(one) & ~swept[near]
        filled = _drawn_on(better[:, near[0], near[1]], one, ring)
        if filled is not None:
            better[:, near[0], near[1]] = filled
            changed = True
    return better if changed else None


def _drawn_on(picture: Field, hole: Flags, ring: Flags) -> Field | None:
    """The picture with the plane through the ring in the hole; None where the ring is no plane."""
    if ring.sum() < 40:
        return None
    rows, columns = np.indices(hole.shape)
    base = np.stack([rows, columns, np.ones_like(rows)], axis=-1).astype(np.float64)
    out = picture.copy()
    for channel in range(3):
        fit = np.linalg.lstsq(base[ring], picture[channel][ring], rcond=None)[0]
        if np.abs(picture[channel][ring] - base[ring] @ fit).mean() > 4:
            return None
        out[channel][hole] = base[hole] @ fit
    return out


def regions_of(stage: Stage, mask: Flags) -> list[list[Region]]:
    """Regions of each frame, the largest first, at most a dozen."""
    count, height, width = mask.shape
    found: list[list[Region]] = [[] for _ in range(count)]
    labels, most = ndimage.label(mask, _PLANE)
    if not most:
        return found
    frame, row, column = np.nonzero(labels)
    number = labels[frame, row, column]
    area = np.bincount(number, minlength=most + 1)
    x = np.bincount(number, column, most + 1) / np.maximum(area, 1)
    y = np.bincount(number, row, most + 1) / np.maximum(area, 1)
    rgb = [
        np.bincount(number, stage.planes[frame, c, row, column], most + 1) / np.maximum(area, 1)
        for c in range(3)
    ]
    for index, box in enumerate(ndimage.find_objects(labels), 1):
        if area[index] < _LEAST:
            continue
        when, rows, columns = box
        edges = (columns.start, rows.start, columns.stop, rows.stop)
        inside = edges[0] > 0 and edges[1] > 0 and edges[2] < width and edges[3] < height
        found[when.start].append(
            Region(
                when.start,
                float(x[index]),
                float(y[index]),
                int(area[index]),
                edges,
                (float(rgb[0][index]), float(rgb[1][index]), float(rgb[2][index])),
                inside,
            )
        )
    return [sorted(one, key=lambda r: -r.area)[:_MOST] for one in found]
