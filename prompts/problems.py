"""What can be wrong with a prompt set, and how it is said."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong with a prompt set, at a line (from 1) of one of its files."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def suggest(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the closest known names, or else all of them."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
    if close:
        return f"; did you mean {' or '.join(f'`{item}`' for item in close)}?"
    return f"; known: {', '.join(known)}" if known else "; there is none"
