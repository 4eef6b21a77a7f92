"""What a run's nodes know of each other's work: an edit is seen, wherever it is made."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.graph import known
from aurelia.graph.context import Context
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.nodes import parsed, turn
from aurelia.nodes.parsed import Parsed, clip_of, iteration_of, outcome, written
from aurelia.types.reasoning import Reasoning, Step
from aurelia.types.trajectory import Iteration
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What makes the sound?"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with nothing known, and may count what is."""
    monkeypatch.setattr(parsed, "_runs", {})
    monkeypatch.setattr(parsed, "_ended", {})
    monkeypatch.setattr(known, "_settled", {})
    monkeypatch.setattr(turn, "_held", {})
    parsed.enter("run")
    yield
    parsed.let_go("run")


def item(answer: str = "a bell") -> dict[str, Any]:
    steps = [Step(id="s1", text="Listen.", modality="audio")]
    reasoning = written(Reasoning(steps=steps, findings="A ring.", answer=answer))
    return {"index": 1, "reasoning": reasoning, "calls": []}


def test_what_was_written_is_read_as_it_was() -> None:
    state = item()
    read = iteration_of(state, with_calls=False)
    assert read.reasoning is parsed._runs["run"].find(state["reasoning"])
    # Through JSON they are other objects, and read to the same.
    assert iteration_of(json.loads(json.dumps(state)), with_calls=False) == read
    assert iteration_of(state, with_calls=False) is read


def test_a_record_that_was_replaced_is_read_anew() -> None:
    state = item()
    iteration_of(state, with_calls=False)
    edited = {**state, "reasoning": {**state["reasoning"], "answer": "a drum"}}
    read = iteration_of(edited, with_calls=False)
    assert read.reasoning is not None
    assert read.reasoning.answer == "a drum"
    assert read.reasoning.steps[0].text == "Listen."


def test_an_edit_that_fits_no_record_is_refused_however_much_is_known() -> None:
    state = item()
    iteration_of(state, with_calls=False)
    for wrong in ({"index": 0}, {"caption": 7}, {"stray": 1}, {"reasoning": {"answer": 7}}):
        with pytest.raises(ValueError, match="state can't be read"):
            iteration_of({**state, **wrong}, with_calls=False)


def test_no_other_object_is_taken_for_one_that_is_known() -> None:
    held = Parsed()
    for number in range(1000):  # what is not held is collected, and its place used again
        assert held.find({"index": number}) is None
        if number % 100 == 0:
            held.put({"index": number}, number)
    assert len(held) == 10


def test_one_run_knows_nothing_of_another() -> None:
    state = item()
    parsed.enter("another")
    assert iteration_of(state, with_calls=False).reasoning is not None
    assert parsed._runs["run"].find(state) is None
    for number in range(1000):
        parsed.enter(f"run {number}")
    assert len(parsed._runs) == 256  # of runs that never end, the oldest are forgotten


def test_what_has_ended_is_held_no_longer(clip_path: str) -> None:
    clip = written(open_clip(clip_path))
    assert clip_of(clip) is clip_of(clip)
    parsed.let_go("run")
    assert parsed._runs == {}
    assert clip_of(clip) is not clip_of(clip)  # nor is anything noted outside a run


def test_a_run_leaves_nothing_behind(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path, [actor(), caption("A tone."), verdict(3, iteration=1), verdict(9, iteration=2)]
    )
    run = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert [i.score for i in run.iterations] == [3, 9]
    assert aurelia.Trajectory.model_validate(run.model_dump(mode="json")) == run
    assert [*parsed._runs] == ["run"]
    assert [parsed._ended, known._settled, turn._held] == [{}, {}, {}]


def test_a_record_is_handed_over_once() -> None:
    """Who gets it may change it; who asks again gets what state holds."""
    run = aurelia.Trajectory.model_construct()
    value = {"id": "x"}
    parsed._ended[id(value)] = (value, run)
    assert outcome(value) is run
    with pytest.raises(ValueError, match="validation error"):
        outcome(value)


