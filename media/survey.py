"""One look at a clip's picture: candidate frames, cuts, and a number or two per frame."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import av
import numpy as np

from aurelia.media.changes import ChangeDetector, keyframe_cuts
from aurelia.media.decode import (
    Damage,
    frames_at,
    video_frames,
)
from aurelia.media.picture import Scaler, quarter_turns
from aurelia.media.prepared import Onset
from aurelia.media.select import Mark, least_useful, uniform_times, weigh
from aurelia.media.thumbnail import Thumbnail, blocks, difference, thumbnail
from aurelia.types.clip import Clip

_AFTER_ONSET_S = 0.08  # by then, what sounds can be seen
_SETTLE_S = 0.15  # after a jump the new picture stands
_TOGETHER_S = 0.35  # a jump this close to an onset belongs to it
_POOL = 4  # candidates held for each frame wanted
_DECODE_SHARE = 0.08  # of a long clip that may be decoded around onsets …
_DECODE_S = 50.0  # … and so much of any, seconds
_LEAD_S = 0.5  # of picture that shows what is usual before an onset
_KEYFRAME_GAP_S = 0.5
_MOST_KEYFRAMES = 1200


@dataclass(slots=True)
class Survey:
    """What one look gave.

    Attributes:
        marks: candidates in time order.
        pictures: their pictures, scaled, in the same order; None for one to be decoded again.
        cuts: times at which a new shot starts, seconds.
        times: of all decoded frames, seconds.
        luma: mean grey of each, 0 to 255.
        motion: mean thumbnail difference to the one before, 0 to 255.
        every_frame: whether every frame was decoded, or keyframes and onsets alone.
        turns: quarter turns counter-clockwise that bring the pictures upright.
    """

    marks: list[Mark] = field(default_factory=list)
    pictures: list[av.VideoFrame | None] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    luma: list[float] = field(default_factory=list)
    motion: list[float] = field(default_factory=list)
    every_frame: bool = True
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for.

    Attributes:
        count: frames wanted.
        onsets: in time order.
        scale: brings a kept picture to its size.
    """

    count: int
    onsets: tuple[Onset, ...]
    scale: Scaler

    @property
    def room(self) -> int:
        """How many candidates are held at most."""
        return _POOL * self.count

    def strongest(self, count: int) -> list[Onset]:
        """The strongest onsets, in time order."""
        kept = sorted(self.onsets, key=lambda o: -o.strength_db)[:count]
        return sorted(kept, key=lambda o: o.time_s)


@dataclass(slots=True)
class _Pool:
    """A bounded set of candidates; when full, the least useful one goes."""

    wish: Wish
    span_s: float
    survey: Survey

    def offer(
        self, time: float, frame: av.VideoFrame, thumb: Thumbnail, reason: str, rise: float = 0.0
    ) -> None:
        marks, pictures = self.survey.marks, self.survey.pictures
        mark = Mark(time, reason, weigh(reason, rise), blocks(thumb))
        if marks and time <= marks[-1].time_s + 1e-6:
            if mark.weight > marks[-1].weight:
                marks[-1] = mark
            return
        marks.append(mark)
        self.survey.turns = quarter_turns(frame)
        pictures.append(self.wish.scale(frame))
        if len(marks) > self.wish.room:
            index = least_useful(marks, self.span_s, self.wish.count)
            del marks[index], pictures[index]


def survey_every_frame(
    clip: Clip, wish: Wish, *, threads: int = 0, strict: bool = False, damage: Damage
) -> Survey:
    """Decode every frame of the window once."""
    start, end = clip.window
    survey = Survey()
    pool = _Pool(wish, end - start, survey)
    detector = ChangeDetector()
    sounds = _Sounds(wish.strongest(wish.room))
    grid = _Schedule(uniform_times(start, end, wish.count))
    settling: tuple[float, str, float] | None = None  # due, reason, rise
    last: tuple[float, av.VideoFrame, Thumbnail] | None = None
    for time, frame in video_frames(clip, threads=threads, strict=strict, damage=damage):
        thumb = thumbnail(frame)
        detector.feed(time, thumb)
        survey.times.append(time)
        survey.luma.append(float(thumb.sum()) / thumb.size)
        survey.motion.append(detector.last.mean)
        if last is None:
            pool.offer(time, frame, thumb, "start")
        if detector.jump_now:
            settling = _settling(time, detector.cut_now, settling, sounds)
            sounds.jumped(time)
        if settling is not None and time >= settling[0]:
            pool.offer(time, frame, thumb, settling[1], settling[2])
            settling = None
        for onset, together in sounds.due(time):
            reason = "sound and change" if together else "sound"
            pool.offer(time, frame, thumb, reason, onset.strength_db)
        if grid.due(time):
            pool.offer(time, frame, thumb, "grid")
        last = (time, frame, thumb)
    if settling is not None and last is not None:
        pool.offer(*last, settling[1], settling[2])
    survey.cuts = detector.cuts
    return survey


