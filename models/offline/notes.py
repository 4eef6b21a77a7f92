"""From measurements to sentences: each note is one true sentence and the evidence it rests on."""

from dataclasses import dataclass

from aurelia.media.measure_picture import (
    DARK_LUMA,
    LIGHT_LUMA,
    LIGHT_STEP,
    PictureMeasures,
    Seeing,
)
from aurelia.media.measure_sound import (
    HEARD_DBFS,
    SILENT_DBFS,
    Hearing,
    SoundMeasures,
    Stretch,
)
from aurelia.media.measure_spans import Span, complement
from aurelia.types.reasoning import Modality

MOST = 6
"""A step list names at most this many stretches of a kind; beyond, their number and extent."""


@dataclass(frozen=True, slots=True)
class Note:
    """A measured sentence.

    Attributes:
        topic: what was measured (`sound`, `loudness`, `jumps`, `tempo`, `motion`, `cuts`, `light`).
        kind: kind of the evidence, e.g. `audio.sound`.
        text: the sentence.
        span: the time it speaks of.
        value: the measured value, with `unit`.
        source: how it was measured, with its resolution.
        key: what stays the same when it is measured again, e.g. `sound.span.1`.
    """

    topic: str
    kind: str
    modality: Modality
    text: str
    span: Span
    source: str
    key: str
    value: float | str | bool | list[float] | None = None
    unit: str | None = None
    confidence: float = 0.9


def seconds(value: float) -> str:
    """A time as the sentences give it."""
    return f"{max(value, 0.0):.2f} s"


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def hearing_source(look: Hearing) -> str:
    """How the sound was measured."""
    return (
        f"mean-square level, {look.window_s * 1000:g} ms window, {look.hop_s * 1000:g} ms hop, "
        f"16 kHz mono mix"
    )


def seeing_source(look: Seeing) -> str:
    """How the picture was measured."""
    return (
        f"block luma on a {64 // look.block} x {36 // look.block} grid, pictures "
        f"{look.lag_s:g} s apart, movement from a change of {look.moving:g} of 255"
    )


def _clock(stretch: Stretch | Span, tolerance_s: float) -> str:
    """`from 1.00 s to 2.20 s (±0.05 s)`."""
    return f"from {seconds(stretch[0])} to {seconds(stretch[1])} (±{max(tolerance_s, 0.05):.2f} s)"


def no_sound_notes(window: Span) -> list[Note]:
    """What there is to say where the clip has no sound track."""
    return [
        Note("sound", "audio.track", "audio", "The clip has no sound track.", window,
             "container", "sound.none", value=False, confidence=1.0)
    ]  # fmt: skip


def sound_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """When there is sound and when silence."""
    source, window = hearing_source(look), measures.window

    def note(kind: str, text: str, span: Span, key: str, **more: object) -> Note:
        return Note("sound", kind, "audio", text, span, source, key, **more)  # type: ignore[arg-type]

    sounding, silent = measures.sounding, [r for r in measures.rests if r.silent]
    if not sounding:
        if len(silent) == len(measures.rests):
            text = f"It is silent throughout: the sound stays below {SILENT_DBFS:.0f} dBFS."
            return [note("audio.silence", text, window, "sound.none", value=True)]
        text = f"The sound is too faint to call throughout: it stays below {HEARD_DBFS:.0f} dBFS."
        return [note("audio.faint", text, window, "sound.none", value=False, confidence=0.5)]
    first, last = sounding[0], sounding[-1]
    whole = first.start_s - window.start_s <= 0.1 and window.end_s - last.end_s <= 0.1
    if len(sounding) == 1 and whole:
        return [note("audio.sound", "Sound is heard throughout.", window, "sound.all", value=True)]
    notes = []
    if len(sounding) > MOST:
        extent = Span(first.start_s, last.end_s)
        where = _clock(extent, max(first.tolerance_s, last.tolerance_s))
        text = f"Sound comes and goes {where}, in {len(sounding)} separate stretches."
        notes.append(note("audio.sound", text, extent, "sound.count",
                          value=float(len(sounding)), unit="count"))  # fmt: skip
    else:
        for number, s in enumerate(sounding, 1):
            text = f"Sound is heard {_clock(s, s.tolerance_s)}."
            notes.append(note("audio.sound", text, s.span, f"sound.span.{number}", value=True))
    faint = [r for r in measures.rests if not r.silent and r.end_s - r.start_s > 2 * r.tolerance_s]
    if len(silent) + len(faint) > MOST:
        return notes
    for number, s in enumerate(faint, 1):
        text = f"The sound is too faint to call {_clock(s, s.tolerance_s)}."
        notes.append(note("audio.faint", text, s.span, f"faint.{number}", value=True,
                          confidence=0.5))  # fmt: skip
    for number, s in enumerate(silent, 1):
        text = f"It is silent {_clock(s, s.tolerance_s)}."
        notes.append(note("audio.silence", text, s.span, f"silence.span.{number}", value=True))
    return notes


