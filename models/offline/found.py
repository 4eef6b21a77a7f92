"""What an answer rule returns: what was found, or why nothing decides."""

from dataclasses import dataclass
from typing import Literal

from aurelia.media.measure_spans import Span
from aurelia.models.offline.notes import listed, seconds

NAMES = {"sound": "sound", "motion": "movement", "cut": "cut", "light": "change of brightness"}

FoundKind = Literal[
    "yes_no",
    "times",
    "count",
    "thing",
    "number",
    "word",
    "text",
    "sequence",
    "label",
    "place",
    "named",
]
Event = tuple[str, str, float, str]
"""Sense, name, start and path (empty if it has none) of something that happens."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer.

    Attributes:
        kind: what `value` is: a bool, a list of times or spans, a count, a thing (`sound`, …,
            `same`), a number, a category word, nothing but text, a list of events, a candidate's
            label, a place (`city|country`), or the name of a sound or an object.
        value: see `kind`.
        text: the answer in words.
        because: the finding it rests on, one sentence; may be empty.
        tolerance: how exact `value` is, in its own unit.
    """

    kind: FoundKind
    value: bool | float | str | list[float] | list[Span] | list[Event] | None
    text: str
    because: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Untold:
    """Why what is known does not decide the question."""

    reason: str


def yes_no(yes: bool, because: str) -> Found:
    return Found("yes_no", yes, "Yes" if yes else "No", because)


def stretch(spans: list[Span]) -> str:
    return listed([f"from {seconds(s.start_s)} to {seconds(s.end_s)}" for s in spans])
