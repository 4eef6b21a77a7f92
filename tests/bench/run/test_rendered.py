"""Rendered clips on the road of any other samples, from one command to tables."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aurelia.bench.rollouts import open_rollouts
from aurelia.bench.run.score import read_replies
from aurelia.bench.tables.results import read_results
from aurelia.cli.main import app

WORDS = ["bench", "run", "--rendered", "--count", "2", "--family", "av_compositional"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of one family."""
    folder = tmp_path_factory.mktemp("rendered") / "out"
    done = CliRunner().invoke(app, [*WORDS, "-o", str(folder), "--controls", "summarizer_caption"])
    assert done.exit_code == 0, done.output
    assert "Results on rendered clips: plumbing, no evidence" in done.stdout
    assert "2/2 (100 %)" in done.stdout
    return folder


def test_everything_is_kept_below_one_folder(out: Path) -> None:
    assert len(open_rollouts(out / "rollouts")) == 2
    assert len(list((out / "clips").glob("*-dev-*.mp4"))) == 2
    assert len(list(read_replies(out))) == 6
    assert {r.condition for r in read_results(out / "results.jsonl")} == {"zero_shot", "distilled"}
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["samples"]["rendered"]["split"] == "dev"
    assert manifest["r_star"]["manifest_sha256"]


def test_tables_are_written_in_all_forms(out: Path) -> None:
    with (out / "table.csv").open(encoding="utf-8") as file:
        lines = {line["condition"]: line for line in csv.DictReader(file)}
    assert lines["distilled"]["value"] == "1.0"
    assert lines["distilled"]["gain_over"] == "zero_shot"
    for name in ("table.md", "table.tex"):
        text = (out / name).read_text("utf-8")
        assert text.count("plumbing") >= 4, name


def test_the_same_command_finds_nothing_to_do(out: Path) -> None:
    before = (out / "replies.jsonl").read_bytes()
    words = [*WORDS, "-o", str(out), "--controls", "summarizer_caption"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "6 are there already" in done.stderr
    assert (out / "replies.jsonl").read_bytes() == before


def test_other_clips_are_another_run(out: Path) -> None:
    done = CliRunner().invoke(app, [*WORDS, "-o", str(out), "--seed", "4"])
    assert done.exit_code == 2
    assert "seed was 0, now 4" in done.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("form", "begins"), [("markdown", "**Results on"), ("latex", "% Results"), ("csv", "target,")]
)
def test_scoring_again_prints_any_form(out: Path, form: str, begins: str) -> None:
    done = CliRunner().invoke(app, ["bench", "score", str(out), "--format", form])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(begins)


def test_scoring_again_gives_the_same_files(out: Path) -> None:
    names = ("results.jsonl", "table.md", "table.tex", "table.csv")
    before = [(out / name).read_bytes() for name in names]
    assert CliRunner().invoke(app, ["bench", "score", str(out)]).exit_code == 0
    assert [(out / name).read_bytes() for name in names] == before
