"""Further recipes for the labelled sounds: other wave forms, noises and envelopes."""

from collections.abc import Callable

import numpy as np
from scipy.signal import butter, sosfilt

from tests.media.labels.sounds import RATE, Rng, Sound, band, faded, mix, noise, seconds, tone


def _pulse(length_s: float, hertz: float | Sound, kind: str) -> Sound:
    """A steady tone of one of the usual wave forms."""
    phase = np.cumsum(np.broadcast_to(hertz, round(length_s * RATE))) / RATE
    forms = {
        "sine": lambda p: np.sin(2 * np.pi * p),
        "square": lambda p: np.tanh(4 * np.sin(2 * np.pi * p)),
        "triangle": lambda p: 2 * np.abs(2 * (p % 1) - 1) - 1,
        "saw": lambda p: sum(np.sin(2 * np.pi * k * p) / k for k in range(1, 8)),
        "pulse": lambda p: sum(np.cos(2 * np.pi * k * p) for k in range(1, 11)) / 10,
        "fm": lambda p: np.sin(2 * np.pi * p + 0.8 * np.sin(4 * np.pi * p)),
        "chord": lambda p: np.sin(2 * np.pi * p) + np.sin(2 * np.pi * 1.26 * p),
        "trembling": lambda p: np.sin(2 * np.pi * p) * (1 + 0.3 * np.sin(2 * np.pi * p / 40)),
    }
    return np.asarray(forms[kind](phase))


def _rung(
    rng: Rng, ratios: tuple[float, ...], slope: float, damping: float, rise_s: float
) -> Sound:
    """Partials of `ratio ** -slope` that die away, the high ones sooner by `damping`."""
    t60, base = rng.uniform(0.7, 2.0), rng.uniform(450, 1300)
    t = seconds(t60)
    sound = sum(
        r**-slope * np.sin(2 * np.pi * base * r * t) * np.exp(-6.9 / t60 * r**damping * t)
        for r in ratios
        if base * r < 7500
    )
    return faded(np.asarray(sound), rise_s, 0.03)


def _fm_bell(rng: Rng, ratio: float, index: float) -> Sound:
    t60, base = rng.uniform(0.7, 2.0), rng.uniform(450, 1300)
    t = seconds(t60)
    fall = np.exp(-6.9 / t60 * t)
    return faded(
        np.sin(2 * np.pi * base * t + index * fall * np.sin(2 * np.pi * base * ratio * t)) * fall,
        0.003,
        0.03,
    )


def _burst(rng: Rng, slope: float, edges: tuple[float, float] | None, form: str) -> Sound:
    """Noise of a colour, or of a band, that dies away."""
    length_s = rng.uniform(0.35, 1.0)
    t = seconds(length_s)
    sound = noise(rng, length_s, slope)[: len(t)]
    if edges:
        sound = band(sound, *edges)
    shapes = {
        "exponential": np.exp(-6.9 / length_s * t),
        "gentle": np.exp(-4.0 / length_s * t),
        "linear": 1 - t / length_s,
        "square": (1 - t / length_s) ** 2,
        "two": 0.7 * np.exp(-25 * t) + 0.3 * np.exp(-5 / length_s * t),
    }
    return faded(sound * shapes[form], 0.003, 0.03)


def _thuds(rng: Rng, kind: str) -> Sound:
    """One to three thuds of a kind."""
    count, length_s, gap = int(rng.integers(1, 4)), rng.uniform(0.06, 0.14), rng.uniform(0.15, 0.22)
    t, hertz = seconds(length_s), rng.uniform(80, 220)
    sound = np.zeros(round((gap * (count - 1) + length_s) * RATE) + 1)
    for k in range(count):
        one = {
            "sine": np.sin(2 * np.pi * hertz * t),
            "falling": tone(length_s, hertz * (0.5 + np.exp(-30 * t))),
            "noise": band(noise(rng, length_s)[: len(t)], 60, 320),
            "brown": sosfilt(butter(4, 350, fs=RATE, output="sos"), noise(rng, length_s)[: len(t)]),
            "wood": tone(length_s, hertz, np.array([1, 0.5, 0.3])),
            "two": np.sin(2 * np.pi * hertz * t) + 0.6 * np.sin(2 * np.pi * 1.6 * hertz * t),
        }[kind]
        mix(sound, faded(one * np.exp(-5.5 / length_s * t), 0.002, 0.01), k * gap)
    return sound


