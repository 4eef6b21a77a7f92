"""Clips with known cuts and events, rendered for `benchmarks/media.py`.

Each clip shows textured scenes under a slow pan with sensor noise and a box that never rests,
over a bed of noise and chords with weak sounds that belong to nothing visible. An *event* is
something that appears for about half a second (a disc, a square, or a lighter picture) together
with a sound that sets in. Truth comes from the script of the clip, not from any detector.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

FPS = 25
RATE = 32_000
_MARGIN = 96  # pixels of scene around the picture, for the pan


@dataclass(frozen=True)
class Event:
    """Something that is seen and heard at once; visible from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    kind: int


@dataclass(frozen=True)
class Script:
    """A clip's plan: what happens when. Times in seconds."""

    seed: int
    duration_s: float
    height: int
    shots: tuple[tuple[float, float], ...]
    events: tuple[Event, ...]
    distractions: tuple[float, ...]

    @property
    def width(self) -> int:
        """Pixels, 16:9."""
        return self.height * 16 // 9

    @property
    def name(self) -> str:
        """File name."""
        return f"clip-{self.duration_s:g}s-{self.height}p-{self.seed}.mp4"


def write_script(
    seed: int, duration_s: float, height: int, shots: int, events: int, distractions: int
) -> Script:
    """Draw times for cuts, events and sounds without a picture; all well apart."""
    random = np.random.default_rng(seed)
    least = 0.12 * duration_s
    while True:
        cuts = np.sort(random.uniform(least, duration_s - least, shots - 1))
        edges = [0.0, *cuts.tolist(), duration_s]
        if min(np.diff(edges)) < least:
            continue
        starts = np.sort(random.uniform(0.3, duration_s - 1.0, events))
        near = np.abs(starts[:, None] - np.array([*cuts, -9.0])[None, :]).min()
        if near > 0.8 and (events < 2 or np.diff(starts).min() > 1.0):
            break
    frame = 1 / FPS
    cut_frames = [round(c * FPS) * frame for c in cuts]
    bounds = [0.0, *cut_frames, duration_s]
    made = []
    for start in starts:
        begin = round(start * FPS) * frame
        made.append(Event(begin, begin + float(random.uniform(0.4, 0.7)), int(random.integers(3))))
    lone: list[float] = []
    while len(lone) < distractions:
        time = float(random.uniform(0.3, duration_s - 0.5))
        if min(abs(time - t) for t in [*starts, *lone, 1e9]) > 0.6:
            lone.append(time)
    pairs = tuple(pairwise(bounds))
    return Script(seed, duration_s, height, pairs, tuple(made), tuple(sorted(lone)))


def render(script: Script, directory: Path) -> Path:
    """Render a clip as H.264 and AAC, unless it is there already."""
    path = directory / script.name
    if path.exists():
        return path
    scratch = path.with_suffix(".part.mp4")
    with av.open(str(scratch), "w", format="mp4") as container:
        video: Any = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = script.width, script.height, "yuv420p"
        video.options = {"preset": "veryfast", "crf": "23"}
        audio: Any = container.add_stream("aac", rate=RATE, layout="mono")
        for index, planes in enumerate(_pictures(script)):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        sound = _sound(script)
        for start in range(0, len(sound), 1024):
            piece = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(sound[None, start : start + 1024]),
                format="fltp",
                layout="mono",
            )
            piece.sample_rate, piece.pts, piece.time_base = RATE, start, Fraction(1, RATE)
            container.mux(audio.encode(piece))
        container.mux(audio.encode())
    scratch.replace(path)
    return path


def truth(script: Script) -> dict[str, Any]:
    """The script as plain JSON."""
    return asdict(script)


