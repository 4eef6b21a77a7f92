"""What a sentence says about a clip, once it has been read."""

from dataclasses import dataclass
from typing import Literal

from aurelia.types.reasoning import Modality

SaidKind = Literal[
    "sound.no_track",
    "sound.none",
    "sound.some",
    "sound.all",
    "sound.span",
    "sound.at",
    "sound.count",
    "sound.length",
    "sound.faint",
    "sound.level",
    "sound.loudest",
    "sound.trend",
    "sound.louder",
    "sound.jumps",
    "sound.tempo",
    "sound.no_tempo",
    "silence.some",
    "silence.span",
    "silence.at",
    "picture.none",
    "motion.none",
    "motion.some",
    "motion.all",
    "motion.span",
    "motion.at",
    "motion.count",
    "motion.length",
    "motion.noise",
    "still.some",
    "still.span",
    "still.at",
    "cuts.count",
    "cuts.at",
    "light.mean",
    "light.change",
    "light.step",
    "order",
    "together",
    "clip.length",
    "sound.unsettled",
    "motion.unsettled",
    "cuts.unsettled",
    "event.heard",
    "event.absent",
    "events.none",
    "object.moves",
    "object.absent",
    "objects.none",
    "sources.count",
    "shown.count",
    "pace.picture",
    "pace.none",
    "candidate.tempo",
    "candidate.none",
    "flag.shown",
    "text.shown",
    "text.none",
    "mood.is",
    "speech.like",
    "label.order",
    "label.together",
    "unread",
]

TOPICS: dict[str, str] = {
    "sound.no_track": "sound",
    "sound.none": "sound",
    "sound.some": "sound",
    "sound.all": "sound",
    "sound.span": "sound",
    "sound.at": "sound",
    "sound.count": "sound",
    "sound.length": "sound",
    "sound.faint": "sound",
    "silence.some": "sound",
    "silence.span": "sound",
    "silence.at": "sound",
    "sound.level": "loudness",
    "sound.loudest": "loudness",
    "sound.trend": "loudness",
    "sound.louder": "loudness",
    "sound.jumps": "jumps",
    "sound.tempo": "tempo",
    "sound.no_tempo": "tempo",
    "picture.none": "motion",
    "motion.none": "motion",
    "motion.some": "motion",
    "motion.all": "motion",
    "motion.span": "motion",
    "motion.at": "motion",
    "motion.count": "motion",
    "motion.length": "motion",
    "motion.noise": "motion",
    "still.some": "motion",
    "still.span": "motion",
    "still.at": "motion",
    "sound.unsettled": "sound",
    "motion.unsettled": "motion",
    "cuts.unsettled": "cuts",
    "cuts.count": "cuts",
    "cuts.at": "cuts",
    "light.mean": "light",
    "light.change": "light",
    "light.step": "light",
    "order": "relation",
    "together": "relation",
    "event.heard": "events",
    "event.absent": "events",
    "events.none": "events",
    "object.moves": "objects",
    "object.absent": "objects",
    "objects.none": "objects",
    "sources.count": "sources",
    "shown.count": "shown",
    "pace.picture": "pace",
    "pace.none": "pace",
    "candidate.tempo": "tracks",
    "candidate.none": "tracks",
    "flag.shown": "flags",
    "text.shown": "text",
    "text.none": "text",
    "mood.is": "mood",
    "speech.like": "speech",
    "label.order": "relation",
    "label.together": "relation",
}

LABEL_AUDIO = frozenset({"events", "sources", "tracks", "mood", "speech"})
LABEL_VISUAL = frozenset({"objects", "shown", "pace", "flags", "text"})
LABEL_TOPICS = LABEL_AUDIO | LABEL_VISUAL
"""Topics that say what something is, not only when or how much."""
AUDIO_TOPICS = frozenset({"sound", "loudness", "jumps", "tempo"}) | LABEL_AUDIO
VISUAL_TOPICS = frozenset({"motion", "cuts", "light"}) | LABEL_VISUAL


@dataclass(frozen=True, slots=True)
class Said:
    """One statement. What `value` holds depends on the kind.

    Attributes:
        kind: what is stated.
        text: the words that state it.
        start_s: start of the stretch, or the instant; None where it is left open.
        end_s: end of the stretch; None where it is left open.
        tolerance_s: how exact the sentence says its times are.
        value: a count, a level (dBFS), beats per minute, a category, a direction or a label.
        other: second value: e.g. which of two comes second, a luma, a path, a candidate's label.
        maximal: the stretch is said to end where it ends; otherwise it only holds inside.
        nth: which of several stretches, from 1; -1 for the last.
        part: a part of the clip that it speaks of, as fractions of its length.
        gap_s: for `order`, by how much the first comes earlier; for `together`, how long both last.
        more: words of the sentence that were not used: it may be refuted, but not confirmed.
    """

    kind: SaidKind
    text: str
    start_s: float | None = None
    end_s: float | None = None
    tolerance_s: float = 0.0
    value: float | str | bool | None = None
    other: float | str | None = None
    maximal: bool = True
    nth: int | None = None
    part: tuple[float, float] | None = None
    gap_s: float | None = None
    more: str = ""

    @property
    def topic(self) -> str:
        """What has to be measured to check it; empty where nothing would help."""
        return TOPICS.get(self.kind, "")

    @property
    def modality(self) -> Modality | None:
        """The sense it appeals to."""
        if self.topic in AUDIO_TOPICS:
            return "audio"
        if self.topic in VISUAL_TOPICS:
            return "visual"
        return "both" if self.topic == "relation" else None
