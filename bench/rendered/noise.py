"""What spoils a clip: sensor noise, a shaking camera, grey leaves that drift, rustles, hiss."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import ImageDraw

from aurelia.bench.rendered.canvas import FPS, HEIGHT, WIDTH, Frame, paste, silhouette, sprite
from aurelia.bench.rendered.synth import Sound, band_noise, envelope, put, times

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
        spoilt = frame.copy()  # the uncovered rim keeps what was there
        spoilt[max(0, -dy) : HEIGHT - max(0, dy), max(0, -dx) : WIDTH - max(0, dx)] = frame[
            max(0, dy) : HEIGHT + min(0, dy), max(0, dx) : WIDTH + min(0, dx)
        ]
        return spoilt

    return moved


def littered(
    frame_at: Callable[[float], Frame], draw: Generator, length_s: float
) -> Callable[[float], Frame]:
    """The same frames with one or two small grey leaves that drift by at any time.

    They have no colour of the vocabulary, so that they are no object that a fact could name.
    """
    leaves = []
    for _ in range(int(draw.integers(1, 3))):
        grey = int(draw.integers(84, 110))
        leaf = sprite(silhouette(_leaf, int(draw.integers(12, 17))), (grey, grey, grey))
        begins, speed = (
            draw.uniform(-1.0, 0.7 * length_s),
            draw.choice([-1, 1]) * draw.uniform(55, 90),
        )
        leaves.append((leaf, begins, speed, draw.uniform(20, HEIGHT - 20), draw.uniform(0, 6)))

    def with_leaves(time: float) -> Frame:
        frame = frame_at(time)
        for leaf, begins, speed, level, start in leaves:
            gone = speed * (time - begins)
            x = -20 + gone if speed > 0 else WIDTH + 20 + gone
            if time >= begins:
                paste(frame, leaf, x, level + 8 * np.sin(3 * time + start))
        return frame

    return with_leaves


def _leaf(pen: ImageDraw.ImageDraw, size: float) -> None:
    pen.ellipse((0.05 * size, 0.32 * size, 0.95 * size, 0.68 * size), fill=255)
    pen.line((0.5 * size, 0.5 * size, size, 0.85 * size), fill=255, width=int(0.1 * size))


def rustle(sound: Sound, draw: Generator, length_s: float) -> None:
    """Add a soft rustle that swells and ebbs, at any time, in place: too slow for a crash."""
    lasting = draw.uniform(0.7, 1.2)
    swell = np.sin(np.pi * times(lasting) / lasting) ** 2
    noise = band_noise(draw, lasting, 1500, 6000) * swell
    level = 0.1 * 10 ** (-draw.uniform(13, 17) / 20)
    put(sound, level * noise, draw.uniform(0.1, length_s - lasting - 0.1))


def behind(sound: Sound, noise: Sound, draw: Generator) -> Sound:
    """The sound with noise 12 to 18 dB below its loudest 0.1 s."""
    loudest = envelope(sound, 0.1).max()
    ratio = draw.uniform(12, 18)
    result: Sound = sound + noise[: len(sound)] * loudest * 10 ** (-ratio / 20)
    return result
