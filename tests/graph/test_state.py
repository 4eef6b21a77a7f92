"""Forking, editing and resuming: properties of state, routes and resolved settings."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.graph.routes import after_evaluator, after_generator
from aurelia.graph.state import State, upsert_iterations
from tests.scripts import actor, caption, everyone, script, verdict


@given(st.lists(st.integers(1, 9)))
def test_iterations_stay_ordered_and_unique(indices: list[int]) -> None:
    state: list[dict[str, Any]] = []
    for index in indices:
        state = upsert_iterations(state, [{"index": index, "reasoning": {}}])
        assert state[-1]["index"] == index  # a fresh start drops what came after
    assert [i["index"] for i in state] == sorted({i["index"] for i in state})


def test_fields_join_their_iteration_and_calls_add_up() -> None:
    state = upsert_iterations([], [{"index": 1, "reasoning": {}, "calls": ["a"]}])
    state = upsert_iterations(state, [{"index": 1, "caption": "c", "calls": ["b"]}])
    assert state == [{"index": 1, "reasoning": {}, "caption": "c", "calls": ["a", "b"]}]


@given(
    score=st.one_of(st.none(), st.floats(1, 10)),
    threshold=st.floats(1, 10),
    index=st.integers(1, 5),
    limit=st.integers(1, 5),
    stop_when=st.sampled_from(["accepted", "never"]),
)
def test_the_loop_decides_by_score_limit_and_mode_alone(
    score: float | None, threshold: float, index: int, limit: int, stop_when: str
) -> None:
    judged = {"score": score} if score is not None else {"unscored": True}
    state: State = {
        "iteration": index,
        "iterations": [{"index": index, "verdict": judged}],
        "context": {"threshold": threshold, "max_iterations": limit, "stop_when": stop_when},
    }
    accepted = stop_when == "accepted" and score is not None and score >= threshold
    expected = "score ≥ τ or spent" if accepted or index >= limit else "score < τ"
    assert after_evaluator(state) == expected


def test_an_unreadable_actor_tries_again_until_spent() -> None:
    context = {"max_iterations": 2}
    failed = [{"index": 1, "error": "unreadable"}]
    assert (
        after_generator({"iteration": 1, "iterations": failed, "context": context}) == "try again"
    )
    assert after_generator({"iteration": 2, "iterations": failed, "context": context}) == "stop"


@pytest.fixture
def loop(tmp_path: Path) -> str:
    replies = [actor(), caption("A."), verdict(2, 1), verdict(3, 2), verdict(4, 3), verdict(9)]
    return script(tmp_path, replies)


async def _final(graph: Any, given: Any, config: Any, **context: Any) -> dict[str, Any]:
    settings = aurelia.Context(**context) if context else None
    result: dict[str, Any] = await graph.ainvoke(given, config, context=settings)
    return result["trajectory"]  # type: ignore[no-any-return]


async def _checkpoint_after(graph: Any, config: Any, node: str, iteration: int) -> Any:
    """The config of the checkpoint at which `node` comes next in that iteration."""
    async for snapshot in graph.aget_state_history(config):
        if snapshot.next == (node,) and snapshot.values.get("iteration") == iteration:
            return snapshot.config
    raise AssertionError("no such checkpoint")


def test_a_fork_from_a_checkpoint_keeps_k_passes_and_its_settings(
    loop: str, tmp_path: Path, clip_path: str
) -> None:
    async def go() -> None:
        graph = aurelia.build_graph(InMemorySaver())
        config = {"configurable": {"thread_id": "t"}}
        given = {"clip": clip_path, "question": "q?"}
        whole = await _final(graph, given, config, threshold=5, **everyone(loop))
        assert [i["index"] for i in whole["iterations"]] == [1, 2, 3, 4]

        at_two = await _checkpoint_after(graph, config, "feedback", 2)
        again = await _final(graph, None, at_two)  # no context: what was resolved stays in force
        assert [i["index"] for i in again["iterations"]] == [1, 2, 3, 4]
        assert again["context"]["threshold"] == 5

        other = script(tmp_path, [verdict(8)], "critic.yaml")
        forked = await _final(graph, None, at_two, critic=other)
        assert [i["index"] for i in forked["iterations"]] == [1, 2, 3]
        assert [len(i["calls"]) for i in forked["iterations"]] == [3, 3, 3]
        assert forked["iterations"][2]["context_changes"] == {"critic": other}
        assert forked["context"]["actor"] == loop

    import asyncio

    asyncio.run(go())


def test_an_edited_state_routes_like_a_computed_one(loop: str, clip_path: str) -> None:
    async def go() -> None:
        graph = aurelia.build_graph(InMemorySaver())
        config: Any = {"configurable": {"thread_id": "t"}}
        await _final(
            graph, {"clip": clip_path, "question": "q?"}, config, threshold=5, **everyone(loop)
        )
        before = await _checkpoint_after(graph, config, "evaluator", 2)
        edited = {"index": 2, "verdict": {"score": 9.0, "raw_score": 9.0}}
        after = await graph.aupdate_state(before, {"iterations": [edited]}, as_node="evaluator")
        final = await _final(graph, None, after)
        assert final["stop_reason"] == "accepted"
        assert final["best"]["index"] == 2

    import asyncio

    asyncio.run(go())


def test_forking_a_finished_run_goes_on_after_iteration_k(
    loop: str, tmp_path: Path, clip_path: str
) -> None:
    first = aurelia.reason(clip_path, "q?", threshold=4, **everyone(loop))
    assert len(first.iterations) == 3
    other = script(tmp_path, [actor(), caption("B."), verdict(10)], "other.yaml")
    forked = aurelia.reason(
        clip_path, "q?", fork=aurelia.Fork(first, 1), **{**everyone(other), "threshold": 4}
    )
    assert [i.caption for i in forked.iterations] == ["A.", "B."]
    assert forked.parent is not None
    assert (forked.parent.id, forked.parent.iteration) == (first.id, 1)
    assert forked.parent.changed["actor"] == other
    assert forked.iterations[0].calls == first.iterations[0].calls
    for call in (c for i in forked.iterations for c in i.calls):
        assert call.raw in forked.texts
        assert call.prompt.split("@")[1] in forked.templates


def test_a_fork_of_an_accepted_run_can_have_another_outcome(tmp_path: Path, clip_path: str) -> None:
    first = aurelia.reason(
        clip_path, "q?", **everyone(script(tmp_path, [actor(), caption("A."), verdict(9)]))
    )
    other = script(tmp_path, [actor(answer="b"), caption("B."), verdict(7)], "other.yaml")
    forked = aurelia.reason(clip_path, "q?", fork=aurelia.Fork(first, 1), **everyone(other))
    assert forked.best is not None
    assert forked.best.index == 2
    assert forked.actor_answer == "b"
    assert forked.totals.calls == 3  # the passes it took over were paid by the other run

    worse = script(tmp_path, [actor(), caption("C."), verdict(2)], "worse.yaml")
    kept = aurelia.reason(
        clip_path, "q?", fork=aurelia.Fork(first, 1), max_iterations=2, **everyone(worse)
    )
    assert kept.stop_reason == "accepted"
    assert kept.best is not None
    assert kept.best.index == 1


def test_a_fork_without_a_pass_left_is_refused(loop: str, clip_path: str) -> None:
    first = aurelia.reason(clip_path, "q?", max_iterations=2, **everyone(loop))
    with pytest.raises(aurelia.InputError, match="no pass left"):
        aurelia.reason(
            clip_path, "q?", fork=aurelia.Fork(first, 2), max_iterations=2, **everyone(loop)
        )


@pytest.mark.parametrize("iteration", [-1, 9])
def test_a_fork_past_the_end_is_refused(loop: str, clip_path: str, iteration: int) -> None:
    first = aurelia.reason(clip_path, "q?", threshold=4, **everyone(loop))
    with pytest.raises(aurelia.InputError, match="can't be forked"):
        aurelia.reason(clip_path, "q?", fork=aurelia.Fork(first, iteration), **everyone(loop))


def test_another_prompt_is_another_identity_and_its_text_is_kept(loop: str, clip_path: str) -> None:
    text = "---\nrole: actor\nversion: 'x'\nrequired: [question]\noutput: reasoning\n---\n"
    text += "## system\nBe brief.\n## user\n{{media}}\n{{question}}\n"
    plain = aurelia.reason(clip_path, "q?", threshold=2, **everyone(loop))
    changed = aurelia.reason(
        clip_path, "q?", threshold=2, prompt_overrides={"generator": text}, **everyone(loop)
    )
    before, after = (run.iterations[0].calls[0].prompt for run in (plain, changed))
    assert before != after
    assert "Be brief." in changed.templates[after.split("@")[1]].text


def test_state_holds_references_not_bytes_and_stays_small(loop: str, clip_path: str) -> None:
    import asyncio
    import json

    async def go() -> None:
        graph = aurelia.build_graph(InMemorySaver())
        config: Any = {"configurable": {"thread_id": "t"}}
        await _final(
            graph, {"clip": clip_path, "question": "q?"}, config, threshold=10, **everyone(loop)
        )
        snapshot = await graph.aget_state(config)
        text = json.dumps(snapshot.values)  # plain JSON, or this fails
        assert len(text) < 200_000

    asyncio.run(go())


def test_two_sync_runs_share_one_loop(loop: str, clip_path: str) -> None:
    for _ in range(2):
        assert aurelia.reason(clip_path, "q?", threshold=2, **everyone(loop)).best is not None


def test_a_thread_can_be_asked_one_more_question(tmp_path: Path, clip_path: str) -> None:
    first = script(tmp_path, [actor(), caption("A."), verdict(2)], "first.yaml")
    second = script(tmp_path, [actor(answer="b"), caption("B."), verdict(9)], "second.yaml")
    graph = aurelia.build_graph(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "t"}}
    records = []
    for model, question in ((first, "one?"), (second, "two?")):
        settings = aurelia.Context(max_iterations=2, **everyone(model))
        given: Any = {"clip": clip_path, "question": question}
        records.append(graph.invoke(given, config, context=settings)["trajectory"])
    one, two = records
    assert [len(one["iterations"]), len(two["iterations"])] == [2, 1]
    assert (two["question"], two["actor_answer"], two["stop_reason"]) == ("two?", "b", "accepted")
    assert two["totals"]["calls"] == 3
    assert not any("A." in text for text in two["texts"].values())  # nothing of the first
