"""What prepared media are on the wire, held for the calls of a run that send the same again.

It is limited by size. Only what was prepared is held; a clip's own file may change, and is read for
each call.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aurelia.media.prepared import PreparedMedia
from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block
from aurelia.models.registry import ResolvedModel

MOST_BYTES = 64 * 1024**2
"""How much is held at most."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    blocks: list[Block]
    size: int
    media: PreparedMedia
    """With the lease of their files: while they are held, the media are known to be there."""


class Holder:
    """Blocks by what they were made of; those not asked for longest go first.

    Args:
        most_bytes: how much is held at most.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held: OrderedDict[Key, _Held] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Key | None) -> list[Block] | None:
        """The blocks of a key; None where they are not held."""
        with self._lock:
            found = self._held.get(key) if key else None
            if found is None or key is None:
                return None
            self._held.move_to_end(key)
            return _copies(found.blocks)

    def put(self, key: Key | None, blocks: list[Block], media: PreparedMedia) -> None:
        """Hold blocks; a key that is None, or more than an eighth of all there may be, is not."""
        size = sum(_size(block) for block in blocks)
        if key is None or size > self._most // 8:
            return
        with self._lock:
            before = self._held.pop(key, None)
            self._size += size - (before.size if before else 0)
            self._held[key] = _Held(_copies(blocks), size, media)
            while self._size > self._most:
                _, gone = self._held.popitem(last=False)
                self._size -= gone.size


def key_of(model: ResolvedModel, media: PreparedMedia, sent: Sequence[Medium]) -> Key | None:
    """What makes blocks other blocks; None for what is not held."""
    if model.takes.hearing == "path" or any(medium.kind == "video" for medium in sent):
        return None
    # By what it was prepared of, its key tells its files; the labels, which of them are sent.
    marks = tuple([medium.label for medium in sent])
    return (model.family, model.takes.sight, model.takes.hearing, media.key, marks)


def _copies(blocks: Sequence[Block]) -> list[Block]:
    """A client may change what it is given; the texts themselves can't be changed."""
    return [
        {name: {**item} if item.__class__ is dict else item for name, item in block.items()}
        for block in blocks
    ]


def _size(value: object) -> int:
    """Characters in the texts of a block."""
    if isinstance(value, dict):
        return sum(_size(item) for item in value.values())
    return len(value) if isinstance(value, str) else 0
