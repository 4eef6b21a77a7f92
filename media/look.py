"""The picture of a clip as a few kept frames, by one of the frame rules."""

from dataclasses import dataclass, field

import av

from aurelia.media.decode import Damage, TimedFrame, frames_at, video_frames
from aurelia.media.picture import quarter_turns
from aurelia.media.plan import Plan
from aurelia.media.select import choose, uniform_times
from aurelia.media.similarity import dissimilar
from aurelia.media.survey import Survey, Wish, survey_every_frame, survey_keyframes
from aurelia.types.clip import Clip


@dataclass(frozen=True, slots=True)
class Kept:
    """A chosen picture: scaled, to be turned upright."""

    time_s: float
    reason: str
    picture: av.VideoFrame
    turns: int


@dataclass(slots=True)
class Look:
    """Chosen pictures, what the survey measured, and what to tell the user."""

    kept: list[Kept] = field(default_factory=list)
    survey: Survey = field(default_factory=Survey)
    warnings: list[str] = field(default_factory=list)


def look_at(clip: Clip, plan: Plan, wish: Wish) -> Look:
    """Survey the picture and choose frames by the plan's rule."""
    if not clip.has_video:
        return Look()
    start, end = clip.window
    look = Look()
    survey = _survey(clip, plan, wish, look.warnings)
    look.survey = survey
    if plan.frame_rule == "published" and wish.count:
        look.kept = _published(clip, wish)
        if not look.kept:
            look.warnings.append(
                "The published frame rule keeps no frame of this clip, since no two neighbouring "
                "frames differ enough; evenly spaced frames stand in."
            )
    elif plan.frame_rule == "informative":
        chosen = choose(survey.marks, wish.count, end - start, survey.cuts)
        look.kept = _chosen(clip, survey, chosen, wish)
    if not look.kept and wish.count:
        look.kept = _uniform(clip, wish, survey.times)
    if not survey.times:
        look.warnings.append("No picture lies in the window that is looked at.")
    return look


def _survey(clip: Clip, plan: Plan, wish: Wish, warnings: list[str]) -> Survey:
    """One pass; where the data prove damaged, a second one that is repeatable."""
    start, end = clip.window
    if end - start > plan.full_decode_s:
        damage = Damage()
        sparse = survey_keyframes(clip, wish, threads=1, damage=damage)
        if sparse is not None:
            warnings.append(
                f"The window is longer than {plan.full_decode_s:g} s: of its picture, keyframes "
                "and the surroundings of onsets were looked at."
            )
            if damage.packets:
                warnings.append(damage.warning("picture"))
            return sparse
    damage = Damage()
    survey = survey_every_frame(clip, wish, strict=True, damage=damage)
    if damage.packets:
        damage = Damage()
        survey = survey_every_frame(clip, wish, threads=1, damage=damage)
        if damage.packets:
            warnings.append(damage.warning("picture"))
        elif start == 0:
            warnings.append("The picture is damaged in places; the decoder patched it over.")
    return survey


def _chosen(clip: Clip, survey: Survey, chosen: tuple[int, ...], wish: Wish) -> list[Kept]:
    """The chosen candidates with their pictures; those that were not held are decoded again."""
    missing = [survey.marks[i].time_s for i in chosen if survey.pictures[i] is None]
    again = {
        asked: wish.scale(frame)
        for asked, (_, frame) in zip(missing, frames_at(clip, missing), strict=False)
    }
    kept = []
    for index in chosen:
        mark = survey.marks[index]
        picture = survey.pictures[index] or again.get(mark.time_s)
        if picture is not None:
            kept.append(Kept(mark.time_s, mark.reason, picture, survey.turns))
    return kept


def _kept(time: float, frame: av.VideoFrame, reason: str, wish: Wish) -> Kept:
    return Kept(time, reason, wish.scale(frame), quarter_turns(frame))


def _published(clip: Clip, wish: Wish) -> list[Kept]:
    frames = dissimilar(video_frames(clip, threads=1), wish.count)
    return [_kept(time, frame, "published", wish) for time, frame in frames]


def _uniform(clip: Clip, wish: Wish, times: list[float]) -> list[Kept]:
    """Frames at the middles of equal parts of what the picture covers."""
    if not times:
        return []
    start, end = clip.window
    last = min(end, times[-1] + 1.0 / (clip.fps or 25.0))
    wanted = uniform_times(max(start, times[0]), last, wish.count)
    found: dict[float, TimedFrame] = {}
    for time, frame in frames_at(clip, wanted):
        if start <= time < end or not found:
            found.setdefault(time, (time, frame))
    if not found:  # fewer pictures than wanted, all before the first middle
        first = next(video_frames(clip, threads=1), None)
        if first is not None:
            found[first[0]] = first
    return [_kept(time, frame, "grid", wish) for time, frame in found.values()]
