"""`aurelia bench analyse`: tables, lines and JSON on stdout; sentences for what can't be used."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.bench.analysis.folders import simple
from tests.bench.analysis.made import Marks

Typed = Callable[..., Result]

MARKS: dict[str, Marks] = {
    "s0": [(8, True), (9, True)],
    "s1": [(7, False), (3, False)],
    "s2": [(4, False), (None, True)],
    "s3": [(2, False), (6.5, True)],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return simple(tmp_path / "rollouts", MARKS)


def test_tables_in_plain_text(typed: Typed, folder: Path) -> None:
    result = typed("bench", "analyse", str(folder), "--samples", "samples.jsonl")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    for title in (
        "The critic's score against the actor's answer",
        "Scores of all passes",
        "Other thresholds, with all passes",
        "Fewer passes, at the logged threshold",
        "Other rules, on the same passes",
        "What each pass brings",
    ):
        assert title in lines
    assert "\x1b" not in result.stdout
    at_six = next(line for line in lines if line.startswith("6 ")).split()
    assert at_six[:3] == ["6", "75.0", "50.0"]


def test_lines_and_json_hold_the_same_figures(typed: Typed, folder: Path) -> None:
    words = ("bench", "analyse", str(folder), "--samples", "samples.jsonl", "--format")
    found = json.loads(typed(*words, "json").stdout)
    cell = next(c for c in found["replays"]["cells"] if (c["threshold"], c["passes"]) == (6.5, 2))
    lines = list(csv.DictReader(io.StringIO(typed(*words, "csv").stdout)))
    by = {(line["section"], line["row"], line["measure"]): line["value"] for line in lines}
    assert len(by) == len(lines), "each figure has a name of its own"
    there = by["replays", "variant=default; threshold=6.5; passes=2", "accuracy.value"]
    assert float(there) == cell["accuracy"]["value"] == 0.5
    place = "variant=default; critic=scripted:x; where=pass 1; score=8.0"
    assert by["critic", place, "scores.right"] == "1"


def test_markdown_goes_to_a_file(typed: Typed, folder: Path, tmp_path: Path) -> None:
    words = ["bench", "analyse", str(folder), "--samples", "samples.jsonl", "--format", "md"]
    assert typed(*words, "-o", "out.md").stdout == ""
    assert (tmp_path / "out.md").read_text("utf-8").startswith("**The critic's score")


def test_another_critic_on_the_same_captions(typed: Typed, folder: Path, tmp_path: Path) -> None:
    strict = {name: [(1.0, right) for _, right in marks] for name, marks in MARKS.items()}
    simple(tmp_path / "other", strict)
    result = typed(
        *("bench", "analyse", str(folder), "--samples", "samples.jsonl"),
        *("--against", str(tmp_path / "other"), "--format", "md"),
    )
    assert result.exit_code == 0, result.stderr
    assert "The two critics on the same passes" in result.stdout
    assert "not agreed: s0, pass 1, scores 8 and 1; the answer is right" in result.stdout
    assert "unscored by the first" in result.stdout
    assert "s2, pass 2" not in result.stdout, "neither accepts it, with or without a score"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Ground truth is not kept with rollouts"),
        (["--samples", "none.jsonl"], "none.jsonl can't be read"),
        (["--run", "nowhere"], "holds no manifest.json"),
        (["--samples", "samples.jsonl", "--against", "nowhere"], "holds no trajectories.jsonl"),
        (["--samples", "samples.jsonl", "--task", "avsd"], "it has: av_compositional"),
    ],
)
def test_what_can_not_be_used(typed: Typed, folder: Path, words: list[str], said: str) -> None:
    result = typed("bench", "analyse", str(folder), *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
