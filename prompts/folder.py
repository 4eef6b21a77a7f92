"""The `.md` files of a folder, read again only where something changed."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aurelia.errors import PromptError

_SETTLED_NS = 3_000_000_000
"""After so long an edit can't bear the same time as the last reading: clocks of file systems are
as coarse as two seconds."""

_Signature = tuple[tuple[str, int, int, int, int], ...]
_kept: dict[str, "_Reading"] = {}
_MOST = 64


@dataclass(frozen=True, slots=True)
class _Reading:
    signature: _Signature
    texts: dict[str, str]


def read_folder(directory: str, read: Callable[[Path], str]) -> dict[str, str]:
    """Texts of the `.md` files in `directory` by file name, sorted.

    Args:
        directory: of the files.
        read: reads a file that is new, or may have been edited.

    Raises:
        PromptError: the directory can't be listed, or as `read` does.
    """
    now = time.time_ns()
    signature = _signature(directory)
    kept = _kept.get(directory)
    if kept is None or kept.signature != signature:
        texts = {name: read(Path(directory, name)) for name, *_ in signature}
        kept = _Reading(signature, texts)
        # What was edited a moment ago may be edited once more within the same tick.
        if all(max(times[2:4]) < now - _SETTLED_NS for times in signature):
            if len(_kept) >= _MOST:
                _kept.clear()
            _kept[directory] = kept
    return dict(kept.texts)


def _signature(directory: str) -> _Signature:
    """What tells whether a file was edited or replaced, by name."""
    try:
        with os.scandir(directory) as entries:
            found = [_state(entry) for entry in entries if Path(entry.name).suffix == ".md"]
    except OSError as error:
        raise PromptError(f"{directory} can't be listed: {error.strerror}.") from None
    return tuple(sorted(found))


def _state(entry: "os.DirEntry[str]") -> tuple[str, int, int, int, int]:
    try:
        status = entry.stat()
    except OSError:  # a link that leads nowhere; reading it says so
        return (entry.name, 0, 0, 0, 0)
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (entry.name, status.st_ino, *times, status.st_size)
