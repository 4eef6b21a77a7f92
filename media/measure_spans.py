"""Stretches of time: where a sampled signal holds, and set operations on the result."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


class Span(NamedTuple):
    """A stretch of clip time, seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Length, seconds."""
        return self.end_s - self.start_s


def runs(flags: Flags) -> list[tuple[int, int]]:
    """Index ranges `[first, past_last)` where `flags` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def held(strong: Flags, weak: Flags) -> Flags:
    """Hysteresis: the runs of `weak` that hold at least one `strong` sample."""
    kept = np.zeros(len(weak), np.bool_)
    for first, past in runs(weak | strong):
        if strong[first:past].any():
            kept[first:past] = True
    return kept


def tidy(spans: Iterable[Span], merge_s: float, shortest_s: float) -> list[Span]:
    """Join spans that are closer than `merge_s`, then drop those shorter than `shortest_s`."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start_s - joined[-1].end_s < merge_s:
            joined[-1] = Span(joined[-1].start_s, max(joined[-1].end_s, span.end_s))
        else:
            joined.append(span)
    return [s for s in joined if s.length_s >= shortest_s]


def complement(spans: Iterable[Span], window: Span, shortest_s: float = 0.0) -> list[Span]:
    """What `spans` (in order, not overlapping) leave of `window`."""
    gaps, cursor = [], window.start_s
    for span in spans:
        gaps.append(Span(cursor, span.start_s))
        cursor = max(cursor, span.end_s)
    gaps.append(Span(cursor, window.end_s))
    return [g for g in gaps if g.length_s > max(shortest_s, 1e-9)]


def overlap(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """Where both hold."""
    right = list(right)
    both = [Span(max(a.start_s, b.start_s), min(a.end_s, b.end_s)) for a in left for b in right]
    return sorted(s for s in both if s.length_s > 0)


def total_s(spans: Iterable[Span]) -> float:
    """Summed length, seconds."""
    return sum(s.length_s for s in spans)
