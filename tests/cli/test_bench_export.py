"""`aurelia bench export r-star`."""

import json
from pathlib import Path

from tests.bench.rstar_export.folders import folder_of, run
from tests.cli.conftest import Typed


def test_it_writes_rows_and_a_card_and_warns(tmp_path: Path, typed: Typed) -> None:
    folder_of(tmp_path / "out", run("a"), run("b", stop_reason="exhausted"))
    done = typed("bench", "export", "r-star", "out", "-o", "data/r.jsonl")
    assert done.exit_code == 0, done.output
    rows = (tmp_path / "data" / "r.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["sample_id"] for row in rows] == ["a"]
    assert (tmp_path / "data" / "r.card.md").exists()
    assert "1 failed" in done.stderr
    assert "1 exhausted" in done.stderr
    assert "1 of 1 rows are of splits to measure with" in done.stderr


def test_a_folder_without_rollouts_is_refused(tmp_path: Path, typed: Typed) -> None:
    refused = typed("bench", "export", "r-star", "none", "-o", "r.jsonl")
    assert refused.exit_code == 2
    assert "aurelia generate SAMPLES" in refused.stderr
