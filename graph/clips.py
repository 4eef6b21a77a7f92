"""Which clips a language model may name, and what it gets for a name."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from aurelia.errors import ConfigurationError, InputError, MediaError
from aurelia.media.roots import Reach, admit, within
from aurelia.types.clip import Clip

ClipSource = Clip | str | Path | Mapping[str, Any]
"""A clip: opened, a path, or an object with `path` and, as wanted, a window or other sound."""

ClipsOf = Callable[[Any], Mapping[str, ClipSource]]

_SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".wav", ".mp3", ".m4a", ".flac"}
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A clip that was named: what to open, and within which limits."""

    name: str
    source: dict[str, Any]
    reach: Reach | None = None

    @contextmanager
    def limits(self) -> Iterator[None]:
        """Read nothing but what the name allows, meanwhile."""
        if self.reach is None:  # the embedder's own clip; limits that are in force stay so
            yield
        else:
            with within(self.reach):
                yield


@dataclass(frozen=True, slots=True)
class Choice:
    """What a model may choose from.

    Attributes:
        clips: by name; or a function that gives them when the tool is called.
        roots: absolute directories; a path below one of them is a name, too.
    """

    clips: Mapping[str, ClipSource] | ClipsOf
    roots: tuple[str, ...] = ()

    @property
    def only(self) -> str | None:
        """The name of the only clip there is."""
        known = isinstance(self.clips, Mapping) and not self.roots
        return next(iter(self.clips)) if known and len(self.clips) == 1 else None  # type: ignore[arg-type]

    def annotation(self) -> Any:
        """The type of the argument: one of the names, where they are all known."""
        if isinstance(self.clips, Mapping) and not self.roots:
            return Literal[tuple(self.clips)]
        return str

    def field(self) -> Any:
        """The argument's default and description."""
        if self.roots:
            words = "Which clip: a file's path, relative to the folder that clips are in"
            if self.clips and isinstance(self.clips, Mapping):
                words += f"; or one of: {', '.join(self.clips)}"
        else:
            words = "Which clip, by its name"
        return (
            Field(default=self.only, description=f"{words}.")
            if self.only
            else Field(description=f"{words}.")
        )

    def named(self, name: str, runtime: Any = None) -> Named:
        """What a name stands for. Looks at files: in async code, call it in a thread.

        Raises:
            InputError: it stands for nothing; says what there is.
        """
        clips = self.clips if isinstance(self.clips, Mapping) else self.clips(runtime)
        if name in clips:
            return Named(name, _source(clips[name]))
        known = [*clips, *_files(self.roots)]
        there = (
            f"there are: {', '.join(known[:_MOST_NAMES])}{', …' * (len(known) > _MOST_NAMES)}"
            if known
            else "there are none"
        )
        reach = Reach(roots=self.roots)
        try:
            path = admit(name, "clip", reach) if self.roots else None
        except MediaError:
            path = None
        if path is None or not Path(path).is_file():
            raise InputError(f"There is no clip {name!r}; {there}.")
        return Named(name, {"path": path}, reach)


def choice(clips: Mapping[str, ClipSource] | ClipsOf | None, roots: Sequence[str | Path]) -> Choice:
    """What a model may choose from.

    Raises:
        ConfigurationError: nothing; or a root isn't a directory.
    """
    if not clips and not roots:
        raise ConfigurationError(
            "as_tool needs clips={name: clip}, or roots=[directory]; a model may name no others."
        )
    for root in roots:
        if not Path(root).is_dir():
            raise ConfigurationError(f"{root} is not a directory that clips could be read from.")
    return Choice(clips or {}, tuple(str(Path(root).absolute()) for root in roots))


def _source(clip: ClipSource) -> dict[str, Any]:
    """A clip as keywords of `open_clip`."""
    if isinstance(clip, Clip):
        tracks = {track.label: track.path for track in clip.candidates}
        return {
            **clip.model_dump(include={"path", "audio", "start_s", "end_s"}),
            "candidates": tracks or None,
        }
    return dict(clip) if isinstance(clip, Mapping) else {"path": str(clip)}


def _files(roots: Sequence[str]) -> list[str]:
    """Media right below the roots."""
    return sorted(
        entry.name
        for root in roots
        for entry in os.scandir(root)
        if Path(entry.name).suffix.lower() in _SUFFIXES and entry.is_file()
    )
