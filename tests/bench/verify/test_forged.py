"""Replies forged so that files agree with each other: scored again, and found all the same."""

import shutil
from pathlib import Path
from typing import Any

from aurelia.bench.verify.run import verify
from tests.bench.run.study import Study
from tests.bench.verify.tampering import edit, of, wrong
from tests.bench.verify.test_verify import edit_reply, score


def test_what_was_not_tampered_with(controlled: Study) -> None:
    assert wrong(verify(controlled.out)) == []


def test_replies_that_are_said_to_have_failed(forged: Path) -> None:
    def fail(reply: dict[str, Any]) -> None:
        reply.update(status="failed", said=[])

    assert edit(forged / "replies.jsonl", of("zero_shot"), fail) == 8
    score(forged)
    texts = [f.text for f in wrong(verify(forged), "reply")]
    assert any("8 replies: it says 'failed', and its last call was answered" in t for t in texts)


def test_what_a_reply_took(forged: Path) -> None:
    edit(forged / "replies.jsonl", of("distilled", "s0"), lambda r: r["spent"].update(calls=0))
    edit(forged / "replies.jsonl", of("zero_shot", "s1"), lambda r: r["spent"].update(paid_usd=9.0))
    score(forged)
    (found,) = (f for f in wrong(verify(forged), "reply") if "took is not" in f.text)
    assert found.count == 2


def test_a_control_that_stands_for_the_distilled_reply(forged: Path) -> None:
    right = [{"raw": "Answer: A", "problem": ""}]
    # s5 was accepted in its first pass, which is therefore the same.
    assert edit(forged / "replies.jsonl", of("first_pass", "s5"), lambda r: r.update(said=right))
    score(forged)
    (found,) = wrong(verify(forged))
    assert "stand for another condition's and say something else" in found.text
    edit(forged / "replies.jsonl", of("first_pass", "s5"), lambda r: r.update(stands_for="gone"))
    assert any("one that is not there" in f.text for f in wrong(verify(forged)))


def test_what_a_reply_took_that_stands_for_another(forged: Path) -> None:
    edit(forged / "replies.jsonl", of("first_pass", "s5"), lambda r: r["spent"].update(calls=7))
    score(forged)
    (found,) = wrong(verify(forged))
    assert "took something else" in found.text


def test_an_actors_answer_that_the_rollout_does_not_hold(forged: Path) -> None:
    said = [{"raw": "Answer: A", "problem": ""}]
    assert edit(forged / "replies.jsonl", of("actor_answer", "s0"), lambda r: r.update(said=said))
    score(forged)
    (found,) = wrong(verify(forged))
    assert (found.kind, found.count) == ("handed_over", 1)
    assert "not what their rollout gives" in found.text


def test_a_loop_that_is_not_booked(forged: Path) -> None:
    def cheap(reply: dict[str, Any]) -> None:
        reply["elsewhere"].update(calls=0, input_tokens=0, output_tokens=0)

    assert edit(forged / "replies.jsonl", of("distilled"), cheap) == 8
    score(forged)
    (found,) = wrong(verify(forged))
    assert (found.kind, found.count) == ("budget", 8)


def test_distilled_replies_that_were_asked_for_without_steps(forged: Path) -> None:
    edit_reply(forged, lambda r: r.update(injected=None))
    texts = [f.text for f in wrong(verify(forged), "handed_over")]
    assert any("1 distilled replies were asked for without steps" in text for text in texts)


def test_a_reply_that_was_decided_before_its_rollout_came(forged: Path) -> None:
    edit(forged / "replies.jsonl", of("distilled", "s4"), lambda r: r.update(rollout=""))
    (found,) = wrong(verify(forged))
    assert "asks for them again" in found.text


def _mark(line: dict[str, Any], score: float) -> None:
    for iteration in line["trajectory"]["iterations"]:
        iteration["verdict"].update(score=score, raw_score=score)


def test_scores_that_do_not_lead_to_the_outcome(
    controlled: Study, forged: Path, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(controlled.rollouts, tmp_path / "moved"))
    path = moved / "trajectories.jsonl"
    assert edit(path, lambda line: True, lambda line: _mark(line, 2)) == 8
    (found,) = wrong(verify(forged, moved))
    assert (found.kind, found.count) == ("rollout", 7)  # s4 ended so before
    first = next(text for text in found.where if text.startswith("s0"))
    assert "says accepted with pass 2, and its scores give exhausted with pass 1" in first


def test_a_line_that_says_another_end_than_its_rollout(
    controlled: Study, forged: Path, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(controlled.rollouts, tmp_path / "moved"))
    path = moved / "trajectories.jsonl"
    edit(path, lambda r: r["sample_id"] == "s4", lambda r: r.update(stop_reason="failed"))
    (found,) = wrong(verify(forged, moved), "rollout")
    assert "its line says failed, its record exhausted" in found.where[0]
