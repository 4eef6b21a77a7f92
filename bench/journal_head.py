"""The first fields of a line of JSON, read without the rest of it."""

import codecs
import json
from collections.abc import Sequence
from typing import Any

_PREFIX = 4096
"""Bytes in which the fields are looked for before the whole line is parsed."""
_DECODER = json.JSONDecoder()
_PARTIAL_TEXT = codecs.getincrementaldecoder("utf-8")


class BadLine(ValueError):
    """A line is no JSON object, or lacks a key field; the text says which, without the file."""


def read_head(line: bytes, key: Sequence[str], head: Sequence[str] = ()) -> tuple[Any, ...]:
    """The values of some fields of a record.

    Where the record begins with them, nothing else is looked at but that the line ends as an
    object does; so a line that is damaged further on is found when it is read, not here.

    Args:
        line: one JSON object, with or without its newline.
        key: fields that must be there, with strings or numbers.
        head: fields that may be missing: None then.

    Raises:
        BadLine: it is no such object.
    """
    found = _first_fields(line, {*key, *head})
    if found is None:
        found = _parsed(line)
    for name in key:
        if name not in found:
            raise BadLine(f"it has no field {name!r}")
        if not isinstance(found[name], str | int | float):
            raise BadLine(f"its field {name!r} is neither a text nor a number")
    return tuple(found[name] for name in key) + tuple(found.get(name) for name in head)


def _first_fields(line: bytes, wanted: set[str]) -> dict[str, Any] | None:
    """The wanted fields where the line begins with them in any order; None where it may not."""
    if not line.startswith(b"{") or not line.endswith((b"}\n", b"}")):
        return None
    found: dict[str, Any] = {}
    at = 1
    try:
        text = _PARTIAL_TEXT().decode(line[:_PREFIX])  # which may end within a character
        while len(found) < len(wanted):
            name, at = _DECODER.raw_decode(text, _past(text, at))
            at = _past(text, at)
            if name not in wanted or name in found or text[at] != ":":
                return None
            found[name], at = _DECODER.raw_decode(text, _past(text, at + 1))
            at = _past(text, at)
            if text[at] not in ",}":
                return None
            at += 1
    except (ValueError, IndexError, TypeError):
        return None
    return found


def _past(text: str, at: int) -> int:
    while text[at] in " \t":
        at += 1
    return at


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise BadLine(f"it is no JSON ({error})") from None
    if not isinstance(record, dict):
        raise BadLine("it is no JSON object")
    return record
