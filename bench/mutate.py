"""Minimal pairs: lies that differ from a caption by one thing, in anybody's words.

What is stated several times is changed everywhere, lest a lie contradict itself.

The rules look at words alone, so that captions of language models work as well as measured ones.
What a rule does not find in a caption it leaves alone. Another time or order that the reader of
statements understands in full and takes to mean the same is no lie, and is dropped.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from aurelia.bench.mutate_edits import (
    QUOTED,
    Edit,
    cased,
    edited,
    like,
    next_word,
    stem,
    turned_order,
    unquoted,
    words_of,
)
from aurelia.bench.mutate_words import COLOURS, MOODS, PATHS, SIGNS, SOUNDS, heard, seen
from aurelia.models.offline.claims import read, sentences

LieKind = Literal[
    "time_shifted",
    "rate_off",
    "count_off",
    "colour_swapped",
    "path_reversed",
    "sound_swapped",
    "mood_flipped",
    "order_reversed",
    "text_changed",
    "modality_dropped",
]
SHIFT_S = 0.5
RATE = 1.08

_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_SECONDS = r"\s*-?(?:s|secs?|seconds?)\b"
_TIME = re.compile(
    rf"(?<![±\d.\w])(\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})"
    rf"(?=(?:\s*(?:-|–|to|and|until)\s*\d+(?:\.\d+)?)?{_SECONDS})",
    re.I,
)
_TO = re.compile(r"\s*(?:s|secs?|seconds?)?\s*(?:-|–|to|and|until)\s*", re.I)
_RATE = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)(?=\s*(?:bpm\b|beats (?:per|a|each) minute"
    r"|(?:times|cycles|repeats|\w+) (?:per|a|each) minute))",
    re.I,
)
_COUNT = re.compile(
    r"(?<![\d.:\w-])(two|three|four|five|six|seven|eight|nine|ten|eleven|[2-9]|1[01])"
    r"(?=[\s*_]+[a-z]+)(?![\s*_]+(?:s|secs?|seconds?|minutes?|min|ms|bpm|beats|fps|px|pixels|percent|db"
    r"|dbfs|hz|times|o'clock|to|and|or|until|of|a|at|in|on|by|is|are|was|were)\b)",
    re.I,
)
_GAP = re.compile(rf"{_SECONDS}\s+(?:before|after|later|earlier|apart)\b", re.I)
_ORDERED = re.compile(r"\b(?:first|then|before|after|later|earlier|precedes|follows)\b", re.I)
_EAR = re.compile(r"\b(?:hears?|heard|audible|sounds?)\b", re.I)
_EYE = re.compile(r"\b(?:sees?|seen|shows?|shown|visible|picture|screen)\b", re.I)
_VERBS = {"are", "is", "can", "be", "different", "and", "in", "on", "play", "that", "the", "with"}


@dataclass(frozen=True, slots=True)
class Lie:
    """A caption with one thing changed: `was` of the true caption became `now`."""

    kind: LieKind
    caption: str
    was: str
    now: str


def lies(caption: str) -> list[Lie]:
    """The lies of a caption, at most one of each kind; none where no rule finds anything."""
    found = []
    for make in _RULES:
        lie = next(
            (
                lie
                for lie in make(caption)
                if lie.caption != caption and not _same_meaning(caption, lie)
            ),
            None,
        )
        if lie:
            found.append(lie)
    return found


def _times(caption: str) -> Iterator[Lie]:
    """Move one instant, or both ends of one stretch, by half a second, wherever it is stated.

    One end alone would often leave a part of the stretch, which is true. How far apart two things
    are is worked out again; a move that would change their order is left out.
    """
    found = list(_TIME.finditer(caption))
    for place, match in enumerate(found):
        last = match
        if place + 1 < len(found):
            following = found[place + 1]
            if _TO.fullmatch(caption, match.end(), following.start()):
                last = following
        second = place and _TO.fullmatch(caption, found[place - 1].end(), match.start())
        if second or _value(match[1]) == 0:  # the start of a clip is where it is
            continue
        moved = [m for m in found if _equal(m[1], match[1]) or _equal(m[1], last[1])]
        for shift in (SHIFT_S, -SHIFT_S):
            edits = _moved(caption, found, moved, match, shift)
            if edits is not None:
                span = match.start(), last.end()
                yield _edited(caption, edits, span, "time_shifted")


def _moved(
    caption: str,
    found: list[re.Match[str]],
    moved: list[re.Match[str]],
    match: re.Match[str],
    shift: float,
) -> list[Edit] | None:
    """Edits that move some times; None where what else the caption says would not fit."""
    if min(_value(m[1]) for m in moved) + shift < 0:
        return None
    gaps = [m for m in found if _GAP.match(caption, m.end())]
    stay = [m for m in found if m not in moved and m not in gaps]
    if match in gaps and len(stay) + len(moved) > len(gaps):
        return None  # the times on both sides of the gap say otherwise
    edits = [(*m.span(1), like(m[1], _value(m[1]) + shift, 1)) for m in moved if m not in gaps]
    if match in gaps:
        return [(*match.span(1), like(match[1], _value(match[1]) + shift, 1))]
    for low, high in ((_value(m[1]), _value(m[1]) + shift) for m in moved if m not in gaps):
        low, high = min(low, high), max(low, high)
        if _ORDERED.search(caption) and any(low <= _value(m[1]) <= high for m in stay):
            return None
    for gap in gaps:
        for one in moved:
            pairs = [(_value(one[1]), _value(other[1])) for other in stay]
            far = next((p for p in pairs if abs(abs(p[0] - p[1]) - _value(gap[1])) < 0.03), None)
            if far:
                edits.append((*gap.span(1), like(gap[1], abs(far[0] + shift - far[1]), 1)))
                break
    return edits


def _equal(one: str, other: str) -> bool:
    """Whether two numbers state one time, the coarser to no less than a tenth."""
    a, b = _value(one), _value(other)
    digits = min(len(one.partition(".")[2]), len(other.partition(".")[2]))
    return a == b or (digits > 0 and round(a, digits) == round(b, digits))


def _value(number: str) -> float:
    word = number.lower()
    return float(_NUMBERS.index(word)) if word in _NUMBERS else float(number)


def _rates(caption: str) -> Iterator[Lie]:
    found = list(_RATE.finditer(caption))
    for match in found:
        same = [m for m in found if float(m[1]) == float(match[1])]
        edits = [(*m.span(1), like(m[1], float(m[1]) * RATE, 0)) for m in same]
        yield _edited(caption, edits, match.span(1), "rate_off")


def _counts(caption: str) -> Iterator[Lie]:
    """One more of something, wherever so many of it are stated, in words or in figures."""
    spans = [m.span() for pattern in (_TIME, _RATE, QUOTED) for m in pattern.finditer(caption)]
    found = [m for m in _COUNT.finditer(caption) if not any(a <= m.start() < b for a, b in spans)]
    for match in found:
        same = [m for m in found if m is match or _of_same(caption, match, m)]
        edits = [(*m.span(1), _one_more(m[1])) for m in same]
        yield _edited(caption, edits, match.span(1), "count_off")


def _one_more(number: str) -> str:
    word = number.lower()
    more = _NUMBERS[_NUMBERS.index(word) + 1] if word in _NUMBERS else str(int(word) + 1)
    return cased(number, more)


def _of_same(caption: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two counts are as many of the same: not one heard and the other seen."""
    things, senses = [], []
    for match in (one, other):
        words = re.match(r"(?:[\s*_]+[a-z-]+){1,3}", caption[match.end() :], re.I)
        listed = re.findall(r"[a-z]+", words[0].lower()) if words else []
        things.append({word.rstrip("s") for word in listed} - _VERBS)
        start = max(caption.rfind(mark, 0, match.start()) for mark in (". ", ", ", "; ")) + 1
        clause = re.split(r"[.,;](?:\s|$)", caption[start:])[0]
        senses.append((bool(_EAR.search(clause)), bool(_EYE.search(clause))))
    apart = {(True, False), (False, True)} == set(senses)
    return _value(one[1]) == _value(other[1]) and bool(things[0] & things[1]) and not apart


