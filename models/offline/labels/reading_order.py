"""Which comes first, and what happens at once, where a sentence says so in words."""

import itertools
import re
from dataclasses import replace

from aurelia.models.offline.labels.mentions import THEREUPON
from aurelia.models.offline.said import Said

NAMED = frozenset({"event.heard", "object.moves", "flag.shown", "text.shown"})
_AT_ONCE = re.compile(r"\b(?:while|whilst|when|as|during|whenever|at the same time|side by side)\b")
_SEQUENCE = re.compile(
    r"\b(?:then|before|after|followed by|follows|precedes|preceded by|prior to|later|earlier than"
    r"|once|ahead of|next|afterwards|as soon as|until)\b"
)
_NEXT = re.compile(
    r"^\W*(?:then|next|afterwards?|later|finally|after (?:that|this|which)|thereafter|subsequently"
    r"|(?:it|this|that) is followed by|followed by)\b",
    re.IGNORECASE,
)


def related(
    normal: str, sentence: str, places: list[tuple[int, int]], found: list[Said]
) -> list[Said]:
    """The statements, with order and coincidence where words state them instead of times.

    Args:
        normal: the sentence in plain form.
        sentence: as it was said.
        places: where in `normal` each statement stands.
        found: the statements.
    """
    named = [(i, s) for i, s in zip(places, found, strict=True) if s.kind in NAMED]
    if len(named) < 2 or all(_dated(s) for _, s in named):
        return found
    related: list[Said] = []
    for (one, first), (two, second) in itertools.pairwise(named):
        between = normal[one[1] : two[0]]
        before = normal[: one[0]]
        joined = _AT_ONCE.search(between) or (one == named[0][0] and _AT_ONCE.search(before))
        if joined and not _SEQUENCE.search(between):
            said = Said("label.together", sentence, value=key_of(first), other=key_of(second))
        elif _turned(before, between):
            said = Said("label.order", sentence, value=key_of(second), other=key_of(first))
        elif _SEQUENCE.search(between) or re.search(r"\bfirst\b", before):
            said = Said("label.order", sentence, value=key_of(first), other=key_of(second))
        else:
            continue
        related.append(said)
    # An instant next to "before" belongs to neither: what is left of it is the order.
    return [*(replace(s, end_s=None) if s.start_s is None else s for s in found), *related]


def _dated(said: Said) -> bool:
    return said.start_s is not None or said.end_s is not None


def key_of(said: Said) -> str:
    """What a statement is about, so that another one can refer to it: `event.heard|bell`."""
    return f"{said.kind}|{said.value}"


def _turned(before: str, between: str) -> bool:
    """Whether the second thing that is named comes first in time."""
    text = THEREUPON.sub("then", between)
    if re.search(r"\bbefore (?:that|this|it)\b", between):
        return True
    if re.search(r"\b(?:before|prior to|ahead of)\b[^,]*$", before):
        return True
    if re.search(r"\b(?:after|following|once|as soon as)\b[^,]*$", before):
        return False
    behind = re.search(
        r"\b(?:after|following|follows|preceded by|once|later than|as soon as)\b", text
    )
    return bool(behind) and "followed by" not in text


def follows(sentence: str, earlier: list[Said], said: list[Said]) -> list[Said]:
    """The order between a sentence that begins with "then" and what was said before it."""
    if not _NEXT.match(sentence):
        return []
    before = next((s for s in reversed(earlier) if s.kind in NAMED), None)
    after = next((s for s in said if s.kind in NAMED), None)
    if before is None or after is None or None not in (before.start_s, after.start_s):
        return []
    return [Said("label.order", sentence, value=key_of(before), other=key_of(after))]
