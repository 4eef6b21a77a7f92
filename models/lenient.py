"""JSON objects as models write them: strict JSON, else Python's quotes, words and commas."""

import json
import math
import re
from typing import Any

_DEPTH = 60
_SPACE = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*", re.S)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?=[\s,\]}])")
_NAME = re.compile(r"[A-Za-z_]\w*")
_WORDS = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
}
_CLOSING = {'"': '"', "'": "'", "“": "”"}
_AFTER = re.compile(r"\s*[,:}\]]")
_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')
_LOOKS_LIKE_ONE = re.compile(r"\{\s*[\"'“]?\w[\w ]*[\"'”]?\s*:")


class Broken(ValueError):
    """No object stands there.

    Attributes:
        partial: its keys whose values were whole before it broke.
        end: where it ends, if it can be read and is unusable all the same.
    """

    def __init__(
        self, message: str, partial: dict[str, Any] | None = None, end: int | None = None
    ) -> None:
        super().__init__(message)
        self.partial = partial or {}
        self.end = end


class Doubled(ValueError):
    """One key with two values: whichever is taken, the other is passed over."""


def decode_strict(text: str, start: int) -> tuple[dict[str, Any], int]:
    """The JSON object at `start`, and where it ends.

    Raises:
        ValueError: there is none, a number is not finite, or a key has two values (`Doubled`).
        RecursionError: it is nested too deeply.
    """
    value, end = _strict.raw_decode(text, start)
    return storable(value, text[start:end]), end


def decode_leniently(text: str, start: int) -> tuple[dict[str, Any], int]:
    """As `decode_strict`, with single quotes, Python's words, bare keys and trailing commas.

    Raises:
        Broken: not even that stands there.
    """
    reader = _Reader(text, start)
    value = reader.object_(0)
    if reader.doubled:
        raise Broken(reader.doubled, end=reader.at)
    return storable(value, text[start : reader.at]), reader.at


def looks_like_an_object(text: str, start: int) -> bool:
    """Whether the brace at `start` opens an object, as opposed to one in prose."""
    return bool(_LOOKS_LIKE_ONE.match(text, start))


def storable(value: Any, source: str) -> Any:
    """`value` with "?" for halves of surrogate pairs: JSON escapes hold them, files can't.

    Args:
        value: as read from `source`.
        source: what it was read from; it is looked at first, as most texts can't hold any.
    """
    if "\\u" not in source and source.isascii():
        return value
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.loads(text.encode("utf-8", "replace"))
    return value


def finite(text: str) -> float:
    """A number.

    Raises:
        ValueError: it is infinite, or none.
    """
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made and made[key] != value:
            raise Doubled(f"`{key}` stands twice with different values")
        made[key] = value
    return made


_strict = json.JSONDecoder(parse_float=finite, parse_constant=finite, object_pairs_hook=_once)


class _Reader:
    """Reads one object, from left to right."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self.doubled = ""

    def object_(self, depth: int) -> dict[str, Any]:
        pairs: list[tuple[str, Any]] = []
        self.at += 1
        try:
            while not self._ends("}"):
                key = self._string() if self._next() in _CLOSING else self._name()
                self._take(":")
                pairs.append((key, self._value(depth + 1)))
                if not self._ends("}", peek=True):
                    self._take(",")
            return _once(pairs)
        except Doubled as doubled:
            self.doubled = str(doubled)
            return dict(pairs)
        except Broken as broken:
            # A key with two values is no safer for what follows being broken.
            keys = [key for key, _ in pairs]
            whole = {key: value for key, value in pairs if keys.count(key) == 1}
            raise Broken(str(broken), whole) from None

    def _value(self, depth: int) -> Any:
        if depth > _DEPTH:
            raise Broken("nested too deeply")
        first = self._next()
        if first == "{":
            return self.object_(depth)
        if first == "[":
            return self._list(depth)
        if first in _CLOSING:
            return self._string()
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            return self._number(number[0])
        word = self._name()
        if word not in _WORDS:
            raise Broken(f"the word {word} has no meaning here")
        return _WORDS[word]

    def _number(self, digits: str) -> int | float:
        try:
            return int(digits) if re.fullmatch(r"[-+]?\d+", digits) else finite(digits)
        except ValueError as error:
            raise Broken(str(error)) from None

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        self.at += 1
        while not self._ends("]"):
            items.append(self._value(depth + 1))
            if not self._ends("]", peek=True):
                self._take(",")
        return items

    def _string(self) -> str:
        """Up to a quotation mark that a comma, a colon or a bracket follows: others stand inside,
        as the apostrophe in 'it's' does."""
        closing = _CLOSING[self.text[self.at]]
        start = self.at + 1
        position = start
        while (position := self._mark(closing, position)) >= 0:
            if _AFTER.match(self.text, position + 1):
                self.at = position + 1
                return _unescaped(self.text[start:position])
            position += 1
        raise Broken("a text has no end")

    def _mark(self, closing: str, position: int) -> int:
        """The next `closing` that no backslash precedes; -1 where there is none."""
        while (found := self.text.find(closing, position)) >= 0:
            before = self.text[max(0, found - 100) : found]
            if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
                return found
            position = found + 1
        return -1

    def _name(self) -> str:
        name = _NAME.match(self.text, self.at)
        if not name:
            raise Broken("a key or a value is missing")
        self.at = name.end()
        return name[0]

    def _next(self) -> str:
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def _ends(self, bracket: str, *, peek: bool = False) -> bool:
        if self._next() != bracket:
            return False
        self.at += not peek
        return True

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise Broken(f"a {sign!r} is missing")
        self.at += 1


def _unescaped(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        value: str = json.loads(f'"{match[0]}"')
        return value

    return _ESCAPE.sub(plain, text).replace("\\'", "'")
