"""Ids of samples: stable, unique, and the same whatever was skipped or how many were wanted."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from aurelia.bench.imports.rows import Row

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_SHORTEST = 10


def digest(content: Any) -> str:
    """SHA-256 of the canonical JSON of a value, hexadecimal."""
    packed = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(packed.encode()).hexdigest()


def make_ids(prefix: str, rows: Sequence[Row]) -> list[str | None]:
    """An id for each row; None for one that says what an earlier row says, word for word.

    A row's id is the data set's name and the authors' key. Where rows share a key, or have none,
    part of a hash of what they ask stands in for what is missing. Made over all rows of the files,
    before any is skipped: an id depends neither on the order of rows nor on which clips are there.
    """
    keys = [_UNSAFE.sub("_", row.key).strip("_") for row in rows]
    hashes = [digest([row.key, row.content]) for row in rows]
    contents: dict[str, set[str]] = {}
    for key, content in zip(keys, hashes, strict=True):
        contents.setdefault(key.casefold(), set()).add(content)
    length = _length(hashes)
    seen: set[str] = set()
    ids: list[str | None] = []
    for row, key, content in zip(rows, keys, hashes, strict=True):
        if content in seen:
            ids.append(None)
            continue
        seen.add(content)
        shared = not row.key or not key or len(contents[key.casefold()]) > 1
        parts = [prefix, key, content[:length] if shared else ""]
        ids.append("-".join(part for part in parts if part))
    return _settled(ids, hashes)


def _length(hashes: Sequence[str]) -> int:
    """The fewest digits that tell all hashes apart, at least ten."""
    distinct = set(hashes)
    for length in range(_SHORTEST, 64):
        if len({h[:length] for h in distinct}) == len(distinct):
            return length
    return 64


def _settled(ids: list[str | None], hashes: Sequence[str]) -> list[str | None]:
    """Ids that still clash (`a` + hash against a key that reads so) carry the whole hash."""
    count = Counter(name.casefold() for name in ids if name)
    return [
        f"{name}-{content}" if name and count[name.casefold()] > 1 else name
        for name, content in zip(ids, hashes, strict=True)
    ]
