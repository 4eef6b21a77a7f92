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


def test_a_run_that_goes_on_after_its_end_is_a_run_of_its_own(
    tmp_path: Path, clip_path: str
) -> None:
    loop = script(tmp_path, [actor(), caption("A."), verdict(7, 1), verdict(9, 2)])
    graph: Any = aurelia.build_graph(InMemorySaver())

    async def both() -> tuple[Trajectory, Trajectory]:
        given = {"clip": clip_path, "question": "q?"}
        whole = await go(graph, given, **everyone(loop))
        edit = {"iterations": [{"index": 1, "verdict": {"score": 2.0, "raw_score": 7.0}}]}
        await graph.aupdate_state(CONFIG, edit, "evaluator")
        return whole, await go(graph, None, threshold=8)

    whole, after = asyncio.run(both())
    assert after.parent is not None
    assert (after.parent.id, after.parent.iteration) == (whole.id, 1)
    assert after.parent.changed == {"threshold": 8}
    assert after.id != whole.id
    assert [i.score for i in after.iterations] == [2, 9]
    assert (whole.totals.calls, after.totals.calls) == (3, 3)
    assert {call.raw for i in after.iterations for call in i.calls} <= set(after.texts)


def test_fewer_passes_than_were_made_end_the_run(loop: str, clip_path: str) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())

    async def all_ends() -> list[Trajectory]:
        given = {"clip": clip_path, "question": "q?"}
        await go(graph, given, max_iterations=3, threshold=10, **everyone(loop))
        places = [("feedback", 2), ("generator", 2), ("feedback", 1), ("generator", 1)]
        points = [await checkpoint(graph, node, index) for node, index in places]
        return [await go(graph, None, point, max_iterations=1) for point in points]

    for ended, passes in zip(asyncio.run(all_ends()), (2, 2, 1, 1), strict=True):
        assert [i.index for i in ended.iterations] == [*range(1, passes + 1)]
        assert ended.stop_reason == "exhausted"
        assert ended.iterations[-1].context_changes == {"max_iterations": 1}
        assert ended.context["max_iterations"] == 1


@pytest.mark.parametrize(("first", "then"), [("default", "published"), ("published", "default")])
def test_another_preset_is_no_change_of_its_name_alone(
    loop: str, clip_path: str, first: str, then: str
) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())

    async def forked() -> None:
        given = {"clip": clip_path, "question": "q?"}
        await go(graph, given, max_iterations=2, preset=first, **everyone(loop))
        point = await checkpoint(graph, "feedback", 1)
        same = await go(graph, None, point, preset=first)
        assert same.context["preset"] == first
        with pytest.raises(InputError, match=r"preset can't be changed .*frame_rule, keep_best"):
            await go(graph, None, point, preset=then)

    asyncio.run(forked())


def test_a_changed_prompt_is_noted_by_its_hash(loop: str, clip_path: str) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())
    own = aurelia.Context().load_prompts().templates["evaluator"].text
    reworded = own.replace("## user", "Look twice, and twice more.\n\n## user")

    async def forked() -> tuple[Trajectory, str]:
        given = {"clip": clip_path, "question": "q?"}
        await go(graph, given, max_iterations=2, **everyone(loop))
        point = await checkpoint(graph, "feedback", 1)
        record = await go(graph, None, point, evaluator_prompt=reworded)
        return record, str((await graph.aget_state(CONFIG)).values["iterations"])

    record, passes = asyncio.run(forked())
    noted = record.iterations[1].context_changes["evaluator_prompt"]
    asked = [c.prompt for c in record.iterations[1].calls if c.role == "critic"]
    assert asked == [noted]
    assert "Look twice" in record.templates[noted.partition("@")[2]].text
    assert "Look twice" not in passes


@pytest.mark.parametrize("before", ["evaluator", "distill"])
def test_a_score_that_was_edited_into_state_is_marked(
    loop: str, clip_path: str, before: str
) -> None:
    graph: Any = aurelia.build_graph(InMemorySaver())

    async def edited() -> tuple[Trajectory, Trajectory]:
        given = {"clip": clip_path, "question": "q?"}
        whole = await go(graph, given, max_iterations=2, **everyone(loop))
        at = await checkpoint(graph, before, 2)
        edit = {"iterations": [{"index": 2, "verdict": {"score": 9.0, "raw_score": 9.0}}]}
        return whole, await go(graph, None, await graph.aupdate_state(at, edit, "evaluator"))

    whole, run = asyncio.run(edited())
    assert [i.edited for i in whole.iterations] == [[], []]
    assert [i.edited for i in run.iterations] == [[], ["score"]]
    was = "3" if before == "distill" else "none"
    (said,) = [text for text in run.warnings if text not in whole.warnings]
    assert said.startswith(f"The score of pass 2 was changed from {was} to 9 in the thread's state")
