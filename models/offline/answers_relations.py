"""Answers about two things: which comes first, by how much, and whether they go together."""

from aurelia.models.offline.found import NAMES, Found, Untold, yes_no
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.known import AT_ONCE_S, Known, near, order_of, shared_s
from aurelia.models.offline.notes import listed, seconds


def find_gap(intent: Intent, known: Known) -> Found | Untold:
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
        return yes_no(value == intent.claim, because)
    text = "Neither: both stop at the same time" if value == "same" else f"The {NAMES[early]}"
    return Found("thing", value, text, because)


def find_order(intent: Intent, known: Known) -> Found | Untold:
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
            return yes_no(False, because)
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
        return yes_no(first == intent.claim, because)
    text = "Neither: both start at the same time" if first == "same" else f"The {NAMES[first]}"
    return Found("thing", first, text, because)


def find_together(intent: Intent, known: Known) -> Found | Untold:
    one, two = intent.subjects
    for thing in (one, two):
        if known.happens(thing) is False:
            return yes_no(False, f"There is no {NAMES[thing]}.")
    if set(intent.subjects) == {"sound", "motion"}:
        shared = shared_s(known)
        if shared is None:
            return Untold("When there is sound and movement is not known for both.")
        if shared < 0.1:
            return yes_no(False, "Sound and movement never overlap.")
        because = f"Sound and movement overlap for {shared:.1f} s in all."
        return yes_no(True, because)
    thing, other = (one, two) if one in ("cut", "light") else (two, one)
    at_once = near(known, thing, other)
    if at_once is None:
        return Untold("When each of the two happens is not known.")
    where = "falls" if at_once else "does not fall"
    return yes_no(at_once, f"The {NAMES[thing]} {where} together with the {NAMES[other]}.")
