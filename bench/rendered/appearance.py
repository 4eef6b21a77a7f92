"""What a set of appearances holds: the sounds, pictures and wordings that clips are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator
from PIL import Image

from aurelia.bench.rendered.canvas import RGB, Draw, Frame
from aurelia.bench.rendered.synth import Sound
from aurelia.media.labels.vocabulary import Brightness, Colour, FlagLayout, Path, SoundLabel

MakeSound = Callable[[Generator, float], Sound]
"""One event, lasting no longer than so many seconds; loudest 0.1 s at rms 0.1."""
Timbre = Callable[[float, float], Sound]
"""A note: frequency (hertz) and length (seconds) to sound."""


Light = Literal["dark", "middle", "light"]
"""How light a background is: middle, so that both black and white stand out."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A country's flag: stripes in reading order, or the field and its disc."""

    country: str
    continent: str
    layout: FlagLayout
    colours: tuple[Colour, ...]


@dataclass(frozen=True, slots=True)
class City:
    """A city that everybody can place."""

    name: str
    country: str
    continent: str


@dataclass(frozen=True, slots=True)
class Encoding:
    """How clips are encoded: x264 preset, bit rates (None: constant quality)."""

    preset: str
    clean: str | None
    noisy: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Questions and the words in them.

    Attributes:
        questions: category to at least four phrasings; `{sound}`, `{kind}` are filled in.
        sound_name: label to a noun phrase ("a bell").
        sound_happens: label to a clause ("a bell rings").
        crossing: path to a predicate of the visible object ("crosses to the right").
        order: two-place phrasings for object first and sound first: (`{seen}`, `{heard}`).
    """

    questions: Mapping[str, tuple[str, ...]]
    sound_name: Mapping[SoundLabel, str]
    sound_happens: Mapping[SoundLabel, str]
    crossing: Mapping[Path, str]
    order: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Appearance:
    """One set. Everything random is drawn from the generator that is handed in.

    Attributes:
        sounds: label to its maker.
        shades: colour to the shades that people call by its name.
        flag_shades: the same, of flags.
        object_shade: how much shapes darken towards the lower right, 0 to 1.
        ground: a background, as light as asked.
        letters: text and height of its capitals in pixels to a mask.
        instruments: silhouettes.
        timbres: makers of pitched instruments.
        percussion: maker of one unpitched instrument.
        figures: dancers: phase 0 to 1 and side (pixels) to a mask; same size at every phase.
        groove: dance track: beats per minute and length (seconds) to sound.
        mood_music: music of a mood and a length (seconds).
        scenery: a moving scene: clip time (seconds) to a frame.
        backing: noise for `noisy` clips, of a length (seconds); rms 1.
        cheerful, gloomy: captions of memes.
        captions_at: where captions of memes stand: the bar's middle, the outlined text's (0 to 1).
        boards: colours of signs and of the letters on them.
    """

    name: str
    sounds: Mapping[SoundLabel, MakeSound]
    shades: Mapping[Colour, tuple[RGB, ...]]
    flag_shades: Mapping[Colour, RGB]
    object_shade: float
    ground: Callable[[Generator, Light], Frame]
    letters: Callable[[Generator, str, int], Image.Image]
    instruments: tuple[Draw, ...]
    timbres: tuple[Callable[[Generator], Timbre], ...]
    percussion: Callable[[Generator], Callable[[], Sound]]
    figures: tuple[Callable[[float, int], Image.Image], ...]
    groove: Callable[[Generator, float, float], Sound]
    mood_music: Callable[[Generator, Brightness, float], Sound]
    scenery: Callable[[Generator], Callable[[float], Frame]]
    backing: Callable[[Generator, float], Sound]
    cheerful: tuple[str, ...]
    gloomy: tuple[str, ...]
    captions_at: tuple[float, float]
    boards: tuple[tuple[RGB, RGB], ...]
    flags: tuple[Flag, ...]
    cities: tuple[City, ...]
    wording: Wording
    encodings: tuple[Encoding, ...]
