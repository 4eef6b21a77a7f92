"""Forks within a thread: no record of one takes the place of another's."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.errors import InputError
from aurelia.graph.threads import record_of
from aurelia.saved import load_run, portable, save_run
from aurelia.types.trajectory import Trajectory
from tests.scripts import actor, caption, everyone, script, verdict

CONFIG: Any = {"configurable": {"thread_id": "t"}}


@pytest.fixture
def loop(tmp_path: Path) -> str:
    return script(tmp_path, [actor(), caption("A."), verdict(2, 1), verdict(3, 2), verdict(4, 3)])


async def checkpoint(graph: Any, following: str, iteration: int) -> Any:
    """Where a node comes next in a pass; the latest such checkpoint."""
    async for snapshot in graph.aget_state_history(CONFIG):
        if snapshot.next == (following,) and snapshot.values.get("iteration") == iteration:
            return snapshot.config
    raise AssertionError("no such checkpoint")


async def go(graph: Any, given: Any, config: Any = CONFIG, **settings: Any) -> Trajectory:
    context = aurelia.Context(**settings) if settings else None
    result = await graph.ainvoke(given, config, context=context)
    return Trajectory.model_validate(result["trajectory"])


def test_a_fork_never_replaces_the_record_of_what_it_left(
    loop: str, tmp_path: Path, clip_path: str
) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())
    given = {"clip": clip_path, "question": "q?"}

    async def both() -> tuple[Trajectory, Trajectory]:
        whole = await go(graph, given, max_iterations=3, **everyone(loop))
        other = script(tmp_path, [verdict(8)], "critic.yaml")
        return whole, await go(graph, None, await checkpoint(graph, "feedback", 1), critic=other)

    whole, forked = asyncio.run(both())
    folder = tmp_path / "out"
    save_run(whole, folder)
    save_run(whole, folder)  # the same once more
    with pytest.raises(InputError, match="give another folder"):
        save_run(forked, folder)
    assert load_run(folder) == portable(whole)


def test_an_edit_that_ends_a_run_otherwise_is_no_later_state_of_it(
    loop: str, tmp_path: Path, clip_path: str
) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())

    async def both() -> tuple[Trajectory, Trajectory]:
        given = {"clip": clip_path, "question": "q?"}
        whole = await go(graph, given, max_iterations=2, **everyone(loop))
        at = await checkpoint(graph, "distill", 2)
        edit = {"iterations": [{"index": 2, "verdict": {"score": 9.0, "raw_score": 3.0}}]}
        return whole, await go(graph, None, await graph.aupdate_state(at, edit, "evaluator"))

    whole, edited = asyncio.run(both())
    save_run(whole, tmp_path / "out")
    with pytest.raises(InputError, match="give another folder"):
        save_run(edited, tmp_path / "out")


def test_a_run_that_went_on_replaces_what_it_was(loop: str, tmp_path: Path, clip_path: str) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())

    async def all_states() -> list[Trajectory]:
        given = {"clip": clip_path, "question": "q?"}
        whole = await go(graph, given, max_iterations=3, **everyone(loop))
        history = [s async for s in graph.aget_state_history(CONFIG)]
        early = [s for s in reversed(history) if "run" in s.values and s.next]
        return [*(record_of(s.values, "it goes on") for s in early), whole]

    states = asyncio.run(all_states())
    assert len(states) > 10
    for state in states:  # feedback, and what became of complaints, come to passes later on
        save_run(state, tmp_path / "out")
    assert load_run(tmp_path / "out").stop_reason == "exhausted"
