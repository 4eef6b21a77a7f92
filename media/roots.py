"""Which files may be read: everything by default, and on a server what lies below its roots.

`within(reach)` sets the limits for a piece of work and for the threads it starts; `admit` turns a
path that a client named into one that may be read; `open_binary` is the door through which media
files are read, and holds the limits once more when it opens one.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from aurelia.errors import MediaError

_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+.,-]+:")
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_MOST_SHOWN = 200
"""Characters of a file's name that an error shows."""
_HAS_OPENAT = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be read.

    Attributes:
        roots: absolute directories below which clips are read.
        own: absolute directories that only AURELIA writes to, such as its cache.
        max_bytes: largest file.
    """

    roots: tuple[str, ...]
    own: tuple[str, ...] = ()
    max_bytes: int | None = None


_reach: ContextVar[Reach | None] = ContextVar("aurelia_reach", default=None)


@contextmanager
def within(reach: Reach | None) -> Iterator[None]:
    """Hold to `reach` meanwhile; None: anything may be read."""
    token = _reach.set(reach)
    try:
        yield
    finally:
        _reach.reset(token)


def is_bounded() -> bool:
    """Whether there are roots to hold to."""
    return _reach.get() is not None


def named(path: str | os.PathLike[str]) -> str:
    """A file as an error names it: in quotes, from its root on where there are roots, and no longer
    than a line or two. Where a server keeps its clips is no business of its clients.
    """
    text = os.fspath(path)
    reach = _reach.get()
    for root in (*reach.roots, *reach.own) if reach else ():
        for directory in (root, os.path.realpath(root)):
            if _is_below(text, [directory]):
                return quoted(os.path.relpath(text, directory))
    return quoted(text)


def quoted(text: str) -> str:
    """A name in quotes; of a long one, its beginning and its end."""
    if len(text) > _MOST_SHOWN:
        text = f"{text[: _MOST_SHOWN // 2]}…{text[-_MOST_SHOWN // 2 :]}"
    return ascii(text) if any(not letter.isprintable() for letter in text) else repr(text)


def admit(path: object, what: str, reach: Reach) -> str:
    """The real path of a file that a client named; it need not be there.

    A relative path is looked for below each root in turn. What lies elsewhere is refused in the
    same words whether it is there or not; outside the roots, nothing is looked at.

    Raises:
        MediaError: the path leads out of the roots, by itself or through links, names a protocol,
            or the file is too large.
    """
    if not isinstance(path, str) or not path.strip():
        raise MediaError(f"The path of the {what} must be a text that names a file.")
    if "\0" in path or any("\ud800" <= letter <= "\udfff" for letter in path):
        raise MediaError(f"The name of the {what}, {quoted(path)}, is no valid text.")
    if _PROTOCOL.match(path):
        own = "" if "://" in path else f"; a file of that name is written {f'./{path}'!r}"
        raise MediaError(
            f"The {what} {quoted(path)} names a protocol, not a file; give a file's path below the "
            f"directories that this server reads clips from{own}."
        )
    outside = MediaError(
        f"The {what} {quoted(path)} is not below a directory that this server reads clips from "
        "(AURELIA_MEDIA_ROOTS); give a file that is."
    )
    if ".." in re.split(r"[/\\]", path):
        raise outside
    directories = [*reach.roots, *reach.own]
    if Path(path).is_absolute():
        named = (
            [path] if _is_below(path, [*directories, *map(os.path.realpath, directories)]) else []
        )
    else:
        named = [os.path.join(root, path) for root in reach.roots]  # noqa: PTH118
    real = [os.path.realpath(name) for name in named]
    inside = [name for name in real if _is_below(name, map(os.path.realpath, directories))]
    if not inside:
        raise outside
    found = next((name for name in inside if os.path.lexists(name)), inside[0])
    _check_size(found, what, path, reach)
    return found


def open_binary(path: str | Path) -> BufferedReader:
    """A file opened for reading, below the roots where there are any.

    Below them no link is followed: what was admitted is a real path, and a link that stands in it
    by now was put there since.

    Raises:
        OSError: it can't be opened.
        MediaError: it is outside the roots, too large, or no regular file.
    """
    reach = _reach.get()
    if reach is None:
        return Path(path).open("rb")
    real = os.fspath(path)
    directories = [os.path.realpath(root) for root in (*reach.roots, *reach.own)]
    root = next((root for root in directories if _is_below(real, [root])), None)
    if root is None or os.path.normpath(real) != real:
        raise MediaError(
            f"{quoted(Path(path).name)} is outside the directories that clips are read from."
        )
    file = os.fdopen(_open_below(root, real), "rb")
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or (
        reach.max_bytes is not None and status.st_size > reach.max_bytes
    ):
        file.close()
        raise MediaError(
            f"{quoted(Path(path).name)} is no regular file, or larger than clips may be."
        )
    return file


def _open_below(root: str, path: str) -> int:
    if not _HAS_OPENAT:
        return os.open(path, _FLAGS)
    *folders, name = Path(path).relative_to(root).parts
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            below = os.open(folder, flags, dir_fd=here)
            os.close(here)
            here = below
        return os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=here)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise MediaError(f"{quoted(name)} has become a link; links are not followed.") from None
        raise
    finally:
        os.close(here)


def _is_below(path: str, roots: Iterable[str]) -> bool:
    """Whether the words of a path say that it is below one of some directories."""
    plain = os.path.normpath(path)
    return any(plain.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _check_size(real: str, what: str, shown: str, reach: Reach) -> None:
    try:
        size = Path(real).stat().st_size
    except OSError:
        return  # said better by whoever opens it
    if reach.max_bytes is not None and size > reach.max_bytes:
        raise MediaError(
            f"The {what} {quoted(shown)} has {size / 1e6:,.0f} MB, more than the "
            f"{reach.max_bytes / 1e6:,.0f} MB that a clip may have on this server; shorten it."
        )
