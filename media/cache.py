"""A directory of finished entries, named by content; several processes may fill it at once."""

import fcntl
import json
import os
import shutil
import tempfile
import time
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from aurelia.errors import MediaError
from aurelia.types.unchanged import Signature, settled, signature

_INDEX = "entry.json"
_MOST_KNOWN = 4096
_found_intact: dict[str, dict[str, Signature]] = {}
_ABANDONED_S = 3600.0  # a build that old was left behind by a process that ended


def entry_key(content: Any) -> str:
    """Identity of an entry: SHA-256 of the canonical JSON of what it is made from."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


class Lease:
    """Keeps an entry from being removed, in any process, until it is released or collected."""

    def __init__(self, directory: Path) -> None:
        # A shared lock on the entry's index: removing an entry takes the exclusive one.
        handle = os.open(directory / _INDEX, os.O_RDONLY)
        self.release = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)


@dataclass(frozen=True, slots=True)
class Cache:
    """Entries below `root`, together at most `max_bytes` large.

    Each entry is a directory with an `entry.json` that lists size and checksum of its files. It
    is built aside and moved into place whole; a damaged one is built again.
    """

    root: Path
    max_bytes: int

    def get(self, key: str, build: Callable[[Path], None]) -> tuple[Path, Lease]:
        """The entry of a key, built by `build(directory)` if it isn't there.

        Returns:
            Its directory, and a lease that keeps it there.

        Raises:
            MediaError: the cache directory can't be written.
        """
        place = self.root / key[:2] / key
        found = self._lease(place)
        if found is None:
            found = self._fill(place, build)
            self._evict(keep=place)
        return place, found

    def _lease(self, place: Path) -> Lease | None:
        """Take hold of an entry, if it is there and sound."""
        try:
            lease = Lease(place)
            if _intact(place):
                _stamp(place)
                return lease
        except OSError:
            return None
        lease.release()
        return None

    def _fill(self, place: Path, build: Callable[[Path], None]) -> Lease:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(dir=self.root, prefix=".build-"))
        except OSError as error:
            raise MediaError(
                f"The cache directory {str(self.root)!r} can't be written ({error.strerror}); "
                "set AURELIA_CACHE_DIR to one that can."
            ) from error
        try:
            build(scratch)
            _write_index(scratch)
            with self._lock():
                # Another process may have been first; its entry may be in use, so it stays.
                other = self._lease(place)
                if other is not None:
                    return other
                if place.exists():
                    shutil.rmtree(place)
                _stamp(scratch)
                scratch.replace(place)
                return Lease(place)
        except OSError as error:
            raise MediaError(
                f"Prepared media could not be stored in {str(self.root)!r} ({error.strerror}); "
                "free space there, or set AURELIA_CACHE_DIR to another place."
            ) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time moves or removes entries."""
        with (self.root / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _evict(self, keep: Path) -> None:
        """Remove entries that were not used for longest, until the rest fits."""
        with self._lock():
            entries = []
            for index in self.root.glob(f"??/*/{_INDEX}"):
                size = sum(f.stat().st_size for f in index.parent.iterdir())
                entries.append((index.stat().st_mtime_ns, index.parent, size))
            total = sum(size for _, _, size in entries)
            for _, directory, size in sorted(entries):
                if total <= self.max_bytes:
                    break
                if directory != keep and _remove_unused(directory):
                    total -= size
            for scratch in self.root.glob(".build-*"):
                if time.time() - scratch.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(scratch, ignore_errors=True)


def _stamp(directory: Path) -> None:
    """Note that an entry is used now; the file system's own clock may be too coarse."""
    now = time.time_ns()
    os.utime(directory / _INDEX, ns=(now, now))


def _remove_unused(directory: Path) -> bool:
    """Remove an entry unless someone holds a lease on it."""
    with (directory / _INDEX).open("rb") as index:
        try:
            fcntl.flock(index, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        shutil.rmtree(directory)
        return True


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def _write_index(directory: Path) -> None:
    files = {
        file.name: [file.stat().st_size, _checksum(file)] for file in sorted(directory.iterdir())
    }
    (directory / _INDEX).write_text(json.dumps(files))


def _intact(directory: Path) -> bool:
    """Whether all files of an entry are as they were written.

    Every call of a run asks: what this process has found intact is read again only where a file
    was touched since.
    """
    now, name, marks = time.time_ns(), str(directory), _marks(directory)
    if marks == _found_intact.get(name):
        return True
    if not _matches_index(directory):
        return False
    if all(settled(mark, now) for mark in marks.values()):
        if len(_found_intact) >= _MOST_KNOWN:
            _found_intact.clear()
        _found_intact[name] = marks
    return True


def _marks(directory: Path) -> dict[str, Signature]:
    """What tells whether a file was touched; of the index, which each use touches, its size."""
    with os.scandir(directory) as entries:
        found = {entry.name: signature(entry.stat()) for entry in entries}
    if _INDEX in found:
        found[_INDEX] = (*found[_INDEX][:2], 0, 0)
    return found


def _matches_index(directory: Path) -> bool:
    try:
        files = json.loads((directory / _INDEX).read_text())
    except ValueError:
        return False
    if not isinstance(files, dict):
        return False
    for name, expected in files.items():
        file = directory / name
        if not file.is_file() or [file.stat().st_size, _checksum(file)] != expected:
            return False
    return True