def survey_keyframes(clip: Clip, wish: Wish, *, threads: int = 0, damage: Damage) -> Survey | None:
    """Decode keyframes, and the pictures around the most telling onsets.

    The pictures of keyframes are not held: those that are chosen are decoded once more.

    Returns:
        None where keyframes are too rare to stand for the clip.
    """
    start, end = clip.window
    span = end - start
    survey = Survey(every_frame=False)
    thumbs: list[Thumbnail] = []
    gap = max(_KEYFRAME_GAP_S, span / _MOST_KEYFRAMES)
    for time, frame in video_frames(
        clip, keyframes_only=True, min_gap_s=gap, threads=threads, damage=damage
    ):
        thumbs.append(thumbnail(frame))
        survey.turns = quarter_turns(frame)
        survey.times.append(time)
        survey.luma.append(float(thumbs[-1].mean()))
        survey.motion.append(difference(thumbs[-1], thumbs[max(0, len(thumbs) - 2)]).mean)
    edges = [start, *survey.times, end]
    rare = max(b - a for a, b in pairwise(edges)) > max(span / 6, 30.0)
    if rare or not survey.times:
        return None
    survey.cuts = keyframe_cuts(survey.times, thumbs)
    reasons = dict.fromkeys(survey.cuts, "cut") | {survey.times[0]: "start"}
    keys: list[tuple[Mark, av.VideoFrame | None]] = []
    for time, thumb in zip(survey.times, thumbs, strict=True):
        reason = reasons.get(time, "grid")
        keys.append((Mark(time, reason, weigh(reason), blocks(thumb)), None))
    onsets = _worth_decoding(clip, wish, survey.times, max(_DECODE_S, _DECODE_SHARE * span))
    found = sorted([*keys, *_around(clip, onsets, wish)], key=lambda pair: pair[0].time_s)
    survey.marks = [mark for mark, _ in found]
    survey.pictures = [picture for _, picture in found]
    survey.cuts = _earlier(survey.cuts, survey.times, thumbs, survey.marks)
    return survey


def _earlier(
    cuts: Sequence[float],
    times: Sequence[float],
    thumbs: Sequence[Thumbnail],
    marks: Sequence[Mark],
) -> list[float]:
    """Cuts told from keyframes, moved to pictures before them that show the new scene already."""
    moved = []
    for cut in cuts:
        index = bisect_left(times, cut)
        old, new = blocks(thumbs[index - 1]), blocks(thumbs[index])
        between = (m for m in marks if times[index - 1] < m.time_s < cut)
        first = next(
            (
                m.time_s
                for m in between
                if np.abs(m.signature - new).mean() < np.abs(m.signature - old).mean()
            ),
            cut,
        )
        moved.append(first)
    return moved


def _around(
    clip: Clip, onsets: Sequence[Onset], wish: Wish
) -> Iterator[tuple[Mark, av.VideoFrame]]:
    """The picture just after each onset, and whether the picture jumped with it."""
    step = 1.0 / (clip.fps or 25.0)
    for onset in onsets:
        moment = onset.time_s + _AFTER_ONSET_S
        lead = int(_LEAD_S / step)
        asked = [t for t in (moment - i * step for i in range(lead, -1, -1)) if t > 0]
        detector, jumped = ChangeDetector(), False
        last: tuple[float, av.VideoFrame, Thumbnail] | None = None
        for time, frame in frames_at(clip, asked):
            thumb = thumbnail(frame)
            detector.feed(time, thumb)
            jumped |= detector.jump_now and abs(time - onset.time_s) <= _SETTLE_S
            last = (time, frame, thumb)
        if last is not None:
            time, frame, thumb = last
            reason = "sound and change" if jumped else "sound"
            mark = Mark(time, reason, weigh(reason, onset.strength_db), blocks(thumb))
            yield mark, wish.scale(frame)


def _worth_decoding(
    clip: Clip, wish: Wish, keyframes: Sequence[float], budget_s: float
) -> list[Onset]:
    """Onsets whose picture is looked at, in time order: the strongest, while the budget lasts.

    Reaching one costs decoding from the keyframe before it.
    """
    start, end = clip.window
    taken: list[Onset] = []
    for onset in sorted(wish.onsets, key=lambda o: -o.strength_db):
        target = onset.time_s + _AFTER_ONSET_S
        index = bisect_right(keyframes, target)
        cost = target - (keyframes[index - 1] if index else start)
        if target >= end or cost > budget_s:
            continue
        budget_s -= cost
        taken.append(onset)
        if len(taken) == wish.room:
            break
    return sorted(taken, key=lambda o: o.time_s)


def _settling(
    time: float, cut: bool, pending: tuple[float, str, float] | None, sounds: "_Sounds"
) -> tuple[float, str, float]:
    """When and why to take the picture after a jump; a pending cut stays one."""
    rise = sounds.near(time)
    if rise:
        return time + _SETTLE_S, "sound and change", rise
    if cut or (pending is not None and pending[1] == "cut"):
        return time + _SETTLE_S, "cut", 0.0
    return pending or (time + _SETTLE_S, "change", 0.0)


class _Schedule:
    """Times that are waited for."""

    def __init__(self, times: Sequence[float]) -> None:
        self._times, self._next = times, 0

    def due(self, time: float) -> bool:
        """Whether one or more have come."""
        come = bisect_right(self._times, time)
        due, self._next = come > self._next, come
        return due


class _Sounds:
    """Onsets that are waited for, and how they lie to jumps of the picture."""

    def __init__(self, onsets: Sequence[Onset]) -> None:
        self._onsets = onsets
        self._times = [o.time_s for o in onsets]
        self._next = 0
        self._jump = -1e9

    def jumped(self, time: float) -> None:
        """The picture jumped."""
        self._jump = time

    def near(self, time: float) -> float:
        """Strength of the strongest onset close to a time; 0 without one."""
        low = bisect_left(self._times, time - _TOGETHER_S)
        high = bisect_right(self._times, time + _TOGETHER_S)
        return max((o.strength_db for o in self._onsets[low:high]), default=0.0)

    def due(self, time: float) -> Iterator[tuple[Onset, bool]]:
        """Onsets whose moment has come, and whether the picture jumped with them."""
        while self._next < len(self._onsets):
            onset = self._onsets[self._next]
            if time < onset.time_s + _AFTER_ONSET_S:
                return
            self._next += 1
            yield onset, abs(onset.time_s - self._jump) <= _TOGETHER_S
