"""Statements about loudness, tempo and light against the critic's measurements."""

import numpy as np

from aurelia.media.measure_picture import DARK_LUMA, LIGHT_LUMA
from aurelia.media.measure_spans import Span
from aurelia.media.recheck_picture import PictureRecheck
from aurelia.media.recheck_sound import SoundRecheck
from aurelia.models.offline.checked import Checked, contradicted, supported, unverifiable
from aurelia.models.offline.said import Said


def graded(value: float, holds: float, fails: float, observed: str, weak: bool = False) -> Checked:
    """Supported up to `holds`, contradicted from `fails`, neither in between."""
    if value <= holds:
        return supported(observed, weak)
    return contradicted(observed) if value >= fails else unverifiable(observed)


def check_loudness(said: Said, sound: SoundRecheck) -> Checked:
    """Level, loudest moment, trend, stretches that stand out, sudden rises."""
    at = said.start_s or 0.0
    match said.kind:
        case "sound.level":
            observed = f"{sound.spectral_dbfs:.0f} dBFS"
            if not isinstance(said.value, float):
                return unverifiable(f"{observed}; what counts as loud is a matter of taste")
            return graded(abs(said.value - sound.spectral_dbfs), 2.5, 4.0, observed, weak=True)
        case "sound.loudest":
            return _loudest(said, sound)
        case "sound.trend":
            change = sound.halves_db
            observed = f"second half {change:+.0f} dB in mean amplitude"
            if said.value == "same":
                return graded(abs(change), 6.0, 9.0, observed)
            signed = change if said.value == "louder" else -change
            return graded(-signed, -1.0, 1.0, observed)
        case "sound.louder":
            inside = sound.between(at, said.end_s if said.end_s is not None else at)
            if not len(inside):
                return unverifiable("too short to measure")
            quiet = float(np.percentile(sound.between(*sound.window), 10))
            share = float((inside >= quiet + 8).mean())
            return graded(1 - share, 0.3, 0.4, f"{share:.0%} of it is 8 dB above the quiet parts")
        case _:
            return _jumps(said, sound)


def _loudest(said: Said, sound: SoundRecheck) -> Checked:
    if said.value == "none":
        every = np.array([sound.moment(t) for t in sound.starts[::8]])
        rivals = sound.starts[::8][every >= -3.0]
        spread = float(np.ptp(rivals)) if len(rivals) else 0.0
        observed = f"moments within 3 dB lie {spread:.1f} s apart"
        return supported(observed) if spread >= 0.8 else contradicted(observed)
    start = said.start_s or 0.0
    middle = (start + (start if said.end_s is None else said.end_s)) / 2
    below = -max(sound.moment(t) for t in (start, middle, 2 * middle - start))
    return graded(below, 2.5, 4.5, f"{below:.1f} dB below the highest mean amplitude over 0.4 s")


def _jumps(said: Said, sound: SoundRecheck) -> Checked:
    listed = ", ".join(f"{t:.2f} s (+{size:.0f} dB)" for t, size in sound.rises[:8])
    observed = f"rises of the peak level: {listed or 'none'}"
    if said.value == 0.0:
        largest = max((size for _, size in sound.rises), default=0.0)
        return graded(largest, 12.0, 16.0, observed)
    if isinstance(said.value, float):
        clear = sum(size >= 13.0 for _, size in sound.rises)
        fits = 0.8 * clear <= said.value <= 1.2 * len(sound.rises)
        observed = f"{len(sound.rises)} rises by 7 dB or more, {clear} of them by 13"
        return supported(observed) if fits else contradicted(observed)
    at = said.start_s or 0.0
    near = any(abs(t - at) <= 0.15 for t, _ in sound.rises)
    return supported(observed) if near else contradicted(observed)


def check_tempo(said: Said, sound: SoundRecheck) -> Checked:
    """A beat, up to half, double or triple speed, which fit as well."""
    found = ", ".join(f"{t:.0f}" for t in sound.tempos)
    if said.kind == "sound.no_tempo":
        return unverifiable(f"{found} per minute") if sound.tempos else supported("no beat")
    if not sound.tempos:
        return unverifiable("no beat stands out in the bass")
    claimed = float(said.value) if isinstance(said.value, float) else 0.0
    ratios = [t / claimed for t in sound.tempos if claimed > 0]
    fits = any(abs(r / m - 1) <= 0.04 for r in ratios for m in (1.0, 2.0, 3.0, 0.5))
    return supported(f"{found} per minute") if fits else contradicted(f"{found} per minute")


def check_light(said: Said, picture: PictureRecheck, window: Span) -> Checked:
    """Mean brightness, its change from start to end, and sudden changes."""
    if said.kind == "light.mean":
        return _mean_light(said, picture, window)
    if said.kind == "light.change":
        begin = picture.light(window.start_s, window.start_s + 0.5)
        end = picture.light(max(picture.times[-1] - 0.5, window.start_s), window.end_s)
        if begin is None or end is None:
            return unverifiable("too few pictures")
        change, observed = end - begin, f"luma {begin:.0f} at the start, {end:.0f} at the end"
        if said.value == "same":
            return graded(abs(change), 32.0, 40.0, observed)
        return graded(-(change if said.value == "brighter" else -change), -18.0, -12.0, observed)
    at, reach = said.start_s or 0.0, 0.1 + said.tolerance_s
    low = picture.light(at - 0.4 - reach, at - reach)
    high = picture.light(at + reach, at + 0.4 + reach)
    if low is None or high is None:
        return unverifiable("too close to the clip's start or end")
    observed = f"luma {low:.0f} before, {high:.0f} after"
    change = {"brighter": high - low, "darker": low - high}.get(str(said.value), abs(high - low))
    return graded(-change, -15.0, -8.0, observed)


def _mean_light(said: Said, picture: PictureRecheck, window: Span) -> Checked:
    luma = float(picture.luma.mean())
    observed = f"mean luma {luma:.0f} of 255"
    if isinstance(said.other, float):
        return graded(abs(said.other - luma), 10.0, 16.0, observed)
    word = str(said.value)
    slack = 10.0
    fits = {
        "dark": luma <= DARK_LUMA + slack,
        "light": luma >= LIGHT_LUMA - slack,
        "medium": DARK_LUMA - slack <= luma <= LIGHT_LUMA + slack,
    }
    if word.startswith("not "):
        return contradicted(observed) if fits.get(word[4:]) else supported(observed)
    return supported(observed) if fits.get(word) else contradicted(observed)
