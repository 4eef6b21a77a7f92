"""A JSONL file of keyed records, read by key; `aurelia.bench.journal` writes them.

Opening one reads the heads of its lines (the fields that a record begins with) and remembers where
each line stands, so that a file of any size is opened in little memory. A bad line in the middle is
an error that names it. Where several lines have one key, the last one stands.
"""

import json
from collections.abc import Iterator, KeysView, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.bench.journal_head import BadLine, read_head
from aurelia.errors import InputError

Key = tuple[Any, ...]
"""The values of a record's key fields, in the order in which the fields were given."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record's line stands, and the fields that are held of it."""

    offset: int
    length: int
    head: Key


class Lines:
    """A journal to read from, by key; a process may be writing it meanwhile.

    Args:
        path: of the file.
        key: names of the fields that identify a record; their values are strings or numbers.
        head: further fields to hold in memory for `head()`. Scanning is fast where records begin
            with their key and head fields; a record without one of the `head` fields has None.

    Raises:
        InputError: the file can't be read, or a line is no record; names the line.
    """

    def __init__(self, path: Path, key: Sequence[str], head: Sequence[str] = ()) -> None:
        self.path = path
        self.replaced = 0
        """Lines in whose place a later one of the same key stands."""
        self.torn = 0
        """Bytes of a last line that was torn off, or that is being written."""
        self._key = tuple(key)
        self._head = tuple(head)
        self._places: dict[Key, Place] = {}
        self._end = 0
        self._load()

    def _load(self) -> None:
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    self._take(line, number)
        except OSError as error:
            raise InputError(f"{self.path} can't be read: {error.strerror or error}.") from error

    def _take(self, line: bytes, number: int) -> None:
        try:
            found = read_head(line, self._key, self._head)
        except BadLine as error:
            if not line.endswith(b"\n"):
                self.torn = len(line)
                return
            raise InputError(
                f"{self.path}, line {number}: {error}; the file was edited or damaged: take that "
                "line out, and what it held is done again."
            ) from None
        self._put(found[: len(self._key)], Place(self._end, len(line), found[len(self._key) :]))
        self._end += len(line)

    def _put(self, key: Key, place: Place) -> None:
        if self._places.pop(key, None) is not None:
            self.replaced += 1
        self._places[key] = place

    @property
    def done(self) -> KeysView[Key]:
        """Keys of the records, in the order of their lines."""
        return self._places.keys()

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def head(self, key: Key) -> dict[str, Any]:
        """The fields of a record that are held in memory.

        Raises:
            KeyError: there is no such record.
        """
        return dict(zip(self._head, self._places[key].head, strict=True))

    def raw(self, key: Key) -> bytes | None:
        """A record's line as it stands in the file; None where there is none."""
        place = self._places.get(key)
        return None if place is None else self._read_at(place)

    def read(self, key: Key) -> dict[str, Any] | None:
        """A record, or None where there is none.

        Raises:
            InputError: its line is damaged further on than its head.
        """
        line = self.raw(key)
        return None if line is None else self._parsed(key, line)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The records in the order of their lines, one at a time."""
        for key in list(self._places):
            record = self.read(key)
            if record is not None:
                yield record

    def _read_at(self, place: Place) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(place.offset)
                return file.read(place.length)
        except OSError as error:
            raise InputError(f"{self.path} can't be read: {error.strerror or error}.") from error

    def _parsed(self, key: Key, line: bytes) -> dict[str, Any]:
        try:
            record: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise InputError(
                f"{self.path}: the record {named(key)} is damaged ({error}); take its line out, "
                "and it is done again."
            ) from None
        return record


def named(key: Key) -> str:
    """A key in words, for messages: `clip-7, default, 0`."""
    return ", ".join(str(part) for part in key)
