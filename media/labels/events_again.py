"""The critic's named sounds: what exceeds each band's own rest, and how pure each band is."""

import numpy as np
from scipy.ndimage import uniform_filter1d

from aurelia.media.labels.events_again_bands import STEP_S, Band, Samples, bank
from aurelia.media.labels.events_again_bursts import crashes, knocks, whirrs
from aurelia.media.labels.events_again_lags import sirens
from aurelia.media.labels.events_again_tones import Claim, Strike, beeps, bells, strikes
from aurelia.media.labels.heard_types import SoundEvent
from aurelia.media.labels.speech_again import speech_like_again
from aurelia.media.measure_spans import Span, complement, held, runs, tidy

LONGEST_S = 600.0
"""Longer sounds are not searched."""
_SHORTEST_S = 0.1
_QUIETEST = 10 ** (-60 / 20)


def sound_events_again(samples: Samples, rate: int, start_s: float) -> tuple[SoundEvent, ...]:
    """Sounds that stand out, in order of time; a sound of no known kind has no label.

    Args:
        samples: mono, `(n,)`, within [-1, 1].
        rate: samples a second; 16,000 is what the bars are set for.
        start_s: clip time of the first sample.

    Returns:
        The events; none for sounds below 0.1 s, above `LONGEST_S`, or that are never audible.
    """
    length_s = len(samples) / rate
    if not _SHORTEST_S <= length_s <= LONGEST_S or float(np.abs(samples).max()) < _QUIETEST:
        return ()
    bands = bank(samples, rate)
    claims = _claims(samples, rate, bands)
    events = [
        SoundEvent(
            start_s + max(c.start_s, 0.0),
            start_s + max(min(c.end_s, length_s), c.start_s),
            0.2,
            c.label,
            round(c.confidence, 2),
        )
        for c in claims
    ]
    spans = [Span(c.start_s, c.end_s) for c in claims]
    events += [
        SoundEvent(start_s + s.start_s, start_s + s.end_s, 0.25, None, 0.0)
        for s in _swells(bands)
        if not _told(s, spans)
    ]
    return tuple(sorted(events, key=lambda e: e.start_s))


def _claims(samples: Samples, rate: int, bands: list[Band]) -> list[Claim]:
    found = strikes(bands)
    gliding = sirens(samples, rate, bands)
    pulsed = beeps(bands, found)
    humming = whirrs(samples, rate, bands)
    steady = [*gliding, *pulsed]
    free = [s for s in found if not _within(s, steady)]
    struck = bells(bands, free)
    burst = [c for c in crashes(samples, rate, bands) if not _near(c, struck, 0.06)]
    thuds = [c for c in knocks(samples, rate, bands) if not _near(c, [*burst, *humming], 0.1)]
    claims = [*steady, *humming, *struck, *burst, *thuds]
    notes = _notes(free, claims, max((s.db for s in found), default=0.0))
    voices = [
        v
        for v in speech_like_again(samples, rate, 0.0)
        if not _told(v, [Span(c.start_s, c.end_s) for c in steady])
    ]
    return [c for c in claims if not _among_notes(c, notes) and not _spoken(c, voices)]


def _spoken(one: Claim, voices: list[Span]) -> bool:
    """Whether what sounds struck or burst is a syllable."""
    if one.label not in ("bell", "crash", "knock"):
        return False
    return any(v.start_s - 0.1 <= one.start_s <= v.end_s for v in voices)


def _notes(free: list[Strike], claims: list[Claim], level: float) -> list[float]:
    """When tones begin that no claim accounts for."""
    moments: list[float] = []
    for strike in sorted(free, key=lambda s: s.at):
        at = strike.at * STEP_S
        if strike.db < level - 15 or (strike.end - strike.at) * STEP_S < 0.1:
            continue
        if any(
            c.label in ("bell", "whirring") and c.start_s - 0.1 <= at <= c.end_s + 0.1
            for c in claims
            if c.label == "bell" or strike.hertz < 1200
        ):
            continue
        if not moments or at - moments[-1] > 0.08:
            moments.append(at)
    return moments


def _among_notes(one: Claim, notes: list[float]) -> bool:
    """Whether tones begin all around a claim, as in music."""
    around = [t for t in notes if one.start_s - 2.0 <= t <= max(one.end_s, one.start_s + 1) + 1.0]
    return len(around) >= 5


def _within(strike: Strike, steady: list[Claim]) -> bool:
    """Whether a strike is one of the beeps, or lies inside of a siren."""
    at_s, hertz, fades = strike.at * STEP_S, strike.hertz, strike.fades
    strike_s = (strike.end - strike.at) * STEP_S
    for one in steady:
        if not one.start_s - 0.05 <= at_s <= one.end_s + 0.02:
            continue
        ratio = hertz / one.hertz if one.hertz else 1.0
        if one.label == "siren" and (strike_s < 0.3 or (hertz > 340 and not fades)):
            return True
        if one.hertz and round(ratio) >= 1 and abs(ratio - round(ratio)) < 0.04 * round(ratio):
            return True
    return False


def _near(one: Claim, others: list[Claim], within_s: float) -> bool:
    return any(abs(one.start_s - other.start_s) <= within_s for other in others)


def _swells(bands: list[Band]) -> list[Span]:
    """Where some band exceeds its own rest by far."""
    excess = np.max([uniform_filter1d(b.excess, 9) for b in bands], axis=0)
    on = held(excess >= 16, excess >= 10)
    return tidy([Span(a * STEP_S, b * STEP_S) for a, b in runs(on)], 0.15, _SHORTEST_S)


def _told(span: Span, by: list[Span]) -> bool:
    """Whether named sounds leave less than 0.3 s of a swell in one piece."""
    inside = sorted(
        Span(max(b.start_s - 0.2, span.start_s), min(b.end_s + 0.4, span.end_s)) for b in by
    )
    inside = [i for i in inside if i.length_s > 0]
    return bool(inside) and not complement(inside, span, 0.3)
