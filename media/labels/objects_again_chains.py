"""The critic's paths: patches of one colour chained over time, and when they come, stir and go."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.regions_again import Patches

Signal = NDArray[np.float64]
Rows = NDArray[np.int64]

_BREAK_S = 0.7  # a patch that is gone for longer is another one when it comes back
_SWAY = 2.0  # px at half size
_MOST_ROWS = 12_000


def chains(patches: Patches, fps: float) -> list[Rows]:
    """Row numbers of `patches` that belong to one thing each, in time order.

    Every patch goes to the chain that ends nearest to it, the nearest pair first.
    """
    if len(patches.frame) > _MOST_ROWS:
        return []
    longest = max(2, round(_BREAK_S * fps))
    ends: list[list[int]] = []
    closed: list[list[int]] = []
    for frame in np.unique(patches.frame).tolist():
        closed += [c for c in ends if frame - patches.frame[c[-1]] > longest]
        ends = [c for c in ends if frame - patches.frame[c[-1]] <= longest]
        rows = np.flatnonzero(patches.frame == frame)
        taken: set[int] = set()
        if ends:
            last = np.array([c[-1] for c in ends])
            before = np.array([c[-2] if len(c) > 1 else c[-1] for c in ends])
            pause = np.maximum(frame - patches.frame[last], 1)[:, None]
            stride = np.maximum(patches.frame[last] - patches.frame[before], 1)[:, None]
            pace = (patches.middle[last] - patches.middle[before]) / stride
            ahead = patches.middle[last] + pace * pause
            gap = np.hypot(*(ahead[:, None] - patches.middle[rows][None]).transpose(2, 0, 1))
            still = np.hypot(
                *(patches.middle[last][:, None] - patches.middle[rows][None]).transpose(2, 0, 1)
            )
            gap = np.minimum(gap, still + 1)
            side = np.sqrt(np.maximum(patches.area[last][:, None], patches.area[rows][None]))
            ratio = patches.area[rows][None] / patches.area[last][:, None]
            speed = np.hypot(pace[:, 0], pace[:, 1])[:, None]
            allowed = 3 + 0.7 * side + 0.7 * speed * pause
            gap = np.where((ratio > 5) | (ratio < 0.2), np.inf, gap / allowed)
            for flat in np.argsort(gap, axis=None):
                chain, row = np.unravel_index(int(flat), gap.shape)
                if gap[chain, row] > 1:
                    break
                if int(row) in taken or patches.frame[ends[chain][-1]] == frame:
                    continue
                ends[chain].append(int(rows[row]))
                taken.add(int(row))
        ends += [[int(rows[j])] for j in range(len(rows)) if j not in taken]
    return [np.array(c, np.int64) for c in closed + ends if len(c) >= 3]


@dataclass(frozen=True, slots=True)
class Course:
    """When a chain moves (s), from and to where (px at half size), and how far in all."""

    start_s: float
    end_s: float
    first: tuple[float, float]
    last: tuple[float, float]
    length: float


def course_of(patches: Patches, chain: Rows, times: Signal, size: tuple[int, int]) -> Course | None:
    """When a chain moves and which way; None where it rests.

    Args:
        patches: the patches.
        chain: rows of one thing.
        times: times of the shot's frames, s.
        size: height and width of a frame at half size.
    """
    if len(chain) < 3:
        return None
    when = times[patches.frame[chain]]
    place = patches.middle[chain]
    boxes = patches.box[chain]
    height, width = size
    inside = (boxes[:, 0] > 0) & (boxes[:, 1] > 0) & (boxes[:, 2] < width) & (boxes[:, 3] < height)
    step = float(np.median(np.diff(times)))
    bar = _bar(place)
    stirred = _leaves_rest(when, place, bar)
    if stirred is None:
        return None
    settled = _leaves_rest(-when[::-1], place[::-1], bar)
    start, end = float(when[0]), float(when[-1]) + step
    at_start = _rests(when, place, bar)
    at_end = _rests(-when[::-1], place[::-1], bar)
    if at_start:
        start = stirred
    elif not inside[0]:
        start = _first_outside(when, place, boxes, inside, size, start)
    if at_end and settled is not None:
        end = -settled
    elif not inside[-1]:
        back = _first_outside(
            -when[::-1], place[::-1], boxes[::-1], inside[::-1], size, -float(when[-1]) - step
        )
        end = -back
    within = (when >= start - step) & (when <= end + step)
    if within.sum() < 2 or end <= start:
        return None
    went = place[within]
    coarse = went[:: max(1, round(0.15 / step))]
    length = float(np.hypot(*np.diff(coarse, axis=0).T).sum()) if len(coarse) > 1 else 0.0
    return Course(
        start,
        end,
        (float(went[0, 0]), float(went[0, 1])),
        (float(went[-1, 0]), float(went[-1, 1])),
        length,
    )


def _trembling(place: Signal) -> float:
    """How far a middle strays from the line through its neighbours, px."""
    if len(place) < 5:
        return 0.0
    off = np.abs(place[1:-1] - (place[:-2] + place[2:]) / 2).max(axis=1)
    return float(np.median(off))


def _bar(place: Signal) -> float:
    """How far from its place a thing at rest may seem to be, px: more beside a long way.

    Noise makes its middle tremble; a camera that sways takes it along.
    """
    extent = float(np.ptp(place, axis=0).max())
    return max(0.8, 3.5 * _trembling(place), min(0.05 * extent, _SWAY))


def _rests(when: Signal, place: Signal, bar: float) -> bool:
    """Whether the chain begins at rest: for a fifth of a second it stays where it is."""
    early = place[when <= when[0] + 0.2]
    if len(early) < 3 or when[-1] - when[0] < 0.25:
        return False
    return bool(np.ptp(early, axis=0).max() < bar)


def _leaves_rest(when: Signal, place: Signal, bar: float) -> float | None:
    """When the chain first leaves the place where it begins; None where it never does.

    The line through two distances from there is drawn back to none.
    """
    rest = np.median(place[when <= when[0] + 0.15], axis=0)
    away = np.hypot(*(place - rest).T)
    near, far = bar, 3 * bar
    if away.max() < max(2.0, 1.5 * near):
        return None
    still = np.flatnonzero(away <= near)
    gone = np.flatnonzero(away > near)
    # The last time at rest before it is clearly elsewhere.
    clear = gone[away[gone] > min(far, 0.9 * float(away.max()))]
    first = int(clear[0]) if len(clear) else int(gone[0])
    left = still[still < first]
    i = int(left[-1]) + 1 if len(left) else 0
    j = max(first, i + 1)
    if j >= len(when) or away[j] <= away[i]:
        return float(when[i])
    pace = (away[j] - away[i]) / (when[j] - when[i])
    return float(when[i] - min(away[i] / pace, 0.4))


def _first_outside(
    when: Signal,
    place: Signal,
    boxes: Rows,
    inside: NDArray[np.bool_],
    size: tuple[int, int],
    seen: float,
) -> float:
    """When a thing that comes in over the frame's edge was just outside, by a line of its path."""
    height, width = size
    whole = np.flatnonzero(inside)
    if len(whole) < 3:
        return seen
    used = whole[when[whole] <= when[whole[0]] + 0.5]
    if len(used) < 3:
        used = whole[:3]
    half = np.median(boxes[used, 2:] - boxes[used, :2], axis=0) / 2
    pace, base = np.polyfit(when[used] - when[used[0]], place[used], 1)
    early = boxes[0]
    crossed = []
    if early[0] <= 0 and pace[0] > 2:
        crossed.append((-half[0] - base[0]) / pace[0])
    if early[2] >= width and pace[0] < -2:
        crossed.append((width + half[0] - base[0]) / pace[0])
    if early[1] <= 0 and pace[1] > 2:
        crossed.append((-half[1] - base[1]) / pace[1])
    if early[3] >= height and pace[1] < -2:
        crossed.append((height + half[1] - base[1]) / pace[1])
    if not crossed:
        return seen
    return float(np.clip(when[used[0]] + max(crossed), seen - 0.35, seen))
