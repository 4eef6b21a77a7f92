"""Answers about sound and movement: whether, when, how often, how long."""

from aurelia.media.measure_spans import Span, complement, overlap, total_s
from aurelia.models.offline.found import Found, Untold, stretch, yes_no
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.known import Activity
from aurelia.models.offline.notes import listed, seconds


def find_activity(
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
            f"{stretch(list(spans or []))[0].upper()}{stretch(list(spans or []))[1:]}",
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
            return yes_no(yes, (calm if yes else stir)[wanted])
        return yes_no(
            bool(activity.some), f"There is {'some' if activity.some else 'no'} {wanted}."
        )
    if spans is None:
        return Untold(f"When there is {wanted} is not known.")
    if intent.edge is not None:
        edges = [s.start_s if intent.edge == "start" else s.end_s for s in spans]
        yes = any(abs(t - start) <= max(0.25, activity.tolerance_s) for t in edges)
        verb = "starts" if intent.edge == "start" else "stops"
        times = f" at {listed([seconds(t) for t in edges])}" if edges else " at no time"
        return yes_no(yes, f"The {wanted} {verb}{times}.")
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
        return yes_no(yes, f"At {seconds(start)} there is {'' if yes else 'no '}{wanted}.")
    inside = total_s(overlap(spans, [Span(start, end)]))
    if intent.negative:  # silent then means: all of the time
        inside = max(0.0, inside - (end - start) + 2 * activity.tolerance_s)
        return yes_no(inside > 0, "")
    where = f"from {seconds(start)} to {seconds(end)}"
    if activity.tolerance_s >= inside > 0:
        return Untold(f"Whether there is {wanted} {where} is too close to tell.")
    return yes_no(inside > 0, "")


def _lasts(noun: str, spans: list[Span]) -> str:
    return f"That {noun} goes on {stretch(spans)}."
