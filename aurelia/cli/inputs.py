"""Reads what stands on the command line: options, candidates, `RUN@K`."""

import re
from collections.abc import Sequence

from aurelia.errors import InputError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_LETTERED = re.compile(r"([A-Za-z])=(.*)", re.DOTALL)


def parse_options(given: Sequence[str]) -> dict[str, str] | None:
    """Answer options by letter. `A=text` names its letter; plain text gets the next free one.

    Raises:
        InputError: an option is empty, a letter comes twice, or there is one option only.
    """
    if not given:
        return None
    named: list[tuple[str | None, str]] = []
    for option in given:
        match = _LETTERED.fullmatch(option)
        letter, text = (match[1].upper(), match[2]) if match else (None, option)
        if not text.strip():
            raise InputError(f"The option {option!r} is empty; give --option A=TEXT or plain text.")
        named.append((letter, text.strip()))
    taken = [letter for letter, _ in named if letter]
    twice = next((letter for letter in taken if taken.count(letter) > 1), None)
    if twice:
        raise InputError(f"Option {twice} is given twice; each letter may stand once.")
    if len(named) == 1:
        raise InputError("One option leaves nothing to choose; give at least two, or none.")
    free = iter([letter for letter in LETTERS if letter not in taken])
    if len(named) > len(LETTERS):
        raise InputError(f"{len(named)} options are too many; give at most {len(LETTERS)}.")
    return dict(sorted((letter or next(free), text) for letter, text in named))


def parse_candidates(given: Sequence[str]) -> dict[str, str] | None:
    """Candidate audio files by label, from `LABEL=FILE`.

    Raises:
        InputError: label or file is missing, or a label comes twice.
    """
    candidates: dict[str, str] = {}
    for text in given:
        label, sign, path = text.partition("=")
        if not (sign and label.strip() and path):
            raise InputError(f"The candidate {text!r} is not LABEL=FILE, such as A=tune.wav.")
        if label.strip() in candidates:
            raise InputError(f"The candidate label {label.strip()!r} is given twice.")
        candidates[label.strip()] = path
    return candidates or None


def parse_fork(text: str) -> tuple[str, int]:
    """Run and iteration from `RUN@K`.

    Raises:
        InputError: it is not of that form, or K is no whole number from 1.
    """
    run, sign, index = text.rpartition("@")
    if not (sign and run and index.isascii() and index.isdigit() and int(index) >= 1):
        raise InputError(
            f"--from {text!r} is not RUN@K: a saved run and the number of an iteration, from 1."
        )
    return run, int(index)
