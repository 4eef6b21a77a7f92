"""`aurelia bench export lmms-eval` and `import-results`: out to another harness, and back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from typer.testing import Result

from aurelia.bench.run.score import read_replies, score_run
from tests.bench.harness.folder import ACCEPTED, NOT_ACCEPTED, TRUTH, Case, clip, exported, sample

Typed = Callable[..., Result]
RIGHT, WRONG = f"I looked.\nAnswer: {TRUTH}", "Answer: something else"
GOES_BACK = ("--samples", "samples.jsonl", "--r-star", "generated", "--target", "a-model", "-o")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Two samples with accepted steps, and one without."""
    for name in ("one", "two", "three"):
        clip(tmp_path / f"{name}.mp4")
    samples = [sample(name) for name in ("one", "two", "three")]
    return exported(tmp_path, samples, [ACCEPTED, ACCEPTED, NOT_ACCEPTED])


def _line(doc: dict[str, Any], said: str, **more: Any) -> str:
    """A line as lmms-eval 0.7.3 writes it for our task."""
    named = {"sample_id": doc["sample_id"], "condition": doc["condition"], "replied": True}
    text = "\n\n".join(filter(None, [doc["system"], doc["before"], doc["after"]]))
    entry = {
        "doc_id": 0,
        "target": "",
        "filtered_resps": said,
        "token_counts": [None],
        "doc_hash": "0" * 64,
        "replied": named,
        "input": text,
    }
    return json.dumps(entry | more)


def _log(case: Case, condition: str, said: dict[str, str], name: str = "", **more: Any) -> Path:
    """A log of one task; only of samples that `said` names."""
    docs = [json.loads(x) for x in (case.folder / f"{condition}.jsonl").read_text().splitlines()]
    path = case.folder.parent / (name or f"20261121_samples_{condition}.jsonl")
    lines = [_line(d, said[d["sample_id"]], **more) for d in docs if d["sample_id"] in said]
    path.write_text("".join(line + "\n" for line in lines))
    return path


@pytest.fixture
def logs(case: Case) -> list[str]:
    """Wrong by itself but once, right with the steps."""
    zero = _log(case, "zero_shot", {"one": WRONG, "two": WRONG, "three": RIGHT})
    helped = _log(case, "distilled", {"one": RIGHT, "two": RIGHT})
    return [zero.name, helped.name]


def test_the_folder_is_written_and_says_how_it_is_run(typed: Typed, case: Case) -> None:
    result = typed(
        "bench", "export", "lmms-eval", "samples.jsonl", "--r-star", "generated", "-o", "mine"
    )
    assert result.exit_code == 0, result.stderr
    assert "3 samples, 2 with an accepted r*" in result.stdout
    assert (
        "--tasks aurelia_mine_zero_shot,aurelia_mine_distilled"
        in Path("mine/README.md").read_text()
    )
    assert TRUTH not in Path("mine/zero_shot.jsonl").read_text()


def test_rollouts_of_other_samples_are_refused(typed: Typed, case: Case) -> None:
    lines = Path("samples.jsonl").read_text().splitlines()
    Path("fewer.jsonl").write_text(lines[0] + "\n")
    result = typed(
        "bench", "export", "lmms-eval", "fewer.jsonl", "--r-star", "generated", "-o", "x"
    )
    assert result.exit_code == 2
    assert "was generated from other samples than fewer.jsonl" in result.stderr
    assert not Path("x").exists()


def test_replies_come_back_and_are_scored(typed: Typed, logs: list[str]) -> None:
    result = typed("bench", "import-results", *logs, *GOES_BACK, "out")
    assert result.exit_code == 0, result.stderr
    assert "3 zero_shot replies\n2 distilled replies" in result.stdout
    assert "1 samples without an accepted r*: the zero-shot reply stands" in result.stdout
    scores = {(r.condition, r.sample_id): r.score for r in score_run(Path("out")).results}
    assert scores == {
        ("zero_shot", "one"): 0,
        ("zero_shot", "two"): 0,
        ("zero_shot", "three"): 1,
        ("distilled", "one"): 1,
        ("distilled", "two"): 1,
        ("distilled", "three"): 1,
    }
    assert typed("bench", "score", "out").exit_code == 0


def test_accepted_steps_are_recorded_with_their_origin(typed: Typed, logs: list[str]) -> None:
    typed("bench", "import-results", *logs, *GOES_BACK, "out")
    replies = {(r.condition, r.sample_id): r for r in read_replies(Path("out"))}
    helped, stands = replies["distilled", "one"], replies["distilled", "three"]
    assert helped.is_accepted
    assert helped.injected is not None
    assert helped.injected.text
    assert (stands.status, stands.stands_for) == ("stands", "zero_shot")
    assert "no steps were accepted" in stands.why
    assert replies["zero_shot", "one"].injected is None


