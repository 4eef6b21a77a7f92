"""`aurelia bench export r-star`."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.bench.rstar_export.folders import folder_of, run
from tests.cli.conftest import Typed


def test_it_writes_rows_and_a_card_and_warns(tmp_path: Path, typed: Typed) -> None:
    folder_of(tmp_path / "out", run("a"), run("b", stop_reason="exhausted"))
    done = typed("bench", "export", "r-star", "out", "-o", "data/r.jsonl")
    assert done.exit_code == 0, done.output
    rows = (tmp_path / "data" / "r.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["sample_id"] for row in rows] == ["a"]
    assert (tmp_path / "data" / "r.jsonl.card.md").exists()
    assert "1 failed" in done.stderr
    assert "1 exhausted" in done.stderr
    assert "1 of 1 rows are of splits to measure with" in done.stderr


def test_a_folder_without_rollouts_is_refused(tmp_path: Path, typed: Typed) -> None:
    refused = typed("bench", "export", "r-star", "none", "-o", "r.jsonl")
    assert refused.exit_code == 2
    assert "aurelia generate SAMPLES" in refused.stderr


@pytest.mark.parametrize("name", ["r.parquet", "r.PQ"])
def test_the_ending_tells_the_format(tmp_path: Path, typed: Typed, name: str) -> None:
    folder_of(tmp_path / "out", run("a"))
    done = typed("bench", "export", "r-star", "out", "-o", name)
    assert done.exit_code == 0, done.output
    assert pq.read_table(tmp_path / name).column("sample_id").to_pylist() == ["a"]


def test_the_columns_of_avrt_come_as_the_ending_says(tmp_path: Path, typed: Typed) -> None:
    folder_of(tmp_path / "out", run("a"))
    for name in ("r.pq", "r.jsonl"):
        typed("bench", "export", "r-star", "out", "-o", name, "--format", "avrt")
    assert json.loads((tmp_path / "r.jsonl").read_text("utf-8"))["video_name"] == "ball.mp4"
    assert pq.read_table(tmp_path / "r.pq").column("video_name").to_pylist() == ["ball.mp4"]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("z.jsonl", ["--format", "parquet"], "ends in .jsonl, and --format says parquet"),
        ("z.parquet", ["--format", "jsonl"], "ends in .parquet, and --format says jsonl"),
        ("z.csv", [], "doesn't tell a format by its ending"),
        ("z", [], "doesn't tell a format by its ending"),
    ],
)
def test_a_format_that_is_contradicted_or_not_told_is_refused(
    tmp_path: Path, typed: Typed, name: str, options: list[str], said: str
) -> None:
    folder_of(tmp_path / "out", run("a"))
    refused = typed("bench", "export", "r-star", "out", "-o", name, *options)
    assert refused.exit_code == 2
    assert said in " ".join(refused.stderr.split())
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_a_name_that_says_nothing_takes_the_format_that_is_given(
    tmp_path: Path, typed: Typed
) -> None:
    folder_of(tmp_path / "out", run("a"))
    done = typed("bench", "export", "r-star", "out", "-o", "r.data", "--format", "jsonl")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "r.data").read_text("utf-8"))["sample_id"] == "a"


def test_each_file_has_a_card_of_its_own(tmp_path: Path, typed: Typed) -> None:
    folder_of(tmp_path / "out", run("a"), run("b", stop_reason="exhausted"))
    typed("bench", "export", "r-star", "out", "-o", "r.jsonl")
    typed("bench", "export", "r-star", "out", "-o", "r.parquet", "--all")
    cards = [(tmp_path / f"r.{form}.card.md").read_text("utf-8") for form in ("jsonl", "parquet")]
    assert "r.jsonl" in cards[0]
    assert "1 reasoning traces" in cards[0]
    assert "r.parquet" in cards[1]
    assert "2 reasoning traces" in cards[1]
