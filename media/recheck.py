"""The critic's senses: its own decode, at another size and in other colours."""

from functools import lru_cache

import numpy as np

from aurelia.media.decode import read_sound, video_frames
from aurelia.media.measure import EVERY_PICTURE_S
from aurelia.media.measure_spans import Span
from aurelia.media.recheck_picture import HEIGHT, WIDTH, PictureRecheck, recheck_picture
from aurelia.media.recheck_sound import SoundRecheck, recheck_sound
from aurelia.types.clip import Clip


@lru_cache(maxsize=32)
def see_again(clip: Clip) -> PictureRecheck | None:
    """The picture of the clip's window; None where there is none to decode.

    Raises:
        MediaError: the file can't be opened any more.
    """
    start, end = clip.window
    times: list[float] = []
    pictures: list[np.ndarray] = []
    for time, frame in video_frames(clip, keyframes_only=end - start > EVERY_PICTURE_S):
        small = frame.reformat(width=WIDTH, height=HEIGHT, format="rgb24", interpolation="BILINEAR")
        times.append(time)
        pictures.append(small.to_ndarray())
    if not times:
        return None
    return recheck_picture(Span(start, end), np.array(times), np.stack(pictures))


@lru_cache(maxsize=32)
def hear_again(clip: Clip) -> SoundRecheck | None:
    """The sound of the clip's window; None where there is no sound track.

    Raises:
        MediaError: the file can't be opened any more.
    """
    if not clip.has_audio:
        return None
    sound = read_sound(clip)
    if not len(sound.samples):
        return None
    return recheck_sound(sound.samples, sound.sample_rate, sound.start_s)
