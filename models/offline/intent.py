"""What can be asked of measurements, and what has to be measured to answer it."""

from dataclasses import dataclass
from typing import Literal

from aurelia.models.offline.said import LABEL_TOPICS

IntentKind = Literal[
    "sound_present",
    "sound_when",
    "sound_count",
    "sound_length",
    "level",
    "loudest_when",
    "loudness_trend",
    "jumps_count",
    "jumps_when",
    "motion_present",
    "motion_when",
    "motion_count",
    "motion_length",
    "cuts_count",
    "cuts_when",
    "cuts_present",
    "light_mean",
    "light_change",
    "light_when",
    "tempo",
    "together",
    "order",
    "gap",
    "unclear_order",
    "description",
    "event_order",
    "event_when",
    "event_present",
    "object_when",
    "object_present",
    "sources_count",
    "shown_count",
    "sources_compare",
    "dance_match",
    "place_when",
    "irony",
]

NEEDS: dict[IntentKind, tuple[str, ...]] = {
    "sound_present": ("sound",),
    "sound_when": ("sound",),
    "sound_count": ("sound",),
    "sound_length": ("sound",),
    "level": ("sound", "loudness"),
    "loudest_when": ("sound", "loudness"),
    "loudness_trend": ("sound", "loudness"),
    "jumps_count": ("sound", "jumps"),
    "jumps_when": ("sound", "jumps"),
    "motion_present": ("motion",),
    "motion_when": ("motion",),
    "motion_count": ("motion",),
    "motion_length": ("motion",),
    "cuts_count": ("cuts",),
    "cuts_when": ("cuts",),
    "cuts_present": ("cuts",),
    "light_mean": ("light",),
    "light_change": ("light",),
    "light_when": ("light",),
    "tempo": ("sound", "tempo"),
    "together": (),
    "order": (),
    "gap": (),
    "unclear_order": (),
    "description": (
        "sound",
        "loudness",
        "jumps",
        "motion",
        "cuts",
        "light",
        "events",
        "objects",
        "speech",
    ),
    "event_order": ("events", "objects"),
    "event_when": ("events",),
    "event_present": ("events",),
    "object_when": ("objects",),
    "object_present": ("objects",),
    "sources_count": ("sources",),
    "shown_count": ("shown",),
    "sources_compare": ("sources", "shown"),
    "dance_match": ("pace", "tracks"),
    "place_when": ("events", "flags", "text"),
    "irony": ("text", "mood"),
}

LABEL_KINDS = frozenset(
    kind for kind, topics in NEEDS.items() if kind != "description" and set(topics) & LABEL_TOPICS
)
"""Intents that ask what something is."""

_SUBJECT_TOPIC = {"sound": "sound", "motion": "motion", "cut": "cuts", "light": "light"}


@dataclass(frozen=True, slots=True)
class Intent:
    """A question inside the family.

    Attributes:
        kind: what is asked.
        subjects: for `order` and `together`, the two things it relates.
        edge: for `..._when`, whether a start, a stop or both are asked for; for `order`, `stop`
            if ends are compared; for `..._present`, whether it starts or stops at `start_s`.
        start_s: start of a stretch that the question names, seconds; None if it names none.
        end_s: end of it.
        part: a part of the clip that the question names, as fractions of its length.
        negative: it asks for silence or standstill instead of sound or movement, or for the
            number of shots instead of cuts.
        claim: for a yes/no question, what it asks to confirm: the thing that comes first, or a
            word such as `louder`, `darker` or `dark`; for questions about labels, the label that is
            asked for, or what it asks to compare.
        nth: which of several is asked for, from 1; -1 for the last.
    """

    kind: IntentKind
    subjects: tuple[str, ...] = ()
    edge: Literal["start", "stop", "both"] | None = None
    start_s: float | None = None
    end_s: float | None = None
    part: tuple[float, float] | None = None
    negative: bool = False
    claim: str | None = None
    nth: int | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Topics that have to be measured to answer."""
        related = tuple(_SUBJECT_TOPIC[s] for s in self.subjects)
        return tuple(dict.fromkeys(NEEDS[self.kind] + related))


@dataclass(frozen=True, slots=True)
class Outside:
    """Why a question can't be answered by measuring, and what would be needed."""

    reason: str
    needed: tuple[str, ...]
