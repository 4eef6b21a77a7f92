"""What the actor measures in a picture: block means of luma and chroma, and how they change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span, held, runs, tidy

Grid = NDArray[np.uint8]
Signal = NDArray[np.float64]

GRID_HEIGHT, GRID_WIDTH = 36, 64
DARK_LUMA, LIGHT_LUMA = 60.0, 150.0
"""Mean luma (0 to 255) below which a picture is called dark, above which light."""
LIGHT_STEP = 25.0
"""Smallest change of mean luma that is reported."""
_REST_S = 0.3  # a shorter standstill is part of the movement


@dataclass(frozen=True, slots=True)
class Seeing:
    """How closely to look.

    Attributes:
        lag_s: pictures this far apart are compared.
        moving: change of block luma (0 to 255) within the lag that counts as movement.
        block: side of a block in cells of the 64 x 36 grid.
        cut: how many times the usual change a hard cut must exceed.
    """

    lag_s: float = 0.12
    moving: float = 4.0
    block: int = 2
    cut: float = 3.0


@dataclass(frozen=True, slots=True)
class Pictures:
    """Decoded pictures, small: `times` `(n,)` in s, `grid` `(n, 3, 36, 64)`, Y'CbCr, full range."""

    window: Span
    times: Signal
    grid: Grid


@dataclass(frozen=True, slots=True)
class PictureMeasures:
    """What was seen in one window; times are clip times, luma 0 to 255.

    Attributes:
        window: the time that was looked at.
        first_s: time of the first picture, which may come later than the window.
        frame_s: usual time between two pictures, which bounds every time given here.
        count: how many pictures were looked at.
        moving: where the picture moves.
        noise_only: the picture changes everywhere without any structure, as noise does.
        cuts: times of hard cuts.
        luma: mean luma over the window.
        luma_ends: mean luma of the first and the last half second.
        light_steps: `(time, from, to)` of changes of mean luma within half a second.
    """

    window: Span
    first_s: float
    frame_s: float
    count: int
    moving: tuple[Span, ...]
    noise_only: bool
    cuts: tuple[float, ...]
    luma: float
    luma_ends: tuple[float, float]
    light_steps: tuple[tuple[float, float, float], ...]


def frame_step_s(times: Signal) -> float:
    """Median time between pictures, seconds; 0 for fewer than two."""
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.0


def first_picture_s(times: Signal, window: Span) -> float:
    """Where the picture begins: with the window, unless the first one comes clearly later."""
    late = float(times[0]) - window.start_s
    return float(times[0]) if late > 2 * frame_step_s(times) + 0.1 else window.start_s


