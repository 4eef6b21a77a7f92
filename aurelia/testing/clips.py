"""Clips with known sounds, movements and cuts, rendered in a moment."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

Span = tuple[float, float]
"""From and to, seconds."""

_FPS = 25
_WIDTH, _HEIGHT = 320, 180
_RATE = 16_000
_HERTZ = 700.0
_RAMP_S = 0.005
_GREYS = (50, 190, 110, 20, 150)


@dataclass(frozen=True, slots=True)
class Events:
    """What happens in a clip, as `render` takes it; made by `read_events`."""

    duration_s: float
    sounds: tuple[Span, ...] | None
    moves: tuple[Span, ...]
    cuts: tuple[float, ...]


def read_events(duration_s: float, sounds: object, moves: object, cuts: object) -> Events:
    """Check what is to happen in a clip; arguments as of `render`.

    Raises:
        ValueError: the clip would be too short, something is no time or span, or is outside the
            clip; one sentence.
    """
    if not _is_time(duration_s) or duration_s < 1 / _FPS:
        raise ValueError(
            f"duration_s is {duration_s!r}; give seconds, at least {1 / _FPS:g} (one picture)."
        )
    events = Events(
        float(duration_s),
        None if sounds is None else _spans("sounds", sounds),
        _spans("moves", moves),
        _times("cuts", cuts),
    )
    for start, end in (*(events.sounds or ()), *events.moves, *((c, c) for c in events.cuts)):
        if not 0 <= start <= end <= duration_s:
            raise ValueError(f"{start:g} to {end:g} s is not within a clip of {duration_s:g} s.")
    return events


def _spans(name: str, given: object) -> tuple[Span, ...]:
    items = [*given] if isinstance(given, Iterable) else [given]
    pairs = [tuple(i) if isinstance(i, Iterable) else () for i in items]
    if not all(len(pair) == 2 and all(map(_is_time, pair)) for pair in pairs):
        raise ValueError(
            f"{name} is {given!r}; give pairs of seconds, from and to, such as [(0.5, 0.9)]."
        )
    return tuple((float(start), float(end)) for start, end in pairs)


def _times(name: str, given: object) -> tuple[float, ...]:
    items: list[Any] = [*given] if isinstance(given, Iterable) else [None]
    if not all(map(_is_time, items)):
        raise ValueError(f"{name} is {given!r}; give a list of seconds, such as [1.0].")
    return tuple(map(float, items))


def _is_time(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def render(
    path: Path,
    *,
    duration_s: float = 2.0,
    sounds: Sequence[Span] | None = (),
    moves: Sequence[Span] = (),
    cuts: Sequence[float] = (),
) -> Path:
    """Render a clip: 320x180, 25 pictures a second.

    Args:
        path: where to, such as `clip.mp4`.
        duration_s: its length.
        sounds: when a tone of 700 Hz sounds; silence otherwise. None: there is no sound track.
        moves: when a red block moves; it rests otherwise.
        cuts: when the backdrop changes.

    Returns:
        `path`.

    Raises:
        ValueError: as of `read_events`.
        MediaError: the encoder failed, or the place can't be written.
    """
    import numpy as np
    from numpy.typing import NDArray

    from aurelia.media.render import render_clip

    events = read_events(duration_s, sounds, moves, cuts)
    rows, columns = np.mgrid[:_HEIGHT, :_WIDTH]

    def picture(time_s: float) -> "NDArray[np.uint8]":
        scene = sum(time_s >= cut - 1e-6 for cut in events.cuts)
        checks = (rows * 8 // _HEIGHT + columns * (8 + 2 * scene) // _WIDTH + scene) % 2
        grey = _GREYS[scene % len(_GREYS)] + 25 * checks
        pixels: NDArray[np.uint8] = np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)
        travelled = (
            sum(min(1.0, max(0.0, (time_s - a) / max(b - a, 1e-6))) for a, b in events.moves) % 2
        )
        left = round((0.1 + 0.6 * min(travelled, 2 - travelled)) * _WIDTH)
        pixels[round(0.55 * _HEIGHT) : round(0.8 * _HEIGHT), left : left + _WIDTH // 7] = (
            230,
            40,
            60,
        )
        return pixels

    samples: NDArray[np.float64] | None = None
    if events.sounds is not None:
        times = np.arange(round(events.duration_s * _RATE)) / _RATE
        samples = np.zeros_like(times)
        for start, end in events.sounds:
            ramp = np.clip(np.minimum(times - start, end - times) / _RAMP_S, 0, 1)
            samples += 0.5 * ramp * np.sin(2 * np.pi * _HERTZ * times)
    return render_clip(path, picture, events.duration_s, _FPS, samples, _RATE)
