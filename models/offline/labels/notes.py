"""Sentences about labels, each with the evidence it rests on."""

from collections.abc import Callable

from aurelia.media.labels import heard, seen
from aurelia.media.labels.seen_types import MovingObject
from aurelia.media.measure_spans import Span
from aurelia.models.offline.labels.words import SOUND_PHRASES
from aurelia.models.offline.notes import MOST, Note, Writer, by_time, stretch
from aurelia.models.offline.places import country_of_flag
from aurelia.models.offline.said import LABEL_AUDIO
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Modality

_MANY = 2 * MOST
"""At most this many sounds or objects are named."""
_COUNTABLE = 0.78
"""A less certain count is not stated: on natural footage counts stay below."""
_SOURCES = {
    "events": "shape of level and spectrum of each sound that stands out",
    "sources": "fundamental tones in each moment, grouped by register",
    "mood": "key profile and rate of onsets",
    "speech": "syllable rate and voiced tone",
    "tracks": "autocorrelation of spectral flux",
    "objects": "difference from the median picture, tracked",
    "shown": "regions that differ from a fitted background",
    "pace": "similarity of the picture with itself over time",
    "flags": "runs of colour along lines of the picture",
    "text": "text recogniser (rapidocr), one picture a shot",
}


def take_label(clip: Clip, topic: str, look: int) -> list[Note]:
    """Measure one label topic.

    Raises:
        MissingExtra: text is asked for, and the `ocr` extra is not installed.
    """
    modality: Modality = "audio" if topic in LABEL_AUDIO else "visual"
    source = _SOURCES[topic] + ("" if look == 1 or topic not in CLOSER else ", another resolution")
    writer = Writer(topic, modality, source, Span(*clip.window))
    if topic in ("events", "sources", "mood") and not clip.has_audio:
        track = Writer("sound", "audio", "container", writer.window)
        return [track.note("audio.track", "The clip has no sound track.", False, confidence=1.0)]
    if modality == "visual" and not clip.has_video:
        track = Writer("motion", "visual", "container", writer.window)
        return [track.note("visual.track", "The clip has no picture.", False, confidence=1.0)]
    make = _TOPICS[topic]
    return make(clip, look, writer)


def signs_spared(clip: Clip) -> bool:
    """Whether each shot shows a known flag, so that no sign need be read for its place."""
    known = [f for f in seen.flags(clip) if country_of_flag(f.layout, f.colours)]
    return len(known) > len(seen.cuts_of(clip))


CLOSER = frozenset({"events", "sources", "objects"})
"""Topics with a second way of looking."""


def _events(clip: Clip, look: int, writer: Writer) -> list[Note]:
    found = heard.events(clip, look)
    if found is None:
        return []
    notes = []
    for event in [e for e in found if e.label is not None][:_MANY]:
        assert event.label is not None
        span = Span(event.start_s, event.end_s)
        text = f"{SOUND_PHRASES[event.label]} {stretch(span, event.tolerance_s)}."
        notes.append(
            writer.note(
                "audio.event",
                text,
                event.label,
                span=span,
                unit="label",
                confidence=event.confidence,
            )
        )
    if not notes:
        text = "No single sound could be identified."
        notes.append(writer.note("audio.event", text, None, unit="label", confidence=0.5))
    return notes


def _objects(clip: Clip, look: int, writer: Writer) -> list[Note]:
    found = seen.objects(clip, look)
    if found is None:
        return []
    notes = []
    for thing in [o for o in found if o.colour and o.shape][:_MANY]:
        span = Span(thing.start_s, thing.end_s)
        name = f"{thing.colour} {thing.shape}"
        article = "An" if name[0] in "aeiou" else "A"
        text = f"{article} {name} moves {_way(thing)} {stretch(span, thing.tolerance_s)}."
        notes.append(
            writer.note(
                "visual.object", text, name, span=span, unit="label", confidence=thing.confidence
            )
        )
    if not notes:
        text = "No moving object could be identified."
        notes.append(writer.note("visual.object", text, None, unit="label", confidence=0.5))
    return by_time(notes)


def _way(thing: MovingObject) -> str:
    return f"from {thing.path}" if " to " in thing.path else thing.path


