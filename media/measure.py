"""The actor's senses: decode a clip's window once, measure it, remember the result."""

from functools import lru_cache

import numpy as np

from aurelia.media.decode import Sound, read_sound, video_frames
from aurelia.media.measure_picture import (
    GRID_HEIGHT,
    GRID_WIDTH,
    PictureMeasures,
    Pictures,
    Seeing,
    measure_picture,
)
from aurelia.media.measure_sound import Hearing, SoundMeasures, measure_sound
from aurelia.media.measure_spans import Span
from aurelia.types.clip import Clip

EVERY_PICTURE_S = 600.0
"""Longer windows are measured on keyframes alone; every time then carries their spacing."""
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG


@lru_cache(maxsize=2)
def _pictures(clip: Clip) -> Pictures | None:
    start, end = clip.window
    times: list[float] = []
    grids: list[np.ndarray] = []
    for time, frame in video_frames(clip, keyframes_only=end - start > EVERY_PICTURE_S):
        small = frame.reformat(
            width=GRID_WIDTH, height=GRID_HEIGHT, format="yuv444p", interpolation="AREA"
        )
        planes = small.to_ndarray()
        if frame.color_range != _FULL_RANGE:
            planes[0] = np.clip((planes[0].astype(np.float32) - 16) * (255 / 219) + 0.5, 0, 255)
        times.append(time)
        grids.append(planes)
    if not times:
        return None
    return Pictures(Span(start, end), np.array(times), np.stack(grids))


@lru_cache(maxsize=64)
def see(clip: Clip, look: Seeing = Seeing()) -> PictureMeasures | None:  # noqa: B008 (frozen)
    """What the picture of the clip's window does; None where there is none to decode.

    Raises:
        MediaError: the file can't be opened any more.
    """
    pictures = _pictures(clip) if clip.has_video else None
    return measure_picture(pictures, look) if pictures else None


@lru_cache(maxsize=2)
def _sound(clip: Clip) -> Sound:
    return read_sound(clip)


@lru_cache(maxsize=64)
def hear(clip: Clip, look: Hearing = Hearing()) -> SoundMeasures | None:  # noqa: B008 (frozen)
    """What the sound of the clip's window does; None where there is no sound track.

    Raises:
        MediaError: the file can't be opened any more.
    """
    if not clip.has_audio:
        return None
    sound = _sound(clip)
    if not len(sound.samples):
        return None
    return measure_sound(sound.samples, sound.sample_rate, sound.start_s, look)
