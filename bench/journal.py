"""A durable JSONL file of keyed records: what is in it has been done, whatever happens next.

Each record is one line, written at once and fsynced before it counts. A last line that a crash
tore off is cut. `aurelia.bench.lines` reads such a file.
"""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel

from aurelia.bench.journal_head import BadLine, read_head
from aurelia.bench.lines import Key, Lines, Place, named
from aurelia.errors import InputError, RunError


class Journal(Lines):
    """A journal to append to, as a context manager; one process at a time.

    Opening takes a lock that ends with the process, however that ends.

    Args:
        path: of the file; made where it is missing, with its folder.
        key: as of `Lines`.
        head: as of `Lines`.
        on_torn: told how many bytes of a torn last line were cut.

    Raises:
        InputError: another process writes it, it can't be opened, or a line is no record.
    """

    def __init__(
        self,
        path: Path,
        key: Sequence[str],
        head: Sequence[str] = (),
        on_torn: Callable[[int], object] | None = None,
    ) -> None:
        self._guard = threading.Lock()
        self._descriptor = _locked(path)
        try:
            super().__init__(path, key, head)
            self._mend()
        except BaseException:
            os.close(self._descriptor)
            raise
        if self.torn and on_torn is not None:
            on_torn(self.torn)

    def _mend(self) -> None:
        """Cut a torn last line, or end a whole one that lacks its newline alone."""
        try:
            if self.torn:
                os.ftruncate(self._descriptor, self._end)
            elif self._end and os.pread(self._descriptor, 1, self._end - 1) != b"\n":
                self._write(b"\n")
        except OSError as error:
            raise self._unwritable(error) from error

    def append(self, record: BaseModel | Mapping[str, Any], *, again: bool = False) -> Key:
        """Write a record; it is on disk when this returns. Blocks: in async code, use a thread.

        Args:
            record: JSON values; put the key and head fields first.
            again: whether it may take the place of an earlier record of its key.

        Returns:
            Its key.

        Raises:
            ValueError: there is a record of that key, or the record lacks a key field.
            RunError: the file can't be written; what was written before stands.
        """
        line = _line(record)
        try:
            found = read_head(line, self._key, self._head)
        except BadLine as error:
            raise ValueError(f"a record of {self.path.name}: {error}") from None
        key = found[: len(self._key)]
        with self._guard:
            if key in self._places and not again:
                raise ValueError(f"{self.path.name} has the record {named(key)} already")
            offset = self._end
            try:
                self._write(line)
            except OSError as error:
                raise self._unwritable(error) from error
            self._put(key, Place(offset, len(line), found[len(self._key) :]))
        return key

    def _write(self, data: bytes) -> None:
        """All of it, on disk, or nothing of it."""
        rest = data
        try:
            while rest:  # a full disk takes a part; the next write says why
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(data)

    def _unwritable(self, error: OSError) -> RunError:
        return RunError(
            f"{self.path} can't be written: {error.strerror or error}; nothing that was finished "
            "is lost, the same command goes on."
        )

    def close(self) -> None:
        """Give the lock back."""
        with self._guard:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _line(record: BaseModel | Mapping[str, Any]) -> bytes:
    if isinstance(record, BaseModel):
        return record.model_dump_json().encode() + b"\n"
    text = json.dumps(dict(record), ensure_ascii=False, allow_nan=False)
    # A lone half of a surrogate pair is no UTF-8; this writes JSON's own escape for it.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _locked(path: Path) -> int:
    """A descriptor to append by, which no other process has; the file and its entry are on disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise InputError(f"{path} can't be opened: {error.strerror or error}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sync_folder(path.parent)
    except BlockingIOError:
        os.close(descriptor)
        raise InputError(
            f"{path} is being written by another process; wait for its end, or give another folder."
        ) from None
    except OSError as error:
        os.close(descriptor)
        raise InputError(f"{path} can't be locked: {error.strerror or error}.") from error
    return descriptor


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk: without it a new file may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
