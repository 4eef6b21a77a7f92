"""`aurelia bench run --controls …` as a user types it."""

from pathlib import Path

import pytest

from aurelia.bench.run.score import read_replies
from tests.bench.run.study import make_study
from tests.cli.conftest import Typed

DEAF = "offline:perception?modality=deaf"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """A command for four samples with rollouts."""
    marks = {"a": [(3.0, False), (9.0, True)], "b": [(9.0, True)], "c": [(3.0, False)], "d": None}

    def change(sample: object) -> dict[str, object]:
        return {"ground_truth": ["A"]} if getattr(sample, "id", "") == "b" else {}

    make_study(tmp_path, marks, change)
    return ["bench", "run", "samples.jsonl", "--targets", DEAF, "--r-star", "rollouts", "-o", "out"]


def test_cheap_controls_run_by_default_and_have_tables(typed: Typed, words: list[str]) -> None:
    shown = typed(*words)
    assert shown.exit_code == 0, shown.output
    for title in ("where a gain comes from", "the clip and r*", "what r* gives away"):
        assert title in shown.output
    for row in ("actor's own answer", "target, told the answer", "steps of pass 1", "no clip"):
        assert row in shown.output
    assert "muted" not in shown.output
    again = typed("bench", "score", "out")
    assert again.output.count(": where a gain comes from\n") == 1
    assert again.output.count(": where a gain comes from, on the accepted subset") == 1
    assert "where a gain comes from" in (Path("out") / "table.md").read_text("utf-8")


def test_named_controls_join_a_run_that_has_ended(typed: Typed, words: list[str]) -> None:
    assert typed(*words, "--controls", "none").exit_code == 0
    before = {reply.key for reply in read_replies(Path("out"))}
    shown = typed(*words, "--controls", "frozen,frozen_r_star")
    assert shown.exit_code == 0, shown.output
    assert "picture frozen" in shown.output
    new = {reply.key for reply in read_replies(Path("out"))} - before
    assert {condition for _, condition, _, _ in new} == {"frozen", "frozen_r_star"}


def test_an_unknown_control_is_named_with_the_nearest(typed: Typed, words: list[str]) -> None:
    shown = typed(*words, "--controls", "mutd")
    assert shown.exit_code == 2
    assert "no control 'mutd'" in shown.stderr
    assert "muted" in shown.stderr
    assert not Path("out", "replies.jsonl").exists()
