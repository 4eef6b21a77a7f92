"""What time it is and how to wait, so that retries and limits can be tried without waiting.

with use_clock(my_clock):
    …  # every call in here, and in the tasks that it starts
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


class OutOfTime(TimeoutError):
    """Work took longer than it was given; not what a client raises for a timeout of its own."""


class Clock:
    """The machine's clock. Tests put one of their own in its place."""

    def now(self) -> float:
        """Seconds that never go backwards, from an arbitrary start."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, as dates are written."""
        return time.time()

    def random(self) -> float:
        """A number from 0 up to 1, for the jitter of delays."""
        return random.random()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        """The result of `work`.

        Raises:
            OutOfTime: it took longer than `seconds`, and was cancelled.
        """
        try:
            async with asyncio.timeout(seconds) as limit:
                return await work
        except TimeoutError:
            if limit.expired():
                raise OutOfTime(f"no reply within {seconds:g} s") from None
            raise


_clock: ContextVar[Clock | None] = ContextVar("clock", default=None)
_real = Clock()


def clock() -> Clock:
    """The clock in force here."""
    return _clock.get() or _real


@contextmanager
def use_clock(other: Clock) -> Iterator[None]:
    """Put another clock in force."""
    token = _clock.set(other)
    try:
        yield
    finally:
        _clock.reset(token)
