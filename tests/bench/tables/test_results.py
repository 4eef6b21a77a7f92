"""Files of results: what is read, and what is refused by its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.scorers.reply import score_reply
from aurelia.bench.tables.results import caption_result, read_results, result_of
from aurelia.errors import InputError
from tests.bench.samples import make_sample
from tests.bench.tables.rows import make_captions, make_pairs, write


def test_what_is_written_is_read(tmp_path: Path) -> None:
    results = [*make_pairs("10u", "11f"), *make_captions("zero_shot", ["a dog", "", "rain"])]
    assert read_results(write(tmp_path / "r.jsonl", results)) == results


GOOD = {
    **{"target": "t", "column": "c", "condition": "x", "sample_id": "s", "video": "v"},
    **{"outcome": "right", "score": 1.0},
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": "maybe"}, "line 2: outcome"),
        ({"score": 2.0}, "an accuracy is 0 to 1"),
        ({"outcome": "unparsed"}, "counts 0"),
        ({"outcome": "graded", "score": 0.0, "caption": "a dog"}, "without references"),
        ({"sample_id": "first"}, "stands in line 1 already"),
        ({"speed": 3}, "speed"),
        ({"target": ""}, "target"),
        ({"score": float("nan")}, "score"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    file = tmp_path / "r.jsonl"
    lines = [{**GOOD, "sample_id": "first"}, {**GOOD, **change}]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with pytest.raises(InputError) as error:
        read_results(file)
    assert said in str(error.value)
    assert "line 2" in str(error.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "holds no result"), (b'{"target": "t', "line 1"), (b"\xff\xfe\x00", "no UTF-8")],
)
def test_files_that_are_none(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "r.jsonl").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_results(tmp_path / "r.jsonl")
    with pytest.raises(InputError, match="can't be read"):
        read_results(tmp_path / "none.jsonl")


def test_scored_replies_become_lines(tmp_path: Path) -> None:
    sample = make_sample(task="dm_match", video_id="v9", dataset="av-odyssey")
    answer = result_of(
        sample, score_reply(sample, "Answer: B"), target="t", condition="zero_shot", repeat=2
    )
    assert (answer.outcome, answer.score, answer.column) == ("right", 1.0, "dm_match")
    assert (answer.video, answer.repeat) == (sample.video, 2)
    wanted = make_sample(answer_type="caption", options=None, ground_truth=["a dog barks"])
    said = [
        ("Answer: a dog", ""),
        ("<think>a dog", ""),
        (None, "the server is gone"),
        ("a dog and", "the reply was cut off"),
    ]
    lines = [
        caption_result(wanted, raw, why, target="t", condition="zero_shot", repeat=number)
        for number, (raw, why) in enumerate(said)
    ]
    assert [line.outcome for line in lines] == ["graded", "unparsed", "failed", "unparsed"]
    assert [line.caption for line in lines] == ["a dog", "", "", ""]
    assert lines[2].how == "the server is gone"
    assert read_results(write(tmp_path / "r.jsonl", [answer, *lines])) == [answer, *lines]
