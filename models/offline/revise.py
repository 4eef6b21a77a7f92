"""How a complaint bears on what is measured next, and what a second look says it changed."""

import re

from aurelia.models.offline.actions import AGAIN
from aurelia.models.offline.lexicon import subjects
from aurelia.models.offline.looks import difference
from aurelia.models.offline.notes import Note
from aurelia.models.offline.said import AUDIO_TOPICS
from aurelia.types.reasoning import Complaint, Evidence, Reasoning

_SUBJECT_TOPICS = (
    ("beat", "tempo"),
    ("cut", "cuts"),
    ("light", "light"),
    ("loud", "loudness"),
    ("still", "motion"),
    ("motion", "motion"),
    ("silence", "sound"),
    ("sound", "sound"),
)


def contested(complaint: Complaint) -> set[str]:
    """The topics that a complaint asks to measure again, from its words, else from its sense."""
    if complaint.action.startswith("Leave out"):
        return set()
    meant = {topic for topic, action in AGAIN.items() if action in complaint.action}
    if meant:
        return meant
    if "sudden rise" in complaint.action:
        return {"jumps"}
    named = set(subjects(complaint.action))
    found = {topic for subject, topic in _SUBJECT_TOPICS if subject in named}
    if "loudness" in found and "silence" not in named:
        found.discard("sound")  # "how loud the sound is"
    if complaint.modality == "audio":
        return (found & AUDIO_TOPICS) or {"sound"}
    if complaint.modality == "visual":
        return (found - AUDIO_TOPICS) or {"motion"}
    return found or {"sound", "motion"}


def concerns(complaint: Complaint, note: Note) -> bool:
    """Whether a complaint's window touches what a note speaks of."""
    track = re.search(r"track ([A-H])\b", complaint.action)
    if track and note.topic == "tracks":
        return track[0] in note.text
    start, end = complaint.start_s, complaint.end_s
    if start is None or end is None:
        return True
    return start <= note.span.end_s and note.span.start_s <= end


def remark_on(note: Note, look: int, previous: Reasoning | None) -> str:
    """What a second look did otherwise, and what came of it."""
    if look == 1:
        return "Measured again: this was not looked at before."
    how = difference(note.topic, look)
    steps = previous.steps if previous else []
    if note.text in {s.text.split(" Measured again", 1)[0] for s in steps}:
        return f"Measured again {how}: unchanged."
    earlier = [e for e in (previous.evidence if previous else []) if e.kind == note.kind]
    if not earlier:
        return f"Measured again {how}: not found before."
    nearest = min(earlier, key=lambda e: abs((e.start_s or 0.0) - note.span.start_s))
    return f"Measured again {how}: before, {_before(nearest, note)}."


def _before(earlier: Evidence, note: Note) -> str:
    """What the earlier evidence of the same kind gave."""
    if isinstance(note.value, list) and isinstance(earlier.value, list):
        return f"at {', '.join(f'{t:.2f} s' for t in earlier.value) or 'none'}"
    if earlier.value != note.value:
        return f"it was {earlier.value}"
    return f"it was {earlier.start_s or 0.0:.2f} s to {earlier.end_s or 0.0:.2f} s"
