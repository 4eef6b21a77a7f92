"""Edits of a caption by character places, and which places are out of reach."""

import re
from collections.abc import Callable, Iterable, Iterator

from aurelia.bench.mutate_words import ORDER

Edit = tuple[int, int, str]
"""Start and end of what is replaced, and what stands there instead."""

QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
_END = r"(?=[.;!?](?:\s|$)|$)"
_THEN = re.compile(
    rf"(?:(?<=[.;!?]\s)|^)(?P<first>First(?:ly)?,?\s+)?(?P<one>(?:(?![.;!?]\s).)+?)"
    rf"(?P<then>,?\s+(?:and\s+)?then,?\s+)(?P<two>(?:(?![.;!?]\s).)+?){_END}",
    re.I | re.S,
)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they must not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text


def unquoted(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches that do not begin inside quotation marks."""
    quoted = [m.span() for m in QUOTED.finditer(text)]
    return (m for m in pattern.finditer(text) if not any(a <= m.start() < b for a, b in quoted))


def words_of(table: dict[str, str]) -> re.Pattern[str]:
    """A pattern for the words and phrases of a table, the longest first."""
    words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I)


def cased(was: str, now: str) -> str:
    """A word with the capitals of the one that it replaces."""
    if was.isupper() and len(was) > 1:
        return now.upper()
    return now[0].upper() + now[1:] if was[0].isupper() else now


def turned_order(caption: str, same: Callable[[Edit], bool]) -> list[Edit]:
    """Edits that turn every stated order round: "First X, then Y", "X, then Y", "X before Y".

    All of them, as turning one alone would leave the others to contradict it. An order word whose
    turning leaves the meaning (`same`) is left alone.
    """
    edits: list[Edit] = []
    for match in _THEN.finditer(caption):
        if any(a <= match.start("then") < b for a, b in _quotes(caption)):
            continue
        one, two = match["one"], match["two"]
        if match["first"] is None:
            one, two = _decapitalised(one), cased(one[0], two[0]) + two[1:]
        edits += [(*match.span("one"), two), (*match.span("two"), one)]
    for match in unquoted(_WORDS, caption):
        edit = (*match.span(), cased(match[0], ORDER[match[0].lower()]))
        inside = any(a <= match.start() < b for a, b, _ in edits)
        if not inside and not same(edit):
            edits.append(edit)
    return edits


_WORDS = words_of(ORDER)


def _quotes(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in QUOTED.finditer(text)]


def _decapitalised(text: str) -> str:
    word = text.split(maxsplit=1)[0]
    return text if word.isupper() and len(word) > 1 else text[0].lower() + text[1:]


def like(was: str, value: float, decimals: int) -> str:
    """A number with as many decimals as it had, but at least some where they are needed."""
    given = len(was.partition(".")[2])
    return f"{value:.{max(given, decimals)}f}"


def stem(phrase: str) -> str:
    """What forms of one phrase have in common: "siren wails", "sirens"."""
    words = [word for word in phrase.lower().split() if word not in ("from", "the")]
    return words[0][:4] if words[0] != "to" else " ".join(words)


def next_word(caption: str, match: re.Match[str]) -> str:
    """The word right after a match; empty where there is none."""
    word = re.match(r"\s+(\w+)", caption[match.end() :])
    return word[1].lower() if word else ""
