"""What a listener names: the results that actor and critic share, though not their methods."""

from dataclasses import dataclass

from aurelia.media.labels.vocabulary import Brightness, SoundLabel


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """One sound that stands out; times are clip times.

    Attributes:
        start_s: when it sets in.
        end_s: when it can no longer be told from what surrounds it.
        tolerance_s: how far off either time may be.
        label: what it is; None where no label clears its bar.
        confidence: of the label, 0 to 1; 0 without one.
    """

    start_s: float
    end_s: float
    tolerance_s: float
    label: SoundLabel | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Sources:
    """How many sound sources play at the same time, with one phrase for each (`low pitched`)."""

    count: int
    names: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Mood:
    """How music sounds: bright (major, quick) or dark (minor, slow); None where neither is clear.

    Attributes:
        mood: the label.
        mode: `major`, `minor`, or empty where no key stands out.
        notes_per_s: how many notes set in a second.
        confidence: 0 to 1.
    """

    mood: Brightness | None
    mode: str
    notes_per_s: float
    confidence: float
