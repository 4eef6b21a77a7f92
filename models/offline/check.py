"""One statement against the critic's own measurements: supported, contradicted or unverifiable."""

import itertools
from dataclasses import dataclass

from aurelia.media.measure_picture import first_picture_s
from aurelia.media.measure_spans import Span
from aurelia.media.recheck_picture import PictureRecheck
from aurelia.media.recheck_sound import SoundRecheck
from aurelia.media.recheck_track import Track
from aurelia.models.offline.check_measures import check_light, check_loudness, check_tempo
from aurelia.models.offline.checked import Checked, contradicted, supported, unverifiable
from aurelia.models.offline.labels.check import check_label
from aurelia.models.offline.said import LABEL_TOPICS, Said
from aurelia.types.clip import Clip

_BESIDE_S = 0.3  # how much next to a claimed start or end is looked at


@dataclass(frozen=True, slots=True)
class Senses:
    """What the critic perceived; None where the clip has no such stream."""

    clip: Clip
    window: Span
    sound: SoundRecheck | None
    picture: PictureRecheck | None

    def starts(self, thing: str) -> float | None:
        """When a thing first happens, by the critic's measurements."""
        if thing == "sound" and self.sound:
            return next((s.start_s for s in self.sound.heard.spans()), None)
        if thing == "motion" and self.picture:
            return next((s.start_s for s in self.picture.moves.spans()), None)
        if thing == "cut" and self.picture:
            return next((t for t, _ in self.picture.cuts), None)
        return None


def check(said: Said, senses: Senses) -> Checked:
    """Judge one statement; one that says more than was read is never supported."""
    window = senses.window
    if said.kind.endswith(".unsettled"):
        return unverifiable("left open")
    if said.kind == "clip.length":
        long_ = float(said.value) if isinstance(said.value, float) else 0.0
        observed = f"the clip lasts {window.length_s:.2f} s"
        outcome = (
            supported(observed) if abs(long_ - window.length_s) <= 0.5 else contradicted(observed)
        )
    elif any(t is not None and window.end_s + 0.3 < t < float("inf") for t in _times(said)):
        outcome = contradicted(
            f"the clip lasts from {window.start_s:.2f} s to {window.end_s:.2f} s"
        )
    else:
        outcome = _check(said, senses)
    if said.more and outcome.status == "supported":
        return unverifiable(f"{outcome.observed}; not checked: {said.more}")
    return outcome


def _times(said: Said) -> tuple[float | None, float | None]:
    slack = said.tolerance_s
    return tuple(None if t is None else t - slack for t in (said.start_s, said.end_s))  # type: ignore[return-value]


def _check(said: Said, senses: Senses) -> Checked:
    topic = said.topic
    if topic in LABEL_TOPICS or said.kind.startswith("label."):
        return check_label(said, senses.clip)
    if topic == "relation":
        return _relation(said, senses)
    if said.modality == "audio":
        if senses.sound is None:
            return _absent(said, "sound", ("sound.none", "sound.no_track", "silence"))
        if said.kind == "sound.no_track":
            return contradicted("there is a sound track")
        if topic == "sound":
            return _state(said, senses.sound.heard, "sound", senses.window)
        if topic == "tempo":
            return check_tempo(said, senses.sound)
        return check_loudness(said, senses.sound)
    if said.modality == "visual":
        if senses.picture is None:
            return _absent(said, "picture", ("picture.none", "motion.none", "still"))
        if said.kind == "picture.none":
            return contradicted("there is a picture")
        if topic == "motion":
            return _motion(said, senses.picture, senses.window)
        if topic == "cuts":
            return _cuts(said, senses.picture)
        return check_light(said, senses.picture, senses.window)
    return unverifiable("this can't be measured")


def _absent(said: Said, what: str, fitting: tuple[str, ...]) -> Checked:
    observed = f"the clip has no {what}"
    fits = said.kind.startswith(fitting) or said.value == 0.0
    return supported(observed, weak=True) if fits else contradicted(observed)


def _motion(said: Said, picture: PictureRecheck, window: Span) -> Checked:
    if said.kind == "motion.noise":
        return (
            supported("the picture is noise") if picture.noisy else contradicted("it is no noise")
        )
    if picture.noisy:
        return unverifiable("the picture is noise, in which movement can't be told")
    if len(picture.times) < 2:
        if said.kind == "motion.none":
            return supported("there is a single picture")
        return contradicted("there is a single picture")
    first = first_picture_s(picture.times, window)
    return _state(said, picture.moves, "movement", Span(first, window.end_s))


