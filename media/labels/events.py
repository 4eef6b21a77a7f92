"""The actor's named sounds: peaks followed through short spectra, and levels of bands."""

from collections.abc import Iterable

import numpy as np

from aurelia.media.labels.events_bells import bells
from aurelia.media.labels.events_bursts import crashes, knocks
from aurelia.media.labels.events_context import in_context
from aurelia.media.labels.events_hum import whirrs
from aurelia.media.labels.events_spectrum import HOP_S, Samples, Spectra, Track, spectra, tracks
from aurelia.media.labels.events_tones import Named, beeps, sirens
from aurelia.media.labels.heard_types import SoundEvent
from aurelia.media.labels.speech import speech_like
from aurelia.media.measure_spans import Span, complement, held, runs, tidy

LONGEST_S = 600.0
"""Longer sounds are not searched."""
_SHORTEST_S = 0.1
_QUIETEST = 10 ** (-60 / 20)
_LEAST = 0.5  # confidence below which no label is given
_WINDOWS_S = (0.032, 0.064)  # the shorter tells when, the longer which partials


def sound_events(
    samples: Samples, rate: int, start_s: float, look: int = 1
) -> tuple[SoundEvent, ...]:
    """Sounds that stand out, in order of time; a sound of no known kind has no label.

    Args:
        samples: mono, `(n,)`, within [-1, 1].
        rate: samples a second; 16,000 is what the bars are set for.
        start_s: clip time of the first sample.
        look: 1 for spectra of 32 ms; 2 and above for 64 ms, which tell close partials apart. What
            stands out and gets no name is listened to with the other one as well.

    Returns:
        The events; none for sounds below 0.1 s, above `LONGEST_S`, or that are never audible.
    """
    length_s = len(samples) / rate
    if not _SHORTEST_S <= length_s <= LONGEST_S or float(np.abs(samples).max()) < _QUIETEST:
        return ()
    first, second = _WINDOWS_S if look < 2 else _WINDOWS_S[::-1]
    sound, fine = spectra(samples, rate, first), spectra(samples, rate, 0.256, -120.0)
    spoken = [Span(*v) for v in speech_like(samples, rate, 0.0)]
    named = _named(sound, fine, spoken)
    if apart := _apart(sound, named):
        closer = _named(spectra(samples, rate, second), fine, spoken)
        named += [n for n in closer if n.confidence >= _LEAST and _begins_in(n, apart)]
        apart = _apart(sound, named)
    unnamed = [Span(s.start_s, min(s.end_s, length_s)) for s in apart if s.start_s < length_s]
    events = [_event(n, start_s, length_s) for n in named if n.confidence >= _LEAST]
    events += [SoundEvent(start_s + s.start_s, start_s + s.end_s, 0.2, None, 0.0) for s in unnamed]
    return tuple(sorted(events, key=lambda e: e.start_s))


def _event(one: Named, start_s: float, length_s: float) -> SoundEvent:
    start, end = max(one.start_s, 0.0), min(one.end_s, length_s)
    return SoundEvent(
        start_s + start, start_s + max(end, start), 0.15, one.label, round(one.confidence, 2)
    )


def _named(sound: Spectra, fine: Spectra, spoken: list[Span]) -> list[Named]:
    found = tracks(sound)
    steady = [*sirens(found), *beeps(found)]
    left = _unexplained(found, steady)
    struck = bells(left, sound)
    hums = whirrs(sound, fine, [*steady, *struck])
    crashed = crashes(sound, fine)
    tonal = [*steady, *struck]
    bursts = [c for c in crashed if not _starts_with(c, struck, 0.06)]
    thuds = [
        k
        for k in knocks(sound, fine, tonal)
        if not _starts_with(k, [*bursts, *struck, *hums], 0.08)
    ]
    loudest = max((float(t.db.max()) for t in found), default=0.0)
    voices = [v for v in spoken if not _covered(v, [Span(n.start_s, n.end_s) for n in steady])]
    named = [*tonal, *hums, *bursts, *thuds]
    return in_context(named, _unexplained(left, struck), loudest, voices)


def _unexplained(found: list[Track], by: Iterable[Named]) -> list[Track]:
    """Tracks that are no part, and no overtone, of sounds already named."""
    left = found
    for one in by:
        mine = {id(t) for t in one.tracks}
        main = one.tracks[0]
        kept = []
        for track in left:
            if id(track) in mine:
                continue
            if one.label == "siren":
                own = np.interp(track.frames, main.frames, main.hertz)
                ratio = track.hertz / own
                inside = (track.frames >= main.frames[0] - 2) & (
                    track.frames <= main.frames[-1] + 2
                )
                tied = inside & (
                    np.abs(ratio - np.rint(ratio)) < 0.05 * np.maximum(np.rint(ratio), 1)
                )
                if tied.mean() > 0.6:
                    continue
            kept.append(track)
        left = kept
    return left


def _starts_with(one: Named, others: Iterable[Named], within_s: float) -> bool:
    return any(abs(one.start_s - other.start_s) <= within_s for other in others)


def _apart(sound: Spectra, named: list[Named]) -> list[Span]:
    """What stands out and none of the named sounds accounts for."""
    spans = [Span(n.start_s, n.end_s) for n in named]
    return [s for s in _outstanding(sound) if not _covered(s, spans)]


def _begins_in(one: Named, spans: list[Span]) -> bool:
    return any(s.start_s - 0.15 <= one.start_s <= s.end_s for s in spans)


def _outstanding(sound: Spectra) -> list[Span]:
    """Where the level is well above what it falls to."""
    power = (10 ** (sound.db.astype(np.float64) / 10)).sum(axis=1)
    db = 10 * np.log10(power)
    rest = max(float(np.percentile(db, 10)), -60.0)
    on = held(db >= rest + 10, db >= rest + 6)
    return tidy([Span(a * HOP_S, b * HOP_S) for a, b in runs(on)], 0.15, _SHORTEST_S)


def _covered(span: Span, by: list[Span]) -> bool:
    """Whether named sounds leave less than 0.25 s of a span in one piece."""
    inside = sorted(
        Span(max(b.start_s - 0.15, span.start_s), min(b.end_s + 0.35, span.end_s)) for b in by
    )
    inside = [i for i in inside if i.length_s > 0]
    return bool(inside) and not complement(inside, span, 0.25)