def _wailing(rng: Rng, kind: str, way: str) -> Sound:
    """A wave form that glides by a sine, a triangle, or up slowly and down quickly."""
    length_s = rng.uniform(1.0, 2.5)
    cycle = (seconds(length_s) * rng.uniform(max(0.5, 1.0 / length_s), 2.0)) % 1.0
    slow = np.where(cycle < 0.7, cycle / 0.7, (1 - cycle) / 0.3)
    wave = {
        "sine": 0.5 + 0.5 * np.sin(2 * np.pi * cycle),
        "triangle": 1 - np.abs(2 * cycle - 1),
        "slow": slow,
    }[way]
    low = rng.uniform(400, 800)
    return faded(_pulse(length_s, low + low * rng.uniform(0.35, 0.9) * wave, kind), 0.02, 0.03)


def _humming(rng: Rng, kind: str, hiss: float, slope: float, depth: float) -> Sound:
    """A low wave form, with `hiss` of its level as noise, that beats by `depth`."""
    length_s, hertz = rng.uniform(1.0, 2.5), rng.uniform(70, 150)
    hum = _pulse(length_s, hertz, kind)
    rough = noise(rng, length_s, slope)[: len(hum)]
    beat = 1 + depth * np.sin(2 * np.pi * rng.uniform(8, 16) * seconds(length_s))
    return faded((hum / np.std(hum) + hiss * rough) * beat, 0.03, 0.05)


def _beeped(rng: Rng, kind: str, ramp_s: float) -> Sound:
    """A wave form switched on and off."""
    period = rng.uniform(0.2, 0.45)
    one = _pulse(period * rng.uniform(0.4, 0.65), rng.uniform(700, 2400), kind)
    count = max(3, round(rng.uniform(1.0, 2.0) / period))
    sound = np.zeros(round(period * count * RATE))
    for k in range(count):
        mix(sound, faded(one, ramp_s, ramp_s), k * period)
    return sound


RECIPES: dict[str, tuple[Callable[[Rng], Sound], ...]] = {
    "bell": (
        lambda r: _rung(r, (1.0,), 0, 0, 0.004),
        lambda r: _rung(r, (1, 2, 3, 4.2, 5.4), 1, 0.5, 0.004),
        lambda r: _rung(r, (1, 2.76, 5.4), 0.5, 0.3, 0.001),
        lambda r: _rung(r, (1, 2, 3, 4), 1, 0, 0.012),
        lambda r: _rung(r, (0.56, 0.92, 1.19, 1.71, 2, 2.74, 3.76), 0.3, 0.8, 0.002),
        lambda r: _rung(r, (1, 1.006, 2.4, 2.41), 0.5, 0.3, 0.002),
        lambda r: _fm_bell(r, 1.4, 2.0),
        lambda r: _fm_bell(r, 3.5, 1.0),
    ),
    "crash": (
        lambda r: _burst(r, 0, None, "exponential"),
        lambda r: _burst(r, 3, None, "exponential"),
        lambda r: _burst(r, 6, None, "exponential"),
        lambda r: _burst(r, 0, (500, 6000), "gentle"),
        lambda r: _burst(r, 0, (1500, 7500), "exponential"),
        lambda r: _burst(r, 3, (200, 5000), "linear"),
        lambda r: _burst(r, 0, None, "square"),
        lambda r: _burst(r, 0, None, "two"),
    ),
    "knock": tuple(
        lambda r, k=kind: _thuds(r, k)  # type: ignore[misc]
        for kind in ("sine", "falling", "noise", "brown", "wood", "two")
    ),
    "siren": tuple(
        lambda r, k=kind, w=way: _wailing(r, k, w)  # type: ignore[misc]
        for kind, way in (
            ("sine", "sine"),
            ("square", "triangle"),
            ("saw", "sine"),
            ("triangle", "slow"),
            ("fm", "sine"),
            ("saw", "slow"),
            ("pulse", "triangle"),
        )
    ),
    "whirring": (
        lambda r: _humming(r, "saw", 0.02, 0, 0),
        lambda r: _humming(r, "saw", 0.1, 3, 0.3),
        lambda r: _humming(r, "square", 0.05, 3, 0),
        lambda r: _humming(r, "pulse", 0.02, 0, 0.5),
        lambda r: _humming(r, "pulse", 0.2, 6, 0),
        lambda r: _humming(r, "saw", 0.0, 0, 0.2),
        lambda r: _humming(r, "saw", 0.5, 6, 0.4),
    ),
    "beeping": tuple(
        lambda r, k=kind, s=ramp: _beeped(r, k, s)  # type: ignore[misc]
        for kind, ramp in (
            ("sine", 0.005),
            ("square", 0.002),
            ("triangle", 0.02),
            ("saw", 0.005),
            ("fm", 0.01),
            ("chord", 0.005),
            ("trembling", 0.005),
        )
    ),
}
"""What others might write for the same names; each entry varies by the draw."""
