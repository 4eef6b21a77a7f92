"""Statements that relate sound and picture: which comes first, and whether they go together."""

import re
from dataclasses import replace

from aurelia.models.offline.lexicon import subjects
from aurelia.models.offline.said import Said

_THINGS = {
    "sound": r"(?:sounds?|audio|noise|silence|heard|audible)",
    "motion": (
        r"(?:movements?|motion|moves?|moving|"
        r"(?:picture|image|video) (?:changes?|starts?|begins?|stops?))"
    ),
    "cut": r"(?:cuts?|shot change|scene change)",
    "light": r"(?:brightness|light(?:ing)?)",
}
_NEGATED = re.compile(r"\b(not|never|no|neither|nothing|hardly)\b|n't\b")
_GAP = re.compile(r"(\d+(?:\.\d+)?) s (?:before|after|later|earlier|sooner|ahead|afterwards)\b")
_TOGETHER = re.compile(
    r"coincid|overlap|simultaneous|at the same time|\btogether\b|in sync|synchron|concurrent"
    r"|same moment|accompan"
)


def things(text: str) -> list[tuple[str, int]]:
    """The things a text relates, with their first positions, in order."""
    found = []
    for name, pattern in _THINGS.items():
        if match := re.search(rf"\b{pattern}\b", text):
            found.append((name, match.start()))
    return sorted(found, key=lambda pair: pair[1])


def _read_while(normal: str, sentence: str) -> list[Said]:
    """ "It moves while there is sound": two states at once, where no time is given."""
    sides = re.split(r",?\s*\b(?:while|whilst)\b\s*", normal)
    if len(sides) != 2 or re.search(r"\d s\b", normal):
        return []
    heard = [_state(s, "sound", "silence") for s in sides]
    seen = [_state(s, "motion", "still") for s in sides]
    for sound, motion in ((heard[0], seen[1]), (heard[1], seen[0])):
        if sound is not None and motion is not None:
            return [Said("together", sentence, value=sound and motion, other="sound+motion")]
    return []


def _state(text: str, positive: str, negative: str) -> bool | None:
    """Whether a text says that something goes on, or that it does not; None if neither."""
    named = subjects(text)
    if negative in named:
        return bool(_NEGATED.search(text))
    return not _NEGATED.search(text) if positive in named else None


def read_relation(normal: str, sentence: str) -> list[Said]:
    """The relation that a normalised sentence states between two things; empty if none.

    A negated order is no order; a denied start at the same time is a statement of its own.
    """
    found = _read_relation(normal, sentence)
    negated = bool(_NEGATED.search(normal))
    if any(s.kind == "order" for s in found) and negated:
        same = [replace(s, value="apart") for s in found if s.value == "same"]
        return same or [Said("unread", sentence)]
    shared = re.search(r"overlap\w* for (\d+(?:\.\d+)?) s\b", normal)
    if shared:
        found = [replace(s, gap_s=float(shared[1])) if s.kind == "together" else s for s in found]
    gap = _GAP.search(normal)
    if gap is None:
        return found
    amount = float(gap[1])
    return [
        replace(s, gap_s=amount) if s.kind == "order" and "+" not in str(s.other) else s
        for s in found
    ]


def _read_relation(normal: str, sentence: str) -> list[Said]:
    alongside = _read_while(normal, sentence)
    if alongside:
        return alongside
    named = things(normal)
    if len(named) < 2:
        return []
    one, two = named[0][0], named[1][0]
    negated = bool(_NEGATED.search(normal))
    if _TOGETHER.search(normal):
        if re.search(
            r"(start|begin|set in)s? .*(together|same time|simultaneous|same moment)", normal
        ):
            return [Said("order", sentence, value="same", other=f"{one}+{two}")]
        together = Said("together", sentence, value=not negated, other=f"{one}+{two}")
        order = [] if negated else _read_order(normal, sentence, named)
        return [*order, together]
    return _read_order(normal, sentence, named)


def _read_order(normal: str, sentence: str, named: list[tuple[str, int]]) -> list[Said]:
    """Which of two named things comes first."""
    (one, at_one), (two, at_two) = named[0], named[1]
    if re.search(r"already (?:there|go on|present)", normal):
        return [Said("order", sentence, value="same", other=f"{one}+{two}")]
    between = normal[at_one:at_two]
    if re.search(r"\d s$", between.strip()) and re.search(r"\b(before|after) $", between[-8:]):
        return []
    if re.search(
        r"\b(?:before|precedes?|preceding|(?:earlier|sooner) than|ahead of|prior to|followed by"
        r"|then)\b",
        between,
    ):
        return [Said("order", sentence, value=one, other=two)]
    if re.search(r"\b(after|follows|following|later than)\b", between):
        return [Said("order", sentence, value=two, other=one)]
    first = re.search(
        r"\b(?:comes|starts|begins|is|happens|occurs) (first|last|second|later|earlier)\b", normal
    )
    if first:
        nearest = one if first.start() < at_two else two
        late = first[1] in ("last", "second", "later")
        other = two if nearest == one else one
        return [
            Said(
                "order",
                sentence,
                value=other if late else nearest,
                other=nearest if late else other,
            )
        ]
    if re.match(r"first\b", normal):
        return [Said("order", sentence, value=one, other=two)]
    if re.match(r"(before|after)\b", normal) and not re.match(r"(before|after) [\d.]", normal):
        first_, second_ = (two, one) if normal.startswith("before") else (one, two)
        return [Said("order", sentence, value=first_, other=second_)]
    return []
