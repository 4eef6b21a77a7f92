"""From what is known to an answer: one rule per intent, and an honest word where none applies."""

from dataclasses import dataclass
from typing import Literal

from aurelia.media.measure_spans import Span, complement, overlap, total_s
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.known import AT_ONCE_S, Activity, Known, near, order_of, shared_s
from aurelia.models.offline.notes import listed, seconds

NAMES = {"sound": "sound", "motion": "movement", "cut": "cut", "light": "change of brightness"}

FoundKind = Literal["yes_no", "times", "count", "thing", "number", "word", "text"]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer.

    Attributes:
        kind: what `value` is: a bool, a list of times or spans, a count, a thing (`sound`, …,
            `same`), a number, a category word, or nothing but text.
        value: see `kind`.
        text: the answer in words.
        because: the finding it rests on, one sentence; may be empty.
        tolerance: how exact `value` is, in its own unit.
    """

    kind: FoundKind
    value: bool | float | str | list[float] | list[Span] | None
    text: str
    because: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Untold:
    """Why what is known does not decide the question."""

    reason: str


def find(intent: Intent, known: Known) -> Found | Untold:
    """Answer a question from what is known."""
    kind = intent.kind
    if kind.startswith(("sound_", "motion_")):
        thing, _, asked = kind.partition("_")
        activity = known.sound if thing == "sound" else known.motion
        return _activity(intent, activity, thing, asked, known.window)
    if kind == "gap":
        return _gap(intent, known)
    if kind in ("order", "together"):
        return _order(intent, known) if kind == "order" else _together(intent, known)
    if kind.startswith("cuts_"):
        return _cuts(intent, known)
    if kind.startswith("light_"):
        return _light(intent, known)
    if kind.startswith("jumps_"):
        return _jumps(intent, known)
    if kind == "description":
        return _description(known)
    return _loudness_or_tempo(intent, known)


def _yes_no(yes: bool, because: str) -> Found:
    return Found("yes_no", yes, "Yes" if yes else "No", because)


def _stretch(spans: list[Span]) -> str:
    return listed([f"from {seconds(s.start_s)} to {seconds(s.end_s)}" for s in spans])


def _activity(
    intent: Intent, activity: Activity, thing: str, asked: str, window: Span
) -> Found | Untold:
    noun = {"sound": "sound", "motion": "movement"}[thing]
    rest = {"sound": "silence", "motion": "standstill"}[thing]
    wanted = rest if intent.negative else noun
    if activity.some is None:
        return Untold(f"When there is {noun} is not known, or could not be settled.")
    spans = activity.spans
    if spans is not None and intent.negative:
        spans = complement(spans, window, 0.1)
    if intent.nth is not None and spans is not None:
        if not 0 < (len(spans) if intent.nth < 0 else intent.nth) <= len(spans):
            return Untold(f"There is no such stretch: {noun} goes on in {len(spans)} of them.")
        spans = [spans[intent.nth if intent.nth < 0 else intent.nth - 1]]
    if asked == "present":
        return _present(intent, activity, spans, wanted, window)
    edge = None if intent.edge == "both" else intent.edge
    unplaced = spans is None and asked in ("length", "when")
    if unplaced and (intent.nth is not None or not (asked == "when" and edge)):
        return Untold(f"The single stretches of {noun} are not known.")
    if asked == "count":
        count = len(spans) if spans is not None else activity.count
        if count is None:
            return Untold(f"The number of stretches of {noun} is not known.")
        if intent.negative or not count:
            return Found("count", float(count), str(count))
        goes_on = "Sound is heard" if thing == "sound" else "The picture moves"
        unit = "1 unbroken stretch" if count == 1 else f"{count} separate stretches"
        text = f"1, as 1 unbroken stretch of {noun}" if count == 1 else str(count)
        return Found("count", float(count), text, f"{goes_on} in {unit}.")
    if asked == "length":
        length = total_s(spans or [])
        if intent.nth is not None and spans:
            return Found("number", length, f"{length:.1f} s", _lasts(wanted, spans), 0.3)
        return Found("number", length, f"{length:.1f} s", tolerance=0.3)
    if not spans and (spans is not None or intent.negative):
        return Found("word", "none", f"There is no {wanted}.")
    if edge is None:
        return Found(
            "times",
            list(spans or []),
            f"{_stretch(list(spans or []))[0].upper()}{_stretch(list(spans or []))[1:]}",
            tolerance=activity.tolerance_s,
        )
    if spans:
        time = spans[0].start_s if edge == "start" else spans[-1].end_s
    else:
        extent = activity.extent
        if extent is None:
            return Untold(f"When the {noun} starts and ends is not known.")
        time = extent.start_s if edge == "start" else extent.end_s
    text = f"At {seconds(time)}"
    if edge == "start" and time - window.start_s <= 0.1:
        text = "At the very start"
    elif edge == "stop" and window.end_s - time <= 0.1:
        text = "Not before the end of the clip"
    return Found("times", [time], text, tolerance=activity.tolerance_s)


def _present(
    intent: Intent, activity: Activity, spans: list[Span] | None, wanted: str, window: Span
) -> Found | Untold:
    start, end = intent.start_s, intent.end_s
    if intent.part:
        start = window.start_s + intent.part[0] * window.length_s
        end = window.start_s + intent.part[1] * window.length_s
    if start is None or end is None:
        if intent.negative:  # "Is it silent?" asks about the whole clip
            calm = {
                "silence": "It is silent throughout.",
                "standstill": "Nothing moves at any time.",
            }
            stir = {"silence": "There is some sound.", "standstill": "There is some movement."}
            yes = activity.some is False
            return _yes_no(yes, (calm if yes else stir)[wanted])
        return _yes_no(
            bool(activity.some), f"There is {'some' if activity.some else 'no'} {wanted}."
        )
    if spans is None:
        return Untold(f"When there is {wanted} is not known.")
    if intent.edge is not None:
        edges = [s.start_s if intent.edge == "start" else s.end_s for s in spans]
        yes = any(abs(t - start) <= max(0.25, activity.tolerance_s) for t in edges)
        verb = "starts" if intent.edge == "start" else "stops"
        times = f" at {listed([seconds(t) for t in edges])}" if edges else " at no time"
        return _yes_no(yes, f"The {wanted} {verb}{times}.")
    end = min(end, window.end_s)
    if end - start < 0.05:
        tolerance = activity.tolerance_s
        if any(
            abs(start - edge) < tolerance
            for s in spans
            for edge in s
            if window.start_s < edge < window.end_s
        ):
            return Untold(f"{seconds(start)} is too close to a change to tell.")
        yes = any(s.start_s <= start <= s.end_s for s in spans)
        return _yes_no(yes, f"At {seconds(start)} there is {'' if yes else 'no '}{wanted}.")
    inside = total_s(overlap(spans, [Span(start, end)]))
    if intent.negative:  # silent then means: all of the time
        inside = max(0.0, inside - (end - start) + 2 * activity.tolerance_s)
        return _yes_no(inside > 0, "")
    where = f"from {seconds(start)} to {seconds(end)}"
    if activity.tolerance_s >= inside > 0:
        return Untold(f"Whether there is {wanted} {where} is too close to tell.")
    return _yes_no(inside > 0, "")


def _lasts(noun: str, spans: list[Span]) -> str:
    return f"That {noun} goes on {_stretch(spans)}."


def _gap(intent: Intent, known: Known) -> Found | Untold:
    """How much later one thing starts than another."""
    one, two = intent.subjects
    first, second = known.start_of(one), known.start_of(two)
    if first is None or second is None:
        return Untold("When each of the two starts is not known, or one of them never happens.")
    gap = abs(second - first)
    early, late = (one, two) if first <= second else (two, one)
    because = f"The {NAMES[early]} starts {seconds(gap)} before the {NAMES[late]}."
    return Found("number", gap, f"{gap:.1f} s", because, 0.3)


def _order_of_ends(intent: Intent, known: Known) -> Found | Untold:
    """Which of two things is over first: their last ends are compared."""
    one, two = intent.subjects
    if not {one, two} <= {"sound", "motion"}:
        return Untold("A cut or a change of brightness has no end to compare.")
    ends = {"sound": known.sound.end_s, "motion": known.motion.end_s}
    first, second = ends[one], ends[two]
    if first is None or second is None:
        return Untold("When each of the two stops is not known, or one of them never happens.")
    early, late = (one, two) if first <= second else (two, one)
    gap = abs(second - first)
    because = (
        f"The {NAMES[early]} stops at {seconds(ends[early] or 0.0)}. "
        f"The {NAMES[late]} stops at {seconds(ends[late] or 0.0)}."
    )
    value = "same" if gap <= AT_ONCE_S else early
    if intent.claim:
        return _yes_no(value == intent.claim, because)
    text = "Neither: both stop at the same time" if value == "same" else f"The {NAMES[early]}"
    return Found("thing", value, text, because)


def _order(intent: Intent, known: Known) -> Found | Untold:
    if intent.edge == "stop":
        return _order_of_ends(intent, known)
    one, two = intent.subjects
    happen = {thing: known.happens(thing) for thing in (one, two)}
    if None in happen.values():
        missing = listed([NAMES[t] for t, v in happen.items() if v is None])
        return Untold(f"Nothing tells when there is {missing}.")
    absent = [t for t, v in happen.items() if not v]
    if absent:
        because = f"There is no {listed([NAMES[t] for t in absent])}, so there is no order."
        if intent.claim:
            return _yes_no(False, because)
        return Found(
            "thing", "none", f"Neither: there is no {listed([NAMES[t] for t in absent])}", because
        )
    stated = known.order if known.order and set(known.order) == {one, two} else None
    ordered = order_of(known, one, two)
    if ordered is None and stated is None:
        return Untold("When each of the two starts is not known.")
    if ordered is None and stated is not None:
        first, because = stated[0], f"The {NAMES[stated[0]]} starts before the {NAMES[stated[1]]}."
    elif ordered is not None:
        first, gap = ordered
        at_start = all((known.start_of(t) or 0) - known.window.start_s <= 0.1 for t in (one, two))
        if first != "same":
            other = two if first == one else one
            because = f"The {NAMES[first]} starts {seconds(gap)} before the {NAMES[other]}."
        elif at_start:
            because = f"The {NAMES[one]} and the {NAMES[two]} already go on when the clip begins."
        else:
            because = (
                f"The {NAMES[one]} and the {NAMES[two]} start at the same time, "
                f"within {seconds(max(gap, 0.1))}."
            )
    if intent.claim:
        return _yes_no(first == intent.claim, because)
    text = "Neither: both start at the same time" if first == "same" else f"The {NAMES[first]}"
    return Found("thing", first, text, because)


def _together(intent: Intent, known: Known) -> Found | Untold:
    one, two = intent.subjects
    for thing in (one, two):
        if known.happens(thing) is False:
            return _yes_no(False, f"There is no {NAMES[thing]}.")
    if set(intent.subjects) == {"sound", "motion"}:
        shared = shared_s(known)
        if shared is None:
            return Untold("When there is sound and movement is not known for both.")
        if shared < 0.1:
            return _yes_no(False, "Sound and movement never overlap.")
        because = f"Sound and movement overlap for {shared:.1f} s in all."
        return _yes_no(True, because)
    thing, other = (one, two) if one in ("cut", "light") else (two, one)
    at_once = near(known, thing, other)
    if at_once is None:
        return Untold("When each of the two happens is not known.")
    where = "falls" if at_once else "does not fall"
    return _yes_no(at_once, f"The {NAMES[thing]} {where} together with the {NAMES[other]}.")


def _cuts(intent: Intent, known: Known) -> Found | Untold:
    if known.cut_count is None:
        return Untold("Nothing tells whether there are cuts.")
    count = known.cut_count
    if intent.kind == "cuts_count":
        value = count + 1 if intent.negative else count
        return Found("count", float(value), str(value))
    if intent.kind == "cuts_when":
        if not count:
            return Found("word", "none", "There is no hard cut.")
        if known.cuts is None:
            return Untold("The times of the cuts are not known.")
        if intent.nth is not None:
            place = len(known.cuts) if intent.nth < 0 else intent.nth
            if place > len(known.cuts):
                return Untold(f"There is no such cut: the number of cuts is {count}.")
            at = known.cuts[place - 1]
            return Found("times", [at], f"At {seconds(at)}", tolerance=0.1)
        return Found(
            "times", known.cuts, f"At {listed([seconds(t) for t in known.cuts])}", tolerance=0.1
        )
    if intent.start_s is None or intent.end_s is None:
        return _yes_no(count > 0, "There are hard cuts." if count else "There is no hard cut.")
    if known.cuts is None:
        return Untold("The times of the cuts are not known.")
    inside = [t for t in known.cuts if intent.start_s - 0.2 <= t <= intent.end_s + 0.2]
    return _yes_no(bool(inside), "")


def _jumps(intent: Intent, known: Known) -> Found | Untold:
    if known.sound.some is False:
        return Found("word", "none", "There is no sound.")
    if intent.kind == "jumps_count" and known.jump_count is not None:
        return Found("count", float(known.jump_count), str(known.jump_count))
    if known.jumps is None:
        return Untold("Nothing tells when the level rises.")
    if not known.jumps:
        return Found("word", "none", "The level never jumps up.")
    text = f"At {listed([seconds(t) for t in known.jumps])}"
    return Found("times", known.jumps, text, tolerance=0.1)


def _light(intent: Intent, known: Known) -> Found | Untold:
    if known.luma is None:
        return Untold("Nothing tells how light the picture is.")
    if intent.kind == "light_mean":
        if intent.claim:
            return _yes_no(known.luma == intent.claim, "")
        word = {"medium": "Of medium brightness"}.get(known.luma, known.luma.capitalize())
        return Found("word", known.luma, word)
    if intent.kind == "light_when":
        if not known.light_steps:
            return Found("word", "none", "The brightness never changes suddenly.")
        times = [t for t, _ in known.light_steps]
        return Found("times", times, f"At {listed([seconds(t) for t in times])}", tolerance=0.3)
    change = known.light_change
    if change is None:
        return Untold("How the brightness changes is not known.")
    if intent.claim:
        steps = bool(known.light_steps)
        yes = change == intent.claim or (intent.claim == "change" and (change != "same" or steps))
        return _yes_no(yes, "")
    text = {"same": "It stays about the same", "brighter": "It gets brighter"}
    return Found("word", change, text.get(change, "It gets darker"))


def _loudness_or_tempo(intent: Intent, known: Known) -> Found | Untold:
    if intent.kind == "tempo":
        if known.tempo is not None:
            text = f"About {known.tempo:.0f} beats per minute"
            return Found("number", known.tempo, text, tolerance=0.04 * known.tempo)
        if known.no_tempo or known.sound.some is False:
            return Found("word", "none", "No clear tempo can be measured.")
        return Untold("Nothing tells the tempo.")
    if known.sound.some is False:
        return Found("word", "none", "There is no sound.")
    if intent.kind == "level":
        if known.level is None:
            return Untold("Nothing tells how loud the sound is.")
        return Found("number", known.level, f"{known.level:.0f} dBFS on average", tolerance=2.0)
    if intent.kind == "loudest_when":
        if not known.loudest:
            return Untold("No single moment is known to be the loudest.")
        named = [
            f"around {seconds(s.start_s)}" if s.length_s == 0 else _stretch([s])
            for s in known.loudest
        ]
        text = listed(named)
        return Found("times", known.loudest, text[0].upper() + text[1:], tolerance=0.4)
    if known.trend is None:
        return Untold("How the loudness changes is not known.")
    if intent.claim:
        return _yes_no(known.trend == intent.claim, "")
    words = {
        "louder": "It gets louder: the second half is louder",
        "quieter": "It gets quieter: the first half is louder",
    }
    return Found("word", known.trend, words.get(known.trend, "Both halves are about equally loud"))


def _description(known: Known) -> Found | Untold:
    parts = []
    for noun, activity in (("sound", known.sound), ("movement", known.motion)):
        if activity.some is None:
            continue
        if not activity.some:
            parts.append(f"there is no {noun}")
        elif activity.spans and total_s(activity.spans) >= 0.98 * known.window.length_s:
            parts.append(f"there is {noun} throughout")
        elif activity.spans:
            parts.append(f"there is {noun} {_stretch(activity.spans)}")
        else:
            parts.append(f"{noun} comes and goes")
    if known.cut_count is not None:
        parts.append(f"the number of hard cuts is {known.cut_count}")
    if not parts:
        return Untold("Nothing has been measured.")
    text = "; ".join(parts)
    return Found("text", None, f"{text[0].upper()}{text[1:]}. What it shows was not identified.")
