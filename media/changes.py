"""Where the picture jumps: cuts between shots, and sudden changes within one. Online."""

from dataclasses import dataclass, field

from aurelia.media.thumbnail import Difference, Thumbnail, difference, likeness

_LEARN = 0.1  # share of a new frame in the running means
_CUT_SHARE = 0.4  # of the picture's cells change visibly at a cut
_CUT_LIKENESS = 0.75  # more alike than this: the light changed, not the scene
_FLASH_S = 1.0  # a scene that returns within this was interrupted by a flash, not cut
_FLASH_LEVEL = 8.0  # mean difference up to which it is the same scene again


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
    last: Difference = Difference(0.0, 0.0, 0.0)
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
        if not wide:
            self._usual_mean += _LEARN * (change.mean - self._usual_mean)
        if not local:
            self._usual_local += _LEARN * (change.local - self._usual_local)
        if wide and change.share >= _CUT_SHARE and likeness(thumb, previous) < _CUT_LIKENESS:
            self._cut(time, thumb, previous)

    def _cut(self, time: float, thumb: Thumbnail, previous: Thumbnail) -> None:
        if self.cuts and time - self.cuts[-1] <= _FLASH_S and self._before_cut is not None:
            if difference(thumb, self._before_cut).mean < _FLASH_LEVEL:
                self.cuts.pop()  # the same scene is back
                self._before_cut = None
                return
        self.cuts.append(time)
        self._before_cut = previous
        self.cut_now = True