def test_a_reply_is_taken_as_received_not_as_filtered(typed: Typed, case: Case) -> None:
    raw = f"<think>maybe {TRUTH}</think>Answer: something else"
    log = _log(case, "zero_shot", {"one": WRONG}, resps=[raw])
    typed("bench", "import-results", log.name, *GOES_BACK, "out")
    first = next(iter(read_replies(Path("out"))))
    assert [said.raw for said in first.said] == [raw]


def test_older_logs_nest_their_replies(typed: Typed, case: Case) -> None:
    log = _log(case, "zero_shot", {"one": WRONG}, resps=[[RIGHT]], filtered_resps=[RIGHT])
    typed("bench", "import-results", log.name, *GOES_BACK, "out")
    assert next(iter(read_replies(Path("out")))).said[0].raw == RIGHT


def test_tokens_are_taken_over_where_the_log_has_them(typed: Typed, case: Case) -> None:
    counts = [{"input_tokens": 900, "output_tokens": 12, "reasoning_tokens": None}]
    log = _log(case, "zero_shot", {"one": WRONG}, token_counts=counts)
    typed("bench", "import-results", log.name, *GOES_BACK, "out")
    spent = next(iter(read_replies(Path("out")))).spent
    assert (spent.input_tokens, spent.output_tokens, spent.paid_usd) == (900, 12, None)


def test_samples_without_a_reply_stay_in_the_denominator(typed: Typed, case: Case) -> None:
    log = _log(case, "zero_shot", {"one": RIGHT})
    result = typed("bench", "import-results", log.name, *GOES_BACK, "out")
    assert "2 samples without a zero_shot reply: failed" in result.stdout
    outcomes = [r.outcome for r in score_run(Path("out")).results]
    assert outcomes == ["right", "failed", "failed"]


@pytest.mark.parametrize(
    "said",
    [
        "[LMMS_EVAL_REQUEST_FAILED after 5 retries] no such server",
        "Failed to obtain answer via API. ",
    ],
)
def test_an_error_in_a_replys_place_is_no_reply(typed: Typed, case: Case, said: str) -> None:
    log = _log(case, "zero_shot", {"one": said, "two": RIGHT, "three": WRONG})
    typed("bench", "import-results", log.name, *GOES_BACK, "out")
    first = next(iter(read_replies(Path("out"))))
    assert first.status == "failed"
    assert said.strip() in first.why
    assert [r.outcome for r in score_run(Path("out")).results] == ["failed", "right", "wrong"]


def test_a_second_target_joins_and_the_same_one_does_not(typed: Typed, logs: list[str]) -> None:
    assert typed("bench", "import-results", *logs, *GOES_BACK, "out").exit_code == 0
    again = typed("bench", "import-results", *logs, *GOES_BACK, "out")
    assert again.exit_code == 2
    assert "holds replies of 'a-model' as zero_shot already" in again.stderr
    words = [word if word != "a-model" else "another" for word in GOES_BACK]
    assert typed("bench", "import-results", *logs, *words, "out").exit_code == 0
    assert score_run(Path("out")).targets == ["a-model", "another"]


def test_a_workbook_of_vlmevalkit(typed: Typed, case: Case) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["index", "question", "answer", "prediction"])
    for name, said in (("one", RIGHT), ("two", WRONG), ("three", None)):
        sheet.append([name, "?", TRUTH, said or " "])
    book.save("Model_Set.xlsx")
    result = typed(
        "bench", "import-results", "Model_Set.xlsx", *GOES_BACK, "out", "--condition", "zero_shot"
    )
    assert result.exit_code == 0, result.stderr
    outcomes = [r.outcome for r in score_run(Path("out")).results]
    assert outcomes == ["right", "wrong", "unparsed"]