def loudness_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """How loud it is, where it is loudest, and what stands out."""
    source, window = hearing_source(look), measures.window

    def note(kind: str, text: str, span: Span, key: str, **more: object) -> Note:
        return Note("loudness", kind, "audio", text, span, source, key, **more)  # type: ignore[arg-type]

    if not measures.sounding:
        return []
    level = round(measures.mean_dbfs)
    notes = [
        note("audio.level", f"The sound averages {level} dBFS over the clip (mono mix).", window,
             "level", value=float(level), unit="dBFS")
    ]  # fmt: skip
    times = list(measures.loudest)
    spread = max(times) - min(times)
    if spread <= 1.0 or len(times) <= 3:
        near = [t for t in times[:3]]
        text = (
            f"The sound is loudest around {listed([seconds(t) for t in sorted(near)])}, "
            f"at {measures.peak_dbfs:.0f} dBFS over 0.4 s."
        )
        notes.append(note("audio.loudest", text, Span(min(near), max(near)), "loudest",
                          value=sorted(near), unit="s"))  # fmt: skip
    else:
        text = "No single moment is the loudest: several lie within 1 dB of each other."
        notes.append(note("audio.loudest", text, window, "loudest", value="none"))
    first, second = measures.halves_dbfs
    if max(first, second) > HEARD_DBFS and window.length_s >= 1.0:
        change = second - first
        if abs(change) >= 3:
            way = "louder" if change > 0 else "quieter"
            text = f"The second half is {way} than the first, by {min(abs(change), 60):.0f} dB."
        else:
            text = "Both halves are about equally loud (within 3 dB)."
        notes.append(note("audio.trend", text, window, "trend", value=round(change, 1), unit="dB"))
    for number, s in enumerate(measures.louder[:MOST], 1):
        if s.length_s > 0.9 * window.length_s:
            continue
        text = f"The sound stands out by 12 dB or more {_clock(s, 0.1)}."
        notes.append(note("audio.louder", text, s, f"louder.{number}", value=True))
    return notes


def jump_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """Sudden rises of the level."""
    times = list(measures.jumps)
    if not measures.sounding:
        return []
    if not times:
        text = f"The level never jumps up by {look.jump_db:g} dB or more at once."
    elif len(times) > 2 * MOST:
        return []
    else:
        at = listed([seconds(t) for t in times])
        text = f"The sound level jumps up by {look.jump_db:g} dB or more at {at}."
    return [
        Note("jumps", "audio.onset", "audio", text, measures.window, hearing_source(look), "jumps",
             value=times, unit="s", confidence=0.8)
    ]  # fmt: skip


def tempo_notes(measures: SoundMeasures, look: Hearing) -> list[Note]:
    """A beat, if one is clear."""
    if measures.tempo is None:
        text, value = "No regular beat stands out in the sound.", None
    else:
        value = round(measures.tempo.bpm)
        text = f"A regular beat of {value} per minute is measured."
    source = "autocorrelation of spectral flux, 10 ms hop"
    return [
        Note("tempo", "audio.tempo", "audio", text, measures.window, source, "tempo",
             value=None if value is None else float(value), unit="bpm",
             confidence=measures.tempo.clarity if measures.tempo else 0.6)
    ]  # fmt: skip


def no_picture_notes(window: Span) -> list[Note]:
    """What there is to say where the clip has no picture."""
    return [
        Note("motion", "visual.track", "visual", "The clip has no picture.", window, "container",
             "motion.none", value=False, confidence=1.0)
    ]  # fmt: skip


