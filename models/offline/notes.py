"""Notes: measured sentences, each with the evidence it rests on."""

from dataclasses import dataclass

from aurelia.media.measure_spans import Span
from aurelia.types.reasoning import Modality

MOST = 6
"""At most this many stretches of a kind are named one by one; beyond, their number and extent."""

Value = float | str | bool | list[float] | None


@dataclass(frozen=True, slots=True)
class Note:
    """A measured sentence.

    Attributes:
        topic: what was measured (`sound`, `loudness`, `jumps`, `tempo`, `motion`, `cuts`, `light`).
        kind: kind of the evidence, e.g. `audio.sound`.
        modality: the sense it appeals to.
        text: the sentence.
        span: the time it speaks of.
        source: how it was measured, with its resolution.
        value: the measured value, in `unit`.
        unit: its unit, if it has one.
        confidence: 0 to 1.
    """

    topic: str
    kind: str
    modality: Modality
    text: str
    span: Span
    source: str
    value: Value = None
    unit: str | None = None
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Writer:
    """Makes notes on one topic from one look."""

    topic: str
    modality: Modality
    source: str
    window: Span

    def note(
        self,
        kind: str,
        text: str,
        value: Value = None,
        *,
        span: Span | None = None,
        unit: str | None = None,
        confidence: float = 0.9,
    ) -> Note:
        """One note; without a span it speaks of the whole window."""
        where = self.window if span is None else span
        return Note(
            self.topic, kind, self.modality, text, where, self.source, value, unit, confidence
        )


def seconds(value: float) -> str:
    """A time as the sentences give it."""
    return f"{max(value, 0.0):.2f} s"


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def stretch(span: Span, tolerance_s: float) -> str:
    """`from 1.00 s to 2.20 s (±0.05 s)`."""
    bound = max(tolerance_s, 0.05)
    return f"from {seconds(span.start_s)} to {seconds(span.end_s)} (±{bound:.2f} s)"


def by_time(notes: list[Note]) -> list[Note]:
    """In order of the time they speak of."""
    return sorted(notes, key=lambda n: n.span.start_s)
