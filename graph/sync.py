"""Sync entry points: one event loop for all of them, and nodes that `invoke` can run as well."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from contextvars import Context as Variables
from contextvars import copy_context
from functools import cache
from typing import Any, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.runtime import Runtime, get_runtime

from aurelia.graph.state import Json, State

T = TypeVar("T")


@cache
def _background_loop() -> asyncio.AbstractEventLoop:
    """One loop for all sync calls: provider clients keep connections that belong to a loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=_keep_running, args=(loop,), name="aurelia-loop", daemon=True).start()
    return loop


def _keep_running(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop for ever. An exit raised in a callback belongs to its caller, who gets it through
    the future; here it would end the loop and leave that caller waiting."""
    while True:
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()


def run_sync(work: Coroutine[Any, Any, T], variables: Variables | None = None) -> T:
    """Run a coroutine from sync code, in a notebook too; Ctrl-C cancels it.

    Args:
        work: what to run.
        variables: context variables that it sees; None: those of a fresh thread, so that a run
            begun inside another graph's node is no part of that graph.
    """
    if variables is not None:
        work = _seeing(variables, work)
    future = asyncio.run_coroutine_threadsafe(work, _background_loop())
    try:
        return future.result()
    except KeyboardInterrupt:
        future.cancel()
        raise


async def _seeing(variables: Variables, work: Coroutine[Any, Any, T]) -> T:
    return await asyncio.get_running_loop().create_task(work, context=variables)


class Step(Runnable[State, Json]):
    """A node that runs under `invoke` as well as under `ainvoke`.

    Under `invoke` the graph's own work, its checkpoints among it, stays in the caller's thread, so
    that a parent graph's sync checkpointer serves; the node alone runs on the background loop.

    Args:
        node: an async function of state and runtime.
        name: what traces call it.
    """

    def __init__(
        self, node: Callable[[State, Runtime[Any]], Coroutine[Any, Any, Json]], name: str
    ) -> None:
        self._node = node
        self.name = name

    def invoke(self, input: State, config: RunnableConfig | None = None, **_: Any) -> Json:
        """Run the node, and wait for it."""
        return run_sync(self._node(input, _runtime()), copy_context())

    async def ainvoke(self, input: State, config: RunnableConfig | None = None, **_: Any) -> Json:
        """Run the node."""
        return await self._node(input, _runtime())


class Route(Runnable[State, str]):
    """A decision about where the graph goes next, taken in place.

    LangGraph would send a plain function to a thread under `ainvoke`, ten times a run.

    Args:
        decide: a pure function of state.
    """

    def __init__(self, decide: Callable[[State], str]) -> None:
        self._decide = decide
        self.name = decide.__name__

    def invoke(self, input: State, config: RunnableConfig | None = None, **_: Any) -> str:
        """Decide."""
        return self._decide(input)

    async def ainvoke(self, input: State, config: RunnableConfig | None = None, **_: Any) -> str:
        """Decide."""
        return self._decide(input)


def _runtime() -> Runtime[Any]:
    return get_runtime()
