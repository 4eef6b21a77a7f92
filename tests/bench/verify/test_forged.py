"""Replies forged so that files agree with each other: scored again, and found all the same."""

from pathlib import Path
from typing import Any

from aurelia.bench.verify.run import verify
from tests.bench.run.study import Study
from tests.bench.verify.tampering import edit, of, wrong
from tests.bench.verify.test_verify import score


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
