"""Rendered scenes with known content, unlike those that the measurements were tuned on by hand.

Backgrounds are smooth random textures, checks or gradients, with sensor noise; what moves is an
object or the camera; sound is a tone, a noise burst, a chirp or speech-like, over silence or a
floor of noise.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aurelia.media.render import render_clip

RATE = 32_000
Span = tuple[float, float]


@dataclass(frozen=True)
class Scene:
    """What a rendered clip holds; times in seconds, levels in dBFS."""

    seed: int
    duration_s: float
    fps: int
    size: tuple[int, int]
    moves: tuple[Span, ...]
    camera: bool
    cuts: tuple[float, ...]
    noise: float
    sounds: tuple[Span, ...]
    level_db: float
    loudest: int
    floor_db: float | None
    timbre: str
    has_track: bool


def _spans(rng: np.random.Generator, count: int, duration: float) -> tuple[Span, ...]:
    """Stretches of at least 0.5 s, at least 0.7 s apart and away from both ends."""
    if not count:
        return ()
    slot = (duration - 0.6) / count
    spans = []
    for index in range(count):
        length = rng.uniform(0.5, max(0.55, slot - 0.9))
        start = 0.6 + index * slot + rng.uniform(0.0, max(0.01, slot - length - 0.75))
        spans.append((round(start, 2), round(start + length, 2)))
    return tuple(spans)


def scene(seed: int) -> Scene:
    """A scene; the same for the same seed."""
    rng = np.random.default_rng(seed)
    duration = float(rng.choice([4.0, 5.0, 6.5, 8.0]))
    most = 1 if duration < 5 else 2 if duration < 8 else 3
    cut_count = int(rng.choice([0, 0, 1, 2, 3]))
    cuts = np.round(np.sort(rng.uniform(0.8, duration - 0.8, cut_count)), 2)
    if cut_count > 1 and np.diff(cuts).min() < 0.7:
        cuts = np.round(np.linspace(0.9, duration - 0.9, cut_count), 2)
    sounds = _spans(rng, int(rng.integers(0 if seed % 7 == 3 else 1, most + 1)), duration)
    return Scene(
        seed=seed,
        duration_s=duration,
        fps=int(rng.choice([24, 25, 30])),
        size=[(180, 320), (240, 426), (360, 640)][int(rng.integers(0, 3))],
        moves=_spans(rng, int(rng.integers(0 if seed % 6 == 2 else 1, most + 1)), duration),
        camera=bool(rng.random() < 0.3),
        cuts=tuple(float(c) for c in cuts),
        noise=float(rng.choice([0.0, 2.0, 5.0])),
        sounds=sounds,
        level_db=float(rng.uniform(-32, -10)),
        loudest=int(rng.integers(0, max(1, len(sounds)))),
        floor_db=[None, None, -85.0][int(rng.integers(0, 3))],
        timbre=str(rng.choice(["tone", "burst", "chirp", "speech"])),
        has_track=seed % 10 != 9,
    )


def _texture(rng: np.random.Generator, height: int, width: int, kind: int) -> NDArray[np.float64]:
    """A still picture, `(height, width, 3)`, wide enough to pan over."""
    base, span = rng.uniform(40, 190), rng.uniform(25, 60)
    rows, columns = np.mgrid[:height, :width]
    if kind == 0:  # smooth noise: a few octaves
        field = np.zeros((height, width))
        for octave in (4, 8, 16, 32):
            small = rng.standard_normal((octave, 2 * octave))
            y = np.linspace(0, octave - 1.001, height)
            x = np.linspace(0, 2 * octave - 1.001, width)
            iy, ix = y.astype(int)[:, None], x.astype(int)[None]
            fy, fx = (y % 1)[:, None], (x % 1)[None]
            jy, jx = np.minimum(iy + 1, octave - 1), np.minimum(ix + 1, 2 * octave - 1)
            top = small[iy, ix] * (1 - fx) + small[iy, jx] * fx
            low = small[jy, ix] * (1 - fx) + small[jy, jx] * fx
            field += (top * (1 - fy) + low * fy) / octave**0.5
        field /= field.std()
    elif kind == 1:
        field = ((rows // 24 + columns // 40) % 2) * 2.0 - 1
    else:
        field = 2 * columns / width - 1
    tint = rng.uniform(0.8, 1.2, 3)
    return np.clip((base + span * field)[..., None] * tint, 0, 255)


def rendered_sound(plan: Scene) -> NDArray[np.float64]:
    """The sound of a scene, mono at `RATE`."""
    rng = np.random.default_rng(plan.seed + 1)
    count = round(plan.duration_s * RATE)
    times = np.arange(count) / RATE
    sound = np.zeros(count)
    for index, (start, end) in enumerate(plan.sounds):
        gain = 10 ** ((plan.level_db + (6 if index == plan.loudest else 0)) / 20)
        inside = np.clip(np.minimum(times - start, end - times) / 0.01, 0, 1)
        hertz = rng.uniform(180, 1500)
        wave = {
            "tone": np.sin(2 * np.pi * hertz * times) * 1.41,
            "burst": rng.standard_normal(count),
            "chirp": np.sin(2 * np.pi * (hertz * (times - start) + 300 * (times - start) ** 2))
            * 1.41,
            "speech": (0.35 + np.abs(np.sin(2 * np.pi * 2.3 * (times - start))))
            * np.sign(np.sin(2 * np.pi * 140 * times)),
        }[plan.timbre]
        sound += gain * inside * wave
    if plan.floor_db is not None:
        sound += 10 ** (plan.floor_db / 20) * rng.standard_normal(count)
    return np.clip(sound, -1, 1)


def render(plan: Scene, path: Path) -> Path:
    """Render a scene once."""
    if path.exists():
        return path
    height, width = plan.size
    rng = np.random.default_rng(plan.seed + 2)
    kinds = rng.permutation(3)
    if plan.camera:  # panning over a plain gradient looks like a change of light, to anyone
        kinds = np.where(kinds == 2, 0, kinds)
    shots = [
        _texture(rng, height, width + width // 2, int(kinds[i % 3]))
        for i in range(len(plan.cuts) + 1)
    ]
    for first, second in itertools.pairwise(shots):  # a cut that no eye would miss
        if abs(first.mean() - second.mean()) < 30:
            second[:] = 255 - second
    colour = rng.uniform(0, 255, 3)
    rows, columns = np.ogrid[:height, :width]

    def frame_at(time: float) -> NDArray[np.uint8]:
        shot = shots[sum(time >= c - 1e-6 for c in plan.cuts)]
        way = sum(min(1.0, max(0.0, (time - a) / (b - a))) for a, b in plan.moves)
        reach = way % 2.0
        share = reach if reach <= 1 else 2 - reach
        pan = round(share * width / 3) if plan.camera else 0
        frame = shot[:, pan : pan + width].copy()
        if not plan.camera:
            x, y, r = (0.2 + 0.6 * share) * width, 0.55 * height, 0.09 * height + 6
            disc = (columns - x) ** 2 + (rows - y) ** 2 <= r * r
            far = np.where(np.abs(frame[disc].mean() - colour.mean()) < 50, 128, 0)
            frame[disc] = (colour + far) % 256
        if plan.noise:
            tick = np.random.default_rng((plan.seed, round(time * plan.fps)))
            frame = frame + plan.noise * tick.standard_normal(frame.shape)
        return np.clip(frame, 0, 255).astype(np.uint8)

    sound = rendered_sound(plan) if plan.has_track else None
    return render_clip(path, frame_at, plan.duration_s, plan.fps, sound, RATE, preset="ultrafast")
