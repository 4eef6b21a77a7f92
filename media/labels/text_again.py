"""The critic's reading: another moment of each shot, larger, in grey and with light for dark.

It is the actor's recogniser, for want of another: that both agree says little about a word that
the recogniser itself mistakes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.seen_types import TextSeen
from aurelia.media.labels.text_engine import read_lines
from aurelia.media.labels.text_frames import frame_of_each_shot
from aurelia.types.clip import Clip

_WIDTH, _AT = 480, 0.3


def text_shown_again(clip: Clip, cuts: Sequence[float]) -> tuple[TextSeen, ...]:
    """Lines of text on screen, shot by shot and from top to bottom; the first 12 shots.

    Raises:
        MissingExtra: the `ocr` extra is not installed.
        MediaError: the file can't be opened any more.
    """
    return tuple(
        TextSeen(shot.start_s, shot.end_s, line.text, line.confidence)
        for shot, frame in frame_of_each_shot(clip, cuts, _WIDTH, _AT)
        for line in read_lines(_negative(frame))
    )


def _negative(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey, stretched to full contrast, dark for light."""
    grey = frame.mean(axis=2)
    low, high = np.percentile(grey, (1, 99))
    full = np.clip((high - grey) * (255 / max(float(high - low), 1.0)), 0, 255)
    return np.repeat(full.astype(np.uint8)[..., None], 3, axis=2)