def _blocks(luma: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    count, height, width = luma.shape
    shape = (count, height // side, side, width // side, side)
    return np.asarray(luma.reshape(shape).mean(axis=(2, 4)), np.float32)


def _unexplained(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a change of gain and offset of the whole picture leaves of the difference.

    Where the picture gets lighter, what is left is given on the scale of the darker one: coding
    errors grow with the gain, and are no movement.
    """
    x, y = before.ravel(), after.ravel()
    kept = np.ones(len(x), np.bool_)
    gain, offset = 1.0, float(np.median(y - x))
    for _ in range(2):
        spread = float(x[kept].var())
        if spread > 1.0:
            covered = float(np.mean((x[kept] - x[kept].mean()) * (y[kept] - y[kept].mean())))
            gain = float(np.clip(covered / spread, 0.1, 10.0))
        offset = float(np.median(y[kept] - gain * x[kept]))
        rest = np.abs(y - gain * x - offset)
        kept = rest <= np.quantile(rest, 0.7)
    # Where the plain difference is smaller, the fit was led astray by the movement itself.
    fitted, plain = (y - gain * x - offset) / max(1.0, gain), y - x
    use = fitted if np.abs(fitted).mean() < np.abs(plain).mean() else plain
    return np.asarray(use.reshape(before.shape), np.float32)


def _coherence(change: NDArray[np.float32]) -> float:
    """How alike neighbouring changes are: about 0 for noise, towards 1 for things that move."""
    power = float((change**2).mean())
    across = float((change[:, 1:] * change[:, :-1]).mean())
    down = float((change[1:] * change[:-1]).mean())
    return (across + down) / 2 / power if power > 1e-6 else 0.0


def changes(
    pictures: Pictures, cuts: tuple[float, ...], look: Seeing
) -> tuple[Signal, Signal, Signal]:
    """Strength of movement between pictures one lag apart.

    Returns:
        Middles of the pairs (s), the third largest block change, and its coherence. A pair that
        a cut divides takes the values of the pair before it: a cut is no movement.
    """
    times = pictures.times
    luma = pictures.grid[:, 0].astype(np.float32)
    blocks = _blocks(luma, look.block)
    partner = np.searchsorted(times, times + look.lag_s - 1e-6)
    firsts = np.flatnonzero(partner < len(times))
    if not len(firsts) and len(times) > 1:
        firsts, partner = np.array([0]), np.full(len(times), len(times) - 1)
    rows: list[tuple[float, float, float]] = []
    for first in firsts:
        second = int(partner[first])
        middle = (times[first] + times[second]) / 2
        if any(times[first] < cut <= times[second] for cut in cuts):
            rows.append((middle, np.nan, np.nan))
            continue
        change = _unexplained(blocks[first], blocks[second])
        size = np.sort(np.abs(change).ravel())
        strength = float(size[-3])
        if strength < look.moving / 2:
            rows.append((middle, strength, 0.0))
            continue
        structure = _coherence(_unexplained(luma[first], luma[second]))
        if strength >= 6 * float(np.median(size)):
            structure = max(structure, 1.0)  # a few blocks stand out: no noise does that
        rows.append((middle, strength, structure))
    table = np.array(rows, np.float64).reshape(-1, 3)
    known = np.flatnonzero(~np.isnan(table[:, 1]))
    if not len(known):
        return table[:, 0], np.zeros(len(table)), np.zeros(len(table))
    nearest = known[np.clip(np.searchsorted(known, np.arange(len(table)), "right") - 1, 0, None)]
    return table[:, 0], table[nearest, 1], table[nearest, 2]


def movement(pictures: Pictures, cuts: tuple[float, ...], look: Seeing) -> tuple[list[Span], bool]:
    """Where the picture moves, and whether all that changes looks like noise."""
    middles, strength, structure = changes(pictures, cuts, look)
    if not len(middles):
        return [], False
    active = strength >= look.moving
    coherent = structure >= 0.2
    noise = bool(active.mean() > 0.5 and (active & coherent).mean() < 0.1 * active.mean())
    on = held(active & coherent, (strength >= 0.6 * look.moving) & (structure >= 0.1))
    window, step = pictures.window, frame_step_s(pictures.times)
    reach = max(look.lag_s, step) / 2
    spans = []
    for first, past in runs(on):
        # A sudden change is seen by every pair that spans it: half a lag too early and too late.
        start = (
            first_picture_s(pictures.times, window)
            if first == 0
            else middles[first] + reach - step / 2
        )
        end = window.end_s if past == len(on) else middles[past - 1] - reach + step / 2
        if end - start > max(step, 0.05):
            spans.append(Span(float(start), float(end)))
    return tidy(spans, _REST_S, 0.1), noise


def _alike(a: Grid, b: Grid) -> float:
    """Correlation of two luma grids; 0 where one is flat."""
    if min(a.std(), b.std()) < 3.0:
        return 0.0
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def _difference(a: Grid, b: Grid) -> float:
    """Mean change of luma plus half that of each chroma plane."""
    per_plane = np.abs(a.astype(np.float32) - b).mean(axis=(1, 2))
    return float(per_plane[0] + 0.5 * (per_plane[1] + per_plane[2]))


def hard_cuts(pictures: Pictures, factor: float) -> list[float]:
    """Times of the first picture after each hard cut.

    A cut changes the picture much more than the half second around it, keeps no layout (a light
    switched on does), and lasts (a flash does not).
    """
    planes, times = pictures.grid, pictures.times
    if len(times) < 2:
        return []
    size = np.array([_difference(planes[i], planes[i + 1]) for i in range(len(times) - 1)])
    reach = max(3, round(0.5 / max(frame_step_s(times), 1e-3)))
    found: list[int] = []
    for i in np.flatnonzero(size >= 10.0).tolist():
        around = np.concatenate((size[max(0, i - reach) : i], size[i + 1 : i + 1 + reach]))
        usual = float(np.median(around)) if len(around) else 0.0
        beside = np.concatenate((size[max(0, i - 1) : i], size[i + 1 : i + 2]))
        if size[i] < factor * usual or (len(beside) and size[i] < 1.5 * beside.max()):
            continue
        later = min(i + 4, len(times) - 1)
        lasts = _difference(planes[i], planes[later]) >= 0.6 * size[i]
        if lasts and _alike(planes[i, 0], planes[i + 1, 0]) < 0.6:
            found.append(i + 1)
    return [float(times[i]) for i in found]


def light_steps(times: Signal, luma: Signal) -> list[tuple[float, float, float]]:
    """Sudden changes of mean luma by `LIGHT_STEP` or more that last: (time, from, to).

    Compared are the means of 0.2 s before and after; what is back within 0.5 s was a flash.
    """

    def mean(start: float, end: float) -> float | None:
        inside = luma[np.searchsorted(times, start - 1e-6) : np.searchsorted(times, end - 1e-6)]
        return float(inside.mean()) if len(inside) else None

    pairs = [(mean(t - 0.2, t), mean(t, t + 0.2)) for t in times]
    size = np.array([0.0 if a is None or b is None else abs(b - a) for a, b in pairs])
    steps: list[tuple[float, float, float]] = []
    for first, past in runs(size >= LIGHT_STEP):
        index = first + int(np.argmax(size[first:past]))
        time, (before, after) = float(times[index]), pairs[index]
        if before is None or after is None:
            continue
        later, earlier = mean(time + 0.25, time + 0.5), mean(time - 0.5, time - 0.25)
        least = 0.5 * abs(after - before)
        back = later is not None and abs(later - before) < least
        was_so = earlier is not None and abs(earlier - after) < least
        if not back and not was_so:
            steps.append((time, before, after))
    return steps


def measure_picture(pictures: Pictures, look: Seeing) -> PictureMeasures:
    """Measure a picture; at least one decoded picture is needed."""
    times, window = pictures.times, pictures.window
    luma = pictures.grid[:, 0].mean(axis=(1, 2), dtype=np.float64)
    cuts = tuple(hard_cuts(pictures, look.cut))
    moving, noise = movement(pictures, cuts, look)
    first, last = luma[times <= times[0] + 0.5], luma[times >= times[-1] - 0.5]
    return PictureMeasures(
        window=window,
        first_s=first_picture_s(times, window),
        frame_s=frame_step_s(times),
        count=len(times),
        moving=tuple(moving),
        noise_only=noise and not moving,
        cuts=cuts,
        luma=float(luma.mean()),
        luma_ends=(float(first.mean()), float(last.mean())),
        light_steps=tuple(light_steps(times, luma)),
    )