def test_an_edit_between_two_steps_is_seen(tmp_path: Path, clip_path: str) -> None:
    """In the process that knows the records already: steps and settings."""
    model = script(tmp_path, [actor(), caption("A tone."), verdict(6)])
    graph = aurelia.build_graph(InMemorySaver())
    config: RunnableConfig = {"configurable": {"thread_id": "1"}}
    context = Context(**everyone(model), threshold=6)

    async def edited() -> dict[str, Any]:
        await graph.ainvoke(
            {"clip": clip_path, "question": QUESTION},
            config,
            context=context,
            interrupt_after=["generator"],
        )
        state = (await graph.aget_state(config)).values
        first = state["iterations"][0]
        steps = [{"id": "s1", "text": "Look at the edited step."}]
        reasoning = {**first["reasoning"], "steps": steps}
        update = {
            "iterations": [{**first, "reasoning": reasoning}],
            "context": {**state["context"], "threshold": 7.0, "max_iterations": 1},
        }
        await graph.aupdate_state(config, update, as_node="generator")
        return await graph.ainvoke(None, config)

    run = aurelia.Trajectory.model_validate(asyncio.run(edited())["trajectory"])
    (only,) = run.iterations
    assert only.reasoning is not None
    assert [step.text for step in only.reasoning.steps] == ["Look at the edited step."]
    asked = next(call for call in only.calls if call.role == "summarizer")
    assert "Look at the edited step." in run.texts[asked.variables["steps"]]
    assert (run.stop_reason, run.context["threshold"]) == ("exhausted", 7.0)


def test_a_context_that_its_caller_changes_under_way_counts(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(6)])
    context = Context(**everyone(model), threshold=5)

    async def changed() -> Any:
        chunk: Any = {}
        async for mode, chunk in aurelia.build_graph().astream(
            {"clip": clip_path, "question": QUESTION},
            context=context,
            stream_mode=["updates", "values"],
        ):
            if mode == "updates" and "summarizer" in chunk:
                context.threshold = 8.0
                context.max_iterations = 1
        return chunk["trajectory"]

    run = aurelia.Trajectory.model_validate(asyncio.run(changed()))
    assert (run.stop_reason, run.context["threshold"]) == ("exhausted", 8.0)
    assert run.iterations[0].context_changes == {"threshold": 8.0, "max_iterations": 1}


def test_a_cleared_cache_is_found_by_the_next_run(tmp_path: Path, clip_path: str) -> None:
    """Media that a run used are looked at again when the next begins."""
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    first = aurelia.reason(clip_path, QUESTION, **everyone(model))
    held = prepare_media(open_clip(clip_path))  # somebody still uses them
    shutil.rmtree(held.frames[0].path.parent)
    again = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert again.media["prepared"] == first.media["prepared"]
    assert held.frames[0].path.is_file()


def test_nobody_hears_events_that_nobody_asked_for(tmp_path: Path, clip_path: str) -> None:
    """A run within another graph's node tells that graph's stream nothing of its own."""
    from langgraph.graph import START, StateGraph
    from typing_extensions import TypedDict

    class Parent(TypedDict, total=False):
        answer: str

    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])

    async def ask(state: Parent) -> Parent:
        run = await aurelia.areason(clip_path, QUESTION, **everyone(model))
        return {"answer": run.actor_answer}

    builder = StateGraph(Parent)
    builder.add_node("ask", ask)
    builder.add_edge(START, "ask")

    async def heard() -> list[Any]:
        return [chunk async for chunk in builder.compile().astream({}, stream_mode="custom")]

    assert asyncio.run(heard()) == []


def test_iterations_are_the_same_with_and_without_what_is_known(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(3)])
    run = aurelia.reason(clip_path, QUESTION, max_iterations=2, **everyone(model))
    for iteration in run.iterations:
        state = iteration.model_dump(mode="json")
        assert iteration_of(state, with_calls=True) == Iteration.model_validate(state)
        assert iteration_of(state, with_calls=True) == Iteration.model_validate(state)
        assert iteration_of(state, with_calls=False).calls == []
