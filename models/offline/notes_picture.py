"""Sentences about the picture: when it moves, hard cuts, how light it is."""

from aurelia.media.measure_picture import (
    DARK_LUMA,
    GRID_HEIGHT,
    GRID_WIDTH,
    LIGHT_LUMA,
    LIGHT_STEP,
    PictureMeasures,
    Seeing,
)
from aurelia.media.measure_spans import Span, complement
from aurelia.models.offline.notes import MOST, Note, Writer, by_time, listed, seconds, stretch


def no_picture_notes(window: Span) -> list[Note]:
    """What there is to say where the clip has no picture."""
    writer = Writer("motion", "visual", "container", window)
    return [writer.note("visual.track", "The clip has no picture.", False, confidence=1.0)]


def motion_notes(measures: PictureMeasures, look: Seeing) -> list[Note]:
    """When the picture moves and when nothing does."""
    source = (
        f"block luma on a {GRID_WIDTH // look.block} x {GRID_HEIGHT // look.block} grid, pictures "
        f"{look.lag_s:g} s apart, movement from a change of {look.moving:g} of 255"
    )
    writer, window = Writer("motion", "visual", source, measures.window), measures.window
    tolerance = max(0.1, look.lag_s / 2 + measures.frame_s)
    if measures.noise_only:
        text = "The picture flickers like noise throughout."
        return [writer.note("visual.noise", text, True, confidence=0.6)]
    moving = measures.moving
    if not moving:
        text = f"Nothing moves in the picture at any time{_but_cuts(measures, window)}."
        return [writer.note("visual.still", text, True)]
    extent = Span(moving[0].start_s, moving[-1].end_s)
    from_start = extent.start_s - window.start_s <= tolerance
    if len(moving) == 1 and from_start and window.end_s - extent.end_s <= tolerance:
        return [writer.note("visual.motion", "The picture moves throughout.", True)]
    if len(moving) > MOST:
        where = stretch(extent, tolerance)
        text = f"Movement comes and goes {where}, in {len(moving)} separate stretches."
        return [writer.note("visual.motion", text, float(len(moving)), span=extent, unit="count")]
    notes = [
        writer.note("visual.motion", f"The picture moves {stretch(s, tolerance)}.", True, span=s)
        for s in moving
    ]
    for span in complement(moving, Span(measures.first_s, window.end_s), 2 * tolerance + 0.1):
        text = f"Nothing moves {stretch(span, tolerance)}{_but_cuts(measures, span)}."
        notes.append(writer.note("visual.still", text, True, span=span))
    return by_time(notes)


def _but_cuts(measures: PictureMeasures, span: Span) -> str:
    """Cuts are no movement, but they change the picture."""
    inside = any(span.start_s < cut < span.end_s for cut in measures.cuts)
    return ", apart from hard cuts" if inside else ""


def cut_notes(measures: PictureMeasures, look: Seeing) -> list[Note]:
    """Hard cuts."""
    count, bound = len(measures.cuts), f"(±{max(measures.frame_s, 0.04):.2f} s)"
    at = listed([seconds(t) for t in measures.cuts]) if measures.cuts else ""
    if not count:
        text = "No hard cut is seen."
    elif count == 1:
        text = f"There is 1 hard cut, at {at} {bound}."
    elif count <= 2 * MOST:
        text = f"There are {count} hard cuts, at {at} {bound}."
    else:
        text = f"There are {count} hard cuts."
    source = f"change of colours from picture to picture, {look.cut:g} times the usual"
    writer = Writer("cuts", "visual", source, measures.window)
    return [writer.note("visual.cut", text, list(measures.cuts), unit="s")]


def light_notes(measures: PictureMeasures, look: Seeing) -> list[Note]:
    """How light the picture is and how that changes; the look changes nothing here."""
    writer = Writer("light", "visual", "mean luma of every picture, 0 to 255", measures.window)
    luma, (first, last) = measures.luma, measures.luma_ends
    name = "dark" if luma < DARK_LUMA else "light" if luma > LIGHT_LUMA else "of medium brightness"
    text = f"The picture is {name} on average (luma {luma:.0f} of 255)."
    notes = [writer.note("visual.luma", text, float(round(luma)), unit="luma")]
    if measures.count < 2:
        return notes
    change = last - first
    text = (
        "The brightness is about the same at the start and at the end "
        f"(luma {first:.0f} and {last:.0f})."
    )
    if abs(change) >= LIGHT_STEP:
        way = "brighter" if change > 0 else "darker"
        text = (
            f"Overall the picture gets {way}: from luma {first:.0f} at the start to {last:.0f} "
            "at the end."
        )
    notes.append(writer.note("visual.light_change", text, round(change, 1), unit="luma"))
    for time, low, high in measures.light_steps[:MOST]:
        way = "rises" if high > low else "falls"
        text = f"At {seconds(time)} the brightness {way} from luma {low:.0f} to luma {high:.0f}."
        step, at = round(high - low, 1), Span(time, time)
        notes.append(writer.note("visual.light_step", text, step, span=at, unit="luma"))
    return notes