def _swap(table: dict[str, str], kind: LieKind) -> Callable[[str], Iterator[Lie]]:
    """A rule that replaces a word or phrase of a table, and its other forms, outside quotation
    marks; a colour only of the same thing."""
    pattern = words_of(table)

    def make(caption: str) -> Iterator[Lie]:
        found = list(unquoted(pattern, caption))
        for match in found:
            same = [
                m
                for m in found
                if stem(m[0]) == stem(match[0])
                and stem(table[m[0].lower()]) == stem(table[match[0].lower()])
                and (kind != "colour_swapped" or next_word(caption, m) == next_word(caption, match))
            ]
            edits = [(*m.span(), cased(m[0], table[m[0].lower()])) for m in same]
            yield _edited(caption, edits, match.span(), kind)

    return make


def _orders(caption: str) -> Iterator[Lie]:
    def same(edit: Edit) -> bool:
        lie = Lie("order_reversed", edited(caption, [edit]), "", "")
        return _same_meaning(caption, lie)

    if edits := turned_order(caption, same):
        span = min(a for a, _, _ in edits), max(b for _, b, _ in edits)
        yield _edited(caption, edits, span, "order_reversed")


def _texts(caption: str) -> Iterator[Lie]:
    """Another word in the place of the longest one of a text in quotation marks."""
    for match in QUOTED.finditer(caption):
        text = match[1] or match[2]
        word = max(re.findall(r"\w+", text), key=len, default="")
        if word:
            other = next(sign for sign in SIGNS if sign.casefold() not in text.casefold())
            new = other.upper() if word.isupper() else cased(word, other.lower())
            changed = text.replace(word, new, 1)
            same = [m for m in QUOTED.finditer(caption) if text in (m[1], m[2])]
            edits = [(*m.span(), m[0].replace(text, changed, 1)) for m in same]
            yield _edited(caption, edits, match.span(), "text_changed")


