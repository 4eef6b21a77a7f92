"""Equal requests that run at the same moment share one call."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Calls under way by key, over all event loops and threads of the process.

    Two processes that ask the same at the same moment both pay; the ledger counts that.
    """

    def __init__(self) -> None:
        self._under_way: dict[str, Future[T]] = {}
        self._lock = threading.Lock()

    async def share(self, key: str, work: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """The result of `work`, and whether another caller's work gave it.

        Raises:
            Exception: what `work` raised, for all who share it. Where it was cancelled, one of
                those who wait takes its place.
        """
        while True:
            with self._lock:
                flight = self._under_way.get(key)
                if flight is None:
                    mine: Future[T] = Future()
                    self._under_way[key] = mine
            if flight is None:
                return await self._lead(key, mine, work), False
            try:
                # Shielded: whoever stops waiting must not end it for the others.
                return await asyncio.shield(asyncio.wrap_future(flight)), True
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not flight.cancelled() or (task and task.cancelling()):
                    raise

    async def _lead(self, key: str, mine: "Future[T]", work: Callable[[], Awaitable[T]]) -> T:
        try:
            result = await work()
        except Exception as error:
            self._land(key)
            mine.set_exception(error)
            raise
        else:
            self._land(key)
            mine.set_result(result)
            return result
        finally:
            if not mine.done():  # cancelled: those who wait are told, and one takes its place
                self._land(key)
                mine.cancel()

    def _land(self, key: str) -> None:
        with self._lock:
            self._under_way.pop(key, None)
