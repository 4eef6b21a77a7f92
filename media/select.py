"""Which of the candidate frames to keep. Pure functions over arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FULL_NOVELTY = 30.0  # mean grey levels between signatures: quite another picture
_SAME_MOMENT_S = 0.6  # closer than this to a chosen frame, a reason counts for less
_FULL_RISE_DB = 30.0  # an onset this strong has full weight

_WEIGHTS = {
    "start": 0.3,
    "cut": 0.6,
    "change": 0.5,
    "sound": 0.5,
    "sound and change": 1.1,
    "grid": 0.2,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known about a candidate frame.

    Attributes:
        time_s: clip time.
        reason: one of `start`, `cut`, `change`, `sound`, `sound and change`, `grid`.
        weight: how much the reason counts, see `weigh`.
        signature: mean grey of 9x16 blocks.
    """

    time_s: float
    reason: str
    weight: float
    signature: NDArray[np.float32]


def weigh(reason: str, rise_db: float = 0.0) -> float:
    """Weight of a reason; that of sounds grows with the strength of their onset."""
    weight = _WEIGHTS[reason]
    if reason.startswith("sound"):
        weight += 0.9 * min(rise_db, _FULL_RISE_DB) / _FULL_RISE_DB
    return weight


def choose(
    marks: Sequence[Mark], count: int, span_s: float, cuts: Sequence[float] = ()
) -> tuple[int, ...]:
    """Pick up to `count` candidates, greedily: reason, new shot, new look, distance in time.

    Args:
        marks: candidates in time order.
        count: how many to keep at most.
        span_s: length of what they cover, seconds.
        cuts: times at which a new shot starts, ascending.

    Returns:
        Indices into `marks`, ascending and unique. Ties go to the earlier one. Candidates that
        show nothing new close to a chosen one are left out, so fewer may come back.
    """
    if count <= 0 or not marks:
        return ()
    step = max(span_s, 1e-3) / count
    times = np.array([m.time_s for m in marks])
    weights = np.array([m.weight for m in marks])
    shots = np.searchsorted(np.array(cuts), times, side="right")
    # A shot counts in full once it lasts as long as a frame's share of the clip.
    edges = np.array([times[0], *cuts, max(times[0] + span_s, *times, *cuts)])
    worth = 0.4 + 0.6 * np.minimum(np.diff(edges)[shots] / step, 1.0)
    looks = np.stack([m.signature for m in marks]).reshape(len(marks), -1)
    novelty = np.full(len(marks), _FULL_NOVELTY)
    distance = np.full(len(marks), max(1.5 * step, _SAME_MOMENT_S))
    fresh = np.ones(len(marks), bool)
    left = np.ones(len(marks), bool)
    chosen: list[int] = []
    while len(chosen) < count and left.any():
        gain = (
            weights * np.minimum(distance / _SAME_MOMENT_S, 1.0)
            + worth * fresh
            + 0.4 * np.minimum(novelty, _FULL_NOVELTY) / _FULL_NOVELTY
            + 0.4 * np.minimum(distance / step, 1.5) / 1.5
        )
        best = int(np.argmax(np.where(left, gain, -np.inf)))
        left[best] = False
        if chosen and novelty[best] < 1.0 and distance[best] < step / 2:
            continue
        chosen.append(best)
        fresh &= shots != shots[best]
        novelty = np.minimum(novelty, np.abs(looks - looks[best]).mean(axis=1))
        distance = np.minimum(distance, np.abs(times - times[best]))
    return tuple(sorted(chosen))


def least_useful(marks: Sequence[Mark], span_s: float, count: int) -> int:
    """Index of the candidate to drop when there is room for no more; never the first.

    The one whose weight times distance (in time and in look) to its neighbours is smallest.
    """
    step = max(span_s, 1e-3) / max(count, 1)
    worst, index = np.inf, len(marks) - 1
    for i in range(1, len(marks)):
        before, here = marks[i - 1], marks[i]
        look = float(np.abs(here.signature - before.signature).mean())
        until = here.time_s
        if i + 1 < len(marks):
            after = marks[i + 1]
            look = min(look, float(np.abs(after.signature - here.signature).mean()))
            until = after.time_s
        near = min(look, _FULL_NOVELTY) / _FULL_NOVELTY
        apart = min((until - before.time_s) / step, 2.0) / 2.0
        value = here.weight * (near + apart + 0.05)
        if value < worst:
            worst, index = value, i
    return index


def uniform_times(start_s: float, end_s: float, count: int) -> list[float]:
    """Middles of `count` equal parts."""
    step = (end_s - start_s) / max(count, 1)
    return [start_s + (i + 0.5) * step for i in range(count)]
