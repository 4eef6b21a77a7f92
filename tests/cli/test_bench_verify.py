"""`aurelia bench verify`: 0 for an honest run, 1 for one that was tampered with, 2 for none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.bench.analysis.made import Marks
from tests.bench.run.study import Study, follower, make_study, run, target
from tests.models.wire.server import Wire

Typed = Callable[..., Result]
ACCEPTED: Marks = [(9, True)]


@pytest.fixture
def study(typed: Typed, tmp_path: Path) -> Study:
    made = make_study(tmp_path, {"s0": ACCEPTED, "s1": [(2, True)]})
    with Wire(follower) as server:
        run(made.order(target(server)))
    assert typed("bench", "score", str(made.out)).exit_code == 0
    return made


def test_an_honest_run(typed: Typed, study: Study) -> None:
    result = typed("bench", "verify", str(study.out))
    assert result.exit_code == 0, result.stdout
    assert "4 replies, 4 results" in result.stdout
    assert "everything comes out of the replies as it was printed" in result.stdout
    assert "budget:" in result.stdout


def test_another_seed_is_named_as_such(typed: Typed, study: Study) -> None:
    assert typed("bench", "score", str(study.out), "--seed", "5").exit_code == 0
    found = json.loads(typed("bench", "verify", str(study.out), "--json").stdout)["findings"]
    texts = [f["text"] for f in found if f["wrong"] and "table.csv" in f["text"]]
    assert all("another --seed" in text for text in texts)
    assert typed("bench", "verify", str(study.out), "--seed", "5").exit_code == 0


def test_a_run_that_was_tampered_with(typed: Typed, study: Study) -> None:
    path = study.out / "results.jsonl"
    path.write_text(path.read_text("utf-8").replace('"outcome":"wrong"', '"outcome":"failed"'))
    result = typed("bench", "verify", str(study.out))
    assert result.exit_code == 1
    assert "result: 3 lines of results.jsonl" in result.stdout
    assert "outcome 'failed' stands there, 'wrong' comes out" in result.stdout
    found = json.loads(typed("bench", "verify", str(study.out), "--json").stdout)
    assert [f["kind"] for f in found["findings"] if f["wrong"]] == ["result"]


def test_no_run(typed: Typed, tmp_path: Path) -> None:
    result = typed("bench", "verify", str(tmp_path))
    assert result.exit_code == 2
    assert "holds no manifest.json" in result.stderr
