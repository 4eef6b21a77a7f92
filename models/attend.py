"""Short work in threads that an event loop waits for.

A thread that looks at dozens of files while the loop is busy gives up the interpreter at each, and
has to wait for it again: that costs many times what the looks do. So the loop stands still
meanwhile, for a moment at most; if the work takes longer, the loop goes on beside it.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import cache
from typing import Any, Final, TypeVar

from aurelia.models.lane import aside, is_in_lane

T = TypeVar("T")

STILL_S: Final = 0.002
"""So long a loop stands still at most, seconds."""


async def in_thread(work: Callable[[], T]) -> T:
    """`asyncio.to_thread` for what takes a moment, such as a look at files.

    The loop stands still for it in a lane alone: elsewhere the graph may be a guest on the loop.
    """
    if not is_in_lane():
        return await asyncio.to_thread(work)
    return await attended(_threads().submit(copy_context().run, work))


async def attended(work: Future[T]) -> T:
    """What work gives that a thread has just been set to. It is done, whoever stops waiting."""
    stand_still(work)
    if work.done():
        return work.result()
    async with aside():
        return await asyncio.shield(asyncio.wrap_future(work))


def stand_still(work: Future[Any]) -> None:
    """Wait until work is done, or a moment is over, or whoever watches over the loop forbids it."""
    with suppress(Exception):
        work.exception(STILL_S)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="aurelia-look")


os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has none of its threads
