"""`aurelia bench table`: the table on stdout, one sentence and exit 2 for what can't be used."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.bench.tables.rows import make_captions, make_pairs, write

Typed = Callable[..., Result]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    pairs = make_pairs("10001000u0", "1110100011")
    for column in ("music_avqa", "avsd", "av_compositional", "av_geoiq", "av_meme"):
        pairs += make_pairs("1000100010", "1110100011", column=column)
    pairs += make_captions("zero_shot", ["a dog", "a bell", "rain"])
    pairs += make_captions("distilled", ["a dog barks", "a bell rings", "rain falls"])
    return write(tmp_path / "results.jsonl", pairs)


def test_the_table_in_plain_text(typed: Typed, results: Path) -> None:
    result = typed("bench", "table", str(results), "--assume-accuracy", "--title", "Rendered")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "Rendered"
    tables = [line for line in lines if not line.startswith("· ")]
    assert max(map(len, tables)) <= 100
    assert sum("published" in line for line in tables) >= 3
    assert any(line.split() == ["vita-7b"] for line in tables)
    row = next(line for line in lines if line.startswith("DM-Match, zero-shot")).split()
    assert row[2:] == ["10", "10", "2", "7", "0", "1", "0"]
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "**"), ("latex", "% "), ("csv", "target,column,metric")]
)
def test_other_forms_go_to_stdout_or_a_file(
    typed: Typed, results: Path, tmp_path: Path, form: str, start: str
) -> None:
    printed = typed("bench", "table", str(results), "--format", form)
    assert printed.exit_code == 0, printed.stderr
    assert printed.stdout.startswith(start)
    typed("bench", "table", str(results), "--format", form, "-o", "out.txt")
    assert (tmp_path / "out.txt").read_text("utf-8") == printed.stdout


def test_categories(typed: Typed, results: Path) -> None:
    result = typed("bench", "table", str(results), "--categories")
    assert result.exit_code == 0, result.stderr
    assert any(line.startswith("Dance Performances") for line in result.stdout.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "control"], "no condition 'control'; it has distilled, zero_shot"),
        (["--same-as", "vita"], "no TARGET=PUBLISHED"),
        (["--same-as", "vita-7b=gpt-9"], "no published target"),
        (["--categories", "--format", "csv"], "no CSV"),
        (["-o", "no/such/folder/x"], "can't be written"),
    ],
)
def test_what_can_not_be_used(typed: Typed, results: Path, words: list[str], said: str) -> None:
    result = typed("bench", "table", str(results), *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
