"""What the critic names by ear, by methods of its own."""

from functools import lru_cache

from aurelia.media.labels.events_again import sound_events_again
from aurelia.media.labels.heard import sound_of, track_of
from aurelia.media.labels.heard_types import Mood, SoundEvent, Sources
from aurelia.media.labels.mood_again import mood_of_again
from aurelia.media.labels.sources_again import count_sources_again
from aurelia.media.labels.speech_again import speech_like_again
from aurelia.media.labels.track_tempo_again import track_tempo_again
from aurelia.media.measure_spans import Span
from aurelia.media.measure_tempo import Tempo
from aurelia.types.clip import Clip


@lru_cache(maxsize=64)
def events(clip: Clip) -> tuple[SoundEvent, ...] | None:
    """Sounds that stand out; None without a sound track."""
    sound = sound_of(clip)
    return sound_events_again(sound.samples, sound.sample_rate, sound.start_s) if sound else None


@lru_cache(maxsize=64)
def sources(clip: Clip) -> Sources | None:
    """How many sources play at the same time; None where that can't be counted."""
    sound = sound_of(clip)
    return count_sources_again(sound.samples, sound.sample_rate) if sound else None


@lru_cache(maxsize=64)
def mood(clip: Clip) -> Mood | None:
    """How the music sounds; None where there is none."""
    sound = sound_of(clip)
    return mood_of_again(sound.samples, sound.sample_rate) if sound else None


@lru_cache(maxsize=64)
def speech(clip: Clip) -> tuple[Span, ...]:
    """Where something like speech is heard."""
    sound = sound_of(clip)
    return (
        tuple(speech_like_again(sound.samples, sound.sample_rate, sound.start_s)) if sound else ()
    )


@lru_cache(maxsize=256)
def tempo_of(clip: Clip, label: str) -> Tempo | None:
    """The beat of one candidate track; None where none is clear."""
    sound = track_of(clip, label)
    return track_tempo_again(sound.samples, sound.sample_rate) if sound else None
