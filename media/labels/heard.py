"""What the actor names by ear: each measurement made once for a clip, and remembered."""

from functools import lru_cache

from aurelia.media.decode import Sound, read_sound
from aurelia.media.labels.events import sound_events
from aurelia.media.labels.heard_types import Mood, SoundEvent, Sources
from aurelia.media.labels.mood import mood_of
from aurelia.media.labels.sources import count_sources
from aurelia.media.labels.speech import speech_like
from aurelia.media.labels.track_tempo import track_tempo
from aurelia.media.measure_spans import Span
from aurelia.media.measure_tempo import Tempo
from aurelia.types.clip import Clip


@lru_cache(maxsize=4)
def sound_of(clip: Clip) -> Sound | None:
    """The clip's sound; None without any.

    Raises:
        MediaError: the file can't be opened any more.
    """
    if not clip.has_audio:
        return None
    sound = read_sound(clip)
    return sound if len(sound.samples) else None


def track_of(clip: Clip, label: str) -> Sound | None:
    """The sound of one candidate track; None if it holds none."""
    candidate = next(c for c in clip.candidates if c.label == label)
    track = clip.model_copy(
        update={
            "has_audio": True,
            "audio": candidate.path,
            "audio_sha256": candidate.sha256,
            "duration_s": candidate.duration_s,
            "start_s": None,
            "end_s": None,
            "candidates": (),
        }
    )
    return sound_of(track)


@lru_cache(maxsize=64)
def events(clip: Clip, look: int = 1) -> tuple[SoundEvent, ...] | None:
    """Sounds that stand out; None without a sound track."""
    sound = sound_of(clip)
    return sound_events(sound.samples, sound.sample_rate, sound.start_s, look) if sound else None


@lru_cache(maxsize=64)
def sources(clip: Clip, look: int = 1) -> Sources | None:
    """How many sources play at the same time; None where that can't be counted."""
    sound = sound_of(clip)
    return count_sources(sound.samples, sound.sample_rate, look) if sound else None


@lru_cache(maxsize=64)
def mood(clip: Clip) -> Mood | None:
    """How the music sounds; None where there is none."""
    sound = sound_of(clip)
    return mood_of(sound.samples, sound.sample_rate) if sound else None


@lru_cache(maxsize=64)
def speech(clip: Clip) -> tuple[Span, ...]:
    """Where something like speech is heard."""
    sound = sound_of(clip)
    return tuple(speech_like(sound.samples, sound.sample_rate, sound.start_s)) if sound else ()


@lru_cache(maxsize=256)
def tempo_of(clip: Clip, label: str) -> Tempo | None:
    """The beat of one candidate track; None where none is clear."""
    sound = track_of(clip, label)
    return track_tempo(sound.samples, sound.sample_rate) if sound else None
