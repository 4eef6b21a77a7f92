"""How closely the actor looks and listens: what changes when it is asked to measure again."""

import re
from collections.abc import Collection, Iterable

from aurelia.media.measure import hear, see
from aurelia.media.measure_picture import Seeing
from aurelia.media.measure_sound import Hearing
from aurelia.media.measure_spans import Span
from aurelia.models.offline import notes_picture, notes_sound
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.labels.notes import CLOSER, signs_spared, take_label
from aurelia.models.offline.notes import Note
from aurelia.models.offline.said import AUDIO_TOPICS, LABEL_TOPICS
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Evidence

HEARING = (
    Hearing(),
    Hearing(hop_s=0.005, window_s=0.01, margin_db=1.5, jump_db=10.0),
    Hearing(hop_s=0.01, window_s=0.06, margin_db=5.0, jump_db=10.0),
)
"""First look; when it is contested a finer one; then a smoother one that ignores more."""
SEEING = (
    Seeing(),
    Seeing(lag_s=0.12, moving=2.5, block=1, cut=2.2),
    Seeing(lag_s=0.16, moving=6.0, block=2, cut=4.0),
)
"""First look; when it is contested a more sensitive one; then a stricter one."""
TOPICS = (
    *("sound", "loudness", "jumps", "tempo", "motion", "cuts", "light"),
    *("objects", "shown", "pace", "flags", "text"),
    *("events", "sources", "tracks", "mood", "speech"),
)
_LOOK = re.compile(r"^look (\d+): ")
_OF_KIND = {
    "audio.track": "sound",
    "audio.silence": "sound",
    "audio.faint": "sound",
    "audio.sound": "sound",
    "audio.level": "loudness",
    "audio.loudest": "loudness",
    "audio.trend": "loudness",
    "audio.louder": "loudness",
    "audio.onset": "jumps",
    "audio.tempo": "tempo",
    "visual.track": "motion",
    "visual.noise": "motion",
    "visual.still": "motion",
    "visual.motion": "motion",
    "visual.cut": "cuts",
    "visual.luma": "light",
    "visual.light_change": "light",
    "visual.light_step": "light",
    "audio.event": "events",
    "audio.sources": "sources",
    "audio.track_tempo": "tracks",
    "audio.mood": "mood",
    "audio.speech": "speech",
    "visual.object": "objects",
    "visual.shown": "shown",
    "visual.pace": "pace",
    "visual.flag": "flags",
    "visual.text": "text",
}


def looks_taken(evidence: Iterable[Evidence]) -> dict[str, int]:
    """Number of the look behind each topic that earlier evidence covers."""
    taken: dict[str, int] = {}
    for item in evidence:
        topic, match = _OF_KIND.get(item.kind), _LOOK.match(item.source)
        if topic and match:
            taken[topic] = max(taken.get(topic, 0), int(match[1]))
    return taken


def difference(topic: str, look: int) -> str:
    """What a look does otherwise than the first one, in words."""
    if topic in CLOSER:
        return "at another resolution"
    if topic == "tempo" or topic in LABEL_TOPICS:
        return "with the same method, as no finer one is at hand"
    if topic in AUDIO_TOPICS:
        listening = HEARING[min(look, len(HEARING)) - 1]
        hop, window = listening.hop_s * 1000, listening.window_s * 1000
        return f"with a {hop:g} ms hop and a {window:g} ms window"
    if topic == "light":
        return "over the same pictures, as every one was counted already"
    looking = SEEING[min(look, len(SEEING)) - 1]
    if topic == "cuts":
        return f"for changes from {looking.cut:g} times the usual"
    grid = f"{64 // looking.block} x {36 // looking.block}"
    return (
        f"on a {grid} grid, {looking.lag_s:g} s apart, from a change of {looking.moving:g} of 255"
    )


def topics_of(clip: Clip, intent: Intent, senses: Collection[str]) -> list[str]:
    """What of an intent's needs is worth measuring by these senses."""
    topics = [t for t in dict.fromkeys(intent.needs) if t in senses]
    if intent.kind == "place_when" and "text" in topics and signs_spared(clip):
        topics.remove("text")
    return topics


def take(clip: Clip, topic: str, look: int) -> list[Note]:
    """Measure one topic; `look` counts from 1 and stops mattering at the closest one there is.

    Raises:
        MissingExtra: text is asked for, and the `ocr` extra is not installed.
    """
    if topic in LABEL_TOPICS:
        return take_label(clip, topic, look)
    window = Span(*clip.window)
    if topic in AUDIO_TOPICS:
        listening = HEARING[min(look, len(HEARING)) - 1]
        heard = hear(clip, listening)
        if heard is None:
            return notes_sound.no_sound_notes(window) if topic == "sound" else []
        make = {
            "sound": notes_sound.sound_notes,
            "loudness": notes_sound.loudness_notes,
            "jumps": notes_sound.jump_notes,
            "tempo": notes_sound.tempo_notes,
        }[topic]
        return make(heard, listening)
    looking = SEEING[min(look, len(SEEING)) - 1]
    seen = see(clip, looking)
    if seen is None:
        return notes_picture.no_picture_notes(window) if topic == "motion" else []
    see_topic = {
        "motion": notes_picture.motion_notes,
        "cuts": notes_picture.cut_notes,
        "light": notes_picture.light_notes,
    }
    return see_topic[topic](seen, looking)
