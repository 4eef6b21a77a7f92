"""One execution of the graph that may wait for a person, and may be resumed after a kill."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command, Durability

from aurelia.errors import InputError, RunError
from aurelia.graph.build import AureliaGraph, build_graph
from aurelia.graph.context import Context, just_made
from aurelia.graph.keeping import Keeper, open_keeper
from aurelia.graph.state import InputState, State
from aurelia.graph.thread_lock import held
from aurelia.media.open import open_clip
from aurelia.models.lane import in_lane
from aurelia.nodes.parsed import outcome
from aurelia.nodes.turn import unheard
from aurelia.settings import load_settings
from aurelia.types.events import AnyEvent, parse_event
from aurelia.types.review import ReviewRequest
from aurelia.types.trajectory import Trajectory

THREADS = "threads.sqlite"
"""Where the threads of a runs folder are kept, below it."""

OnEvent = Callable[[AnyEvent], None]


class Rollout:
    """A run that is driven forward until it ends, or needs a person.

    Args:
        graph: compiled, with the checkpointer where one is needed.
        context: settings, as `make_context` has just given them.
        thread: its name where state is kept.
        on_event: called with each event as it happens.
        durability: when LangGraph writes checkpoints.
    """

    def __init__(
        self,
        graph: AureliaGraph,
        context: Context,
        thread: str | None = None,
        on_event: OnEvent | None = None,
        durability: Durability | None = None,
    ) -> None:
        self._graph = graph
        self._context = context
        self._config: RunnableConfig = {"configurable": {"thread_id": thread}} if thread else {}
        self._on_event = on_event
        self._durability = durability
        self._named = thread or ""
        kept = graph.checkpointer
        # Where each step waits until it is written, to wait for one's turn as well costs more.
        self._apart = kept is not None and not (isinstance(kept, Keeper) and durability == "exit")

    async def start(self, given: InputState) -> Trajectory | ReviewRequest:
        """Begin, or take up a thread where it stopped; one that has ended gives its record.

        Raises:
            InputError: the thread is about another clip or question, or the input can't be used.
        """
        if not self._config:
            return await self._advance(given)
        snapshot = await self._graph.aget_state(self._config)
        state = cast(State, snapshot.values)
        if not state or "run" not in state:  # new, or killed before anything was kept
            return await self._advance(given)
        self._check_same(given, state)
        if snapshot.interrupts:
            return ReviewRequest.model_validate(snapshot.interrupts[0].value)
        if not snapshot.next:
            return Trajectory.model_validate(state["trajectory"])
        return await self._advance(None)

    async def reply(self, decision: Any) -> Trajectory | ReviewRequest:
        """Go on with what a person decided."""
        return await self._advance(Command(resume=decision))

    async def _advance(self, given: InputState | Command[Any] | None) -> Trajectory | ReviewRequest:
        result: dict[str, Any] = {}
        told, made = (
            unheard.set(None if self._on_event else self._context),
            just_made.set(self._context),
        )
        stream = self._graph.astream(
            given,
            self._config,
            context=self._context,
            # Events only where somebody listens: LangGraph keeps a task waiting for them beside
            # each node's own.
            stream_mode=["custom", "values"] if self._on_event else ["values"],
            output_keys=["trajectory"],
            durability=self._durability,
        )
        try:
            async with in_lane(apart=self._apart):
                async for mode, chunk in stream:
                    if mode == "values":
                        result = cast("dict[str, Any]", chunk)
                    elif self._on_event:
                        self._on_event(parse_event.validate_python(chunk))
        finally:
            unheard.reset(told)
            just_made.reset(made)
        if interrupts := result.get("__interrupt__"):
            return ReviewRequest.model_validate(interrupts[0].value)
        if "trajectory" not in result:
            raise RunError("The run ended without a trajectory; this is a bug worth reporting.")
        return outcome(result["trajectory"])

    def _check_same(self, given: InputState, state: State) -> None:
        """A thread goes on with its own clip and question."""
        asked = " ".join((given.get("question") or "").split())
        if asked and asked != " ".join(state["question"].split()):
            raise InputError(
                f"The thread {self._named!r} asked {state['question']!r}; ask the same, or give "
                "another thread."
            )
        clip = given.get("clip")
        if isinstance(clip, str):
            clip = open_clip(clip).model_dump(mode="json")
        if clip and clip.get("sha256", "") != state["clip"]["sha256"]:
            raise InputError(
                f"The thread {self._named!r} is about another clip, {state['clip']['path']}; give "
                "the same file, or another thread."
            )


@cache
def _graph() -> AureliaGraph:
    """The graph of runs that keep nothing, built once."""
    return build_graph()


@asynccontextmanager
async def open_rollout(
    context: Context,
    *,
    thread: str | None = None,
    checkpointer: BaseCheckpointSaver[str] | None = None,
    on_event: OnEvent | None = None,
    reviewed: bool = False,
    durability: Durability = "sync",
) -> AsyncIterator[Rollout]:
    """A rollout with what keeps its state.

    Args:
        context: settings of the run.
        thread: its name; None: nothing is kept beyond this process.
        checkpointer: where threads are kept; None: SQLite in the runs folder.
        on_event: called with each event as it happens.
        reviewed: whether somebody will answer reviews.
        durability: when a thread is written.

    Raises:
        InputError: threads can't be kept, or another run holds this one.
    """
    async with AsyncExitStack() as stack:
        if thread is not None and checkpointer is None:
            runs = load_settings().runs_dir
            path = await stack.enter_async_context(held(runs / THREADS, thread))
            checkpointer = await stack.enter_async_context(_threads(path))
        if checkpointer is None and reviewed and context.review != "off":
            checkpointer, thread = InMemorySaver(), uuid4().hex
        # A copy takes microseconds; to build one, a millisecond or two.
        graph = _graph().copy({"checkpointer": checkpointer}) if checkpointer else _graph()
        kept = checkpointer is not None
        yield Rollout(
            graph,
            context,
            (thread or uuid4().hex) if kept else None,
            on_event,
            # "sync": each step is written before the next begins; a kill costs the call in flight.
            durability if kept else None,
        )


_open: "dict[Path, tuple[Keeper, int]]" = {}
_opening = threading.Lock()


@asynccontextmanager
async def _threads(path: Path) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The threads of a file; runs that go on at the same time share them.

    Raises:
        InputError: the file can't be opened.
    """
    keeper = await asyncio.to_thread(_take, path)
    try:
        yield keeper
    finally:
        await asyncio.to_thread(_give_back, path)


def _take(path: Path) -> Keeper:
    """What keeps the threads of a file, opened where nobody uses it yet."""
    with _opening:
        keeper, users = _open.get(path, (None, 0))
        if keeper is None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                keeper = open_keeper(path)
            except OSError as error:
                raise InputError(f"Threads can't be kept in {path}: {error}.") from error
            except sqlite3.Error as error:
                raise InputError(f"{path} can't be used to keep threads: {error}.") from error
        _open[path] = (keeper, users + 1)
        return keeper


def _give_back(path: Path) -> None:
    with _opening:
        keeper, users = _open[path]
        if users > 1:
            _open[path] = (keeper, users - 1)
        else:
            del _open[path]
            keeper.close()
