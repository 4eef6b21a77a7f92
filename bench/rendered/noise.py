"""What spoils a clip: sensor noise, a shaking camera, specks that drift, noise behind the sound."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from aurelia.bench.rendered.canvas import FPS, HEIGHT, WIDTH, Frame
from aurelia.bench.rendered.synth import Sound, envelope

_SPARE = 16
_FIELDS = 4


def grainy(
    frame_at: Callable[[float], Frame], draw: Generator, length_s: float, sigma: float
) -> Callable[[float], Frame]:
    """The same frames with sensor noise of this standard deviation (of 255)."""
    size = (_FIELDS, HEIGHT + _SPARE, WIDTH + _SPARE, 3)
    fields = np.round(draw.standard_normal(size, np.float32) * sigma).astype(np.int16)
    count = int(np.ceil(length_s * FPS)) + 1
    shifts = draw.integers(0, _SPARE, (count, 2))
    picks = draw.integers(0, _FIELDS, count)

    def noisy(time: float) -> Frame:
        index = min(round(time * FPS), count - 1)
        y, x = shifts[index]
        field = fields[picks[index], y : y + HEIGHT, x : x + WIDTH]
        spoilt: Frame = np.clip(frame_at(time) + field, 0, 255).astype(np.uint8)
        return spoilt

    return noisy


def shaken(
    frame_at: Callable[[float], Frame], draw: Generator, length_s: float, pixels: float = 2.0
) -> Callable[[float], Frame]:
    """The same frames through a camera that sways by up to so many pixels."""
    speeds, starts = draw.uniform(0.3, 1.1, (2, 2)), draw.uniform(0, 6, (2, 2))

    def moved(time: float) -> Frame:
        sway = np.sin(2 * np.pi * speeds * time + starts).mean(1) * pixels
        dy, dx = (round(float(v)) for v in sway)
        frame = frame_at(time)
        if not (dx or dy):
            return frame
        rows = np.clip(np.arange(HEIGHT) + dy, 0, HEIGHT - 1)
        columns = np.clip(np.arange(WIDTH) + dx, 0, WIDTH - 1)
        return frame[rows[:, None], columns]

    return moved


def behind(sound: Sound, noise: Sound, draw: Generator) -> Sound:
    """The sound with noise 12 to 18 dB below its loudest 0.1 s."""
    loudest = envelope(sound, 0.1).max()
    ratio = draw.uniform(12, 18)
    result: Sound = sound + noise[: len(sound)] * loudest * 10 ** (-ratio / 20)
    return result
