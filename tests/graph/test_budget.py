"""A run ends when its budget is spent, with the best so far."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.graph.routes import after_evaluator, after_generator, after_summarizer
from aurelia.graph.state import State
from aurelia.types.trajectory import Trajectory
from tests.models.loopback import Loopback, Reply, fails, says
from tests.scripts import actor, caption, everyone, script, verdict
from tests.ticking import ticking

QUESTION = "What comes first?"
STEPS = json.dumps(
    {"steps": [{"text": "Listen for the tone."}], "findings": "A tone.", "answer": "the tone"}
)
CAPTION = json.dumps({"sentences": [{"text": "A tone starts.", "steps": [1]}]})


def _verdict(score: float) -> str:
    return json.dumps({"score": score, "claims": []})


def _passes(*scores: float, **said: Any) -> list[Reply]:
    """One reply for each call of as many passes."""
    return [says(text, **said) for s in scores for text in (STEPS, CAPTION, _verdict(s))]


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    with ticking():
        yield


def _run(clip: str, server: Loopback, **settings: Any) -> Trajectory:
    return aurelia.reason(clip, QUESTION, **{**everyone(server.model), **settings})


def test_tokens_that_are_spent_end_the_run_with_the_best_so_far(clip_path: str) -> None:
    replies = _passes(3, 5, 2, 9, usage=(90, 10))
    with Loopback(*replies) as server:
        run = _run(clip_path, server, max_tokens=750)
        assert len(server.requests) == 8  # the eighth brings it to 800
    assert run.stop_reason == "budget"
    assert run.stop_detail == "max_tokens of 750 are spent (800)"
    assert run.best is not None
    assert (run.best.index, [i.score for i in run.iterations]) == (2, [3, 5, None])
    assert run.iterations[2].caption == "A tone starts."  # nothing that was paid for is lost
    assert run.totals.input_tokens == 720
    assert run.actor_answer == "the tone"


@pytest.mark.parametrize(("tokens", "calls"), [(1, 1), (100, 1), (101, 2), (300, 3), (301, 4)])
def test_no_call_is_made_once_the_budget_is_spent(clip_path: str, tokens: int, calls: int) -> None:
    with Loopback(*_passes(2, 2, 2, usage=(90, 10))) as server:
        run = _run(clip_path, server, max_tokens=tokens, target=server.model)
        assert len(server.requests) == calls
    assert run.stop_reason == "budget"
    assert (run.best is None) == (calls < 3)
    target = run.targets[server.model]
    assert target.error == f"The target was not asked: {run.stop_detail}."
    assert (target.zero_shot, target.calls) == (None, [])


def test_an_unreadable_reply_is_not_repaired_beyond_the_budget(clip_path: str) -> None:
    for bad, calls in ((says("Hm."), 1), (says(STEPS), 2)):
        with Loopback(bad, says("")) as server:
            run = _run(clip_path, server, max_tokens=18 * calls)
            assert len(server.requests) == calls
        assert run.stop_reason == "budget"
        assert run.iterations[0].calls[-1].parsed_as.startswith("failed") or calls == 2


def test_seconds_that_are_spent_end_the_run(clip_path: str) -> None:
    slow = [fails(503, "x", retry_after="40"), *_passes(3), fails(503, "x", retry_after="40")]
    with Loopback(*slow, *_passes(4, 9)) as server:
        run = _run(clip_path, server, max_seconds=60)
    assert run.stop_reason == "budget"
    assert run.stop_detail == "max_seconds of 60 are spent (80.0 s)"
    assert [i.score for i in run.iterations] == [3, None]
    assert run.totals.retries == 2


@pytest.fixture
def paid(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A model with a known price, at a server of this machine."""

    def at(server: Loopback) -> str:
        monkeypatch.setenv("OPENAI_API_KEY", "x")
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        return f"openai:gpt-4o?seed={server.port}"

    return at


def test_money_that_is_spent_ends_the_run(clip_path: str, paid: Any) -> None:
    # 1000 tokens in and 100 out at $2.5 and $10 a million: $0.0035 a call.
    with Loopback(*_passes(3, 4, 9, usage=(1000, 100), model="gpt-4o")) as server:
        run = _run(clip_path, server, max_cost=0.02, **everyone(paid(server)))
        assert len(server.requests) == 6
    assert run.stop_reason == "budget"
    assert run.stop_detail == "max_cost of $0.02 is spent ($0.0210)"
    assert run.totals.cost_usd == pytest.approx(0.021)
    assert run.best is not None
    assert run.best.index == 2


def test_what_was_paid_for_before_costs_nothing_again(clip_path: str, paid: Any) -> None:
    replies = _passes(3, 4, 9, usage=(1000, 100), model="gpt-4o")
    with Loopback(*replies) as server:
        model = everyone(paid(server))
        _run(clip_path, server, max_cost=0.02, **model)
        again = _run(clip_path, server, max_cost=0.02, **model)
        assert len(server.requests) == 9
    assert (again.stop_reason, again.totals.cached) == ("accepted", 6)
    assert again.totals.cost_usd == pytest.approx(3 * 0.0035)


