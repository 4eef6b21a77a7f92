"""The critic's flags: what stands out of the ground, and whether its tiles vote for a layout."""

import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.film import Film
from aurelia.media.labels.flags_again_colours import dye, on_cone
from aurelia.media.labels.seen_types import FlagSeen
from aurelia.media.labels.shots import frames_within, stretches
from aurelia.media.labels.vocabulary import Colour, FlagLayout

_ACROSS = 60  # tiles
_LOOKS = 4  # frames of a shot, one of which may differ
_GROUND = 20.0  # of 255: how far a tile may be off the ground that the border continues
_LEAST, _MOST = 0.05, 0.94  # share of the picture
_FULL = 0.84  # of the rectangle that stands out
_SAME = 0.2  # distance on the cone of colours
_VOTES = 0.84  # of tiles that agree with a layout
_SLIVER = 0.12  # of the flag: what lies between stripes, or a pole
_UNEVEN = 0.35
_RADII = np.arange(0.2, 0.42, 0.02)

Tiles = NDArray[np.float64]
Marks = NDArray[np.int64]
Sight = tuple[FlagLayout, tuple[Colour, ...]]


def flags_shown_again(film: Film, cuts: Sequence[float]) -> tuple[FlagSeen, ...]:
    """The flag of each shot that shows one; neighbouring stripes of one colour count as one."""
    found = []
    for shot in stretches(film, cuts):
        looks = frames_within(film.times, shot, _LOOKS)
        sights = Counter(s for s in (_sighted(film.frames[i]) for i in looks) if s)
        if not sights:
            continue
        (layout, colours), votes = sights.most_common(1)[0]
        if 2 * votes > len(looks):
            share = votes / len(looks)
            found.append(FlagSeen(shot.start_s, shot.end_s, layout, colours, share))
    return tuple(found)


