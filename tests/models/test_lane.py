"""Rollouts of one event loop go on a few at a time, and nobody waits for one that doesn't."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

import aurelia
from aurelia.models import lane
from aurelia.models.call import call
from aurelia.models.clock import use_clock
from aurelia.models.lane import GATHER, TOGETHER, aside, gathering, in_lane, is_in_lane
from tests.models.asking import summarizer
from tests.ticking import Ticking


class Road:
    """Rollouts that say when they go on."""

    def __init__(self) -> None:
        self.on_it: set[int] = set()
        self.most = 0
        self.order: list[int] = []

    async def work(self, number: int, parts: int = 3) -> None:
        """Something in several parts, at each of which others may run."""
        self.on_it.add(number)
        self.most = max(self.most, len(self.on_it))
        self.order.append(number)
        for _ in range(parts):
            await asyncio.sleep(0)
        self.on_it.remove(number)


async def _together(count: int, rollout: Callable[[int], Awaitable[None]]) -> None:
    await asyncio.gather(*(rollout(number) for number in range(count)))


@contextmanager
def patience() -> Iterator[None]:
    """For what is said of groups: on a busy machine one of them may well take 30 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane, "PATIENCE_S", 3600.0)
        yield


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(0, 3), st.integers(0, 4))
def test_few_go_on_at_once_in_the_order_in_which_they_came(
    count: int, calls: int, parts: int
) -> None:
    road = Road()
    waiting: list[asyncio.Event] = []

    async def rollout(number: int) -> None:
        async with in_lane():
            await road.work(number, parts)
            for _ in range(calls):
                async with aside():
                    reply = asyncio.Event()
                    waiting.append(reply)
                    if len(waiting) == count:  # all of them are asked: the replies come
                        for each in waiting:
                            each.set()
                        waiting.clear()
                    await reply.wait()
                await road.work(number, parts)

    with patience():
        asyncio.run(_together(count, rollout))
    assert road.most <= TOGETHER
    assert len(road.order) == count * (calls + 1)
    assert road.order[:count] == [*range(count)]


def test_those_that_wait_for_what_nobody_foresaw_hold_the_others_up_for_a_moment_only() -> None:
    road = Road()
    stuck = {0, TOGETHER, 2 * TOGETHER + 1}

    async def main() -> None:
        released = asyncio.Event()

        async def rollout(number: int) -> None:
            async with in_lane():
                if number in stuck:
                    await released.wait()
                await road.work(number)

        tasks = [asyncio.create_task(rollout(number)) for number in range(4 * TOGETHER)]
        free = [task for number, task in enumerate(tasks) if number not in stuck]
        await asyncio.wait_for(asyncio.gather(*free), 30)
        released.set()
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert {*road.order[-len(stuck) :]} == stuck


@given(st.sets(st.integers(0, 19)))
def test_those_that_are_cancelled_while_they_wait_keep_nobody_from_going_on(gone: set[int]) -> None:
    road = Road()

    async def main() -> None:
        async def rollout(number: int) -> None:
            async with in_lane():
                await road.work(number)

        tasks = [asyncio.create_task(rollout(number)) for number in range(20)]
        await asyncio.sleep(0)  # one goes on, and the others wait
        for number in gone:
            tasks[number].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        cancelled = {n for n, end in enumerate(ended) if isinstance(end, asyncio.CancelledError)}
        assert cancelled == gone

    asyncio.run(main())
    assert set(road.order) == {*range(20)} - (gone - {0})


def test_a_stretch_within_a_rollout_does_not_wait_for_its_own_rollout() -> None:
    async def main() -> list[str]:
        told = []
        async with in_lane(), in_lane():
            told.append("inside")
        assert not is_in_lane()
        return told

    assert asyncio.run(asyncio.wait_for(main(), 5)) == ["inside"]


def test_a_run_within_a_call_of_another_has_its_own_turn() -> None:
    async def main() -> None:
        async with in_lane(), aside(), in_lane():
            assert is_in_lane()

    asyncio.run(asyncio.wait_for(main(), 5))


def test_a_panel_goes_on_in_its_turn_when_its_last_member_has_replied() -> None:
    """While another member is asked, what the first one's reply brings about holds nobody up."""
    order: list[str] = []

    async def main() -> None:
        replied = [asyncio.Event(), asyncio.Event()]
        asked = asyncio.Event()

        async def member(number: int) -> None:
            async with aside():
                if number:
                    asked.set()
                await replied[number].wait()
            order.append(f"member {number}")

        async def panel() -> None:
            async with in_lane():
                await asyncio.gather(member(0), member(1))

        async def other() -> None:
            async with in_lane():
                order.append("other")
                replied[1].set()

        running = asyncio.create_task(panel())
        await asked.wait()
        replied[0].set()
        while not order:
            await asyncio.sleep(0)
        await asyncio.gather(other(), running)

    asyncio.run(asyncio.wait_for(main(), 5))
    assert order == ["member 0", "other", "member 1"]


def test_one_that_goes_apart_waits_for_nobody() -> None:
    road = Road()

    async def main() -> None:
        async def rollout(number: int) -> None:
            async with in_lane(apart=True):
                assert is_in_lane()
                await road.work(number)
                async with aside():
                    await asyncio.sleep(0)
                await road.work(number)

        await _together(4 * TOGETHER, rollout)

    asyncio.run(main())
    assert road.most == 4 * TOGETHER


def test_a_loop_that_is_gone_leaves_nothing_behind() -> None:
    loops = []

    async def main() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        async with in_lane(), aside():
            await asyncio.sleep(0)

    for _ in range(3):
        asyncio.run(main())
    gc.collect()
    assert [loop() for loop in loops] == [None, None, None]


class Telling(GenericFakeChatModel):
    """A model that tells when it replies."""

    replied: Any

    async def _agenerate(self, *args: Any, **kwargs: Any) -> ChatResult:
        self.replied.set()
        return ChatResult(generations=[ChatGeneration(message=AIMessage("{}"))])


def test_the_time_of_a_call_is_none_of_those_who_go_on_before_it() -> None:
    clock = Ticking()

    async def main() -> float:
        asked, replied = asyncio.Event(), asyncio.Event()
        aurelia.register_model("telling", Telling(messages=iter([]), replied=replied))

        async def rollout() -> float:
            async with in_lane():
                asked.set()
                return (await call(summarizer("telling"))).call.total_s

        async def other() -> None:
            await asked.wait()
            async with in_lane():
                await replied.wait()
                for _ in range(200):  # more than a call takes from its reply to its turn
                    await asyncio.sleep(0)
                clock.time += 1000.0

        return (await asyncio.gather(rollout(), other()))[0]

    with use_clock(clock):
        assert asyncio.run(main()) < 1000.0


def test_outside_of_a_lane_nothing_waits() -> None:
    async def main() -> None:
        assert not is_in_lane()
        async with aside():
            assert not is_in_lane()

    asyncio.run(main())


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
                await _together(3 * GATHER, rollout)
            most.append(road.most)
        return most

    with patience():
        assert asyncio.run(main()) == [GATHER, TOGETHER, TOGETHER]
