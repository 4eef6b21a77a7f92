"""Controls that hand other things over in the place of r*: what is on the wire, what it took."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aurelia.bench.run.run import carry_out, open_run
from aurelia.bench.run.settings import RunSettings
from tests.bench.controls.lab import ACCEPTED, PASSES, SAID, Lab, about, lab

LOOP = {name: 3 * (accepted or PASSES) for name, accepted in ACCEPTED.items()}
"""Calls of a loop that stops at acceptance, by sample: the logs hold every pass, and what they hold
beyond the accepted one is there for analysis, no part of what r* costs."""


def test_the_actors_words_are_its_answer_where_they_match_an_option(lab_of: Lab) -> None:
    replies, calls = lab_of.ask("actor_answer")
    given = {name for name, reply in replies.items() if reply.status == "given"}
    assert given == {"first", "silent", "dark", "short"}
    assert replies["first"].said[0].raw == "Answer: The sound"
    assert replies["first"].spent.calls == 0
    assert {name: reply.elsewhere.calls for name, reply in replies.items()} == LOOP
    # Of the others the actor's model is asked as the target is: with clip and options, no steps.
    assert {about(call) for call in calls} == {"second", "third"}
    for call in calls:
        assert call.body["model"] == "actor"
        assert lab_of.parts(call, "image")
        assert lab_of.parts(call, "audio")
        assert "A. The sound" in lab_of.text(call)
        assert "Pass" not in lab_of.text(call)
        assert SAID["second"] not in lab_of.text(call)
    assert "asked as the target is" in replies["second"].why


def test_the_target_is_told_the_answer_in_the_place_of_the_steps(lab_of: Lab) -> None:
    replies, calls = lab_of.ask("target_with_answer")
    assert replies["third"].stands_for == "zero_shot"  # nothing was accepted
    assert {about(call) for call in calls} == set(replies) - {"third"}
    for call in calls:
        text = lab_of.text(call)
        assert f">{SAID.get(about(call), 'none')}</r_star-" in text
        assert "Pass" not in text
        assert lab_of.parts(call, "image") or about(call) == "dark"
    assert {name: reply.elsewhere.calls for name, reply in replies.items()} == LOOP


def test_the_first_pass_is_handed_over_whatever_the_critic_said(lab_of: Lab) -> None:
    replies, calls = lab_of.ask("first_pass")
    for name in ("first", "third", "silent", "short"):
        injected = replies[name].injected
        assert injected
        assert injected.text == f"1. [sound] Pass 1 of {name}: listen for the tone."
        assert injected.origin
        assert (injected.origin.iteration, injected.origin.accepted) == (1, False)
    for name in ("second", "dark"):  # the critic accepted it: the request would be the same
        assert replies[name].stands_for == "distilled"
    assert {about(call) for call in calls} == {"first", "third", "silent", "short"}
    assert all("Pass 2" not in lab_of.text(call) for call in calls)
    assert {reply.elsewhere.calls for reply in replies.values()} == {1}


def test_steps_of_another_clip_come_from_one_with_another_answer(lab_of: Lab) -> None:
    replies, calls = lab_of.ask("other_clip_steps")
    samples = lab_of.samples
    for name, reply in replies.items():
        if name == "short":
            assert reply.status == "missing"  # nobody else asks what is heard
            continue
        origin = reply.injected and reply.injected.origin
        assert origin
        assert origin.sample_id != name
        assert samples[origin.sample_id].ground_truth != samples[name].ground_truth
        assert origin.accepted
        assert reply.elsewhere.calls == LOOP[origin.sample_id]  # of the other's rollout
    for call in calls:
        reply = replies[about(call)]
        assert reply.injected
        assert reply.injected.text in lab_of.text(call)
        assert f"of {about(call)}:" not in lab_of.text(call)
    again, none = lab_of.ask("other_clip_steps", out="again")
    assert none == []  # drawn alike, and so served
    assert [r.injected for r in again.values()] == [replies[name].injected for name in again]


def test_a_random_pass_is_drawn_by_the_seed(lab_of: Lab) -> None:
    replies, _ = lab_of.ask("random_acceptance")
    drawn = {}
    for name, reply in replies.items():
        origin = reply.injected and reply.injected.origin
        assert origin
        assert origin.iteration
        drawn[name] = origin.iteration
        assert reply.elsewhere.calls == 3 * origin.iteration
    others = [
        lab_of.ask("random_acceptance", out=f"s{n}", settings=RunSettings(seed=n))[0]
        for n in (1, 2, 3)
    ]
    for other in others:
        assert set(other) == set(drawn)
    passes = {
        reply.injected.origin.iteration
        for other in others
        for reply in other.values()
        if reply.injected and reply.injected.origin
    }
    assert passes == {1, 2}


def test_a_loop_that_stopped_at_acceptance_has_nothing_to_draw_from(tmp_path: Path) -> None:
    with lab(tmp_path, stop_when="accepted") as made:
        replies, calls = made.ask("random_acceptance")
        assert {reply.status for reply in replies.values()} == {"missing"}
        assert calls == []
        assert "--stop-when never" in replies["third"].why
        # Best of k: as many draws as the loop took passes. With one there is no other to pick.
        best, _ = made.ask("best_of_k")
        assert best["second"].before == []
        assert best["second"].injected == made.replies("distilled")["second"].injected


def test_best_of_k_draws_passes_that_know_nothing_of_each_other(lab_of: Lab) -> None:
    replies, _ = lab_of.ask("best_of_k")
    for name, reply in replies.items():  # one more draw each, and no revision
        if ACCEPTED[name] == 1:  # the loop took one pass: there is no other to pick
            assert reply.before == []
            continue
        assert [call.role for call in reply.before] == ["actor", "summarizer", "critic"]
        assert reply.before[0].prompt.startswith("generator@")
    assert replies["first"].stands_for == "zero_shot"  # 3 and 3: below the threshold
    assert replies["first"].why == "none of 2 reached 6 (3, 3)"
    accepted = replies["second"]
    assert accepted.why == "best of 1: 9"
    assert accepted.injected
    assert accepted.injected.origin
    assert accepted.injected.origin.run == lab_of.rollouts["second"].id
    # The calls match the loop's: what feedback is worth is compared at the same price.
    for name, reply in replies.items():
        assert reply.elsewhere.calls + reply.spent.calls == LOOP[name] + 1, name


def test_more_draws_if_the_run_says_so(lab_of: Lab) -> None:
    replies, _ = lab_of.ask("best_of_k", settings=RunSettings(draws=3))
    assert replies["first"].why == "none of 3 reached 6 (3, 3, 3)"
    second = replies["second"]
    assert second.why == "best of 3: 9, 9, 9"
    assert second.injected
    assert second.injected.origin
    assert second.injected.origin.run == lab_of.rollouts["second"].id  # of equals the earlier
    drawn = {call.request for reply in replies.values() for call in reply.before}
    seeds = {call.parameters["seed_of_draw"] for r in replies.values() for call in r.before}
    assert len(seeds) == 2
    assert drawn


def test_what_led_to_a_reply_that_stands_for_another_is_paid_once(
    lab_of: Lab, configured: Callable[[str], Path]
) -> None:
    """Draws that none of were good enough were paid for; the reply that stands was paid before."""
    server = f'base_url = "{lab_of.server.openai}"\nmodel = "target"'
    price = "price = { input = 1000.0, output = 1000.0 }"
    configured(f'[models.priced]\n{server}\nvideo = "frames"\naudio = "input_audio"\n{price}\n')
    lab_of.target = lambda r: "" if "You plan how" in r.raw.decode() else "Answer: B"
    order = lab_of.order("question_plan", targets=["priced"])
    with open_run(order) as opened:
        ended = carry_out(opened, at_once=2)
    replies = lab_of.replies("question_plan")
    one_call = 0.018  # 11 tokens in and 7 out
    assert {reply.stands_for for reply in replies.values()} == {"zero_shot"}
    for reply in replies.values():
        assert reply.spent.paid_usd == pytest.approx(one_call)  # the plan that was none
        assert reply.spent.worth_usd == pytest.approx(2 * one_call)
    distilled = sum(r.status == "answered" for r in lab_of.replies("distilled").values())
    assert ended.paid_usd == pytest.approx((2 * len(replies) + distilled) * one_call)