def _dropped(caption: str) -> Iterator[Lie]:
    """Leave out every sentence that speaks of what is heard, or of what is seen."""
    listed = sentences(caption)
    for lost, kept in ((heard, seen), (seen, heard)):
        gone = [s for s in listed if lost(s)]
        left = [s for s in listed if not lost(s)]
        if gone and any(kept(s) for s in left):
            yield Lie("modality_dropped", " ".join(left), " ".join(gone), "")


_RULES: tuple[Callable[[str], Iterator[Lie]], ...] = (
    _times,
    _rates,
    _counts,
    _swap(COLOURS, "colour_swapped"),
    _swap(PATHS, "path_reversed"),
    _swap(SOUNDS, "sound_swapped"),
    _swap(MOODS, "mood_flipped"),
    _orders,
    _texts,
    _dropped,
)


def _edited(caption: str, edits: list[Edit], span: tuple[int, int], kind: LieKind) -> Lie:
    """The lie that comes of edits; `was` and `now` are those of one span."""
    inside = [(a - span[0], b - span[0], n) for a, b, n in edits if span[0] <= a and b <= span[1]]
    was = caption[slice(*span)]
    return Lie(kind, edited(caption, edits), was, edited(was, inside))


def _same_meaning(caption: str, lie: Lie) -> bool:
    """Whether the reader understands both fully, and takes them to say the same.

    Asked of times and order alone: another colour or count is a lie, whatever the reader makes of
    it.
    """
    if lie.kind not in ("time_shifted", "order_reversed"):
        return False

    def meaning(text: str) -> list[object] | None:
        said = read(text)
        if any(s.kind == "unread" for s in said):
            return None
        return [(s.kind, s.start_s, s.end_s, s.value, s.other, s.nth, s.gap_s) for s in said]

    true = meaning(caption)
    return true is not None and true == meaning(lie.caption)
