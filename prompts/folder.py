"""The `.md` files of a folder, read again only where something changed."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from aurelia.errors import PromptError
from aurelia.types.unchanged import Signature, settled, signature

T = TypeVar("T")

_GONE: Signature = (0, 0, 0, 0)
_MOST = 64
"""Folders that are kept at most."""


@dataclass(frozen=True, slots=True)
class _Reading(Generic[T]):
    files: tuple[tuple[str, Signature], ...]
    contents: Mapping[str, T]


class Folders(Generic[T]):
    """What `read` made of the `.md` files of folders.

    Args:
        read: reads a file that is new, or may have been edited.
    """

    def __init__(self, read: Callable[[Path], T]) -> None:
        self._read = read
        self._kept: dict[str, _Reading[T]] = {}

    def contents(self, directory: Path) -> Mapping[str, T]:
        """Contents by file name without suffix, in order of the names.

        Raises:
            PromptError: the directory can't be listed, or as `read` does.
        """
        now, name = time.time_ns(), str(directory)
        files = _listed(directory)
        kept = self._kept.get(name)
        if kept is None or kept.files != files:
            found = {file[:-3]: self._read(directory / file) for file, _ in files}
            kept = _Reading(files, found)
            # What was edited a moment ago may be edited once more and not show it.
            if all(settled(mark, now) for _, mark in files):
                if len(self._kept) >= _MOST:
                    self._kept.clear()
                self._kept[name] = kept
        return kept.contents

    def known(self, directory: Path) -> Mapping[str, T] | None:
        """Contents as last looked at, without looking; None where they are not kept."""
        kept = self._kept.get(str(directory))
        return kept.contents if kept else None


def _listed(directory: Path) -> tuple[tuple[str, Signature], ...]:
    """Names of the `.md` files, each with what tells whether it changed."""
    try:
        with os.scandir(directory) as entries:
            found = [(e.name, _mark(e)) for e in entries if _is_prompt(e.name)]
    except OSError as error:
        raise PromptError(f"{directory} can't be listed: {error.strerror}.") from None
    return tuple(sorted(found))


def _is_prompt(name: str) -> bool:
    return name.endswith(".md") and name != ".md"


def _mark(entry: "os.DirEntry[str]") -> Signature:
    try:
        return signature(entry.stat())
    except OSError:  # a link that leads nowhere; reading it says so
        return _GONE
