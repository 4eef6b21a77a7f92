"""Where the picture jumps: cuts between shots, and sudden changes within one. Online."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from aurelia.media.thumbnail import (
    Difference,
    Thumbnail,
    aligned_likeness,
    difference,
    likeness,
)

_LEARN = 0.1  # share of a new frame in the running means
_CUT_SHARE = 0.4  # of the picture's cells change visibly at a cut
_CUT_LIKENESS = 0.75  # more alike than this: the light changed, not the scene
_PAN_LIKENESS = 0.72  # at the best shift; less alike than this is no pan
_RELIT_LEVEL, _RELIT_LIKENESS = 15.0, 0.85  # where the mean grey changes too, the fit must be good
_FLASH_S = 1.0  # a scene that returns within this was interrupted by a flash, not cut
_FLASH_LEVEL = 8.0  # mean difference up to which it is the same scene again


def another_scene(change: Difference, new: Thumbnail, old: Thumbnail) -> bool:
    """Whether two pictures show different scenes, rather than other light or a moving object."""
    return change.share >= _CUT_SHARE and likeness(new, old) < _CUT_LIKENESS


def keyframe_cuts(times: Sequence[float], thumbs: Sequence[Thumbnail]) -> list[float]:
    """Times of keyframes that start a new shot, told from keyframes alone.

    Between keyframes much moves, so a picture counts as another scene only if no shift of it fits
    the one before.

    Args:
        times: of the keyframes, seconds.
        thumbs: one for each.
    """
    cuts = []
    for time, (old, new) in zip(times[1:], pairwise(thumbs), strict=True):
        if not another_scene(difference(new, old), new, old):
            continue
        fit = aligned_likeness(new, old)
        relit = abs(float(new.mean()) - float(old.mean())) > _RELIT_LEVEL
        if fit < _PAN_LIKENESS or (relit and fit < _RELIT_LIKENESS):
            cuts.append(time)
    return cuts


@dataclass(slots=True)
class ChangeDetector:
    """Feed it thumbnails in time order; it says where the picture jumps.

    Jumps are measured against what is usual just before, so that steady motion or noise is none.

    Attributes:
        cuts: times at which a new shot starts, seconds, so far.
        cut_now: whether the last frame fed started a new shot.
        jump_now: whether it differs suddenly from the one before in any way.
        last: how the last frame differed from the one before.
    """

    cuts: list[float] = field(default_factory=list)
    cut_now: bool = False
    jump_now: bool = False
    last: Difference = field(default_factory=lambda: Difference(0.0, 0.0, 0.0))
    _usual_mean: float = 2.0
    _usual_local: float = 8.0
    _previous: Thumbnail | None = None
    _before_cut: Thumbnail | None = None

    def feed(self, time: float, thumb: Thumbnail) -> None:
        """Take in the next frame's thumbnail."""
        previous, self._previous = self._previous, thumb
        self.cut_now = self.jump_now = False
        if previous is None:
            return
        self.last = change = difference(thumb, previous)
        wide = change.mean > 4.0 and change.mean > 2.2 * self._usual_mean + 2.0
        local = change.local > 25.0 and change.local > 2.5 * self._usual_local + 5.0
        self.jump_now = wide or local
        # Jumps teach little, but they do: motion that stays becomes usual.
        taught = min(change.mean, 2.0 * self._usual_mean + 2.0)
        self._usual_mean += _LEARN * (taught - self._usual_mean)
        taught = min(change.local, 2.0 * self._usual_local + 4.0)
        self._usual_local += _LEARN * (taught - self._usual_local)
        if wide and another_scene(change, thumb, previous):
            self._cut(time, thumb, previous)

    def _cut(self, time: float, thumb: Thumbnail, previous: Thumbnail) -> None:
        soon = bool(self.cuts) and time - self.cuts[-1] <= _FLASH_S
        before = self._before_cut
        if soon and before is not None and difference(thumb, before).mean < _FLASH_LEVEL:
            self.cuts.pop()  # the same scene is back
            self._before_cut = None
            return
        self.cuts.append(time)
        self._before_cut = previous
        self.cut_now = True
