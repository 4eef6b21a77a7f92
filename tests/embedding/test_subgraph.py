"""The compiled graph as a subgraph: nothing leaks either way, and all roads lead in."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, StateGraph
from langgraph.types import Command

import aurelia
from tests.embedding.parents import OWN, WAYS, Dataclass, Dict, Model, Parent, Run, a_dict, parent
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What comes first?"
THREAD: Any = {"configurable": {"thread_id": "t"}}


@pytest.fixture
def model(tmp_path: Path) -> str:
    return script(tmp_path, [actor(), caption("A tone."), verdict(7)])


@pytest.mark.parametrize("run", WAYS)
@pytest.mark.parametrize(
    ("schema", "context"), [(Dataclass, Dataclass), (Model, Model), (Dict, a_dict)]
)
def test_neither_context_reaches_the_other(
    run: Run, schema: Any, context: Any, model: str, clip_path: str
) -> None:
    graph = parent(aurelia.build_graph(context=everyone(model)), schema)
    theirs = context()
    result = run(graph, {"clip": clip_path, "question": QUESTION}, context=theirs)
    ours = result["trajectory"]["context"]
    assert (ours["threshold"], ours["actor"], ours["review"]) == (6.0, model, "off")
    seen = theirs["seen"] if isinstance(theirs, dict) else theirs.seen
    assert seen == ["theirs", "theirs"]


def test_a_parent_without_a_context_gets_the_settings_of_the_subgraph(
    model: str, clip_path: str
) -> None:
    inside = aurelia.build_graph(context=aurelia.Context(threshold=7.5, **everyone(model)))
    builder: Any = StateGraph(Parent)
    builder.add_node("aurelia", inside)
    builder.add_edge(START, "aurelia")
    result = builder.compile().invoke({"clip": clip_path, "question": QUESTION})
    assert result["trajectory"]["context"]["threshold"] == 7.5
    assert result["stop_reason"] == "exhausted"


def test_what_a_run_is_given_as_our_context_beats_the_settings_of_the_graph(
    model: str, clip_path: str
) -> None:
    graph = aurelia.build_graph(context={"threshold": 7.5, "max_iterations": 1, **everyone(model)})
    given = aurelia.Context(threshold=5)
    result: Any = graph.invoke({"clip": clip_path, "question": QUESTION}, context=given)
    ours = result["trajectory"]["context"]
    assert (ours["threshold"], ours["max_iterations"], ours["actor"]) == (5, 1, model)


def test_wrong_settings_of_a_graph_are_found_when_it_is_built() -> None:
    with pytest.raises(aurelia.ConfigurationError, match="no setting 'treshold'"):
        aurelia.build_graph(context={"treshold": 5})


def test_channels_of_the_same_name_stay_their_owners(model: str, clip_path: str) -> None:
    graph = parent(aurelia.build_graph(context=everyone(model)))
    given: Parent = {"clip": clip_path, "question": QUESTION, **OWN}
    result = graph.invoke(given, context=Dataclass())
    assert {name: result[name] for name in OWN} == dict(OWN)
    assert result["stop_reason"] == "accepted"
    assert [i["index"] for i in result["trajectory"]["iterations"]] == [1]


@pytest.mark.parametrize("run", WAYS)
def test_our_errors_arrive_as_ours(run: Run, clip_path: str) -> None:
    graph = parent(aurelia.build_graph())
    with pytest.raises(aurelia.MediaError, match=r"no\.mp4"):
        run(graph, {"clip": "no.mp4", "question": QUESTION}, context=Dataclass())
    with pytest.raises(aurelia.InputError, match="question is empty"):
        run(graph, {"clip": clip_path}, context=Dataclass())
    given = {"clip": clip_path, "question": QUESTION}
    with pytest.raises(aurelia.InputError, match="sample must be an object, or left out"):
        run(graph, {**given, "sample": "theirs"}, context=Dataclass())
    with pytest.raises(aurelia.InputError, match="fork must be an object with trajectory and"):
        run(graph, {**given, "fork": {}}, context=Dataclass())


@pytest.mark.parametrize("run", WAYS)
def test_a_review_waits_in_the_parents_thread_and_asks_nothing_twice(
    run: Run, wire: Wire, clip_path: str
) -> None:
    settings = {**everyone(wire.model), "review": "steps", "use_cache": False}
    graph = parent(aurelia.build_graph(context=settings), checkpointer=InMemorySaver())
    given = {"clip": clip_path, "question": QUESTION}
    waiting = run(graph, given, THREAD, context=Dataclass())
    (asked,) = waiting["__interrupt__"]
    assert asked.value["kind"] == "steps"
    assert len(wire.calls) == 1

    edit = {"action": "edit", "answer": "a bell"}
    result = run(graph, Command(resume=edit), THREAD, context=Dataclass())
    assert result["answer"] == "a bell"
    assert len(wire.calls) == 3  # actor, summarizer, critic: each once


def test_a_review_without_the_parents_checkpointer_is_refused(model: str, clip_path: str) -> None:
    graph = parent(aurelia.build_graph(context={"review": "steps", **everyone(model)}))
    with pytest.raises(aurelia.ConfigurationError, match="needs a checkpointer"):
        graph.invoke({"clip": clip_path, "question": QUESTION}, context=Dataclass())


def test_a_sync_checkpointer_serves_a_sync_parent(
    tmp_path: Path, wire: Wire, clip_path: str
) -> None:
    settings = {**everyone(wire.model), "review": "verdict", "use_cache": False}
    given = {"clip": clip_path, "question": QUESTION}
    with SqliteSaver.from_conn_string(str(tmp_path / "threads.sqlite")) as kept:
        graph = parent(aurelia.build_graph(context=settings), checkpointer=kept)
        assert graph.invoke(given, THREAD, context=Dataclass())["__interrupt__"]
    with SqliteSaver.from_conn_string(str(tmp_path / "threads.sqlite")) as kept:
        graph = parent(aurelia.build_graph(context=settings), checkpointer=kept)
        result = graph.invoke(Command(resume="approve"), THREAD, context=Dataclass())
    assert result["stop_reason"] == "accepted"
    assert len(wire.calls) == 3


def test_an_async_checkpointer_serves_an_async_parent(
    tmp_path: Path, wire: Wire, clip_path: str
) -> None:
    settings = {**everyone(wire.model), "review": "verdict", "use_cache": False}

    async def go() -> dict[str, Any]:
        async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "threads.sqlite")) as kept:
            graph = parent(aurelia.build_graph(context=settings), checkpointer=kept)
            given = {"clip": clip_path, "question": QUESTION}
            await graph.ainvoke(given, THREAD, context=Dataclass())
            result = await graph.ainvoke(Command(resume="approve"), THREAD, context=Dataclass())
            return dict(result)

    assert asyncio.run(go())["stop_reason"] == "accepted"
    assert len(wire.calls) == 3


def test_a_parent_can_stream_us(model: str, clip_path: str) -> None:
    graph = parent(aurelia.build_graph(context=everyone(model)))
    given = {"clip": clip_path, "question": QUESTION}
    modes = ["custom", "updates", "values"]
    chunks: list[tuple[tuple[str, ...], str, Any]] = list(
        graph.stream(given, context=Dataclass(), stream_mode=modes, subgraphs=True)
    )
    inside = [(mode, chunk) for ns, mode, chunk in chunks if ns and ns[0].startswith("aurelia:")]
    events = [chunk["type"] for mode, chunk in inside if mode == "custom"]
    assert [e for e in events if not e.endswith("delta")] == [
        "iteration_started",
        "steps",
        "caption",
        "verdict",
        "stopped",
    ]
    updates = [next(iter(chunk)) for mode, chunk in inside if mode == "updates"]
    assert updates == ["observe", "generator", "summarizer", "evaluator", "distill"]
    values = [chunk for mode, chunk in inside if mode == "values"]
    assert values[-1]["trajectory"]["stop_reason"] == "accepted"
    outside = [next(iter(chunk)) for ns, mode, chunk in chunks if not ns and mode == "updates"]
    assert outside == ["before", "aurelia", "after"]


def test_the_parent_shows_us_as_a_subgraph_while_it_waits(model: str, clip_path: str) -> None:
    settings = {**everyone(model), "review": "steps"}
    graph = parent(aurelia.build_graph(context=settings), checkpointer=InMemorySaver())
    graph.invoke({"clip": clip_path, "question": QUESTION}, THREAD, context=Dataclass())
    (task,) = graph.get_state(THREAD, subgraphs=True).tasks
    assert task.state.next == ("review",)
    assert task.state.values["iterations"][0]["reasoning"]["answer"] == "the tone"


@pytest.mark.parametrize("run", WAYS)
def test_a_subgraph_may_keep_one_thread_over_all_calls(
    run: Run, model: str, clip_path: str
) -> None:
    inside = aurelia.build_graph(True, context=everyone(model))
    graph = parent(inside, checkpointer=InMemorySaver())
    records = [
        run(graph, {"clip": clip_path, "question": question}, THREAD, context=Dataclass())
        for question in ("one?", "two?")
    ]
    one, two = (record["trajectory"] for record in records)
    assert (one["question"], two["question"]) == ("one?", "two?")
    assert [len(one["iterations"]), len(two["iterations"])] == [1, 1]
    assert one["id"] != two["id"]
