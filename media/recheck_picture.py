"""What the critic measures in a picture: gradients and colour histograms of another plane."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span
from aurelia.media.recheck_track import NO, UNSURE, YES, Track, bridged

Grid = NDArray[np.uint8]
Signal = NDArray[np.float64]

WIDTH, HEIGHT = 96, 54
_LAG_S = 0.16
_EDGE = 14  # change of a gradient (0 to 255) that sensor noise and compression stay below
_MOVING, _STILL = 8, 3  # gradients, of about 10,000, that change
_CUT, _PERHAPS = 0.4, 0.25  # distance of colour histograms, 0 to 1


@dataclass(frozen=True, slots=True)
class PictureRecheck:
    """The critic's sight; times are clip times.

    Attributes:
        window: the time that was looked at.
        frame_s: usual time between pictures.
        moves: per pair of pictures 0.16 s apart whether something moves.
        noisy: whether the gradients change all over, as in noise.
        cuts: times and histogram distances of sudden lasting changes.
        luma: mean luma of each picture, from its red, green and blue.
        times: of the pictures.
    """

    window: Span
    frame_s: float
    moves: Track
    noisy: bool
    cuts: tuple[tuple[float, float], ...]
    luma: Signal
    times: Signal

    def light(self, start_s: float, end_s: float) -> float | None:
        """Median over pictures of the mean luma in a stretch; None without pictures there."""
        inside = self.luma[(self.times >= start_s - 1e-6) & (self.times <= end_s + 1e-6)]
        return float(np.median(inside)) if len(inside) else None


def _gradients(value: Grid) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    plane = value.astype(np.int16)
    return plane[:, 1:] - plane[:, :-1], plane[1:] - plane[:-1]


def changed_gradients(before: Grid, after: Grid) -> int:
    """How many gradients of the brightest colour differ clearly; light changes leave most alone."""
    pairs = zip(_gradients(before), _gradients(after), strict=True)
    return sum(int((np.abs(b - a) > _EDGE).sum()) for a, b in pairs)


def histogram(picture: Grid) -> Signal:
    """Joint histogram of 6 x 6 x 6 colours, sums to 1."""
    coarse = (picture.astype(np.int32) * 6) >> 8
    index = coarse[..., 0] * 36 + coarse[..., 1] * 6 + coarse[..., 2]
    return np.asarray(np.bincount(index.ravel(), minlength=216) / index.size, np.float64)


def cut_distances(times: Signal, histograms: Signal, layout: Signal) -> list[tuple[float, float]]:
    """Peaks of the histogram distance between the two pictures before and the two after.

    `layout` is the share of gradients that change from one picture to the next: a light that is
    switched on changes colours, not gradients.
    """
    count = len(times)
    found: list[tuple[float, float]] = []
    distances = np.zeros(count)
    for i in range(1, count):
        before = histograms[max(0, i - 2) : i].mean(axis=0)
        after = histograms[i : i + 2].mean(axis=0)
        distances[i] = np.abs(before - after).sum() / 2
    for i in range(1, count):
        around = distances[max(0, i - 3) : i + 4]
        if distances[i] < _PERHAPS or distances[i] < around.max():
            continue
        if np.median(around) > 0.6 * distances[i]:
            continue  # a slow change
        step = np.abs(histograms[i] - histograms[i - 1]).sum() / 2
        if step < 0.6 * distances[i]:
            continue
        flat = layout[i] < 0.002 and min(_spread(histograms[i]), _spread(histograms[i - 1])) < 3
        if layout[i] >= 0.01 or flat:
            found.append((float(times[i]), float(distances[i])))
    return found


def _spread(colours: Signal) -> int:
    """How many colours cover more than 2 % of a picture."""
    return int((colours > 0.02).sum())


def recheck_picture(window: Span, times: Signal, pictures: Grid) -> PictureRecheck:
    """Measure pictures the critic's way; `pictures` is `(n, 54, 96, 3)`, RGB, n at least 1."""
    values = pictures.max(axis=3)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    histograms = np.stack([histogram(p) for p in pictures])
    total = WIDTH * (HEIGHT - 1) + HEIGHT * (WIDTH - 1)
    layout = np.zeros(len(times))
    for i in range(1, len(times)):
        layout[i] = changed_gradients(values[i - 1], values[i]) / total
    cuts = cut_distances(times, histograms, layout)
    sure = [t for t, d in cuts if d >= _CUT]
    partner = np.searchsorted(times, times + _LAG_S - 1e-6)
    middles, state, amounts = [], [], []
    for first in np.flatnonzero(partner < len(times)):
        second = int(partner[first])
        if any(times[first] < cut <= times[second] for cut in sure):
            continue
        changed = changed_gradients(values[first], values[second])
        amounts.append(changed / total)
        middles.append((times[first] + times[second]) / 2)
        state.append(YES if changed >= _MOVING else NO if changed <= _STILL else UNSURE)
    track = Track(np.array(middles), np.array(state, np.int8), window, max(_LAG_S, step) / 2 + step)
    return PictureRecheck(
        window=window,
        frame_s=step,
        moves=bridged(track, 0.3 + _LAG_S),
        noisy=bool(amounts) and _looks_random(values) and float(np.median(amounts)) > 0.2,
        cuts=tuple(cuts),
        luma=(pictures.reshape(len(times), -1, 3).mean(axis=1) @ np.array([0.299, 0.587, 0.114])),
        times=times,
    )


def _looks_random(values: Grid) -> bool:
    """Whether a picture's own neighbours are unlike each other, as only in noise."""
    plane = values[len(values) // 2].astype(np.float64)
    if plane.std() < 2:
        return False
    across = np.corrcoef(plane[:, 1:].ravel(), plane[:, :-1].ravel())[0, 1]
    return bool(abs(across) < 0.3)