def _state(said: Said, track: Track, noun: str, window: Span) -> Checked:
    """Sound or movement: at all, throughout, how often, how long, or at some time."""
    if said.part is not None:
        start, length = window.start_s, window.length_s
        window = Span(start + said.part[0] * length, start + said.part[1] * length)
    share = track.share(window.start_s, window.end_s)
    spans = [s for s in track.spans() if s.length_s >= 0.03]
    name, _, form = said.kind.partition(".")
    observed = f"{noun} {when_text(spans, window)}"
    if form == "faint":
        near = track.share(said.start_s or window.start_s, said.end_s or window.end_s)
        return contradicted(observed) if near and near > 0.5 else supported("hardly any sound")
    if share is None and form in ("none", "all", "some"):
        return unverifiable(f"whether there is {noun} is not clear")
    if form == "none":
        return supported(f"no {noun}") if (share or 0.0) <= 0.005 else contradicted(observed)
    if form == "all":
        return supported(observed) if (share or 0.0) >= 0.97 else contradicted(observed)
    if form == "count":
        return _count(said, spans, observed)
    if form == "length":
        return _length(said, spans, observed)
    if said.nth is not None:
        place = said.nth if said.nth > 0 else len(spans)
        if not 0 < place <= len(spans):
            return contradicted(f"{observed}: no such stretch")
        own, slack = spans[place - 1], 0.3 + said.tolerance_s
        ends = [(said.start_s, own.start_s), (said.end_s, own.end_s)]
        if form == "at":
            fits = own.start_s - slack <= (said.start_s or 0.0) <= own.end_s + slack
        else:
            fits = all(t is None or abs(t - is_) <= slack for t, is_ in ends)
        if not fits:
            return contradicted(observed)
    rest = name in ("silence", "still")
    if form == "some":
        present = (share or 0.0) < 0.995 if rest else (share or 0.0) > 0
        return supported(observed) if present else contradicted(observed)
    if form == "at":
        at = said.start_s or 0.0
        near = track.share(at - 0.12, at + 0.12)
        if near is None or 0.2 < near < 0.8:
            return unverifiable(f"{observed}; that instant is too close to a change")
        return supported(observed) if (near >= 0.5) is not rest else contradicted(observed)
    return _span(said, track, not rest, observed, window)


def _length(said: Said, spans: list[Span], observed: str) -> Checked:
    """How long one stretch lasts; of several, the one that is named."""
    if not spans:
        return contradicted(observed)
    if said.nth is None and len(spans) > 1:
        every = [s.length_s for s in spans]
        meant = [*every, sum(every), spans[-1].end_s - spans[0].start_s]
        if all(abs(float(said.value or 0.0) - m) > 0.3 for m in meant):
            return contradicted(observed)
        return unverifiable(f"{observed}; which of them is meant is not said")
    place = said.nth if said.nth is not None and said.nth > 0 else len(spans)
    if place > len(spans):
        return contradicted(f"{observed}: no such stretch")
    off = abs(float(said.value or 0.0) - spans[place - 1].length_s)
    return supported(observed) if off <= 0.3 else contradicted(observed)


def _count(said: Said, spans: list[Span], observed: str) -> Checked:
    claimed = float(said.value) if isinstance(said.value, float) else 0.0
    off = abs(claimed - len(spans))
    observed = f"{len(spans)} stretch{'' if len(spans) == 1 else 'es'}; {observed}"
    if off <= 0.1 * len(spans):
        return supported(observed)
    short = sum(1 for s in spans if s.length_s < 0.1)
    gaps = sum(1 for a, b in itertools.pairwise(spans) if b.start_s - a.end_s < 0.3)
    if off <= short + gaps:
        return unverifiable(f"{observed}, depending on how short ones are counted")
    return contradicted(observed)


