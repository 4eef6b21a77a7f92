"""A clip's pictures as one array of RGB frames, small and few enough to hold."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from aurelia.media.decode import video_frames
from aurelia.media.measure_spans import Span
from aurelia.media.picture import quarter_turns
from aurelia.types.clip import Clip

LONGEST_S = 120.0
"""Longer windows are not searched for objects, flags or text."""
MOST_FRAMES = 900
_EARLY = 0.25  # of a frame distance: the clock of a file is not exact


@dataclass(frozen=True, slots=True)
class Film:
    """Frames of one window, upright, square pixels.

    Attributes:
        window: the time that is covered.
        times: clip time of each frame, s, shape `(n,)`, ascending.
        frames: RGB, shape `(n, height, width, 3)`.
    """

    window: Span
    times: NDArray[np.float64]
    frames: NDArray[np.uint8]

    @property
    def fps(self) -> float:
        """Frames a second, from the median distance; 25 where there are fewer than two."""
        return 1.0 / float(np.median(np.diff(self.times))) if len(self.times) > 1 else 25.0


@lru_cache(maxsize=4)
def film_of(clip: Clip, width: int, fps: float) -> Film | None:
    """Frames of the clip's window; None without a picture, or where the window is too long.

    Args:
        clip: the clip.
        width: width of a frame, px; the height follows from the clip's shape on screen.
        fps: frames a second at most; fewer on long windows, so that `MOST_FRAMES` hold them all.

    Raises:
        MediaError: the file can't be opened any more.
    """
    start, end = clip.window
    if not clip.has_video or end - start > LONGEST_S:
        return None
    gap = max(1.0 / fps, (end - start) / MOST_FRAMES)
    scale = width / (clip.width or 16)
    height = max(2, round((clip.height or 9) * scale))
    reformatter = VideoReformatter()
    times: list[float] = []
    frames: list[NDArray[np.uint8]] = []
    due = -np.inf
    for time, frame in video_frames(clip):
        if time < due - _EARLY * gap:
            continue
        due = time + gap if due == -np.inf or time > due + gap else due + gap
        turns = quarter_turns(frame)
        size = (height, width) if turns % 2 else (width, height)
        small = reformatter.reformat(
            frame, width=size[0], height=size[1], format="rgb24", interpolation="AREA", threads=1
        )
        times.append(time)
        frames.append(np.rot90(small.to_ndarray(), turns))
    if not frames:
        return None
    return Film(Span(start, end), np.array(times), np.stack(frames))
