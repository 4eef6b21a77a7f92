"""What the critic names by eye, by methods of its own on pictures of another size and rate."""

from functools import lru_cache

from aurelia.media.labels import objects_again as _objects
from aurelia.media.labels.film import Film, film_of
from aurelia.media.labels.flags_again import flags_shown_again
from aurelia.media.labels.objects_again import moving_objects_again
from aurelia.media.labels.pace_again import picture_pace_again
from aurelia.media.labels.seen_types import FlagSeen, MovingObject, Pace, Shown, TextSeen, joined
from aurelia.media.labels.shown_again import things_shown_again
from aurelia.media.labels.text_again import text_shown_again
from aurelia.media.recheck import see_again
from aurelia.types.clip import Clip


def _film(clip: Clip) -> Film | None:
    return film_of(clip, _objects.WIDTH, _objects.FPS)


def _cuts(clip: Clip) -> tuple[float, ...]:
    seen = see_again(clip)
    return tuple(time for time, _ in seen.cuts) if seen else ()


@lru_cache(maxsize=64)
def objects(clip: Clip) -> tuple[MovingObject, ...] | None:
    """Regions that move; None without a picture, or where the window is too long."""
    film = _film(clip)
    return moving_objects_again(film) if film else None


@lru_cache(maxsize=64)
def shown(clip: Clip) -> Shown | None:
    """How many things stand before a plain background; None where it is not plain."""
    film = _film(clip)
    return things_shown_again(film) if film else None


@lru_cache(maxsize=64)
def pace(clip: Clip) -> Pace | None:
    """How often the movement repeats; None where nothing does."""
    film = _film(clip)
    return picture_pace_again(film) if film else None


@lru_cache(maxsize=64)
def flags(clip: Clip) -> tuple[FlagSeen, ...]:
    """The flag of each shot that shows one."""
    film = _film(clip)
    return joined(flags_shown_again(film, _cuts(clip))) if film else ()


@lru_cache(maxsize=64)
def texts(clip: Clip) -> tuple[TextSeen, ...]:
    """Text on screen, shot by shot; the same recogniser as the actor's, on another picture.

    Raises:
        MissingExtra: the `ocr` extra is not installed.
    """
    return joined(text_shown_again(clip, _cuts(clip)))