def _texture(random: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """Smooth random relief at several scales, about -1 to 1."""
    relief = np.zeros((height, width), np.float32)
    for cells, strength in ((3, 0.5), (9, 0.3), (30, 0.2)):
        coarse = random.uniform(-1, 1, (cells, cells * 2)).astype(np.float32)
        rows = np.linspace(0, cells - 1.001, height)
        columns = np.linspace(0, 2 * cells - 1.001, width)
        low_r, low_c = rows.astype(int), columns.astype(int)
        part_r, part_c = (rows - low_r)[:, None], (columns - low_c)[None, :]
        high_r, high_c = np.minimum(low_r + 1, cells - 1), np.minimum(low_c + 1, 2 * cells - 1)
        top = coarse[np.ix_(low_r, low_c)] * (1 - part_c) + coarse[np.ix_(low_r, high_c)] * part_c
        low = coarse[np.ix_(high_r, low_c)] * (1 - part_c) + coarse[np.ix_(high_r, high_c)] * part_c
        relief += strength * (top * (1 - part_r) + low * part_r).astype(np.float32)
    return relief


def _pictures(script: Script) -> Iterator[NDArray[np.uint8]]:
    """Frames as planes of yuv420p, shape `(height * 3 / 2, width)`."""
    random = np.random.default_rng(script.seed + 1)
    height, width = script.height, script.width
    scenes = [_scene(random, height, width) for _ in script.shots]
    noise = [random.normal(0, 4, (height, width)).astype(np.int16) for _ in range(8)]
    rows, columns = np.ogrid[:height, :width]
    places = [random.uniform((0.25, 0.2), (0.75, 0.8)) for _ in script.events]
    shot = 0
    for index in range(round(script.duration_s * FPS)):
        time = index / FPS
        while time >= script.shots[shot][1] - 1e-6 and shot + 1 < len(script.shots):
            shot += 1
        luma, chroma, drift = scenes[shot]
        top = int(_MARGIN / 2 * (1 + np.sin(drift[0] * time))) // 2 * 2
        left = int(_MARGIN / 2 * (1 + np.sin(drift[1] * time + 1))) // 2 * 2
        picture = luma[top : top + height, left : left + width] + noise[index % 8]
        # the box that never rests
        x = int((0.5 + 0.4 * np.sin(0.9 * time + shot)) * 0.9 * width)
        y = int((0.5 + 0.3 * np.sin(0.7 * time)) * 0.8 * height)
        picture[y : y + height // 6, x : x + width // 12] += 50
        for event, (down, across) in zip(script.events, places, strict=True):
            if not event.start_s - 1e-6 <= time < event.end_s:
                continue
            if event.kind == 0:
                near = (rows - down * height) ** 2 + (columns - across * width) ** 2
                picture[near < (0.13 * height) ** 2] += 80
            elif event.kind == 1:
                y, x = int(down * height), int(across * width)
                picture[y - height // 9 : y + height // 9, x - height // 9 : x + height // 9] -= 70
            else:
                picture += 35
        planes = np.empty((height * 3 // 2, width), np.uint8)
        planes[:height] = np.clip(picture, 0, 255)
        t, lft = top // 2, left // 2
        for number, plane in enumerate(chroma):
            part = plane[t : t + height // 2, lft : lft + width // 2]
            begin = height + number * height // 4
            planes[begin : begin + height // 4] = part.reshape(height // 4, width)
        yield planes


def _scene(
    random: np.random.Generator, height: int, width: int
) -> tuple[NDArray[np.int16], list[NDArray[np.uint8]], NDArray[np.float64]]:
    """A scene larger than the picture: luma, two chroma planes, pan speeds in rad/s."""
    level, contrast = random.uniform(70, 170), random.uniform(50, 90)
    luma = level + contrast * _texture(random, height + _MARGIN, width + _MARGIN)
    size = ((height + _MARGIN) // 2, (width + _MARGIN) // 2)
    chroma = [
        (128 + random.uniform(-25, 25) + 20 * _texture(random, *size)).astype(np.uint8)
        for _ in range(2)
    ]
    return luma.astype(np.int16), chroma, random.uniform(0.15, 0.5, 2)


def _sound(script: Script) -> NDArray[np.float32]:
    random = np.random.default_rng(script.seed + 2)
    count = round(script.duration_s * RATE)
    times = np.arange(count) / RATE
    sound = 0.004 * random.standard_normal(count)
    for hertz in (110.0, 165.0, 220.0):
        swell = 1 + 0.5 * np.sin(2 * np.pi * random.uniform(0.1, 0.4) * times)
        sound += 0.01 * swell * np.sin(2 * np.pi * hertz * times)

    def burst(start: float, length: float, level: float) -> None:
        at, size = round(start * RATE), round(length * RATE)
        local = np.arange(min(size, count - at)) / RATE
        shape = np.minimum(local / 0.008, 1) * np.exp(-local * 5)
        hertz = random.uniform(400, 1800)
        tone = np.sin(2 * np.pi * hertz * local) + 0.4 * random.standard_normal(len(local))
        sound[at : at + len(local)] += level * shape * tone

    for event in script.events:
        burst(event.start_s, 0.6, random.uniform(0.15, 0.4))
    for time in script.distractions:
        burst(time, 0.4, random.uniform(0.03, 0.12))
    return np.clip(sound, -1, 1).astype(np.float32)
