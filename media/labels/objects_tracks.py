"""Regions of single frames, linked to things that keep their colour and size over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from aurelia.media.labels.regions import Region

Signal = NDArray[np.float64]

_GAP_S = 1.0  # a thing may be hidden or merged with another one for this long
_COLOUR = 45.0  # largest change of mean colour from one frame to the next, per channel
_STIR = 1.1  # px in 0.2 s: slower is at rest
_SWAY = 2.2  # px in 0.2 s: beside a quick movement, this is none
_APART_S, _STIRRED = 0.3, 0.1  # after a pause, a stir of less than this part is the camera's
_STEADY = 0.3  # px: a middle that jumps more from frame to frame is smoothed first


@dataclass(slots=True)
class Track:
    """One thing over time: its regions in time order, and the largest of them."""

    regions: list[Region]
    best: Region

    @property
    def last(self) -> Region:
        """The latest region."""
        return self.regions[-1]

    def add(self, region: Region) -> None:
        """Go on with a region."""
        self.regions.append(region)
        if (region.inside, region.area) > (self.best.inside, self.best.area):
            self.best = region

    def expected(self, frame: int) -> tuple[float, float]:
        """Where it should be, by its latest speed."""
        old = self.regions[max(0, len(self.regions) - 4)]
        step = self.last.frame - old.frame
        if not step:
            return self.last.x, self.last.y
        ahead = (frame - self.last.frame) / step
        return self.last.x + ahead * (self.last.x - old.x), self.last.y + ahead * (
            self.last.y - old.y
        )

    def speed(self) -> float:
        """Pixels a frame, lately."""
        old = self.regions[max(0, len(self.regions) - 4)]
        step = max(1, self.last.frame - old.frame)
        return float(np.hypot(self.last.x - old.x, self.last.y - old.y)) / step


def _tint(a: Region, b: Region) -> float:
    return float(max(abs(p - q) for p, q in zip(a.rgb, b.rgb, strict=True)))


def _cost(track: Track, region: Region, frame: int) -> float:
    """How badly a region continues a track; above 1: not at all."""
    last = track.last
    x, y = track.expected(frame)
    away = min(
        float(np.hypot(region.x - x, region.y - y)),
        float(np.hypot(region.x - last.x, region.y - last.y)) + 2,
    )
    reach = (
        5 + 0.5 * max(last.area, region.area) ** 0.5 + 0.6 * track.speed() * (frame - last.frame)
    )
    if away > reach:
        return 2.0
    both_inside = last.inside and region.inside
    ratio = region.area / last.area
    if both_inside and not 0.6 <= ratio <= 1.7:
        return 2.0
    if ratio > 4 or ratio < 0.2:
        return 2.0
    tint = _tint(last, region)
    if tint > (_COLOUR if min(last.area, region.area) > 60 else 2 * _COLOUR):
        return 2.0
    if region.area > 0.3 * track.best.area and _tint(track.best, region) > 1.5 * _COLOUR:
        return 2.0
    return float(0.6 * away / reach + 0.4 * tint / (2 * _COLOUR))


def tracks_of(frames: list[list[Region]], fps: float) -> list[Track]:
    """Tracks through all frames of a shot, those of a single frame left out."""
    gap = max(2, round(_GAP_S * fps))
    active: list[Track] = []
    done: list[Track] = []
    for frame, regions in enumerate(frames):
        done += [t for t in active if frame - t.last.frame > gap]
        active = [t for t in active if frame - t.last.frame <= gap]
        pairs = sorted(
            (cost, i, j)
            for i, track in enumerate(active)
            for j, region in enumerate(regions)
            if (cost := _cost(track, region, frame)) <= 1
        )
        free_tracks, free_regions = set(range(len(active))), set(range(len(regions)))
        for _, i, j in pairs:
            if i in free_tracks and j in free_regions:
                active[i].add(regions[j])
                free_tracks.remove(i)
                free_regions.remove(j)
        active += [Track([regions[j]], regions[j]) for j in sorted(free_regions)]
        active = active[-60:]
    return [t for t in done + active if len(t.regions) > 1]


@dataclass(frozen=True, slots=True)
class Way:
    """How a track moves: when, from where to where, px at half size."""

    start_s: float
    end_s: float
    dx: float
    dy: float
    length: float


def way_of(track: Track, times: Signal, size: tuple[int, int]) -> Way | None:
    """When a track moves and which way; None where it rests.

    Args:
        track: the track.
        times: time of each frame of the shot, s.
        size: height and width of the half-size frame.
    """
    when = times[[r.frame for r in track.regions]]
    boxes = np.array([r.box for r in track.regions], np.float64)
    x = np.array([r.x for r in track.regions])
    y = np.array([r.y for r in track.regions])
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.04
    jitter = _jitter(x, y)
    reach = max(0.1, 1.01 * step)
    if jitter > _STEADY:
        x, y, reach = _smooth(x), _smooth(y), 2 * reach
    least = _STIR * reach / 0.1 + 1.5 * jitter
    early = np.clip(when - reach, when[0], None)
    late = np.clip(when + reach, None, when[-1])
    moved = np.hypot(
        np.interp(late, when, x) - np.interp(early, when, x),
        np.interp(late, when, y) - np.interp(early, when, y),
    )
    # A camera that sways moves what rests, but slowly beside what really moves.
    quick = float(np.percentile(moved, 90))
    least = max(least, min(0.2 * quick, _SWAY * reach / 0.1))
    active = np.flatnonzero(moved > least * (late - early) / (2 * reach))
    active = _without_stirs(active, when, x, y)
    if len(active) < 2:
        return None
    first, last = int(active[0]), int(active[-1])
    went = slice(first, last + 1)
    if max(np.ptp(x[went]), np.ptp(y[went])) < 3 + 4 * jitter:
        return None
    apart = max(1, round(0.12 / step))
    length = float(np.hypot(np.diff(x[went][::apart]), np.diff(y[went][::apart])).sum())
    pace = max(float(np.median(moved[active] / (late - early)[active])), least / (2 * reach))
    start, end = float(when[0]), float(when[-1]) + step
    if when[first] > when[0] + 2 * reach:
        start = float(when[first]) + reach - least / pace
    else:
        start -= _outside_s(boxes, x, y, when, size)
    if when[last] < when[-1] - 2 * reach:
        end = float(when[last]) - reach + least / pace
    else:
        end += _outside_s(boxes[::-1], x[::-1], y[::-1], -when[::-1], size)
    return Way(start, end, float(x[last] - x[first]), float(y[last] - y[first]), length)


def _without_stirs(
    active: NDArray[np.int64], when: Signal, x: Signal, y: Signal
) -> NDArray[np.int64]:
    """The stretches of a movement, less those far from it in time that are small beside it."""
    if len(active) < 2:
        return active
    runs = np.split(active, np.flatnonzero(np.diff(when[active]) > _APART_S) + 1)
    far = [max(np.ptp(x[run[0] : run[-1] + 1]), np.ptp(y[run[0] : run[-1] + 1])) for run in runs]
    return np.concatenate([r for r, f in zip(runs, far, strict=True) if f >= _STIRRED * max(far)])


def _jitter(x: Signal, y: Signal) -> float:
    """How much a middle jumps to and fro from frame to frame, px (a standard deviation)."""
    if len(x) < 5:
        return 0.0
    bends = np.hypot(np.diff(x, 2), np.diff(y, 2))
    return float(np.median(bends)) / (1.18 * 6**0.5)


def _smooth(values: Signal) -> Signal:
    return np.asarray(ndimage.uniform_filter1d(values, 5, mode="nearest"), np.float64)


def _outside_s(
    boxes: NDArray[np.float64], x: Signal, y: Signal, when: Signal, size: tuple[int, int]
) -> float:
    """How long before its first region a thing was just outside the frame's edge, s, 0 to 0.3.

    Told from its size and speed once it is seen whole.
    """
    height, width = size
    edge = [boxes[0, 0] <= 1, boxes[0, 2] >= width - 1, boxes[0, 1] <= 1, boxes[0, 3] >= height - 1]
    whole = np.flatnonzero(
        (boxes[:, 0] > 0) & (boxes[:, 1] > 0) & (boxes[:, 2] < width) & (boxes[:, 3] < height)
    )
    if not any(edge) or not len(whole):
        return 0.0
    first = int(whole[0])
    later = int(np.searchsorted(when, when[first] + 0.3))
    later = min(later, len(when) - 1)
    if later <= first:
        return 0.0
    span = when[later] - when[first]
    side = edge.index(True)
    if side < 2:
        speed = abs(x[later] - x[first]) / span
        ahead = boxes[first, 2] if side == 0 else width - boxes[first, 0]
    else:
        speed = abs(y[later] - y[first]) / span
        ahead = boxes[first, 3] if side == 2 else height - boxes[first, 1]
    if speed < 5:
        return 0.0
    return float(np.clip(when[0] - (when[first] - ahead / speed), 0.0, 0.3))
