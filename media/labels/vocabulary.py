"""The labels that measurement may give; whatever does not clear the bar of one stays unnamed."""

from typing import Literal, get_args

SoundLabel = Literal["bell", "crash", "knock", "siren", "whirring", "beeping"]
"""By how they sound: a struck tone that rings on, a burst of noise that dies away, a short low
thud, a tone that glides up and down, a steady rough hum, a tone that is switched on and off."""
Colour = Literal["red", "orange", "yellow", "green", "blue", "purple", "white", "black"]
Shape = Literal["ball", "square", "triangle"]
Path = Literal["left to right", "right to left", "downwards", "upwards", "about"]
FlagLayout = Literal["vertical", "horizontal", "disc"]
"""Stripes from left to right, stripes from top to bottom, a disc on a field."""
Brightness = Literal["bright", "dark"]
"""The mood of music."""

SOUND_LABELS: tuple[SoundLabel, ...] = get_args(SoundLabel)
COLOURS: tuple[Colour, ...] = get_args(Colour)
SHAPES: tuple[Shape, ...] = get_args(Shape)
PATHS: tuple[Path, ...] = get_args(Path)