def _sighted(frame: NDArray[np.uint8]) -> Sight | None:
    side = max(1, frame.shape[1] // _ACROSS)
    rows, columns = frame.shape[0] // side, frame.shape[1] // side
    if rows < 8 or columns < 8:
        return None
    cut = frame[: rows * side, : columns * side].reshape(rows, side, columns, side, 3)
    tiles = cut.mean(axis=(1, 3))
    box = _standing_out(tiles)
    if box is None:
        return None
    inside = tiles[box]
    marks, cones = _clusters(on_cone(inside))
    return _stripes(marks, inside, cones) or _disc(marks, inside)


def _standing_out(tiles: Tiles) -> tuple[slice, slice] | None:
    """The rectangle of tiles that differ from the ground; None where they fill none."""
    rows, columns = tiles.shape[:2]
    ground = _ground(tiles)
    stands = np.abs(tiles - ground).max(axis=2) > _GROUND
    spans = []
    for axis in (1, 0):
        counts = stands.sum(axis=axis)
        many = (
            np.flatnonzero(counts >= 0.5 * np.percentile(counts[counts > 0], 80))
            if stands.any()
            else counts[:0]
        )
        if len(many) < 5:
            return None
        spans.append(slice(int(many[0]), int(many[-1]) + 1))
    box = spans[0], spans[1]
    height, width = spans[0].stop - spans[0].start, spans[1].stop - spans[1].start
    share = height * width / (rows * columns)
    whole = height == rows or width == columns
    if whole or not _LEAST <= share <= _MOST or not 0.9 <= width / height <= 2.7:
        return None
    full = stands[box].mean() >= _FULL
    outside = stands.sum() - stands[box].sum()
    return box if full and outside < 0.25 * height * width else None


def _ground(tiles: Tiles) -> Tiles:
    """The ground as a plane through most of the border's tiles, for each of red, green, blue."""
    rows, columns = tiles.shape[:2]
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    terms = np.stack([np.ones_like(x), x, y], axis=-1)
    edge = np.ones((rows, columns), np.bool_)
    edge[1:-1, 1:-1] = False
    seen, known = terms[edge], tiles[edge]
    kept = np.abs(known - np.median(known, axis=0)).max(axis=1) < 60
    for _ in range(4):
        if np.count_nonzero(kept) < 6:
            return np.broadcast_to(np.median(known, axis=0), tiles.shape)
        plane = np.linalg.lstsq(seen[kept], known[kept], rcond=None)[0]
        off = np.abs(seen @ plane - known).max(axis=1)
        kept = off <= max(float(np.median(off)) * 2, 6.0)
    return np.asarray(terms @ plane, np.float64)


def _clusters(cones: Tiles) -> tuple[Marks, Tiles]:
    """Each tile's cluster, shape `(rows, columns)`, and the clusters' colours on the cone."""
    flat = cones.reshape(-1, 3)
    leaders: list[NDArray[np.float64]] = []
    free = np.ones(len(flat), np.bool_)
    marks = np.full(len(flat), -1)
    while free.any() and len(leaders) < 6:
        rest = flat[free]
        sample = rest[:: max(1, len(rest) // 60)]
        near = np.linalg.norm(sample[:, None] - rest[None], axis=2) < _SAME
        chosen = rest[near[int(np.argmax(near.sum(axis=1)))]].mean(axis=0)
        taken = free & (np.linalg.norm(flat - chosen, axis=1) < 1.3 * _SAME)
        if not taken.any():
            break
        marks[taken] = len(leaders)
        leaders.append(chosen)
        free &= ~taken
    return marks.reshape(cones.shape[:2]), np.array(leaders)


def _stripes(marks: Marks, tiles: Tiles, cones: Tiles) -> Sight | None:
    """The layout of stripes that the tiles vote for."""
    best: tuple[float, Sight] | None = None
    for layout, lines in (("vertical", marks.T), ("horizontal", marks)):
        ballots = [np.bincount(line + 1, minlength=len(cones) + 1) for line in lines]
        leading = np.array([int(np.argmax(b)) - 1 for b in ballots])
        votes = float(np.mean([b.max() for b in ballots]) / lines.shape[1])
        runs = _long_runs(leading)
        if votes < _VOTES or not 2 <= len(runs) <= 3 or not _balanced(runs):
            continue
        cloth = tiles.transpose(1, 0, 2) if layout == "vertical" else tiles
        names = [dye(np.median(cloth[a + 1 : b - 1].reshape(-1, 3), axis=0)) for a, b in runs]
        colours = tuple(name for name in names if name)
        if len(colours) < len(runs) or any(a == b for a, b in itertools.pairwise(colours)):
            continue
        if best is None or votes > best[0]:
            best = votes, (layout, colours)  # type: ignore[assignment]
    return best[1] if best else None


def _long_runs(leading: Marks) -> list[tuple[int, int]]:
    """Where one cluster leads, `[first, past)`, without slivers; runs that meet are one."""
    bounds = [0, *(np.flatnonzero(np.diff(leading)) + 1).tolist(), len(leading)]
    runs: list[tuple[int, int]] = []
    for first, past in itertools.pairwise(bounds):
        if past - first < max(3, _SLIVER * len(leading)):
            continue
        if runs and leading[runs[-1][0]] == leading[first]:
            runs[-1] = runs[-1][0], past
        else:
            runs.append((first, past))
    return runs


def _balanced(runs: Sequence[tuple[int, int]]) -> bool:
    """Whether runs are of one length, or one of three is about twice as long as each other."""
    lengths = sorted(b - a for a, b in runs)
    even = lengths[-1] <= (1 + _UNEVEN) * lengths[0] + 1
    twice = len(lengths) == 3 and lengths[1] <= (1 + _UNEVEN) * lengths[0] + 1
    return even or (twice and 1.5 < 2 * lengths[2] / (lengths[0] + lengths[1]) < 2.6)


def _disc(marks: Marks, tiles: Tiles) -> Sight | None:
    """A disc on a field, where the tiles vote for one of some radius."""
    rows, columns = marks.shape
    y, x = np.mgrid[:rows, :columns]
    far = np.hypot(y - (rows - 1) / 2, x - (columns - 1) / 2) / rows
    spot, cloth = marks[far < 0.12], marks[far > 0.48]
    if not len(spot) or not len(cloth):
        return None
    inner, outer = (
        int(Counter(spot.tolist()).most_common(1)[0][0]),
        int(Counter(cloth.tolist()).most_common(1)[0][0]),
    )
    if inner == outer or min(inner, outer) < 0:
        return None
    votes = [np.mean(np.where(far < r, marks == inner, marks == outer)) for r in _RADII]
    names = (
        dye(np.median(tiles[(far > 0.48) & (marks == outer)], axis=0)),
        dye(np.median(tiles[(far < 0.12) & (marks == inner)], axis=0)),
    )
    if max(votes) < _VOTES or names[0] is None or names[1] is None or names[0] == names[1]:
        return None
    return "disc", (names[0], names[1])
