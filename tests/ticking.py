"""A clock that only moves when it is told to, and what was waited for on it."""

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from aurelia.models.clock import Clock, OutOfTime, use_clock

T = TypeVar("T")


class Ticking(Clock):
    """Sleeping moves it on at once; work takes no time unless it hangs.

    Attributes:
        delays: seconds of every sleep.
        limits: seconds that every try was given.
        jitter: what `random` gives; 1 makes each delay the longest it can be.
        hangs: once set, work never ends by itself: it is cut off at its limit.
    """

    def __init__(self, jitter: float = 1.0, hangs: threading.Event | None = None) -> None:
        self.time = 1000.0
        self.delays: list[float] = []
        self.limits: list[float] = []
        self.jitter = jitter
        self.hangs = hangs

    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return 1_800_000_000 + self.time

    def random(self) -> float:
        return self.jitter

    async def sleep(self, seconds: float) -> None:
        self.delays.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        self.limits.append(seconds)
        if self.hangs is None:
            return await work
        task = asyncio.ensure_future(work)
        await asyncio.to_thread(self.hangs.wait)
        task.cancel()
        await asyncio.wait([task])
        self.time += seconds
        raise OutOfTime


@contextmanager
def ticking(jitter: float = 1.0, hangs: threading.Event | None = None) -> Iterator[Ticking]:
    """Calls in this block go by a clock of their own."""
    clock = Ticking(jitter, hangs)
    with use_clock(clock):
        yield clock
