"""Wall time as on a machine that does nothing else, computed where it can't be measured.

An event loop whose clock is the CPU time of this process, all threads included as if they shared
one core, and which passes over the times that nobody works through. CPU time is scaled so that the
bare graph takes what it takes on the idle machine: a busy one is slower, too.
"""

import asyncio
import selectors
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from unittest.mock import patch

from graph_rollouts import timed

T = TypeVar("T")

BARE_S = 0.008
"""CPU time of a bare rollout on the machine that is meant, idle."""


class _Threads:
    """How many pieces of work other threads have on their hands."""

    def __init__(self) -> None:
        self.busy = 0
        self._lock = threading.Lock()

    def counting(self, submit: Callable[..., Any]) -> Callable[..., Any]:
        """`ThreadPoolExecutor.submit`, counted."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._add(1)
            future: Future[Any] = submit(*args, **kwargs)
            future.add_done_callback(lambda _: self._add(-1))
            return future

        return counted

    def _add(self, number: int) -> None:
        with self._lock:
            self.busy += number


class _Selector(selectors.DefaultSelector):
    """Waits for threads, and lets time pass where there is nothing but time to wait for."""

    def __init__(self, threads: _Threads) -> None:
        super().__init__()
        self._threads = threads
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready."""
        ready = super().select(0)
        while not ready and timeout != 0:
            if self._threads.busy:
                ready = super().select(0.001)
                continue
            ready = super().select(0.0005)  # a thread that has just ended may be about to say so
            if not ready and not self._threads.busy:
                if timeout is None:
                    return super().select(0.01)
                self.passed += timeout
                return []
        return list(ready)


class IdleLoop(asyncio.SelectorEventLoop):
    """An event loop on such a machine. `scale` turns CPU time of this one into CPU time of that."""

    def __init__(self, threads: _Threads) -> None:
        self._passing = _Selector(threads)
        super().__init__(self._passing)
        self._spent = self._seen = 0.0
        self.scale = 1.0

    def time(self) -> float:
        """Seconds."""
        now = time.process_time()
        self._spent += (now - self._seen) * self.scale
        self._seen = now
        return self._spent + self._passing.passed


def computed(measure: Callable[[IdleLoop], Awaitable[T]]) -> T:
    """What `measure` gives, run on such a loop."""
    threads = _Threads()
    loop = IdleLoop(threads)
    with patch.object(ThreadPoolExecutor, "submit", threads.counting(ThreadPoolExecutor.submit)):
        try:
            return loop.run_until_complete(measure(loop))
        finally:
            loop.close()


async def idle_times(
    loop: IdleLoop,
    ways: Mapping[str, Callable[[int], Awaitable[object]]],
    bare: str,
    rollouts: int,
    at_once: int,
    rounds: int,
) -> dict[str, list[float]]:
    """Seconds that batches would take, by name, round by round.

    Args:
        loop: the running one.
        ways: what to roll out, by name.
        bare: the name of the bare graph's; it is timed before each batch, for the scale.
        rollouts: in a batch.
        at_once: of them under way.
        rounds: of all batches; one more warms up.
    """
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, roll_out in ways.items():
            loop.scale = BARE_S / (await timed(at_once, at_once, ways[bare])).cpu
            began = loop.time()
            await timed(rollouts, at_once, roll_out)
            took[name].append(loop.time() - began)
    return {name: times[1:] for name, times in took.items()}