def motion_notes(measures: PictureMeasures, look: Seeing) -> list[Note]:
    """When the picture moves and when it is still."""
    source, window = seeing_source(look), measures.window
    tolerance = max(0.1, look.lag_s / 2 + measures.frame_s)

    def note(kind: str, text: str, span: Span, key: str, **more: object) -> Note:
        return Note("motion", kind, "visual", text, span, source, key, **more)  # type: ignore[arg-type]

    if measures.noise_only:
        text = "The picture flickers like noise throughout, and no movement can be made out in it."
        return [note("visual.noise", text, window, "motion.none", value=True, confidence=0.6)]
    moving = measures.moving
    if not moving:
        text = "The picture is still throughout."
        return [note("visual.still", text, window, "motion.none", value=True)]
    whole = moving[0].start_s - window.start_s <= tolerance
    if len(moving) == 1 and whole and window.end_s - moving[0].end_s <= tolerance:
        text = "The picture moves throughout."
        return [note("visual.motion", text, window, "motion.all", value=True)]
    if len(moving) > MOST:
        extent = Span(moving[0].start_s, moving[-1].end_s)
        where = _clock(extent, tolerance)
        text = f"Movement comes and goes {where}, in {len(moving)} separate stretches."
        return [note("visual.motion", text, extent, "motion.count", value=float(len(moving)), unit="count")]  # fmt: skip
    notes = []
    for number, span in enumerate(moving, 1):
        text = f"The picture moves {_clock(span, tolerance)}."
        notes.append(note("visual.motion", text, span, f"motion.span.{number}", value=True))
    for number, span in enumerate(complement(moving, window, 2 * tolerance + 0.1), 1):
        text = f"The picture is still {_clock(span, tolerance)}."
        notes.append(note("visual.still", text, span, f"still.span.{number}", value=True))
    return notes


def cut_notes(measures: PictureMeasures, look: Seeing) -> list[Note]:
    """Hard cuts."""
    count, tolerance = len(measures.cuts), max(measures.frame_s, 0.04)
    at = [seconds(t) for t in measures.cuts]
    if not count:
        text = "No hard cut is seen."
    elif count == 1:
        text = f"There is 1 hard cut, at {at[0]} (±{tolerance:.2f} s)."
    elif count <= 2 * MOST:
        text = f"There are {count} hard cuts, at {listed(at)} (±{tolerance:.2f} s)."
    else:
        text = f"There are {count} hard cuts."
    source = f"change of block colours from picture to picture, {look.cut:g} times the usual"
    return [
        Note("cuts", "visual.cut", "visual", text, measures.window, source, "cuts",
             value=list(measures.cuts), unit="s")
    ]  # fmt: skip


def light_notes(measures: PictureMeasures, look: Seeing) -> list[Note]:
    """How light the picture is and how that changes."""
    source, window = "mean luma of every picture, 0 to 255", measures.window
    luma, (first, last) = measures.luma, measures.luma_ends
    name = "dark" if luma < DARK_LUMA else "light" if luma > LIGHT_LUMA else "of medium brightness"

    def note(kind: str, text: str, span: Span, key: str, **more: object) -> Note:
        return Note("light", kind, "visual", text, span, source, key, **more)  # type: ignore[arg-type]

    notes = [
        note("visual.luma", f"The picture is {name} on average (luma {luma:.0f} of 255).", window,
             "light", value=round(luma), unit="luma")
    ]  # fmt: skip
    if measures.count < 2:
        return notes
    if abs(last - first) >= LIGHT_STEP:
        way = "brighter" if last > first else "darker"
        text = (
            f"Overall the picture gets {way}: from luma {first:.0f} at the start to {last:.0f} "
            "at the end."
        )
    else:
        text = (
            "The brightness is about the same at the start and at the end "
            f"(luma {first:.0f} and {last:.0f})."
        )
    notes.append(note("visual.light_change", text, window, "light.change",
                      value=round(last - first, 1), unit="luma"))  # fmt: skip
    for number, (time, low, high) in enumerate(measures.light_steps[:MOST], 1):
        way = "rises" if high > low else "falls"
        text = f"At {seconds(time)} the brightness {way} from luma {low:.0f} to luma {high:.0f}."
        notes.append(note("visual.light_step", text, Span(time, time), f"light.step.{number}",
                          value=round(high - low, 1), unit="luma"))  # fmt: skip
    return notes
