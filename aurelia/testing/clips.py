"""Clips with known sounds, movements and cuts, rendered in a moment."""

from collections.abc import Sequence
from pathlib import Path

Span = tuple[float, float]
"""From and to, seconds."""

_FPS = 25
_WIDTH, _HEIGHT = 320, 180
_RATE = 16_000
_HERTZ = 700.0
_RAMP_S = 0.005
_GREYS = (50, 190, 110, 20, 150)


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
        ValueError: something is to happen outside the clip.
        MediaError: the encoder failed, or the place can't be written.
    """
    import numpy as np
    from numpy.typing import NDArray

    from aurelia.media.render import render_clip

    for start, end in (*(sounds or ()), *moves, *((cut, cut) for cut in cuts)):
        if not 0 <= start <= end <= duration_s:
            raise ValueError(f"{start:g} to {end:g} s is not within a clip of {duration_s:g} s.")
    rows, columns = np.mgrid[:_HEIGHT, :_WIDTH]

    def picture(time_s: float) -> "NDArray[np.uint8]":
        scene = sum(time_s >= cut - 1e-6 for cut in cuts)
        checks = (rows * 8 // _HEIGHT + columns * (8 + 2 * scene) // _WIDTH + scene) % 2
        grey = _GREYS[scene % len(_GREYS)] + 25 * checks
        pixels: NDArray[np.uint8] = np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)
        travelled = sum(min(1.0, max(0.0, (time_s - a) / max(b - a, 1e-6))) for a, b in moves) % 2
        left = round((0.1 + 0.6 * min(travelled, 2 - travelled)) * _WIDTH)
        pixels[round(0.55 * _HEIGHT) : round(0.8 * _HEIGHT), left : left + _WIDTH // 7] = (
            230,
            40,
            60,
        )
        return pixels

    samples: NDArray[np.float64] | None = None
    if sounds is not None:
        times = np.arange(round(duration_s * _RATE)) / _RATE
        samples = np.zeros_like(times)
        for start, end in sounds:
            ramp = np.clip(np.minimum(times - start, end - times) / _RAMP_S, 0, 1)
            samples += 0.5 * ramp * np.sin(2 * np.pi * _HERTZ * times)
    return render_clip(path, picture, duration_s, _FPS, samples, _RATE)
