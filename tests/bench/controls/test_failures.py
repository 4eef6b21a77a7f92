"""What fails on the way to a control's reply counts as a loop that failed does for `distilled`."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from aurelia.bench.run.grids import all_grids, whole_table
from aurelia.bench.run.run import carry_out, open_run
from aurelia.bench.run.score import score_run
from aurelia.bench.run.settings import RunSettings
from aurelia.types.trajectory import Call, Iteration
from tests.bench.controls.lab import Lab, about
from tests.bench.run.study import follower, make_study, run, target
from tests.models.wire.exchange import Received
from tests.models.wire.server import Wire


def outcomes(lab: Lab, control: str) -> Counter[str]:
    """What became of a control's replies."""
    return Counter(r.outcome for r in score_run(lab.out()).results if r.condition == control)


def notes(lab: Lab) -> str:
    """All notes of a run's tables."""
    scored = score_run(lab.out())
    return "\n".join(note for grid in all_grids(scored, whole_table(scored)) for note in grid.notes)


def test_best_of_k_chooses_among_the_draws_that_came(lab_of: Lab) -> None:
    seen: Counter[str] = Counter()

    def second_draw(request: Received) -> bool:
        if request.body["model"] == "critic":
            seen[about(request)] += 1
        return request.body["model"] == "critic" and seen[about(request)] == 1

    lab_of.fails = second_draw
    changes: dict[str, Any] = {"settings": RunSettings(draws=3)}
    replies, _ = lab_of.ask("best_of_k", **changes)
    assert replies["second"].status == "answered"
    assert replies["second"].why == "best of 3: 9, failed, 9"
    assert replies["first"].stands_for == "zero_shot"
    assert replies["first"].why == "none of 3 reached 6 (3, failed, 3)"
    assert {reply.faults for reply in replies.values()} == {1}
    assert not outcomes(lab_of, "best_of_k")["failed"]
    assert "best of k, no feedback (6); --retry-failed asks" in notes(lab_of)
    # They are asked for again where that is wanted, and nothing else is.
    lab_of.fails = lambda _: False
    lab_of.run(replace(lab_of.order("best_of_k", **changes), retry_failed=True))
    replies = lab_of.replies("best_of_k")
    assert replies["second"].why == "best of 3: 9, 9, 9"
    assert {(reply.faults, reply.attempt) for reply in replies.values()} == {(0, 1)}
    assert {reply.attempt for reply in lab_of.replies("zero_shot").values()} == {0}


def test_where_no_draw_came_the_zero_shot_reply_stands(tmp_path: Path) -> None:
    """As it does for `distilled`, to which a rollout that failed gives nothing either."""
    broken = Call(
        id="c", role="actor", requested_model="scripted:x", prompt="generator@0", error="down"
    )
    failed = {
        "iterations": [Iteration(index=1, error="down", calls=[broken])],
        "best": None,
        "stop_reason": "failed",
        "context": {"max_iterations": 1, "r_star_form": "plan", "actor": "offline:perception"},
    }
    study = make_study(tmp_path, {"s0": [(9, True)], "gone": None}, rollout=failed)
    with Wire(follower) as server:
        run(study.order(target(server), controls="best_of_k,blind_r_star"))
    replies = study.replies()
    assert replies["best_of_k", "s0"].why == "none of 1 draws came: the loop's models failed"
    for name in ("distilled", "best_of_k"):
        for sample in ("s0", "gone"):
            reply = replies[name, sample]
            assert (reply.status, reply.stands_for) == ("stands", "zero_shot"), (name, sample)
    assert replies["blind_r_star", "gone"].stands_for == "zero_shot"


def test_an_actor_that_fails_blind_leaves_the_zero_shot_reply(lab_of: Lab) -> None:
    lab_of.fails = lambda r: r.body["model"] == "actor" and about(r) in ("first", "second")
    replies, _ = lab_of.ask("blind_r_star")
    for name, reply in replies.items():
        failed = name in ("first", "second")
        assert (reply.stands_for, reply.faults) == (("zero_shot", 1) if failed else (None, 0))
    assert replies["first"].why == "the actor failed without the clip"
    assert not outcomes(lab_of, "blind_r_star")["failed"]
    assert "2 (the actor failed without the clip)" in notes(lab_of)


def test_an_actor_that_is_down_ends_the_run(lab_of: Lab) -> None:
    lab_of.fails = lambda r: r.body["model"] == "actor"
    lab_of.run(lab_of.order("none"))
    with open_run(replace(lab_of.order("blind_r_star"), give_up_after=2)) as opened:
        assert carry_out(opened, at_once=1).why == "failures"
    assert len(lab_of.replies("blind_r_star")) == 2


def test_a_plan_that_could_not_be_made_leaves_the_zero_shot_reply(lab_of: Lab) -> None:
    lab_of.fails = lambda r: "You plan how" in r.raw.decode() and about(r) == "first"
    replies, _ = lab_of.ask("question_plan")
    assert replies["first"].stands_for == "zero_shot"
    assert replies["first"].faults == 1
    assert {reply.stands_for for name, reply in replies.items() if name != "first"} == {None}


def test_a_vote_is_among_the_draws_that_came(lab_of: Lab) -> None:
    changes: dict[str, Any] = {"settings": RunSettings(draws=3), "use_cache": False}
    lab_of.ask("none", **changes)
    seen: Counter[str] = Counter()

    def some(request: Received) -> bool:
        seen[about(request)] += 1
        return about(request) == "third" or seen[about(request)] == 2

    lab_of.fails = some
    replies, calls = lab_of.ask("self_consistency", **changes)
    assert len(calls) == 3 * len(replies)
    voted = replies["first"]
    assert (len(voted.said), voted.faults, voted.spent.calls) == (2, 1, 3)
    assert voted.why == "3 draws; 1 of 3 draws failed"
    # Where none came the target has failed, as it does when it is asked once.
    assert (replies["third"].status, replies["third"].faults) == ("failed", 0)
    assert outcomes(lab_of, "self_consistency")["failed"] == 1
