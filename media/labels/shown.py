"""The actor's count of things before a plain background: what a surface through the rim leaves."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from aurelia.media.labels.film import Film
from aurelia.media.labels.seen_types import Shown

WIDTH, FPS = 320, 4.0
"""The film that `things_shown` wants."""
MOST = 6
_FRAMES = 10
_RIM = 8  # px: width of the frame's edge that shows the background
_PLAIN = 0.8  # of the rim must lie on the surface
_ROUGH = 9.0  # 0 to 255: a rim that strays more is not plain
_LEAST = 0.0018  # of the frame: a smaller region is no thing
_SPECK = 0.0004  # of the frame: a smaller region is not even a part of one
_SAME = 45.0  # 0 to 255: parts of one thing are of one colour
_NEAR = 5  # px: parts of one thing are no farther apart

Field = NDArray[np.float64]


def things_shown(film: Film) -> Shown | None:
    """How many separate things stand before a plain or evenly graded background.

    Args:
        film: 320 pixels wide, 4 frames a second (`WIDTH`, `FPS`); they may move a little.

    Returns:
        A count of 1 to 6 and the share of the frames that agree; None where the background is
        not plain, where nothing stands before it, or where the frames do not agree.
    """
    count, height, width = film.frames.shape[:3]
    if min(height, width) < 48 or not count:
        return None
    base = _surface(height, width)
    picks = np.unique(np.linspace(0, count - 1, _FRAMES).astype(int))
    counts = [_in_frame(film.frames[i].astype(np.float64), base) for i in picks]
    number, votes = Counter(counts).most_common(1)[0]
    if number is None or not 1 <= number <= MOST or votes < 0.6 * len(counts):
        return None
    return Shown(number, round(votes / len(counts), 2))


def _surface(height: int, width: int) -> Field:
    """Terms of a curved surface over the frame, `(height, width, 6)`."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _background(frame: Field, base: Field) -> tuple[Field, float] | None:
    """The surface through the frame's rim, and how far the rim strays; None if it is not plain."""
    rim = np.ones(frame.shape[:2], np.bool_)
    rim[_RIM:-_RIM, _RIM:-_RIM] = False
    rim[1::2] &= np.arange(frame.shape[1]) % 2 == 0
    terms, colours = base[rim], frame[rim]
    # Things may reach the rim: begin with what most of it has in common, then take what fits.
    fits = np.abs(colours - np.median(colours, axis=0)).max(axis=1) < 45
    stray = 0.0
    for reach in (30.0, 20.0, 16.0):
        if fits.mean() < _PLAIN - 0.15:
            return None
        solved = np.linalg.lstsq(terms[fits], colours[fits], rcond=None)[0]
        away = np.abs(colours - terms @ solved).max(axis=1)
        stray = float(np.median(away[fits]))
        fits = away < max(reach, 4 * stray)
    if fits.mean() < _PLAIN or stray > _ROUGH:
        return None
    return base @ solved, stray


def _in_frame(frame: Field, base: Field) -> int | None:
    """How many things one frame shows; None where its background is not plain."""
    found = _background(frame, base)
    if found is None:
        return None
    ground, stray = found
    away = np.zeros(frame.shape[:2])
    for channel in range(3):
        even = ndimage.uniform_filter(frame[..., channel] - ground[..., channel], 3)
        np.maximum(away, np.abs(even), out=away)
    mask = ndimage.binary_closing(away > max(18.0, 3.5 * stray), iterations=1)
    labels, most = ndimage.label(mask, np.ones((3, 3), np.bool_))
    size = np.bincount(labels.ravel(), minlength=most + 1)
    pixels = mask.size
    if mask.mean() > 0.6:
        return None
    parts = [i for i in range(1, most + 1) if size[i] >= _SPECK * pixels]
    if len(parts) > 4 * MOST:
        return None
    whole = sorted((i for i in parts if size[i] >= _LEAST * pixels), key=lambda i: -size[i])
    boxes = ndimage.find_objects(labels)
    colours = {i: np.median(frame[boxes[i - 1]][labels[boxes[i - 1]] == i], axis=0) for i in whole}
    things: list[int] = []
    for part in whole:
        if not any(_belongs(labels, part, thing, size, colours, boxes) for thing in things):
            things.append(part)
    return len(things)


def _belongs(
    labels: NDArray[np.int32],
    part: int,
    thing: int,
    size: NDArray[np.int64],
    colours: dict[int, Field],
    boxes: list[tuple[slice, slice]],
) -> bool:
    """Whether a small part of the same colour lies close enough to belong to a thing."""
    if size[part] > 0.3 * size[thing]:
        return False
    if np.abs(colours[part] - colours[thing]).max() > _SAME:
        return False
    rows, columns = boxes[part - 1]
    around = (
        slice(max(0, rows.start - _NEAR), rows.stop + _NEAR),
        slice(max(0, columns.start - _NEAR), columns.stop + _NEAR),
    )
    grown = ndimage.binary_dilation(labels[around] == part, iterations=_NEAR)
    return bool((grown & (labels[around] == thing)).any())
