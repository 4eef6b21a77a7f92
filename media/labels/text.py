"""The actor's reading: the middle of each shot, as it looks."""

from collections.abc import Sequence

from aurelia.media.labels.seen_types import TextSeen
from aurelia.media.labels.text_engine import read_lines
from aurelia.media.labels.text_frames import frame_of_each_shot
from aurelia.types.clip import Clip

_WIDTH, _AT = 400, 0.5


def text_shown(clip: Clip, cuts: Sequence[float]) -> tuple[TextSeen, ...]:
    """Lines of text on screen, shot by shot and from top to bottom; the first 12 shots.

    The text comes from the picture: whoever made the clip chose it.

    Raises:
        MissingExtra: the `ocr` extra is not installed.
        MediaError: the file can't be opened any more.
    """
    return tuple(
        TextSeen(shot.start_s, shot.end_s, line.text, line.confidence)
        for shot, frame in frame_of_each_shot(clip, cuts, _WIDTH, _AT)
        for line in read_lines(frame)
    )