@pytest.mark.parametrize("name", ["Model_Set.tsv", "Model_Set.csv", "Model_Set.json", "rows.json"])
def test_other_forms_of_vlmevalkit(typed: Typed, case: Case, name: str) -> None:
    said = {"one": RIGHT, "two": WRONG, "three": WRONG}
    if name == "rows.json":
        rows = [{"qid": key, "prediction": value} for key, value in said.items()]
        text = json.dumps(rows)
    elif name.endswith("json"):
        columns = {"qid": list(said), "prediction": list(said.values())}
        text = json.dumps({k: {str(n): x for n, x in enumerate(v)} for k, v in columns.items()})
    else:
        mark = "\t" if name.endswith("tsv") else ","
        text = f"qid{mark}prediction\n" + "".join(f'{k}{mark}"{v}"\n' for k, v in said.items())
    Path(name).write_text(text)
    more = ("--condition", "zero_shot", "--id", "qid", "--format", "vlmevalkit")
    result = typed("bench", "import-results", name, *GOES_BACK, "out", *more)
    assert result.exit_code == 0, result.stderr
    assert [r.score for r in score_run(Path("out")).results] == [1, 0, 0]


def test_a_task_that_is_not_ours_needs_a_field_and_a_condition(typed: Typed, case: Case) -> None:
    entry = {"doc_id": 0, "doc": {"question_id": "one"}, "filtered_resps": RIGHT, "target": "x"}
    Path("theirs.jsonl").write_text(json.dumps(entry) + "\n")
    refused = typed("bench", "import-results", "theirs.jsonl", *GOES_BACK, "out")
    assert refused.exit_code == 2
    assert "theirs.jsonl, line 1 names no sample of ours" in refused.stderr
    words = ("theirs.jsonl", *GOES_BACK, "out", "--id", "doc.question_id")
    unsaid = typed("bench", "import-results", *words)
    assert "doesn't say how the target was asked" in unsaid.stderr
    assert typed("bench", "import-results", *words, "--condition", "zero_shot").exit_code == 0


def _bad(name: str, case: Case) -> tuple[str, str]:
    """A log that can't be taken, and what is said about it."""
    path = _log(case, "distilled", {"one": RIGHT, "two": RIGHT}, name="bad.jsonl")
    lines = path.read_text().splitlines()
    match name:
        case "cut off":
            path.write_text(lines[0] + "\n" + lines[1][:40])
            return path.name, "bad.jsonl, line 2 is no whole JSON"
        case "twice":
            path.write_text("\n".join([lines[0], lines[0]]))
            return path.name, "the sample 'one' is there twice as distilled, first in bad.jsonl"
        case "unknown":
            path.write_text(lines[0].replace('"sample_id": "one"', '"sample_id": "gone"'))
            return path.name, "there is no sample 'gone' in the samples file"
        case "other steps":
            path.write_text(
                _line(
                    json.loads((case.folder / "zero_shot.jsonl").read_text().splitlines()[0])
                    | {"condition": "distilled"},
                    "x",
                )
            )
            return path.name, "the steps that the rollouts hold for 'one' are not in what was asked"
        case "nothing handed over":
            doc = json.loads((case.folder / "zero_shot.jsonl").read_text().splitlines()[2])
            path.write_text(_line(doc | {"condition": "distilled"}, "x"))
            return path.name, "the rollouts hand nothing over for 'three'"
        case "no replies":
            path.write_text(json.dumps({"replied": {"sample_id": "one", "condition": "zero_shot"}}))
            return path.name, "has neither 'resps' nor 'filtered_resps'"
        case "a list":
            path.write_text("[1]\n")
            return path.name, "bad.jsonl, line 1 is no JSON object"
        case "empty":
            path.write_text("\n")
            return path.name, "The logs hold no reply"
        case "pickle":
            Path("bad.pkl").write_bytes(b"\x80\x04.")
            return "bad.pkl", "A .pkl may run code when it is read"
        case "no workbook":
            Path("bad.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
            return "bad.xlsx", "bad.xlsx is no workbook that can be read"
        case "no column":
            Path("bad.tsv").write_text("index\tanswer\none\tx\n")
            return "bad.tsv", "bad.tsv, row 1 has no 'prediction'"
    raise AssertionError(name)


@pytest.mark.parametrize(
    "name",
    [
        *("cut off", "twice", "unknown", "other steps", "nothing handed over", "no replies"),
        *("a list", "empty", "pickle", "no workbook", "no column"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_written(
    typed: Typed, case: Case, name: str
) -> None:
    path, says = _bad(name, case)
    result = typed("bench", "import-results", path, *GOES_BACK, "out")
    assert result.exit_code == 2, result.stdout
    assert says in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not Path("out").exists()


def test_distilled_replies_need_their_rollouts(typed: Typed, logs: list[str]) -> None:
    words = [word for word in GOES_BACK if word not in ("--r-star", "generated")]
    result = typed("bench", "import-results", *logs, *words, "out")
    assert result.exit_code == 2
    assert "give the rollouts whose steps were handed over" in " ".join(result.stderr.split())
