"""The formats that can be imported, and which one a file is in."""

from typing import Any

from aurelia.bench.imports import (
    av_odyssey,
    avhbench,
    avsd,
    daily_omni,
    music_avqa,
    omnivideobench,
    table,
    valor32k,
    worldsense,
)
from aurelia.bench.imports.rows import Annotation, Format
from aurelia.bench.tasks import nearest
from aurelia.errors import InputError

FORMATS: dict[str, Format] = {
    found.name: found
    for found in (
        music_avqa.FORMAT,
        avsd.FORMAT,
        valor32k.FORMAT,
        av_odyssey.FORMAT,
        daily_omni.FORMAT,
        worldsense.FORMAT,
        omnivideobench.FORMAT,
        avhbench.FORMAT,
        table.CSV,
        table.JSONL,
    )
}


def format_named(name: str) -> Format:
    """A format by name.

    Raises:
        InputError: there is none of that name.
    """
    if name not in FORMATS:
        meant = nearest(name, list(FORMATS)).rstrip("?")
        raise InputError(f"There is no format {name!r}{meant}; there are: {', '.join(FORMATS)}.")
    return FORMATS[name]


def recognised(data: Any) -> Format | None:
    """The format whose shape data has; tables of one's own only where nothing else fits."""
    return next((found for found in FORMATS.values() if found.fits(data)), None)


def require(chosen: Format, annotation: Annotation) -> None:
    """Refuse a file of another data set.

    Raises:
        InputError: the file has another shape; says which importer would fit.
    """
    if chosen.fits(annotation.data):
        return
    other = recognised(annotation.data)
    if other:
        raise InputError(
            f"{annotation.path} is a file of {other.title}, not of {chosen.title}; import it with: "
            f"aurelia bench import {other.name}."
        )
    raise InputError(
        f"{annotation.path} is no file of {chosen.title}, nor of any data set known here: it needs "
        f"{chosen.needs}, and holds {_seen(annotation.data)}."
    )


def _seen(data: Any) -> str:
    if isinstance(data, list):
        first = data[0] if data else None
        if isinstance(first, dict):
            return f"items with {', '.join(n for n in list(first)[:8] if n[:2] != '__')}"
        return f"a list of {len(data)} items that are no objects" if data else "an empty list"
    if isinstance(data, dict):
        return f"an object with {', '.join(map(repr, list(data)[:8])) or 'nothing'}"
    return "a single value"
