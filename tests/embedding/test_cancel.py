"""A parent that is cancelled, or runs out of time, stops the model call that is under way."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.runnables import Runnable, RunnableLambda

import aurelia
from tests.embedding.parents import Dataclass, parent
from tests.models.wire.script import hang
from tests.models.wire.server import Wire
from tests.scripts import everyone

Inside = Callable[[dict[str, Any], str], Runnable[Any, Any]]


def _subgraph(settings: dict[str, Any], clip: str) -> Runnable[Any, Any]:
    return aurelia.build_graph(context=settings)


def _node(settings: dict[str, Any], clip: str) -> Runnable[Any, Any]:
    return aurelia.as_node(context=settings)


def _tool(settings: dict[str, Any], clip: str) -> Runnable[Any, Any]:
    tool = aurelia.as_tool(clips={"door": clip}, context=settings)

    async def call(state: dict[str, Any]) -> dict[str, Any]:
        return {"answer": await tool.ainvoke({"clip": "door", "question": state["question"]})}

    return RunnableLambda(call)


@pytest.mark.parametrize("inside", [_subgraph, _node, _tool])
def test_a_cancelled_parent_leaves_no_call_behind(inside: Inside, clip_path: str) -> None:
    with Wire(hang()) as wire:
        graph = parent(inside({**everyone(wire.model), "use_cache": False}, clip_path))

        async def go() -> None:
            given = {"clip": clip_path, "question": "What comes first?"}
            run = asyncio.create_task(graph.ainvoke(given, context=Dataclass()))
            assert await asyncio.to_thread(wire.asked.wait, 20)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run

        asyncio.run(go())
        assert wire.left.wait(20)
        assert (len(wire.calls), wire.abandoned) == (1, 1)


def test_a_parent_that_ends_early_leaves_no_call_behind(clip_path: str) -> None:
    """A parent's timeout is a cancellation from within."""
    with Wire(hang()) as wire:
        graph = parent(aurelia.as_node(context={**everyone(wire.model), "use_cache": False}))

        async def go() -> None:
            given = {"clip": clip_path, "question": "What comes first?"}
            async with asyncio.timeout(None) as limit:
                run = asyncio.create_task(asyncio.to_thread(wire.asked.wait, 20))
                loop = asyncio.get_running_loop()
                run.add_done_callback(lambda _: limit.reschedule(loop.time()))
                await graph.ainvoke(given, context=Dataclass())

        with pytest.raises(TimeoutError):
            asyncio.run(go())
        assert wire.left.wait(20)
        assert (len(wire.calls), wire.abandoned) == (1, 1)
