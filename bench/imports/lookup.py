"""Media files found by name: a folder is listed once, then asked by path, file name or stem."""

import os
from collections import defaultdict
from pathlib import Path, PurePosixPath

from aurelia.bench.imports.rows import Media
from aurelia.errors import InputError

PICTURE = (".mp4", ".webm", ".mkv", ".mov", ".m4v", ".avi", ".flv", ".mpg", ".mpeg", ".ts", ".3gp")
SOUND = (".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".aiff")
_AROUND = ("{}", "v_{}", "{}_video", "video_{}", "video{}")
_AROUND_SOUND = ("{}", "{}_audio", "audio_{}")


class MediaIndex:
    """The media below a folder.

    A name is looked for as a path below the folder, then as a file name, then as a stem with any
    known ending, as the authors spell it before other spellings (case; zeros before a number;
    `v_…`, `…_video`). Where several folders hold the same name the answer would be a guess, so
    there is none.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            what = "a file" if folder.is_file() else "missing"
            raise InputError(f"{folder} is {what}; give the folder that holds the clips.")
        self.folder = folder
        self.count = 0
        self._paths: dict[str, Path] = {}
        self._names: dict[str, list[Path]] = defaultdict(list)
        self._stems: dict[str, list[Path]] = defaultdict(list)
        self._loose: dict[str, list[Path]] = defaultdict(list)
        self._list()

    def _list(self) -> None:
        entered: set[str] = set()
        for root, folders, files in os.walk(self.folder, followlinks=True):
            real = os.path.realpath(root)
            if real in entered:  # a link that leads back
                folders.clear()
                continue
            entered.add(real)
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for name in sorted(files):
                path = Path(root, name)
                if not name.startswith(".") and path.suffix.lower() in PICTURE + SOUND:
                    self._add(path)

    def _add(self, path: Path) -> None:
        self.count += 1
        self._paths[path.relative_to(self.folder).as_posix()] = path
        self._names[path.name].append(path)
        self._stems[path.stem].append(path)
        self._loose[_loose(path.stem)].append(path)

    def find(self, media: Media) -> Path:
        """The file of a medium.

        Raises:
            InputError: there is none, there are several, or it is empty.
        """
        for name in media.names:
            found = self._find(name, media.sound)
            if found is None:
                continue
            try:
                size = found.stat().st_size
            except OSError as error:  # a link that leads nowhere
                raise InputError(f"{found} can't be read: {error.strerror or error}") from None
            if size == 0:
                raise InputError(f"{found} is empty (0 bytes)")
            return found
        what = "sound" if media.sound else "clip"
        named = " or ".join(repr(name) for name in media.names)
        raise InputError(f"there is no {what} {named} in {self.folder}")

    def _find(self, name: str, sound: bool) -> Path | None:
        plain = PurePosixPath(name.replace("\\", "/").lstrip("/"))
        known = plain.suffix.lower() in PICTURE + SOUND
        parts = plain.parts
        for start in range(len(parts)):  # `data/audio/1.wav` may lie below as `audio/1.wav`
            exact = self._paths.get("/".join(parts[start:]))
            if exact:
                return exact
        if known and plain.name in self._names:
            return self._only(self._names[plain.name], name)
        stem = plain.stem if known else plain.name
        endings = SOUND if sound else (*PICTURE, *SOUND)
        around = [p.format(stem) for p in (_AROUND_SOUND if sound else _AROUND)]
        for index, spelt in (
            *((self._stems, way) for way in around),
            *((self._loose, _loose(way)) for way in around),
        ):
            fitting = [p for p in index.get(spelt, ()) if p.suffix.lower() in endings]
            if fitting:
                best = min(endings.index(p.suffix.lower()) for p in fitting)
                return self._only([p for p in fitting if p.suffix.lower() == endings[best]], name)
        return None

    def _only(self, paths: list[Path], name: str) -> Path:
        if len(paths) > 1:
            shown = ", ".join(str(p.relative_to(self.folder)) for p in paths[:3])
            raise InputError(f"{name!r} may be any of {shown}; give a narrower folder")
        return paths[0]


def _loose(stem: str) -> str:
    """A spelling without case, and without zeros before a number."""
    return (stem.lstrip("0") or "0") if stem.isdigit() else stem.casefold()
