"""What a viewer names: the results that actor and critic share, though not their methods."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from aurelia.media.labels.vocabulary import Colour, FlagLayout, Path, Shape


@dataclass(frozen=True, slots=True)
class MovingObject:
    """One region that moves against its background; times are clip times.

    Attributes:
        start_s: when it first moves or appears.
        end_s: when it last moves, or leaves.
        tolerance_s: how far off either time may be.
        colour: its colour; None where none clears its bar.
        shape: its shape; None where none clears its bar.
        path: which way it goes.
        confidence: of the labels, 0 to 1.
    """

    start_s: float
    end_s: float
    tolerance_s: float
    colour: Colour | None
    shape: Shape | None
    path: Path
    confidence: float


@dataclass(frozen=True, slots=True)
class Shown:
    """How many separate things are shown before a plain background."""

    count: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a movement repeats: times per minute, and how clear that is, 0 to 1."""

    per_minute: float
    clarity: float


@dataclass(frozen=True, slots=True)
class FlagSeen:
    """A flag that fills a rectangle: its layout and its colours in reading order.

    A disc is `("field", "disc")`.
    """

    start_s: float
    end_s: float
    layout: FlagLayout
    colours: tuple[Colour, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class TextSeen:
    """Text on screen and when, one entry for each line or sign and shot."""

    start_s: float
    end_s: float
    text: str
    confidence: float


_AGAIN_S = 0.3
Seen = TypeVar("Seen", FlagSeen, TextSeen)


def joined(seen: Iterable[Seen]) -> tuple[Seen, ...]:
    """One entry for the same flag or text in stretches that follow each other at once."""
    kept: list[Seen] = []
    for item in seen:
        same = next((k for k in kept if _follows(k, item)), None)
        if same is None:
            kept.append(item)
        else:
            confidence = min(same.confidence, item.confidence)
            end = max(same.end_s, item.end_s)
            kept[kept.index(same)] = replace(same, end_s=end, confidence=confidence)
    return tuple(kept)


def _follows(one: Seen, two: Seen) -> bool:
    if abs(two.start_s - one.end_s) > _AGAIN_S:
        return False
    if isinstance(one, FlagSeen) and isinstance(two, FlagSeen):
        return (one.layout, one.colours) == (two.layout, two.colours)
    return isinstance(one, TextSeen) and isinstance(two, TextSeen) and one.text == two.text
