"""What a reply says and what it only quotes or thinks: objects and prose."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from aurelia.models.lenient import (
    Broken,
    Doubled,
    decode_leniently,
    decode_strict,
    looks_like_an_object,
)
from aurelia.models.tidy import marked

_TAGS = r"(?:think|thinking|thought|reasoning)"
_TOKEN = re.compile(
    rf"(?P<brace>\{{) | (?P<close></{_TAGS}>|\[/THINK\]) | (?P<open><{_TAGS}>|\[THINK\])"
    r" | <(?P<fence>[a-z_]+-[0-9a-f]{6})>",
    re.I | re.X,
)
_CLOSE = re.compile(rf"</{_TAGS}>|\[/THINK\]", re.I)
_OPENS = re.compile(r"\{\s*(?:[\"'“}]|//|/\*|[A-Za-z_]\w*\s*:)")
_TRIES = 200
_LENIENT_TRIES = 40
"""Bounds on work: each failed try may look at the whole text again."""


@dataclass(frozen=True, slots=True)
class Found:
    """An outermost object of a reply, and where it stands."""

    value: dict[str, Any]
    source: str
    strict: bool
    alone: bool = True


@dataclass(slots=True)
class Spoken:
    """A reply without what was thought.

    Attributes:
        text: everything else.
        objects: outermost JSON objects, in order.
        prose: the text without objects and without what stands between a prompt's own tags.
        cut: the first object after all that may be the reply that breaks off, as far as its values
            are whole; None without one.
        rest: the text from there on.
        doubled: why the last object can't be used, if it gives one key two values; else empty.
    """

    text: str = ""
    objects: list[Found] = field(default_factory=list)
    prose: str = ""
    cut: dict[str, Any] | None = None
    rest: str = ""
    doubled: str = ""


def spoken(text: str, marks: Collection[str] = ()) -> Spoken:
    """Take a reply apart.

    Args:
        text: the reply as received.
        marks: keys of which an object that may be the reply has at least one.

    Tags inside an object's texts are text. A thinking block that is never closed swallows the
    rest; a closing tag alone ends a block that the chat template opened, from the start.
    """
    said = Spoken()
    failed = 0
    begin = at = 0
    while token := _TOKEN.search(text, at):
        start, at = token.span()
        if token["brace"]:
            if failed >= _TRIES or not _OPENS.match(text, start):
                continue
            try:
                found, at = _object(text, start, lenient=failed < _LENIENT_TRIES)
            except Broken as broken:
                failed += 1
                if broken.end is not None:
                    said.doubled, at = str(broken), broken.end
                elif said.cut is None and looks_like_an_object(text, start):
                    said.prose += text[begin:start]
                    said.text += text[begin:start]
                    begin, said.cut, said.rest = start, broken.partial, text[start:]
                continue
            _plain(said, text[begin:start])
            if marked(found.value, marks):
                said.cut, said.rest, said.doubled = None, "", ""
            said.objects.append(found)
            said.text += text[start:at]
            said.prose += " "
            begin = at
        elif token["close"]:
            said, begin = Spoken(), at
        elif token["open"]:
            _plain(said, text[begin:start])
            end = _CLOSE.search(text, at)
            begin = at = end.end() if end else len(text)
        elif (end_of := text.find(f"</{token['fence']}>", at)) >= 0:
            _plain(said, text[begin:start])
            at = end_of + len(token["fence"]) + 3
            said.text += text[start:at]
            begin = at
    _plain(said, text[begin:])
    said.text, said.prose = said.text.strip(), said.prose.strip()
    return said


def _plain(said: Spoken, text: str) -> None:
    said.text += text
    if said.cut is None:  # what follows a broken object may still be inside it
        said.prose += text


def _object(text: str, start: int, *, lenient: bool) -> tuple[Found, int]:
    """The object at a brace.

    Raises:
        Broken: there is none.
    """
    strict = True
    try:
        value, end = decode_strict(text, start)
    except RecursionError:
        raise Broken("nested too deeply") from None
    except ValueError as error:
        if not lenient:
            raise Broken("no object") from None
        strict = False
        value, end = decode_leniently(text, start)
        if isinstance(error, Doubled):  # read leniently, the two values run together
            raise Broken(str(error), end=end) from None
    return Found(value, text[start:end], strict, not _wrapped(text, start, end)), end


def _wrapped(text: str, start: int, end: int) -> bool:
    """Whether an object stands in quotation marks, or on a quoted line, of a longer reply."""
    line = text[:start].rpartition("\n")[2].lstrip()
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    marks = before + after in ('""', "''", "“”", "«»")
    return line.startswith(">") or (marks and len(text.strip()) > end - start + 2)