def test_max_cost_is_refused_before_anything_is_paid_where_a_price_is_unknown(
    clip_path: str,
) -> None:
    with Loopback(says("x")) as server:
        with pytest.raises(aurelia.ConfigurationError, match=r"no price is known for http://127"):
            _run(clip_path, server, max_cost=1)
        assert not server.requests


def test_max_cost_is_refused_before_the_clip_is_prepared(
    clip_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepared(*_: Any) -> None:
        raise AssertionError("decoded for nothing")

    monkeypatch.setattr("aurelia.nodes.observe.prepared", prepared)
    with pytest.raises(aurelia.ConfigurationError, match="no price is known"):
        aurelia.reason(clip_path, QUESTION, max_cost=1, **everyone("http://127.0.0.1:9/v1#m"))


@pytest.mark.parametrize("role", ["panel", "critic", "target", "summarizer"])
def test_every_role_needs_a_price_for_max_cost(tmp_path: Path, clip_path: str, role: str) -> None:
    free = everyone(script(tmp_path, [actor(), caption("A."), verdict(9)]))
    unpriced = "http://127.0.0.1:9/v1#m"
    given = {"panel": [unpriced], "critic": f"grounded:{unpriced}"}.get(role, unpriced)
    with pytest.raises(aurelia.ConfigurationError, match=f"no price is known for {unpriced};"):
        aurelia.reason(clip_path, QUESTION, max_cost=1, **{**free, role: given})


def test_models_of_this_machine_need_no_price(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    run = aurelia.reason(
        clip_path, QUESTION, max_cost=0.01, max_tokens=5, max_seconds=1, **everyone(model)
    )
    assert (run.stop_reason, run.totals.cost_usd) == ("accepted", 0)


def test_a_call_whose_tokens_nobody_counts_ends_a_run_that_counts_them(clip_path: str) -> None:
    with Loopback(*_passes(3, usage=None)) as server:
        run = _run(clip_path, server, max_tokens=10_000)
        assert len(server.requests) == 1
    assert run.stop_reason == "budget"
    assert "counts no tokens" in run.stop_detail


def test_a_run_that_got_there_is_accepted_whatever_it_took(clip_path: str) -> None:
    with Loopback(*_passes(9, usage=(90, 10))) as server:
        run = _run(clip_path, server, max_tokens=300, target=server.model)
    assert run.stop_reason == "accepted"
    assert run.targets[server.model].error is not None  # there was nothing left for the target


def test_a_run_that_took_all_its_passes_is_exhausted(clip_path: str) -> None:
    with Loopback(*_passes(3, 4, usage=(90, 10))) as server:
        run = _run(clip_path, server, max_tokens=600, max_iterations=2)
    assert run.stop_reason == "exhausted"


def test_a_full_log_that_was_cut_short_is_replayable_only_so_far(clip_path: str) -> None:
    with Loopback(*_passes(7, 3, usage=(90, 10))) as server:
        run = _run(clip_path, server, max_tokens=600, stop_when="never")
    assert run.stop_reason == "accepted"
    assert run.stop_detail.endswith("then max_tokens of 600 are spent (600)")
    assert run.replayable_to == 6


def test_a_fork_has_a_budget_of_its_own(clip_path: str) -> None:
    with Loopback(*_passes(3, 4, 9, usage=(90, 10))) as server:
        first = _run(clip_path, server, max_tokens=600)
        assert first.stop_reason == "budget"
        fork = aurelia.reason(
            clip_path,
            QUESTION,
            fork=aurelia.Fork(first, 2),
            max_tokens=600,
            **everyone(server.model),
        )
    assert fork.stop_reason == "accepted"
    assert fork.totals.input_tokens == 270


def test_routes_decide_from_state_alone() -> None:
    call = {
        "id": "c",
        "role": "actor",
        "requested_model": "m",
        "prompt": "p@h",
        "started_at": 1.0,
        "total_s": 9.0,
        "usage": {"input_tokens": 90, "output_tokens": 10, "cost_usd": 0.5},
    }
    state: State = {
        "iteration": 1,
        "iterations": [{"index": 1, "reasoning": {"steps": []}, "calls": [call]}],
        "context": {"threshold": 6.0, "max_iterations": 5, "stop_when": "accepted"},
    }
    routes = (after_generator, after_summarizer, after_evaluator)
    go_on = ["summarize", "score", "score < τ"]
    stop = ["stop", "stop", "score ≥ τ or spent"]
    assert [route(state) for route in routes] == go_on
    for bound in ({"max_cost": 0.5}, {"max_tokens": 100}, {"max_seconds": 9}):
        spent: State = {**state, "context": state["context"] | bound}
        assert [route(spent) for route in routes] == stop
        more: State = {
            **state,
            "context": state["context"] | {k: v + 0.1 for k, v in bound.items()},
        }
        assert [route(more) for route in routes] == go_on
        taken_over: State = {**spent, "run": {"parent": {"id": "r", "iteration": 1}}}
        assert [route(taken_over) for route in routes] == go_on
