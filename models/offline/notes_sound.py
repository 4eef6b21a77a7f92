"""Sentences about the sound: when, how loud, sudden rises, beat."""

from aurelia.media.measure_sound import HEARD_DBFS, SILENT_DBFS, Hearing, SoundMeasures
from aurelia.media.measure_spans import Span
from aurelia.models.offline.notes import MOST, Note, Writer, by_time, listed, seconds, stretch

_EDGE_S = 0.1  # sound that sets in this soon after the start is there from the start
_CLAMP_DB = 60  # beyond, one half is as good as silent, and the figure means nothing
_CLEARLY_DB = 3.0  # the smallest difference between two halves that is called one


def _writer(topic: str, measures: SoundMeasures, look: Hearing) -> Writer:
    source = (
        f"mean-square level, {look.window_s * 1000:g} ms window, {look.hop_s * 1000:g} ms hop, "
        "16 kHz mono mix"
    )
    return Writer(topic, "audio", source, measures.window)


def no_sound_notes(window: Span) -> list[Note]:
    """What there is to say where the clip has no sound track."""
    writer = Writer("sound", "audio", "container", window)
    return [writer.note("audio.track", "The clip has no sound track.", False, confidence=1.0)]


def sound_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """When there is sound and when silence."""
    writer, window = _writer("sound", measures, look), measures.window
    sounding = measures.sounding
    silent = [r for r in measures.rests if r.silent]
    if not sounding:
        if len(silent) == len(measures.rests):
            text = f"It is silent throughout (below {SILENT_DBFS:.0f} dBFS)."
            return [writer.note("audio.silence", text, True)]
        text = f"The sound is too faint to call throughout (below {HEARD_DBFS:.0f} dBFS)."
        return [writer.note("audio.faint", text, True, confidence=0.5)]
    first, last = sounding[0], sounding[-1]
    from_start = first.start_s - window.start_s <= _EDGE_S
    if len(sounding) == 1 and from_start and window.end_s - last.end_s <= _EDGE_S:
        return [writer.note("audio.sound", "Sound is heard throughout.", True)]
    if len(sounding) > MOST:
        extent = Span(first.start_s, last.end_s)
        where = stretch(extent, max(first.tolerance_s, last.tolerance_s))
        text = f"Sound comes and goes {where}, in {len(sounding)} separate stretches."
        count = float(len(sounding))
        return [writer.note("audio.sound", text, count, span=extent, unit="count")]
    notes = [
        writer.note(
            "audio.sound", f"Sound is heard {stretch(s.span, s.tolerance_s)}.", True, span=s.span
        )
        for s in sounding
    ]
    faint = [r for r in measures.rests if not r.silent and r.span.length_s > 2 * r.tolerance_s]
    notes += [
        writer.note(
            "audio.silence", f"It is silent {stretch(s.span, s.tolerance_s)}.", True, span=s.span
        )
        for s in silent
    ]
    notes += [
        writer.note(
            "audio.faint",
            f"The sound is too faint to call {stretch(s.span, s.tolerance_s)}.",
            True,
            span=s.span,
            confidence=0.5,
        )
        for s in faint
    ]
    return by_time(notes)


def loudness_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """How loud it is, where it is loudest, and what stands out."""
    if not measures.sounding:
        return []
    writer, window = _writer("loudness", measures, look), measures.window
    level = round(measures.mean_dbfs)
    text = f"The sound averages {level} dBFS over the clip (mono mix)."
    notes = [
        writer.note("audio.level", text, float(level), unit="dBFS"),
        _loudest(writer, measures),
    ]
    first, second = measures.halves_dbfs
    if max(first, second) > HEARD_DBFS and window.length_s >= 1.0:
        change = second - first
        text = "Both halves are about equally loud (within 3 dB)."
        if abs(change) >= _CLEARLY_DB:
            way = "louder" if change > 0 else "quieter"
            by = f"{abs(change):.0f} dB" if abs(change) < _CLAMP_DB else f"more than {_CLAMP_DB} dB"
            text = f"The second half is {way} than the first, by {by}."
        notes.append(writer.note("audio.trend", text, round(change, 1), unit="dB"))
    for span in measures.louder[:MOST]:
        if span.length_s <= 0.9 * window.length_s:
            text = f"The sound mostly stands out by 12 dB or more {stretch(span, 0.1)}."
            notes.append(writer.note("audio.louder", text, True, span=span))
    return notes


def _loudest(writer: Writer, measures: SoundMeasures) -> Note:
    """Where it is loudest: up to three moments, a part of the clip, or no place in particular."""
    times, window = sorted(measures.loudest), writer.window
    span: Span | None = Span(times[0], times[-1])
    level = f"{measures.peak_dbfs:.0f} dBFS over 0.4 s"
    text = f"The sound is loudest around {listed([seconds(t) for t in times])}, at {level}."
    if len(times) > 3:
        wide = Span(max(times[0] - 0.2, window.start_s), min(times[-1] + 0.2, window.end_s))
        where = f"from {seconds(wide.start_s)} to {seconds(wide.end_s)}"
        text = f"The sound is loudest {where}, at about {level}."
        if wide.length_s > 0.5 * window.length_s:
            span, text = None, "No single moment is the loudest: several lie within 1 dB."
    return writer.note("audio.loudest", text, list(measures.loudest), span=span, unit="s")


def jump_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """Sudden rises of the level."""
    times = list(measures.jumps)
    if not measures.sounding:
        return []
    text = f"The level never jumps up by {look.jump_db:g} dB or more at once."
    if len(times) > 2 * MOST:
        text = f"The sound level jumps up by {look.jump_db:g} dB or more {len(times)} times."
    elif times:
        at = listed([seconds(t) for t in times])
        text = f"The sound level jumps up by {look.jump_db:g} dB or more at {at}."
    writer = _writer("jumps", measures, look)
    return [writer.note("audio.onset", text, times, unit="s", confidence=0.8)]


def tempo_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """A beat, if one is clear; the look changes nothing here."""
    source = "autocorrelation of spectral flux, 10 ms hop"
    writer = Writer("tempo", "audio", source, measures.window)
    if measures.tempo is None:
        text = "No regular beat stands out in the sound."
        return [writer.note("audio.tempo", text, None, unit="bpm", confidence=0.6)]
    rate = round(measures.tempo.bpm)
    text = f"A regular beat of {rate} per minute is measured."
    clarity = measures.tempo.clarity
    return [writer.note("audio.tempo", text, float(rate), unit="bpm", confidence=clarity)]
