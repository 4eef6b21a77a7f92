"""Which replies of another harness can't stand beside each other, and what is no reply at all."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import Result

from aurelia.bench.run.score import read_replies, score_run
from tests.bench.harness.folder import ACCEPTED, NOT_ACCEPTED, Case, clip, exported, sample
from tests.cli.test_bench_harness import GOES_BACK, RIGHT, WRONG
from tests.cli.test_bench_harness import _log as log_of

Typed = Callable[..., Result]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Two samples with accepted steps, and one without."""
    for name in ("one", "two", "three"):
        clip(tmp_path / f"{name}.mp4")
    samples = [sample(name) for name in ("one", "two", "three")]
    return exported(tmp_path, samples, [ACCEPTED, ACCEPTED, NOT_ACCEPTED])


def test_a_distilled_log_needs_its_zero_shot_one(typed: Typed, case: Case) -> None:
    zero = log_of(case, "zero_shot", {"one": WRONG, "two": WRONG, "three": RIGHT}).name
    helped = log_of(case, "distilled", {"one": RIGHT, "two": RIGHT}).name
    alone = typed("bench", "import-results", helped, *GOES_BACK, "out")
    assert alone.exit_code == 2
    assert "Give the zero-shot log as well, or before" in " ".join(alone.stderr.split())
    assert not Path("out").exists()
    assert typed("bench", "import-results", zero, *GOES_BACK, "out").exit_code == 0
    other = [word if word != "a-model" else "another" for word in GOES_BACK]
    assert typed("bench", "import-results", helped, *other, "out").exit_code == 2
    after = typed("bench", "import-results", helped, *GOES_BACK, "out")
    assert after.exit_code == 0, after.stderr
    assert "the zero-shot reply stands" in after.stdout
    scores = {(r.condition, r.sample_id): r.score for r in score_run(Path("out")).results}
    assert scores["distilled", "three"] == 1
    typed("bench", "score", "out")
    assert typed("bench", "verify", "out").exit_code == 0


def test_a_zero_shot_log_that_was_asked_with_steps(typed: Typed, case: Case) -> None:
    log = log_of(case, "distilled", {"one": RIGHT, "two": RIGHT})
    log.write_text(log.read_text().replace('"condition": "distilled"', '"condition": "zero_shot"'))
    result = typed("bench", "import-results", log.name, *GOES_BACK, "out")
    assert result.exit_code == 2
    told = " ".join(result.stderr.split())
    assert "line 1 is a zero-shot reply, and what was asked holds the steps" in told
    assert not Path("out").exists()


def test_no_reply_is_not_an_empty_one(typed: Typed, case: Case) -> None:
    log = log_of(case, "zero_shot", {"one": "", "two": RIGHT, "three": RIGHT}, resps=[[None]])
    lines = log.read_text().splitlines()
    log.write_text("\n".join([lines[0].replace("[[null]]", '[[""]]'), *lines[1:]]))
    typed("bench", "import-results", log.name, *GOES_BACK, "out")
    found = [(r.status, [said.raw for said in r.said]) for r in read_replies(Path("out"))]
    assert found == [("answered", [""]), ("failed", []), ("failed", [])]
    assert [r.outcome for r in score_run(Path("out")).results] == ["unparsed", "failed", "failed"]


@pytest.mark.parametrize(
    ("name", "empty"), [("m.json", "answered"), ("m.tsv", "failed"), ("m.xlsx", "failed")]
)
def test_an_empty_cell_is_no_reply(typed: Typed, case: Case, name: str, empty: str) -> None:
    said = {"one": RIGHT, "two": "", "three": None}
    if name.endswith("json"):
        rows = [{"index": key, "prediction": value} for key, value in said.items()]
        Path(name).write_text(json.dumps(rows))
    elif name.endswith("tsv"):
        text = "".join(f'{key}\t"{value or ""}"\n' for key, value in said.items())
        Path(name).write_text("index\tprediction\n" + text)
    else:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (("index", "prediction"), *said.items()):
            sheet.append(list(row))
        book.save(name)
    result = typed("bench", "import-results", name, *GOES_BACK, "out", "--condition", "zero_shot")
    assert result.exit_code == 0, result.stderr
    found = [reply.status for reply in read_replies(Path("out"))]
    assert found == ["answered", empty, "failed"]


def test_a_row_that_was_cut_off_is_named(typed: Typed, case: Case) -> None:
    Path("m.tsv").write_text("index\tprediction\none\tAnswer\ntwo")
    words = ("bench", "import-results", "m.tsv", *GOES_BACK, "out", "--condition", "zero_shot")
    result = typed(*words)
    assert result.exit_code == 2
    assert "m.tsv, row 2 has no 'prediction'" in result.stderr
