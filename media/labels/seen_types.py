"""What a viewer names: the results that actor and critic share, though not their methods."""

from dataclasses import dataclass

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
