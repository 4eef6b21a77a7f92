"""What the critic measures in a picture: gradients and colour histograms of another plane."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span, runs
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
    """How many gradients of the brightest colour differ clearly, at the light of the darker one."""
    lighter, darker = (before, after) if before.mean() > after.mean() else (after, before)
    gain = float(np.clip((darker.mean() + 1) / (lighter.mean() + 1), 0.1, 1.0))
    dimmed = lighter if gain > 0.9 else np.asarray(lighter * gain, np.uint8)
    pairs = zip(_gradients(dimmed), _gradients(darker), strict=True)
    return sum(int((np.abs(b - a) > _EDGE).sum()) for a, b in pairs)


def histogram(picture: Grid) -> Signal:
    """Histograms of 3 x 3 x 3 colours in each of 3 x 3 tiles, `(243,)`, sums to 1."""
    coarse = (picture.astype(np.int32) * 3) >> 8
    colours = coarse[..., 0] * 9 + coarse[..., 1] * 3 + coarse[..., 2]
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    tiles = rows * 3 // HEIGHT * 3 + columns * 3 // WIDTH
    counts = np.bincount((tiles * 27 + colours).ravel(), minlength=243)
    return np.asarray(counts / colours.size, np.float64)


def same_layout(before: Grid, after: Grid) -> bool:
    """Whether the gradients of two pictures run alike: a light that is switched on keeps them."""
    pairs = zip(_gradients(before), _gradients(after), strict=True)
    flat = [(a.ravel(), b.ravel()) for a, b in pairs]
    first = np.concatenate([a for a, _ in flat])
    second = np.concatenate([b for _, b in flat])
    if min(first.std(), second.std()) < 0.5:
        return False
    return bool(np.corrcoef(first, second)[0, 1] > 0.6)


def _apart(first: Signal, second: Signal) -> float:
    return float(np.abs(first - second).sum() / 2)


def cut_distances(times: Signal, histograms: Signal, values: Grid) -> list[tuple[float, float]]:
    """Times and sizes of sudden changes of the tiles' colours that last and change the layout.

    Compared are the means of the two pictures before and the two after; a quarter of a second
    further off the picture must differ as well, or it was a flash.
    """
    count = len(times)
    reach = max(3, round(0.25 / max(float(np.median(np.diff(times))), 1e-3))) if count > 1 else 3
    distances = np.zeros(count)
    for i in range(1, count):
        before, after = histograms[max(0, i - 2) : i], histograms[i : i + 2]
        distances[i] = _apart(before.mean(axis=0), after.mean(axis=0))
    found: list[tuple[float, float]] = []
    for i in np.flatnonzero(distances >= _PERHAPS).tolist():
        around = distances[max(0, i - 3) : i + 4]
        if distances[i] < around.max() or np.median(around) > 0.6 * distances[i]:
            continue  # not the peak, or a slow change
        if _apart(histograms[i - 1], histograms[i]) < 0.6 * distances[i]:
            continue  # spread over several pictures
        earlier, later = histograms[max(0, i - reach)], histograms[min(i + reach, count - 1)]
        lasting = min(_apart(histograms[i - 1], later), _apart(earlier, histograms[i]))
        if lasting >= 0.5 * distances[i] and not same_layout(values[i - 1], values[i]):
            found.append((float(times[i]), float(distances[i])))
    return found


def recheck_picture(window: Span, times: Signal, pictures: Grid) -> PictureRecheck:
    """Measure pictures the critic's way; `pictures` is `(n, 54, 96, 3)`, RGB, n at least 1."""
    values = pictures.max(axis=3)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    histograms = np.stack([histogram(p) for p in pictures])
    total = WIDTH * (HEIGHT - 1) + HEIGHT * (WIDTH - 1)
    cuts = cut_distances(times, histograms, values)
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
    reach = max(_LAG_S, step) / 2 + step
    lasting = _lasting(np.array(state, np.int8), np.array(middles), max(_LAG_S, step) + 0.5 * step)
    track = Track(np.array(middles), lasting, window, reach)
    return PictureRecheck(
        window=window,
        frame_s=step,
        moves=bridged(track, 0.3 + _LAG_S),
        noisy=bool(amounts) and _looks_random(values) and float(np.median(amounts)) > 0.2,
        cuts=tuple(cuts),
        luma=(pictures.reshape(len(times), -1, 3).mean(axis=1) @ np.array([0.299, 0.587, 0.114])),
        times=times,
    )


def _lasting(state: NDArray[np.int8], middles: Signal, least_s: float) -> NDArray[np.int8]:
    """Leave open what every pair that spans one instant sees: a jump, not a movement."""
    kept = state.copy()
    for first, past in runs(state == YES):
        inside = first > 0 and past < len(state)
        if inside and middles[past - 1] - middles[first] <= least_s:
            kept[first:past] = UNSURE
    return kept


def _looks_random(values: Grid) -> bool:
    """Whether a picture's own neighbours are unlike each other, as only in noise."""
    plane = values[len(values) // 2].astype(np.float64)
    if plane.std() < 2:
        return False
    across = np.corrcoef(plane[:, 1:].ravel(), plane[:, :-1].ravel())[0, 1]
    return bool(abs(across) < 0.3)
