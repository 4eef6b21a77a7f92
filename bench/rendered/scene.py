"""What a family hands to the renderer, and how it builds one: objects, events, options."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from aurelia.bench.rendered.appearance import Appearance
from aurelia.bench.rendered.canvas import (
    HEIGHT,
    WIDTH,
    Frame,
    Sprite,
    paste,
    shape_mask,
    sprite,
)
from aurelia.bench.rendered.synth import Sound, audible_s, put, times
from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import SHAPES, Colour, Path, Shape, SoundLabel

BRIGHT_COLOURS: tuple[Colour, ...] = (
    "red", "orange", "yellow", "green", "blue", "purple", "white",
)  # fmt: skip
PATHS_ACROSS: tuple[Path, ...] = ("left to right", "right to left", "downwards", "upwards")


@dataclass(frozen=True, slots=True)
class Brief:
    """What one clip is made from: the set, the random draws, its number, its difficulty."""

    look: Appearance
    draw: Generator
    number: int
    noisy: bool

    def question(self, category: str, **words: str) -> str:
        """One of the set's phrasings."""
        choices = self.look.wording.questions[category]
        return choices[int(self.draw.integers(len(choices)))].format(**words)


@dataclass(frozen=True, slots=True)
class Scene:
    """One clip before encoding. `sound` None: a silent video."""

    category: str
    question: str
    facts: list[Fact]
    length_s: float
    frame_at: Callable[[float], Frame]
    sound: Sound | None
    options: dict[str, str] | None = None
    answer: str = ""
    candidates: dict[str, Sound] = field(default_factory=dict)


def seconds(time: float) -> float:
    """A time on the grid of milliseconds, as facts state it."""
    return round(float(time), 3)


def lettered(
    options: Sequence[str], right: int, place: int, draw: Generator
) -> tuple[dict[str, str], str]:
    """The options in random order, but the right one at a given place; and its letter."""
    others = [text for number, text in enumerate(options) if number != right]
    mixed = [others[k] for k in draw.permutation(len(others))]
    mixed.insert(place % len(options), options[right])
    letters = "ABCDEFGH"[: len(mixed)]
    return dict(zip(letters, mixed, strict=True)), letters[place % len(options)]


def add_event(into: Sound, facts: list[Fact], label: SoundLabel, sound: Sound, at_s: float) -> Fact:
    """Put a sound event into a clip's sound and state it."""
    start = round(at_s, 2)
    put(into, sound, start)
    fact = Fact(
        kind="event.heard",
        modality="audio",
        value=label,
        start_s=seconds(start),
        end_s=seconds(min(start + audible_s(sound), len(into) / len(times(1.0)))),
    )
    facts.append(fact)
    return fact


@dataclass(frozen=True, slots=True)
class Mover:
    """A shape that moves once in a straight line at constant speed.

    Attributes:
        waits: it stands still before and after; otherwise it enters and leaves the picture.
    """

    colour: Colour
    shape: Shape
    path: Path
    start_s: float
    end_s: float
    first: tuple[float, float]
    last: tuple[float, float]
    waits: bool
    what: Sprite

    @property
    def name(self) -> str:
        return f"{self.colour} {self.shape}"

    def fact(self) -> Fact:
        return Fact(
            kind="object.moves",
            modality="visual",
            value=self.name,
            other=self.path,
            start_s=seconds(self.start_s),
            end_s=seconds(self.end_s),
        )

    def draw_on(self, frame: Frame, time: float) -> None:
        """Draw it where it is at a time, in place."""
        inside = self.start_s <= time <= self.end_s
        if not (inside or self.waits):
            return
        share = float(np.clip((time - self.start_s) / (self.end_s - self.start_s), 0, 1))
        x = self.first[0] + share * (self.last[0] - self.first[0])
        y = self.first[1] + share * (self.last[1] - self.first[1])
        paste(frame, self.what, x, y)


def draw_mover(
    brief: Brief,
    start_s: float,
    end_s: float,
    *,
    without: Sequence[Mover] = (),
    lane: float = 0.5,
    paths: Sequence[Path] = PATHS_ACROSS,
    waits: bool = False,
) -> Mover:
    """A shape of a random colour, form and path that no other mover has.

    Args:
        lane: where it travels, across its direction (0 to 1).
    """
    draw, look = brief.draw, brief.look
    colours = [c for c in BRIGHT_COLOURS if c not in [m.colour for m in without]]
    colour = colours[int(draw.integers(len(colours)))]
    shape = SHAPES[int(draw.integers(len(SHAPES)))]
    path = paths[int(draw.integers(len(paths)))]
    shades = look.shades[colour]
    side = int(draw.integers(38, 54))
    what = sprite(shape_mask(shape, side), shades[int(draw.integers(len(shades)))],
                  look.object_shade)  # fmt: skip
    sideways = path in ("left to right", "right to left")
    length, width = (WIDTH, HEIGHT) if sideways else (HEIGHT, WIDTH)
    edge = side / 2 + 14 if waits else -side / 2
    ends = (edge, length - edge)
    if path in ("right to left", "upwards"):
        ends = (ends[1], ends[0])
    across = lane * width + float(draw.uniform(-10, 10))
    slant = float(draw.uniform(-8, 8))
    start, end = round(start_s, 2), round(end_s, 2)
    if sideways:
        return Mover(colour, shape, path, start, end, (ends[0], across),
                     (ends[1], across + slant), waits, what)  # fmt: skip
    return Mover(colour, shape, path, start, end, (across, ends[0]),
                 (across + slant, ends[1]), waits, what)  # fmt: skip


def moving_scene(ground: Frame, movers: Sequence[Mover]) -> Callable[[float], Frame]:
    """Frames of shapes that move before a still ground."""

    def frame_at(time: float) -> Frame:
        frame = ground.copy()
        for mover in movers:
            mover.draw_on(frame, time)
        return frame

    return frame_at
