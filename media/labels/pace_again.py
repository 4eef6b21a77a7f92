"""The critic's pace of a movement: lines in the spectrum of where and how much is moving."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import get_window

from aurelia.media.labels.film import Film
from aurelia.media.labels.seen_types import Pace

_LOW, _HIGH = 60.0, 196.0  # repeats a minute
_SHORTEST_S = 2.4
_TILE = 4  # px
_MOVES = 2.5  # of 255: standard deviation over time of a tile's brightest channel
_ABOVE = 2.0  # times the deviation of the usual tile, which noise and shaking give
_FEWEST = 6  # tiles that move
_RESTLESS, _WIDE = 5.0, 0.42  # deviation of the usual tile, share of tiles: the ground moves too
_SLOW_S = 2.4  # what swings more slowly is taken out
_CLEAR = 0.4  # share of a signal's swinging that the lines of one pace hold
_STANDS_OUT, _PURE = 5.0, 0.75  # times what the usual pace holds; a purer line needs less
_AGREE = 0.08  # octaves by which the pace of the clip's first or last two thirds may be off
_STEP = 1.002
_EDGE = 1.01  # a spectrum that falls or rises throughout is highest at an end
_PADDED = 1 << 13

Signal = NDArray[np.float64]


def picture_pace_again(film: Film) -> Pace | None:
    """How often the movement repeats; None where no line stands out of the spectrum.

    Followed are the middle, the spread and the amount of what differs from the usual picture, and
    how much changes from frame to frame. A pace may be told at twice or half its rate.
    """
    if len(film.times) < 12 or film.times[-1] - film.times[0] < _SHORTEST_S:
        return None
    signals = _swings(film.frames)
    if not len(signals):
        return None
    even = np.linspace(film.times[0], film.times[-1], len(film.times))
    signals = np.stack([np.interp(even, film.times, s) for s in signals])
    fps = float(1 / (even[1] - even[0]))
    signals = _quick(signals, fps)
    if not len(signals):
        return None
    rate, share, usual = _strongest(signals, fps)
    edge = min(rate / _LOW, _HIGH / rate) < _EDGE
    if edge or share < _CLEAR or usual * _STANDS_OUT * (0.6 if share > _PURE else 1.0) > share:
        return None
    third = signals.shape[1] // 3
    for part in (signals[:, :-third], signals[:, third:]):
        octaves = np.log2(_strongest(part, fps)[0] / rate)
        if abs(octaves - round(octaves)) > _AGREE:
            return None
    return Pace(rate, float(min(share, 1.0)))


def _swings(frames: NDArray[np.uint8]) -> Signal:
    """Signals, `(k, n)`; none where nothing moves, or where the ground itself does."""
    count, height, width = frames.shape[:3]
    rows, columns = height // _TILE, width // _TILE
    if not rows or not columns:
        return np.zeros((0, count))
    value = frames[:, : rows * _TILE, : columns * _TILE].max(axis=3)
    tiles = value.reshape(count, rows, _TILE, columns, _TILE).mean(axis=(2, 4), dtype=np.float32)
    usual = np.median(tiles[:: max(1, count // 40)], axis=0)
    tiles -= usual
    tiles -= np.median(tiles, axis=(1, 2), keepdims=True)
    deviation = tiles.std(axis=0)
    floor = float(np.median(deviation))
    moving = deviation > max(_MOVES, _ABOVE * floor)
    roaming = floor > _RESTLESS or moving.mean() > _WIDE
    if roaming or np.count_nonzero(moving) < _FEWEST:
        return np.zeros((0, count))
    apart = np.clip(np.abs(tiles) - 2 * floor, 0, 80) * moving
    change = np.clip(np.abs(np.diff(tiles, axis=0, prepend=tiles[:1])) - 2 * floor, 0, 80) * moving
    down, across = apart.sum(axis=2), apart.sum(axis=1)
    amount = down.sum(axis=1) + 1e-3
    y, x = np.arange(rows), np.arange(columns)
    middle_y, middle_x = down @ y / amount, across @ x / amount
    spread_y = (down * np.abs(y - middle_y[:, None])).sum(axis=1) / amount
    spread_x = (across * np.abs(x - middle_x[:, None])).sum(axis=1) / amount
    changes = change.sum(axis=(1, 2))
    lifted = (apart[:, : rows // 2].sum(axis=(1, 2)), apart[:, :, : columns // 2].sum(axis=(1, 2)))
    return np.stack([middle_y, middle_x, spread_y, spread_x, amount, changes, *lifted])


def _quick(signals: Signal, fps: float) -> Signal:
    """What swings quickly in each signal, at unit variance; those that don't swing left out."""
    width = max(3, round(_SLOW_S * fps))
    quick = signals - uniform_filter1d(signals, width, axis=1, mode="reflect")
    deviation = quick.std(axis=1, keepdims=True)
    kept: Signal = (quick / np.maximum(deviation, 1e-6))[deviation[:, 0] > 1e-3]
    return kept


def _strongest(signals: Signal, fps: float) -> tuple[float, float, float]:
    """The pace whose lines, with those an octave above and below, hold most of the swinging.

    Returns the pace, the share of a signal that its lines hold, and that of the usual pace.
    """
    window = get_window("hann", signals.shape[1])
    power = np.abs(np.fft.rfft(signals * window, _PADDED, axis=1)) ** 2 * 2 / window.sum() ** 2
    per_minute = np.fft.rfftfreq(_PADDED, 1 / fps) * 60
    rates = _LOW * _STEP ** np.arange(np.log(_HIGH / _LOW) / np.log(_STEP))

    def line(factor: float) -> Signal:
        return np.stack([np.interp(rates * factor, per_minute, p, right=0.0) for p in power])

    lines = line(0.5) + line(1) + line(2) + 0.5 * line(4)
    total = np.square(lines).sum(axis=0)
    best = int(np.argmax(total))
    clearest = lines[int(np.argmax(lines[:, best]))]
    return float(rates[best]), float(clearest[best]), float(np.median(clearest))
