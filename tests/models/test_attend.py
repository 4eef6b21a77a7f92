"""Work in threads: the loop stands still for what is short, and goes on beside what is not."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TypeVar

import pytest
from blockbuster import BlockBuster

from aurelia.models.attend import attended, in_thread
from aurelia.models.lane import in_lane

T = TypeVar("T")

_said: ContextVar[str] = ContextVar("said", default="")


async def _in_lane(work: Callable[[], T]) -> T:
    async with in_lane():
        return await in_thread(work)


def test_short_work_is_done_in_another_thread_before_anything_else_on_the_loop() -> None:
    async def main() -> None:
        ran: list[str] = []
        asyncio.get_running_loop().call_soon(ran.append, "other")
        _said.set("what the rollout says")
        async with in_lane():
            thread, said = await in_thread(lambda: (threading.get_ident(), _said.get()))
        assert thread != threading.get_ident()
        assert said == "what the rollout says"
        assert ran == []

    asyncio.run(main())


@pytest.mark.parametrize("lane", [True, False])
def test_the_loop_goes_on_beside_work_that_takes_longer(lane: bool) -> None:
    """It ends only when something else on the loop has run."""
    seen = threading.Event()

    async def main() -> bool:
        asyncio.get_running_loop().call_soon(seen.set)
        work = lambda: seen.wait(30)  # noqa: E731
        return bool(await (_in_lane(work) if lane else in_thread(work)))

    assert asyncio.run(main())


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("its own"), KeyError("k")])
@pytest.mark.parametrize("lane", [True, False])
def test_an_error_of_the_work_is_raised(error: Exception, lane: bool) -> None:
    def work() -> None:
        raise error

    async def main() -> None:
        await (_in_lane(work) if lane else in_thread(work))

    with pytest.raises(type(error)) as raised:
        asyncio.run(main())
    assert raised.value.args == error.args


def test_work_is_done_whoever_stops_waiting_for_it() -> None:
    let, done = threading.Event(), threading.Event()

    def work() -> None:
        let.wait(30)
        done.set()

    async def main() -> None:
        with ThreadPoolExecutor(1) as writer:
            writer.submit(let.wait, 30)  # so that the work has not begun when it is given up
            waiting = asyncio.create_task(attended(writer.submit(work)))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            let.set()

    asyncio.run(main())
    assert done.is_set()


def test_where_nothing_may_stand_still_on_the_loop_it_goes_on() -> None:
    """Teams guard their loops in tests: such a guard raises where the loop would wait."""
    guard = BlockBuster(excluded_modules=[])

    async def main() -> object:
        guard.activate()
        try:
            return await _in_lane(lambda: "done")
        finally:
            guard.deactivate()

    assert asyncio.run(main()) == "done"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own() -> None:
    assert asyncio.run(_in_lane(lambda: "parent")) == "parent"
    child = os.fork()
    if not child:  # whatever happens here, nothing of the parent's goes on
        status = 1
        try:
            asyncio.run(asyncio.wait_for(_in_lane(lambda: "child"), 20))
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
