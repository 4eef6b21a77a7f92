"""What the actor names by eye: each measurement made once for a clip, and remembered."""

from functools import lru_cache

from aurelia.media.labels import objects as _objects
from aurelia.media.labels.film import Film, film_of
from aurelia.media.labels.flags import flags_shown
from aurelia.media.labels.objects import moving_objects
from aurelia.media.labels.pace import picture_pace
from aurelia.media.labels.seen_types import FlagSeen, MovingObject, Pace, Shown, TextSeen, joined
from aurelia.media.labels.shown import things_shown
from aurelia.media.labels.text import text_shown
from aurelia.media.measure import see
from aurelia.types.clip import Clip


def _film(clip: Clip) -> Film | None:
    return film_of(clip, _objects.WIDTH, _objects.FPS)


def cuts_of(clip: Clip) -> tuple[float, ...]:
    """Times of hard cuts."""
    seen = see(clip)
    return seen.cuts if seen else ()


@lru_cache(maxsize=64)
def objects(clip: Clip, look: int = 1) -> tuple[MovingObject, ...] | None:
    """Regions that move; None without a picture, or where the window is too long."""
    film = _film(clip)
    return moving_objects(film, look) if film else None


@lru_cache(maxsize=64)
def shown(clip: Clip) -> Shown | None:
    """How many things stand before a plain background; None where it is not plain."""
    film = _film(clip)
    return things_shown(film) if film else None


@lru_cache(maxsize=64)
def pace(clip: Clip) -> Pace | None:
    """How often the movement repeats; None where nothing does."""
    film = _film(clip)
    return picture_pace(film) if film else None


@lru_cache(maxsize=64)
def flags(clip: Clip) -> tuple[FlagSeen, ...]:
    """The flag of each shot that shows one."""
    film = _film(clip)
    return joined(flags_shown(film, cuts_of(clip))) if film else ()


@lru_cache(maxsize=64)
def texts(clip: Clip) -> tuple[TextSeen, ...]:
    """Text on screen, shot by shot.

    Raises:
        MissingExtra: the `ocr` extra is not installed.
    """
    return joined(text_shown(clip, cuts_of(clip)))
