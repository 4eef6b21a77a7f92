"""Which frames are read: one for each shot, where something in it may be letters."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.film import film_of
from aurelia.media.labels.shots import stretches
from aurelia.media.measure_spans import Span
from aurelia.types.clip import Clip

MOST_SHOTS = 12
"""Later shots are not read."""
_FPS = 10.0
_STEEP = 28  # grey levels between neighbours
_STROKES = 3  # rises and falls of light along a row that letters have at least
_ROWS = 4  # rows that have them


def frame_of_each_shot(
    clip: Clip, cuts: Sequence[float], width: int, share: float
) -> list[tuple[Span, NDArray[np.uint8]]]:
    """The first shots of a clip, each with the frame at a share (0 to 1) of its length.

    Frames without anything that could be letters are left out.

    Raises:
        MediaError: the file can't be opened any more.
    """
    film = film_of(clip, width, _FPS)
    if film is None:
        return []
    found = []
    for shot in stretches(film, cuts)[:MOST_SHOTS]:
        at = int(np.argmin(np.abs(film.times - (shot.start_s + share * shot.length_s))))
        if may_hold_letters(film.frames[at]):
            found.append((shot, film.frames[at]))
    return found


def may_hold_letters(frame: NDArray[np.uint8]) -> bool:
    """Whether some rows turn from dark to light and back again, sharply and more than once."""
    grey = frame.astype(np.int16) @ np.array([1, 2, 1], np.int16) // 4
    if min(grey.shape) < 12:
        return False
    calm = (grey[1:] + grey[:-1]) // 2
    step = calm[:, 2:] - calm[:, :-2]
    rises, falls = step > _STEEP, step < -_STEEP
    strokes = np.minimum(
        (rises[:, 1:] & ~rises[:, :-1]).sum(axis=1), (falls[:, 1:] & ~falls[:, :-1]).sum(axis=1)
    )
    return int((strokes >= _STROKES).sum()) >= _ROWS
