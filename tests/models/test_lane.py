"""Rollouts of one event loop go on a few at a time, and nobody waits for one that doesn't."""

import asyncio
import gc
import weakref
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

import aurelia
from aurelia.models.call import call
from aurelia.models.clock import use_clock
from aurelia.models.lane import TOGETHER, aside, in_lane, is_in_lane
from tests.models.asking import summarizer
from tests.models.road import Road, patience, together
from tests.ticking import Ticking


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
        asyncio.run(together(count, rollout))
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

        await together(4 * TOGETHER, rollout)

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
