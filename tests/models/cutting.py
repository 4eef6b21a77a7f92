"""A clock of tests for a server that hangs."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from aurelia.models.clock import OutOfTime
from tests.ticking import Ticking

T = TypeVar("T")


class Cutting(Ticking):
    """Cuts work off at its limit once the server hangs, when all other work is done."""

    def __init__(self) -> None:
        super().__init__()
        self._under_way: list[asyncio.Future[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hangs = False

    def hang(self) -> None:
        """The server says nothing any more; called from its thread."""
        self._hangs = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._cut)

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        self.limits.append(seconds)
        self._loop = asyncio.get_running_loop()
        cut: asyncio.Future[None] = self._loop.create_future()
        self._under_way.append(cut)
        task = asyncio.ensure_future(work)
        try:
            both: list[asyncio.Future[Any]] = [task, cut]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._under_way.remove(cut)
            self._cut()
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait([task])
        self.time += seconds
        raise OutOfTime

    def _cut(self) -> None:
        if self._hangs and len(self._under_way) == 1 and not self._under_way[0].done():
            self._under_way[0].set_result(None)
