"""What the actor takes back: names for notes among notes, and for syllables."""

from collections.abc import Iterable

from aurelia.media.labels.events_spectrum import Track
from aurelia.media.labels.events_tones import Named
from aurelia.media.measure_spans import Span

_MOST_NOTES = 4


def in_context(
    named: list[Named], left: Iterable[Track], loudest: float, voices: list[Span]
) -> list[Named]:
    """The named sounds that neither music nor speech accounts for.

    Args:
        named: all of them.
        left: tracks that none of them explains.
        loudest: level of the loudest of all tracks, named or not, dB.
        voices: stretches that sound like speech.
    """
    notes = _notes(list(left), named, loudest)
    return [n for n in named if not _among(n, notes) and not _said(n, voices)]


def _notes(left: list[Track], named: list[Named], loudest: float) -> list[float]:
    """When tones set in that nothing named explains; such as lie within a hum are its overtones."""
    hums = [n for n in named if n.label == "whirring"]
    bells = [(t.pitch, n.start_s) for n in named if n.label == "bell" for t in n.tracks]
    moments: list[float] = []
    for track in left:
        weak = track.length_s < 0.1 or track.spread > 0.05 or float(track.db.max()) < loudest - 15
        again = any(
            abs(track.pitch / pitch - 1) < 0.03 and track.start_s >= at - 0.05
            for pitch, at in bells
        )
        hum = track.pitch < 1200 and any(
            h.start_s - 0.1 <= track.start_s and track.end_s <= h.end_s + 0.15 for h in hums
        )
        pulse = any(
            abs(track.start_s - other.start_s) < 0.04
            for n in named
            if n.label == "beeping"
            for other in n.tracks
        )
        if weak or again or hum or pulse:
            continue
        if not moments or track.start_s - moments[-1] > 0.08:
            moments.append(track.start_s)
    return moments


def _among(one: Named, notes: list[float]) -> bool:
    """Whether notes set in all around it: what sounds named in music is part of the music."""
    first, last = one.start_s - 2.0, max(one.end_s, one.start_s + 1) + 1.0
    return sum(first <= t <= last for t in notes) > _MOST_NOTES


def _said(one: Named, voices: list[Span]) -> bool:
    """Whether a short sound is a part of speech."""
    short = one.label in ("bell", "crash", "knock")
    return short and any(v.start_s - 0.1 <= one.start_s <= v.end_s for v in voices)
