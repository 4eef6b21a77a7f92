"""Parameters of a preparation, checked."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from aurelia.errors import InputError

FrameRule = Literal["informative", "published", "uniform"]

FRAME_LIMIT = 512


@dataclass(frozen=True, slots=True)
class Plan:
    """Parameters of a preparation; with the clip's content they determine the result.

    Attributes are those of `aurelia.media.prepare.prepare_media`.

    Raises:
        InputError: a parameter makes no sense.
    """

    max_frames: int
    max_side: int
    frame_rule: FrameRule
    full_decode_s: float
    frames_per_minute: float

    def __post_init__(self) -> None:
        if not 0 <= self.max_frames <= FRAME_LIMIT:
            raise InputError(f"max_frames is {self.max_frames}; give 0 to {FRAME_LIMIT}.")
        if not 16 <= self.max_side <= 8192:
            raise InputError(f"max_side is {self.max_side}; give 16 to 8192 pixels.")
        if self.frame_rule not in get_args(FrameRule):
            rules = ", ".join(get_args(FrameRule))
            raise InputError(f"frame_rule is {self.frame_rule!r}; choose one of {rules}.")
        if not self.full_decode_s >= 0:
            raise InputError(f"full_decode_s is {self.full_decode_s}; give seconds, 0 or more.")
        if not (math.isfinite(self.frames_per_minute) and self.frames_per_minute >= 0):
            raise InputError(
                f"frames_per_minute is {self.frames_per_minute}; give a number, 0 or more."
            )

    def frames_for(self, span_s: float) -> int:
        """Frame budget for a window of that length."""
        return min(self.max_frames + int(self.frames_per_minute * span_s / 60), FRAME_LIMIT)
