"""Python's garbage collector, told about a long run of many small records."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (200_000, 20, 50)
"""Allocations between collections of the young; the default is 700. Records of a rollout live for
seconds and hold no cycles, so that looking through them again and again finds nothing. With 64
rollouts under way there are fewer objects at once, and the collector hardly ever comes to look."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Collect seldom, and leave alone what was there before; as it was afterwards."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
