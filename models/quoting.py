"""What of a reply is a quotation of what the model was given."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

_TELLING = re.compile(r"score|[{}<]|\[/?THINK", re.I)
_PIECES = re.compile(r"\n+|(?<=[.!?])\s+")
_SHORTEST = 6
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")


Piece = tuple[str, str]
"""A piece as it may be written in a reply (escaped, in JSON), and as it was given."""


def fragments(quoted: Iterable[str]) -> list[Piece]:
    """Pieces of given texts that could pass for a reply's own, the longest first.

    The whole text, its lines and its sentences, as far as they hold a score, a brace or a tag.
    """
    found: set[Piece] = set().union(*(_telling(text) for text in quoted))
    return sorted(found, key=lambda piece: (-len(piece[0]), piece))


@lru_cache(maxsize=1024)
def _telling(text: str) -> frozenset[Piece]:
    """The pieces of one text; a run gives its models the same again and again."""
    found: set[Piece] = set()
    if not _TELLING.search(text):  # then none of its pieces does either
        return frozenset()
    for piece in (text, *text.split("\n"), *_PIECES.split(text)):
        piece = piece.strip()
        if len(piece) >= _SHORTEST and _TELLING.search(piece):
            escaped = json.dumps(piece, ensure_ascii=False)[1:-1]
            found |= {(piece, piece), (escaped, piece)}
    return frozenset(found)


def masked(text: str, pieces: Sequence[Piece]) -> str:
    """`text` with each occurrence of a piece as one opaque sign: whatever it opens or closes, it
    does not do so in the reply."""
    for number, (written, _) in enumerate(pieces):
        if written in text:
            text = _whole(written).sub(_MARK.format(number), text)
    return text


def restored(value: Any, pieces: Sequence[Piece]) -> Any:
    """A value read from a masked text with the pieces put back."""
    if not pieces:
        return value
    if isinstance(value, str):
        return _MARKED.sub(lambda mark: _piece(mark, pieces), value)
    if isinstance(value, list):
        return [restored(item, pieces) for item in value]
    if isinstance(value, dict):
        return {restored(k, pieces): restored(item, pieces) for k, item in value.items()}
    return value


def _piece(mark: re.Match[str], pieces: Sequence[Piece]) -> str:
    number = int(mark[1])
    return pieces[number][1] if number < len(pieces) else mark[0]


def occurs(words: str, texts: Iterable[str]) -> bool:
    """Whether `words` stand in one of `texts`, whatever became of spaces, case and marks.

    Numbers at their ends count as wholes: `score: 1` doesn't stand in `score: 10`.
    """
    braces = [brace for brace in "{}" if brace in words]
    texts = [text for text in texts if all(brace in text for brace in braces)]
    if not texts or not (wanted := _plain(words)):
        return False
    # To look for a long text takes far less than to make a pattern of it, and most occur nowhere.
    holding = [plain for text in texts if wanted in (plain := _plain(text))]
    return bool(holding) and any(map(_whole(wanted).search, holding))


def _whole(words: str) -> re.Pattern[str]:
    """`words` where no number at their ends goes on: 7 stands neither in 70 nor in 7.5 or 7-6."""
    before = r"(?<!\d)(?<!\d[.,])" if words[:1].isdecimal() else ""
    after = r"(?!\d)(?![.,\-–—]\d)" if words[-1:].isdecimal() else ""
    return re.compile(before + re.escape(words) + after)


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    """`text` without the marks that quoting adds or loses."""
    return re.sub(r"[\s\"'`*_\\“”‘’]+", " ", text).casefold().strip()


def in_quotes(text: str, position: int) -> bool:
    """Whether a position stands in quotation marks, or on a line that is quoted."""
    before, after = text[:position], text[position:]
    line, rest = before.rpartition("\n")[2], after.partition("\n")[0]
    if line.lstrip().startswith(">"):
        return True
    if before[-1:] == '"' and re.match(r'\w+"\s*:', after):
        return False  # a key
    odd = line.count('"') % 2 == 1 and '"' in rest
    enclosed = before.count('"') % 2 == 1 and after.count('"') % 2 == 1
    open_ = any(before.count(a) > before.count(b) and b in after for a, b in ("“”", "«»"))
    opened = len(re.findall(r"(?<!\w)'(?=\S)", line)) - len(re.findall(r"(?<=\S)'(?!\w)", line))
    return odd or enclosed or open_ or (opened > 0 and bool(re.search(r"(?<=\S)'(?!\w)", rest)))
