"""Something that holds or not, sampled over time: what the critic compares timed claims with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span, runs

YES, NO, UNSURE = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Track:
    """Samples of a yes/no signal.

    Attributes:
        times: middles of the samples, s, ascending.
        state: `YES`, `NO` or `UNSURE` for each.
        window: the time covered.
        reach_s: how far from a change its samples may lie.
    """

    times: NDArray[np.float64]
    state: NDArray[np.int8]
    window: Span
    reach_s: float

    def share(self, start_s: float, end_s: float) -> float | None:
        """Share of YES among the clear samples of a stretch; None where most are unsure.

        A stretch between two samples is judged by the sample nearest to its middle.
        """
        inside = self.state[(self.times >= start_s) & (self.times <= end_s)]
        if not len(inside):
            if not len(self.times):
                return None
            nearest = int(np.abs(self.times - (start_s + end_s) / 2).argmin())
            inside = self.state[nearest : nearest + 1]
        clear = inside[inside != UNSURE]
        return float((clear == YES).mean()) if 2 * len(clear) >= len(inside) else None

    def spans(self) -> list[Span]:
        """Where it holds."""
        if not len(self.times):
            return []
        bounds = (self.times[1:] + self.times[:-1]) / 2
        edges = np.concatenate(([self.window.start_s], bounds, [self.window.end_s]))
        return [Span(float(edges[a]), float(edges[b])) for a, b in runs(self.state == YES)]


def bridged(track: Track, gap_s: float) -> Track:
    """Close interruptions shorter than `gap_s`."""
    state = track.state.copy()
    for first, past in runs(state != YES):
        if first == 0 or past == len(state):
            continue
        if track.times[past] - track.times[first - 1] < gap_s:
            state[first:past] = YES
    return Track(track.times, state, track.window, track.reach_s)
