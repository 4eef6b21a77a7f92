"""In a job of many rollouts replies gather for a moment, and nobody waits who need not."""

import asyncio
import gc
import weakref
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.models import lane
from aurelia.models.lane import GATHER, TOGETHER, aside, gathering, in_lane
from tests.models.road import Road, patience, together


@pytest.fixture(params=[0.001, 3600.0], ids=["a moment", "an hour"])
def gather_s(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """How long replies gather: what holds must hold whether the time is up or not."""
    monkeypatch.setattr(lane, "GATHER_S", request.param)
    return float(request.param)


class Crossing:
    """Rollouts that all wait for replies, which come when the test says so."""

    def __init__(self, count: int) -> None:
        self.road = Road()
        self._replies = [asyncio.Event() for _ in range(count)]
        self._asked: set[int] = set()
        self.tasks = [asyncio.create_task(self._roll_out(number)) for number in range(count)]

    async def _roll_out(self, number: int) -> None:
        async with in_lane():
            async with aside():
                self._asked.add(number)
                await self._replies[number].wait()
            await self.road.work(number)

    async def wait(self) -> None:
        """Until all have asked."""
        for _ in range(10_000):
            await asyncio.sleep(0)
            if len(self._asked) == len(self.tasks):
                return
        raise AssertionError("not all have asked")

    async def reply(self, *numbers: int) -> None:
        """One after the other, with time enough for whoever doesn't wait for others."""
        for number in numbers:
            self._replies[number].set()
            for _ in range(6):
                await asyncio.sleep(0)

    async def end(self, *numbers: int) -> None:
        """Wait until they have ended, whatever the others do."""
        await asyncio.wait_for(asyncio.gather(*(self.tasks[n] for n in numbers)), 30)

    async def end_all(self) -> Road:
        """Let all others have their replies, too."""
        await self.reply(*range(len(self.tasks)))
        await asyncio.wait_for(asyncio.gather(*self.tasks, return_exceptions=True), 30)
        return self.road


@pytest.mark.parametrize("gather_s", [3600.0], indirect=True)
def test_replies_gather_until_there_are_enough(gather_s: float) -> None:
    async def main() -> Road:
        crossing = Crossing(2 * GATHER)
        await crossing.wait()
        with gathering():
            await crossing.reply(*range(GATHER - 1))
            assert not crossing.road.order
            await crossing.reply(GATHER - 1)
            await crossing.end(*range(GATHER))
        return await crossing.end_all()

    road = asyncio.run(main())
    assert {*road.order[:GATHER]} == {*range(GATHER)}
    assert road.most == GATHER


@pytest.mark.parametrize("gather_s", [0.001], indirect=True)
def test_replies_gather_for_a_moment_only(gather_s: float) -> None:
    async def main() -> Road:
        crossing = Crossing(2 * GATHER)
        await crossing.wait()
        with gathering():
            await crossing.reply(*range(GATHER - 1))
            await crossing.end(*range(GATHER - 1))
        return await crossing.end_all()

    assert len(asyncio.run(main()).order) == 2 * GATHER


@pytest.mark.parametrize("gather_s", [3600.0], indirect=True)
def test_where_all_find_room_no_reply_waits_for_others(gather_s: float) -> None:
    async def main() -> Road:
        crossing = Crossing(GATHER)
        await crossing.wait()
        with gathering():
            return await crossing.end_all()

    assert asyncio.run(main()).most == 1


@pytest.mark.parametrize("gather_s", [3600.0], indirect=True)
def test_one_that_need_not_wait_takes_those_along_that_gather(gather_s: float) -> None:
    """So few are left that replies gather no more."""

    async def main() -> Road:
        crossing = Crossing(GATHER + 1)
        await crossing.wait()
        with gathering():
            await crossing.reply(0, 1, 2)
            assert not crossing.road.order
            crossing.tasks[3].cancel()
            await crossing.reply(4)
            await crossing.end(0, 1, 2, 4)
            assert crossing.road.most == 4
            return await crossing.end_all()

    assert {*asyncio.run(main()).order} == {*range(GATHER + 1)} - {3}


@pytest.mark.parametrize("gather_s", [0.001], indirect=True)
def test_replies_that_gather_as_their_job_ends_are_not_held_up_by_one_that_waits(
    gather_s: float,
) -> None:
    async def main() -> None:
        crossing = Crossing(2 * GATHER)
        await crossing.wait()
        with gathering():
            await crossing.reply(*range(TOGETHER + 4))
        released = asyncio.Event()

        async def stuck() -> None:
            async with in_lane():
                await released.wait()

        held = asyncio.create_task(stuck())
        await crossing.end(*range(TOGETHER + 4))
        released.set()
        await held
        await crossing.end_all()

    asyncio.run(main())


def test_replies_that_are_cancelled_while_they_gather_leave_nothing_behind(gather_s: float) -> None:
    loops = []

    async def main() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        crossing = Crossing(2 * GATHER)
        await crossing.wait()
        with gathering():
            await crossing.reply(*range(GATHER - 1))
            for task in crossing.tasks:
                task.cancel()
            await asyncio.gather(*crossing.tasks, return_exceptions=True)

    asyncio.run(main())
    gc.collect()
    assert loops[0]() is None


@given(st.sets(st.integers(0, 3 * GATHER - 1)))
def test_those_that_are_cancelled_where_replies_gather_keep_nobody_from_going_on(
    gone: set[int],
) -> None:
    async def main() -> Road:
        crossing = Crossing(3 * GATHER)
        await crossing.wait()
        with gathering():
            await crossing.reply(*range(0, 3 * GATHER, 2))
            for number in gone:
                crossing.tasks[number].cancel()
            return await crossing.end_all()

    with patience():
        road = asyncio.run(main())
    assert {*road.order} >= {*range(3 * GATHER)} - gone
    assert road.most <= GATHER


@pytest.mark.parametrize("gather_s", [0.001], indirect=True)
def test_replies_gather_until_the_last_job_has_ended(gather_s: float) -> None:
    async def main() -> list[int]:
        most = []
        for jobs in (2, 1, 0):
            road = Road()

            async def rollout(number: int, road: Road = road) -> None:
                async with in_lane():
                    await road.work(number)

            with ExitStack() as second, ExitStack() as first:
                for stack in (first, second)[:jobs]:
                    stack.enter_context(gathering())
                first.close()
                await together(3 * GATHER, rollout)
            most.append(road.most)
        return most

    with patience():
        assert asyncio.run(main()) == [GATHER, TOGETHER, TOGETHER]