def _span(said: Said, track: Track, wanted: bool, observed: str, window: Span) -> Checked:
    """A stretch: what is inside must hold, what lies just outside of a given end must not."""
    start, end = said.start_s, said.end_s
    margin = min(said.tolerance_s, 0.6) + track.reach_s + 0.06
    if (start is not None and start > window.end_s) or (end is not None and end < window.start_s):
        return contradicted(f"the clip lasts from {window.start_s:.2f} s to {window.end_s:.2f} s")

    def holds(a: float, b: float, expected: bool, least: float) -> bool | None:
        share = track.share(a, b)
        if share is None:
            return None
        return (share if expected else 1 - share) >= least

    tests: list[bool | None] = []
    if end == float("inf"):
        tests.append(holds(window.end_s - 0.4, window.end_s - 0.1, wanted, 0.5))
    if start is not None and end is not None:
        a, b = max(start, window.start_s), min(end, window.end_s)
        inner = (a + margin, b - margin) if b - a > 2 * margin else ((a + b) / 2, (a + b) / 2)
        tests.append(holds(*inner, wanted, 0.75))
    if start is not None and said.maximal:
        if end is None or end - start > 2 * (margin + _BESIDE_S):
            tests.append(holds(start + margin, start + margin + _BESIDE_S, wanted, 0.5))
        if start - margin - 0.05 > window.start_s:
            tests.append(
                holds(max(start - margin - 0.15, window.start_s), start - margin, not wanted, 0.5)
            )
    if end is not None and end < float("inf") and said.maximal:
        if start is None or end - start > 2 * (margin + _BESIDE_S):
            tests.append(holds(end - margin - _BESIDE_S, end - margin, wanted, 0.5))
        if end + margin + 0.05 < window.end_s:
            tests.append(
                holds(end + margin, min(end + margin + 0.15, window.end_s), not wanted, 0.5)
            )
    doubt = any(t is None for t in tests)
    if any(t is False for t in tests):
        return contradicted(observed)
    return unverifiable(f"{observed}; not clear there") if doubt else supported(observed)


def _cuts(said: Said, picture: PictureRecheck) -> Checked:
    sure = [t for t, distance in picture.cuts if distance >= 0.4]
    every = [t for t, _ in picture.cuts]
    listed = ", ".join(f"{t:.2f} s" for t in every)
    plural = "" if len(every) == 1 else "s"
    observed = f"{len(every)} cut{plural}{f' at {listed}' if listed else ''}"
    if said.kind == "cuts.at":
        reach = said.tolerance_s + picture.frame_s + 0.08
        near = any(abs(t - (said.start_s or 0)) <= reach for t in every)
        return supported(observed) if near else contradicted(observed)
    if said.value is None:
        return supported(observed) if every else contradicted(observed)
    claimed = float(said.value)
    if len(sure) <= claimed <= len(every):
        return supported(observed)
    return contradicted(observed)


def _relation(said: Said, senses: Senses) -> Checked:
    if said.kind == "together":
        return _together(said, senses)
    at_once = said.value in ("same", "apart")
    one, two = str(said.other).split("+") if at_once else (str(said.value), str(said.other))
    first, second = senses.starts(one), senses.starts(two)
    if "light" in (one, two):
        return unverifiable("changes of light are not timed")
    if first is None or second is None:
        return contradicted("one of the two does not happen")
    gap = second - first
    observed = f"{one} from {first:.2f} s, {two} from {second:.2f} s"
    if said.value == "same":
        close = abs(gap) <= 0.35
        return supported(observed) if close else contradicted(observed)
    if said.value == "apart":
        return supported(observed) if abs(gap) >= 0.2 else contradicted(observed)
    if said.gap_s is not None and abs(gap - said.gap_s) > 0.3:
        return contradicted(observed)
    if abs(gap) < 0.1:
        return unverifiable(f"{observed}: too close to tell")
    return supported(observed) if gap > 0 else contradicted(observed)


def _together(said: Said, senses: Senses) -> Checked:
    things = set(str(said.other).split("+"))
    if things != {"sound", "motion"}:
        return unverifiable("whether these fall together is not measured")
    if senses.sound is None or senses.picture is None:
        return (
            contradicted("one of the two is missing") if said.value else supported("one is missing")
        )
    shared = sum(
        max(0.0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s))
        for a in senses.sound.heard.spans()
        for b in senses.picture.moves.spans()
    )
    observed = f"{shared:.1f} s of both"
    if said.gap_s is not None and abs(shared - said.gap_s) > 0.5:
        return contradicted(observed)
    if 0.1 < shared < 0.25:
        return unverifiable(observed)
    return supported(observed) if (shared >= 0.25) == bool(said.value) else contradicted(observed)


def when_text(spans: list[Span], window: Span) -> str:
    """Stretches in words: nowhere, throughout, or when."""
    if not spans:
        return "nowhere"
    if len(spans) == 1 and spans[0].length_s >= 0.97 * window.length_s:
        return "throughout"
    shown = ", ".join(f"{s.start_s:.2f}-{s.end_s:.2f} s" for s in spans[:6])
    return shown if len(spans) <= 6 else f"{shown} and {len(spans) - 6} more"
