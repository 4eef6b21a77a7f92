"""Fields of an item, checked: what is missing or of the wrong type is named."""

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from aurelia.errors import InputError

_LETTERED = re.compile(r"^\s*\(?([A-Za-z])\s*[.):：、]\s*")
_BARE = re.compile(r"^\s*\(?([A-Za-z])\)?\s*[.:：]?\s*$")
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def kind_of(value: Any) -> str:
    """The JSON type of a value, in words."""
    return _KINDS.get(type(value), type(value).__name__)


def item(value: Any) -> dict[str, Any]:
    """The value, which must be an object."""
    if not isinstance(value, dict):
        raise InputError(f"it is {kind_of(value)}; it should be an object")
    return value


def text(fields: dict[str, Any], name: str) -> str:
    """A text that isn't empty, white space tidied; a whole number counts as its digits."""
    if name not in fields:
        raise InputError(f"`{name}` is missing")
    value = fields[name]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise InputError(f"`{name}` is {kind_of(value)}; it should be text")
    tidied = " ".join(value.split())
    if not tidied:
        raise InputError(f"`{name}` is empty")
    return tidied


def optional(fields: dict[str, Any], name: str) -> str:
    """A text, or nothing where it is missing, null or empty."""
    value = fields.get(name)
    return "" if value is None or value == "" else text(fields, name)


def texts(fields: dict[str, Any], name: str) -> list[str]:
    """A list of texts."""
    if name not in fields:
        raise InputError(f"`{name}` is missing")
    value = fields[name]
    if not isinstance(value, list):
        raise InputError(f"`{name}` is {kind_of(value)}; it should be a list of texts")
    return [text({f"{name}[{n}]": entry}, f"{name}[{n}]") for n, entry in enumerate(value)]


def lettered(choices: Sequence[str]) -> dict[str, str]:
    """Options by letter. Letters that the texts carry (`A. …`, `(B) …`) are taken off.

    They count as letters only where all of them stand there, in order: a text may begin with `A.`.
    """
    if not 2 <= len(choices) <= len(ascii_uppercase):
        raise InputError(f"there are {len(choices)} options; it takes 2 to {len(ascii_uppercase)}")
    letters = ascii_uppercase[: len(choices)]
    marks = [_LETTERED.match(choice) for choice in choices]
    carried = "".join(mark[1].upper() if mark else "-" for mark in marks)
    if carried == letters:
        choices = [c[mark.end() :].strip() for c, mark in zip(choices, marks, strict=True) if mark]
    return dict(zip(letters, choices, strict=True))


def chosen(options: dict[str, str], answer: str) -> str:
    """The letter that an answer means: a letter (`B`, `(b).`), the option's text, or both."""
    bare = _BARE.match(answer)
    if bare and bare[1].upper() in options:
        return bare[1].upper()
    told = _LETTERED.match(answer)
    if told and told[1].upper() in options:
        letter = told[1].upper()
        if answer[told.end() :].strip().casefold() == options[letter].casefold():
            return letter
    same = [k for k, v in options.items() if v.casefold() == answer.strip().casefold()]
    if len(same) == 1:
        return same[0]
    raise InputError(
        f"the answer {answer!r} is {'several' if same else 'none'} of the options "
        f"{', '.join(f'{k}. {v}' for k, v in options.items())}"
    )


def has(data: Any, *names: str) -> bool:
    """Whether data is a list whose first object carries all these fields."""
    if not isinstance(data, list):
        return False
    first = next((entry for entry in data if isinstance(entry, dict)), None)
    return first is not None and all(name in first for name in names)
