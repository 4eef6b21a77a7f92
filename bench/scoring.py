"""The score of one answer of a mechanism run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """How right an answer is.

    Attributes:
        value: 0 or 1 for a chosen option, F1 over the sample's facts (0 to 1) for a caption.
        parsed: whether an answer could be read; one that could not is wrong, and counted apart.
    """

    value: float
    parsed: bool
