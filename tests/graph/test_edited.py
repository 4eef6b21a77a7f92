"""What clients send and edit in: of the wrong kind, it is refused in a sentence."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.errors import InputError
from aurelia.nodes.admission import Server
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What comes first?"


def refused(work: Any) -> str:
    """The one sentence of an error."""
    with pytest.raises(InputError) as caught:
        asyncio.run(work)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 500
    return said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"question": 7}, "question must be a text"),
        ({"question": ["a"]}, "question must be a text"),
        ({"clip": {"path": 7}}, "a text: its path"),
        ({"clip": {"start_s": "x"}}, "start_s is no number"),
        ({"clip": {"end_s": True}}, "end_s is no number"),
        ({"clip": {"start_s": -1}}, "start_s is -1"),
        ({"clip": {"audio": 7}}, "a text: its path"),
        ({"clip": {"candidates": ["a.wav"]}}, "must be an object of label to file"),
        ({"clip": {"candidates": {"A": 7}}}, "a text: its path"),
        ({"clip": {"sha256": "0", "candidates": ["a"]}}, "must have a label and a path"),
        ({"options": 7}, "Options must be"),
        ({"sample": {"task": 7}}, "task of the sample must be a text"),
        ({"fork": {"trajectory": 7, "iteration": 1}}, "no record of a run"),
        ({"fork": {"trajectory": {"id": "a"}, "iteration": 1}}, "no record of a run"),
        ({"fork": {"trajectory": {}, "iteration": "x"}}, "must be a whole number"),
    ],
)
def test_wrong_kinds_of_input(clip_path: str, given: Any, words: str) -> None:
    clip = {"path": clip_path, **given.get("clip", {})}
    asked: Any = {"question": QUESTION, **given, "clip": clip}
    assert words in refused(aurelia.build_graph().ainvoke(asked))


SCORED = {"raw_score": 3.0}
EDITS: list[tuple[dict[str, Any], str]] = [
    ({"iterations": [{"index": 1, "verdict": {"score": "8", **SCORED}}]}, "score of pass 1 is no"),
    ({"iterations": [{"index": 1, "verdict": {"score": 99, **SCORED}}]}, "score of pass 1 is no"),
    ({"iterations": [{"index": 1, "verdict": {"score": -5, **SCORED}}]}, "score of pass 1 is no"),
    ({"iterations": [{"index": 1, "verdict": {"score": 5}}]}, "can't be read, at verdict"),
    ({"iterations": [{"index": 1, "verdict": "good"}]}, "verdict of pass 1 is no object"),
    ({"iterations": [{"index": 1, "reasoning": "x"}]}, "reasoning of pass 1 is no object"),
    ({"iterations": [{"index": 1, "caption": 7}]}, "pass 1 in this thread's state can't be read"),
    ({"context": None}, "context holds no settings"),
    ({"context": {"threshold": 99}}, "context lacks actor"),
    ({"run": None}, "run holds no run"),
    ({"run": {"id": "a", "parent": 7}}, "parent in run"),
    ({"iteration": -3}, "iteration is no whole number"),
    ({"iteration": "x"}, "iteration is no whole number"),
    ({"iteration": 7}, "iteration is 7"),
    ({"question": 7}, "question is no text"),
    ({"granted": "x"}, "granted is no whole number"),
    ({"options": "x"}, "options is no object"),
]


@pytest.fixture(scope="module", params=["anybody", "server"])
def graph(request: pytest.FixtureRequest, clip_path: str) -> Any:
    server = Server(start=Path(clip_path).parent) if request.param == "server" else None
    return aurelia.build_graph(InMemorySaver(), server=server)


@pytest.fixture(scope="module")
def thread(graph: Any, clip_path: str) -> Any:
    """The config of a thread whose first pass was just scored."""
    config: Any = {"configurable": {"thread_id": "t"}}
    context = aurelia.Context(threshold=10, max_iterations=2)
    given = {"clip": clip_path, "question": QUESTION}
    work = graph.ainvoke(given, config, context=context, interrupt_after=["evaluator"])
    asyncio.run(work)
    return asyncio.run(graph.aget_state(config)).config


@pytest.mark.parametrize("as_node", ["generator", "summarizer", "evaluator", "review"])
@pytest.mark.parametrize(("values", "words"), EDITS)
def test_wrong_kinds_of_edits(
    graph: Any, thread: Any, values: dict[str, Any], words: str, as_node: str
) -> None:
    async def go() -> None:
        edited = await graph.aupdate_state(thread, values, as_node)  # routes, without a traceback
        await graph.ainvoke(None, edited)

    assert words in refused(go())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"iterations": "x"}, "iterations must be a list"),
        ({"iterations": {"index": 1}}, "iterations must be a list"),
        ({"iterations": ["x"]}, "each with an index"),
        ({"iterations": [{"index": "x"}]}, "each with an index"),
        ({"iterations": [{"index": 0}]}, "each with an index"),
        ({"iterations": [{"index": 1, "calls": 7}]}, "calls of iteration 1"),
        ({"media": 7}, "must be objects"),
        ({"texts": ["x"]}, "must be objects"),
        ({"warnings": "x"}, "warnings must be a list"),
    ],
)
def test_edits_that_have_no_place_are_refused_at_once(
    graph: Any, thread: Any, values: dict[str, Any], words: str
) -> None:
    assert words in refused(graph.aupdate_state(thread, values, "evaluator"))


def test_a_setting_out_of_bounds_in_state_names_it(graph: Any, thread: Any) -> None:
    async def go() -> None:
        settings = (await graph.aget_state(thread)).values["context"]
        for wrong in ("x", 99):
            context = {**settings, "threshold": wrong}
            edited = await graph.aupdate_state(thread, {"context": context}, "evaluator")
            with pytest.raises(InputError, match="threshold"):
                await graph.ainvoke(None, edited)

    asyncio.run(go())


def test_a_sound_edit_still_decides(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(2)])
    graph: Any = aurelia.build_graph(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "t"}}

    async def go() -> Any:
        given = {"clip": clip_path, "question": QUESTION}
        context = aurelia.Context(**everyone(model))
        await graph.ainvoke(given, config, context=context, interrupt_after=["evaluator"])
        values = {"iterations": [{"index": 1, "verdict": {"score": 9, "raw_score": 2}}]}
        return await graph.ainvoke(None, await graph.aupdate_state(config, values, "evaluator"))

    assert asyncio.run(go())["stop_reason"] == "accepted"
