"""Minimal pairs: lies that differ from a caption by one thing, in anybody's words.

The rules look at words alone, so that captions of language models work as well as measured ones.
What a rule does not find in a caption it leaves alone. Another time or order that the reader of
statements understands in full and takes to mean the same is no lie, and is dropped.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from aurelia.bench.mutate_words import COLOURS, MOODS, ORDER, PATHS, SIGNS, SOUNDS, heard, seen
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
    r"(?=\s+[a-z]+)(?!\s+(?:s|secs?|seconds?|minutes?|min|ms|bpm|beats|fps|px|pixels|percent|db"
    r"|dbfs|hz|times|o'clock|to|and|or|until|of|a|at|in|on|by|is|are|was|were)\b)",
    re.I,
)
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")


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
        lie = next((lie for lie in make(caption) if not _same_meaning(caption, lie)), None)
        if lie:
            found.append(lie)
    return found


def _times(caption: str) -> Iterator[Lie]:
    """Move one instant, or both ends of one stretch, by half a second.

    One end alone would often leave a part of the stretch, which is true.
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
        was = caption[match.start() : last.end()]
        now = _later(match[1])
        if last is not match:
            now += caption[match.end() : last.start()] + _later(last[1])
        yield _replaced(caption, match.start(), was, now, "time_shifted")


def _later(time: str) -> str:
    return _like(time, _value(time) + SHIFT_S, 1)


def _value(number: str) -> float:
    word = number.lower()
    return float(_NUMBERS.index(word)) if word in _NUMBERS else float(number)


def _rates(caption: str) -> Iterator[Lie]:
    for match in _RATE.finditer(caption):
        off = _like(match[1], float(match[1]) * RATE, 0)
        yield _replaced(caption, match.start(), match[1], off, "rate_off")


def _counts(caption: str) -> Iterator[Lie]:
    spans = [m.span() for pattern in (_TIME, _RATE, _QUOTED) for m in pattern.finditer(caption)]
    for match in _COUNT.finditer(caption):
        if any(a <= match.start() < b for a, b in spans):
            continue
        word = match[1].lower()
        more = _NUMBERS[_NUMBERS.index(word) + 1] if word in _NUMBERS else str(int(word) + 1)
        more = _cased(match[1], more)
        yield _replaced(caption, match.start(), match[1], more, "count_off")


def _swap(table: dict[str, str], kind: LieKind) -> Callable[[str], Iterator[Lie]]:
    """A rule that replaces one word or phrase of a table, outside quotation marks."""
    words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I)

    def make(caption: str) -> Iterator[Lie]:
        quoted = [m.span() for m in _QUOTED.finditer(caption)]
        for match in pattern.finditer(caption):
            if not any(a <= match.start() < b for a, b in quoted):
                other = _cased(match[0], table[match[0].lower()])
                yield _replaced(caption, match.start(), match[0], other, kind)

    return make


def _texts(caption: str) -> Iterator[Lie]:
    """Another word in the place of the longest one of a text in quotation marks."""
    for match in _QUOTED.finditer(caption):
        text = match[1] or match[2]
        word = max(re.findall(r"\w+", text), key=len, default="")
        if word:
            other = next(sign for sign in SIGNS if sign.casefold() not in text.casefold())
            cased = other.upper() if word.isupper() else _cased(word, other.lower())
            changed = text.replace(word, cased, 1)
            whole = match[0].replace(text, changed, 1)
            yield _replaced(caption, match.start(), match[0], whole, "text_changed")


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
    _swap(ORDER, "order_reversed"),
    _texts,
    _dropped,
)


def _replaced(caption: str, start: int, was: str, now: str, kind: LieKind) -> Lie:
    return Lie(kind, f"{caption[:start]}{now}{caption[start + len(was) :]}", was, now)


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


def _like(was: str, value: float, decimals: int) -> str:
    """A number with as many decimals as it had, but at least some where they are needed."""
    given = len(was.partition(".")[2])
    return f"{value:.{max(given, decimals)}f}"


def _cased(was: str, now: str) -> str:
    if was.isupper() and len(was) > 1:
        return now.upper()
    return now[0].upper() + now[1:] if was[0].isupper() else now
