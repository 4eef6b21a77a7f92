"""Threads as they are kept: read without running anything, and made into records."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from pydantic import ValidationError

from aurelia.errors import InputError
from aurelia.evaluators.selection import accepted_at, best_so_far, replayable_to
from aurelia.graph.build import build_graph
from aurelia.graph.state import State, texts_so_far
from aurelia.models.usage import totals_of
from aurelia.nodes.rescored import rescored
from aurelia.types.clip import Clip
from aurelia.types.review import ReviewRequest
from aurelia.types.trajectory import Best, Iteration, TemplateRecord, Trajectory

UNFINISHED = "not ended when it was exported"
"""How the `stop_detail` of a record begins that was made of a run that had not ended."""


async def kept_state(path: Path, thread: str) -> tuple[State, str]:
    """What a thread in a SQLite file holds, and what it waits for; nothing is changed.

    Raises:
        InputError: there is no such file or thread, or the file can't be read.
    """
    import aiosqlite
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    if not await asyncio.to_thread(path.is_file):
        raise InputError(f"There is no file of threads at {path}.")
    try:
        connection = await aiosqlite.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            saver = AsyncSqliteSaver(connection)
            saver.is_setup = True  # it would write, and there is nothing to make
            config: RunnableConfig = {"configurable": {"thread_id": thread}}
            snapshot = await build_graph(saver).aget_state(config)
        finally:
            await connection.close()
    except aiosqlite.Error as error:
        raise InputError(f"{path} can't be read as a file of threads: {error}.") from error
    if not snapshot.values:
        raise InputError(f"{path} holds no thread {thread!r}.")
    waits = [interrupt.value for interrupt in snapshot.interrupts]
    return cast(State, snapshot.values), waiting(waits, snapshot.next)


def waiting(interrupts: object, following: object) -> str:
    """What a thread waits for, in words; empty where it has ended.

    Args:
        interrupts: values of its interrupts.
        following: names of the nodes that come next.
    """
    for value in interrupts if isinstance(interrupts, list) else ():
        try:
            request = ReviewRequest.model_validate(value)
        except ValidationError:
            return "it waits for a person"
        return f"it waits for a person to review the {request.kind} of pass {request.index}"
    nodes = ", ".join(map(str, following)) if isinstance(following, (list, tuple)) else ""
    return f"it goes on with the {nodes}" if nodes else ""


def record_of(state: Mapping[str, Any], waits: str = "") -> Trajectory:
    """The record of a thread. One that has not ended counts as failed, and says why.

    Args:
        state: what the thread holds.
        waits: what it waits for, in words.

    Raises:
        InputError: it holds no run of AURELIA, or one that had not begun.
    """
    ended = bool(state.get("trajectory")) and not waits
    if not ended and not {"run", "clip", "context"} <= set(state):
        raise InputError("The thread holds no run of AURELIA, or one that had not begun.")
    try:
        if ended:
            return Trajectory.model_validate(state["trajectory"])
        return _unfinished(state, waits)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The thread's state is no run of this version, at {error.title}.{place}: "
            f"{first['msg']}."
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"The thread's state has another shape than a run's ({type(error).__name__})."
        ) from None


def _unfinished(state: Mapping[str, Any], waits: str) -> Trajectory:
    """A run as far as it went: its passes, and the best so far."""
    run, context = state["run"], state["context"]
    parent = run.get("parent")
    before = int(parent["iteration"]) if parent else 0
    held = [Iteration.model_validate(item) for item in state.get("iterations") or ()]
    iterations, noted = rescored(state, held, before)
    best = best_so_far(iterations)
    kept = best or next((i for i in reversed(iterations) if i.reasoning), None)
    calls = [call for i in iterations if i.index > before for call in i.calls]
    threshold = float(context["threshold"])
    detail = f"{UNFINISHED}: {waits}" if waits else UNFINISHED
    return Trajectory(
        id=run["id"],
        parent=parent,
        code_version=run["code_version"],
        sample=state.get("sample"),
        clip=Clip.model_validate(state["clip"]),
        question=state["question"],
        options=state.get("options"),
        media=state.get("media") or {},
        context=context,
        iterations=iterations,
        best=Best(index=best.index, why=f"highest score so far, {best.score:g}") if best else None,
        stop_reason="failed",
        stop_detail=detail,
        actor_answer=kept.reasoning.answer if kept and kept.reasoning else "",
        templates={
            key: TemplateRecord.model_validate(value)
            for key, value in texts_so_far(cast(State, state), "templates").items()
        },
        texts=texts_so_far(cast(State, state), "texts"),
        warnings=[*(state.get("warnings") or ()), *noted, f"The run had {detail}."],
        totals=totals_of(
            calls,
            seconds=round(sum(call.total_s for call in calls), 3),
            accepted_at=accepted_at(iterations, threshold, before),
        ),
        replayable_to=replayable_to(
            iterations, threshold=threshold, max_iterations=int(context["max_iterations"])
        ),
    )
