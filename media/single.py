"""One file that holds exactly what a clip is: its window, with its separate sound put in.

For programs that take a video by its path and know of no window and no second file.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aurelia.errors import MediaError
from aurelia.media.altered_file import encode_file, pictures_of
from aurelia.media.altered_sound import Track, part, read_track
from aurelia.types.clip import Clip

TAKEN_AS_IT_IS = (".mp4", ".avi", ".mov")
"""What programs tell from other files by its name; anything else is written again as MP4."""


def single_file(clip: Clip, path: Path) -> Path:
    """Write the clip as one file, byte for byte where its own file is just that.

    Args:
        clip: with a picture.
        path: of the file, without its ending.

    Returns:
        The path with its ending.

    Raises:
        MediaError: it has no picture, can't be read any more, or can't be written.
    """
    if not clip.has_video:
        raise MediaError(f"{clip.path!r} has no picture, so there is no video to write.")
    ending = Path(clip.path).suffix.lower()
    whole = clip.start_s is None and clip.end_s is None and clip.audio is None
    try:
        if whole and ending in TAKEN_AS_IT_IS:
            return Path(shutil.copyfile(clip.path, path.with_name(path.name + ending)))
        made = path.with_name(path.name + ".mp4")
        encode_file(made, _from_zero(clip), _sound(clip))
    except OSError as error:
        raise MediaError(
            f"{path} can't be written from {clip.path!r}: {error.strerror or error}."
        ) from error
    return made


def _from_zero(clip: Clip) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    for time, pixels in pictures_of(clip):
        yield time - clip.window[0], pixels


def _sound(clip: Clip) -> Track | None:
    if not clip.has_audio:
        return None
    return part(read_track(clip.audio or clip.path, clip.window[1]), clip.window)
