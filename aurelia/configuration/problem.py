"""How a mistake in a configuration is told: one sentence with file, table, key and what helps."""

from collections.abc import Collection
from difflib import get_close_matches

from aurelia.errors import ConfigurationError

_KINDS = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def wrong(where: str, what: str) -> ConfigurationError:
    """The error `where: what.`"""
    return ConfigurationError(f"{where}: {what}.")


def unknown(where: str, name: str, known: Collection[str], what: str = "setting") -> str:
    """`where: there is no … 'x'; did you mean 'y'?`, or all there are."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(known))}."
    return f"{where}: there is no {what} {name!r}; {hint}"


def kind_of(value: object) -> str:
    """The kind of a value in words."""
    return next(
        (word for kind, word in _KINDS.items() if type(value) is kind),
        f"a {type(value).__name__}",
    )