def _sources(clip: Clip, look: int, writer: Writer) -> list[Note]:
    found = heard.sources(clip, look)
    if found is None or found.confidence < _COUNTABLE:
        return []
    noun = "sound source is" if found.count == 1 else "different sound sources are"
    names = f" ({', '.join(found.names)})" if found.names else ""
    text = f"{found.count} {noun} heard{names}."
    value = float(found.count)
    return [writer.note("audio.sources", text, value, unit="count", confidence=found.confidence)]


def _shown(clip: Clip, look: int, writer: Writer) -> list[Note]:
    found = seen.shown(clip)
    if found is None:
        return []
    noun = "separate thing is" if found.count == 1 else "separate things are"
    text = f"{found.count} {noun} shown."
    value = float(found.count)
    return [writer.note("visual.shown", text, value, unit="count", confidence=found.confidence)]


def _pace(clip: Clip, look: int, writer: Writer) -> list[Note]:
    if not clip.has_video:
        return []
    found = seen.pace(clip)
    if found is None:
        text = "No movement that repeats is seen."
        return [writer.note("visual.pace", text, None, unit="per minute", confidence=0.5)]
    text = f"The movement repeats {found.per_minute:.1f} times a minute."
    value = round(found.per_minute, 1)
    return [writer.note("visual.pace", text, value, unit="per minute", confidence=found.clarity)]


def _tracks(clip: Clip, look: int, writer: Writer) -> list[Note]:
    notes = []
    for candidate in clip.candidates:
        tempo = heard.tempo_of(clip, candidate.label)
        name = f"Candidate track {candidate.label}"
        if tempo is None:
            text = f"{name} has no clear beat."
            notes.append(writer.note("audio.track_tempo", text, None, unit="bpm", confidence=0.5))
            continue
        text = f"{name} has {tempo.bpm:.1f} beats a minute."
        notes.append(
            writer.note(
                "audio.track_tempo",
                text,
                round(tempo.bpm, 1),
                unit="bpm",
                confidence=min(1.0, max(0.0, tempo.clarity)),
            )
        )
    return notes


def _flags(clip: Clip, look: int, writer: Writer) -> list[Note]:
    notes = []
    for flag in seen.flags(clip)[:_MANY]:
        country = country_of_flag(flag.layout, flag.colours)
        if country is None:
            continue
        span = Span(flag.start_s, flag.end_s)
        text = f"The flag of {country} is shown {stretch(span, 0.1)}."
        notes.append(
            writer.note(
                "visual.flag", text, country, span=span, unit="label", confidence=flag.confidence
            )
        )
    return notes


def _text(clip: Clip, look: int, writer: Writer) -> list[Note]:
    if not clip.has_video:
        return []
    notes = []
    for line in seen.texts(clip)[:_MANY]:
        span = Span(line.start_s, line.end_s)
        text = f"The text “{line.text}” is shown {stretch(span, 0.1)}."
        notes.append(
            writer.note(
                "visual.text", text, line.text, span=span, unit="label", confidence=line.confidence
            )
        )
    if not notes:
        notes.append(writer.note("visual.text", "No text is shown.", None, confidence=0.6))
    return notes


def _mood(clip: Clip, look: int, writer: Writer) -> list[Note]:
    found = heard.mood(clip)
    if found is None or found.mood is None:
        return []
    key = f"{found.mode} key, " if found.mode else ""
    text = f"The music sounds {found.mood} ({key}{found.notes_per_s:.1f} notes a second)."
    return [writer.note("audio.mood", text, found.mood, unit="label", confidence=found.confidence)]


def _speech(clip: Clip, look: int, writer: Writer) -> list[Note]:
    return [
        writer.note(
            "audio.speech",
            f"Something like speech is heard {stretch(span, 0.2)}.",
            True,
            span=span,
            unit="label",
            confidence=0.6,
        )
        for span in heard.speech(clip)[:MOST]
    ]


_TOPICS: dict[str, Callable[[Clip, int, Writer], list[Note]]] = {
    "events": _events,
    "objects": _objects,
    "sources": _sources,
    "shown": _shown,
    "pace": _pace,
    "tracks": _tracks,
    "flags": _flags,
    "text": _text,
    "mood": _mood,
    "speech": _speech,
}
