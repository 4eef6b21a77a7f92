"""Whether a statement and something measured are about the same thing, at the same time."""

import difflib
import re

from aurelia.media.labels.seen_types import MovingObject
from aurelia.models.offline.said import Said

_NEAR_S = 0.32
"""How far off a claimed start or instant may be, beside the tolerance that the claim gives."""
_END_S = 0.45
_ALIKE = 0.8  # share of letters by which a word still counts as the same, misread
_LOOKALIKE = str.maketrans("01il5", "oiiis")


def _fits(claim: float | None, is_: float, slack: float) -> bool:
    return claim is None or abs(claim - is_) <= slack


def timed(said: Said, start: float, end: float, tolerance: float) -> bool:
    """Whether the times of a claim fit a measured stretch: its start, its end, or an instant in it.

    An instant alone ("at 3 s") may lie anywhere inside.
    """
    slack = _NEAR_S + max(min(said.tolerance_s, 0.15), min(tolerance, 0.1))
    if said.start_s is not None and said.end_s is None:
        return start - slack <= said.start_s <= max(start + slack, min(end, start + slack))
    return _fits(said.start_s, start, slack) and _fits(said.end_s, end, slack + _END_S - _NEAR_S)


def touches(said: Said, start: float, end: float) -> bool:
    """Whether a claimed stretch touches a measured one at all."""
    first = said.start_s if said.start_s is not None else said.end_s
    last = said.end_s if said.end_s is not None else first
    return first is None or last is None or (first <= end + 0.2 and start - 0.2 <= last)


def is_named(thing: MovingObject, name: str) -> bool | None:
    """Whether a thing has the colour and shape of a name; None where it can't be told."""
    unsure = False
    for word in name.split():
        own = thing.shape if word in ("ball", "square", "triangle") else thing.colour
        if own is None:
            unsure = True
        elif own != word:
            return False
    return None if unsure else True


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", "").translate(_LOOKALIKE))


def same_text(claimed: str, read: str) -> bool:
    """Whether two texts have the same words, each perhaps with a letter misread."""
    one, two = _words(claimed), _words(read)
    if "".join(one) == "".join(two):
        return True
    return len(one) == len(two) and all(
        difflib.SequenceMatcher(None, a, b).ratio() >= _ALIKE and abs(len(a) - len(b)) <= 1
        for a, b in zip(one, two, strict=True)
    )
