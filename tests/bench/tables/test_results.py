"""Files of results: what is read, and what is refused by its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.tables.results import read_results
from aurelia.errors import InputError
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
