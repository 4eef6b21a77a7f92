"""`aurelia bench import` and `aurelia bench check`: from an annotation file to a checked one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.bench.sample import read_samples
from tests.bench.imports import shapes
from tests.bench.imports.shapes import media, put
from tests.clips import make_clip

Typed = Callable[..., Result]


@pytest.fixture
def imported(typed: Typed, tmp_path: Path) -> Callable[..., Result]:
    """Import the small Music-AVQA file with all its clips there."""
    put(tmp_path / "avqa-test.json", shapes.MUSIC_AVQA)
    make_clip(tmp_path / "clips" / "00000093.mp4", 1.0, sounds=[(0.2, 0.6)], width=64, height=48)
    make_clip(tmp_path / "clips" / "00000094.mp4", 1.0, sounds=[(0.3, 0.5)], width=64, height=48)
    words = ("--annotations", "avqa-test.json", "--videos", "clips", "-o", "samples.jsonl")
    return lambda *more: typed("bench", "import", "music-avqa", *words, *more)


@pytest.fixture(autouse=True)
def _clips_folder(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()


def test_import_says_what_it_made_and_names_what_it_skipped(
    imported: Typed, tmp_path: Path
) -> None:
    result = imported()
    assert result.exit_code == 0, result.stderr
    assert "Skipped    avqa-test.json, item 4: its authors marked it as deleted" in result.stdout
    assert "samples.jsonl (3 samples about 2 videos)" in result.stdout
    assert "samples.manifest.json (reconstruction, " in result.stdout
    assert "aurelia bench check samples.jsonl" in result.stdout
    assert len(read_samples(tmp_path / "samples.jsonl")) == 3
    (skip,) = (tmp_path / "samples.skipped.jsonl").read_text().splitlines()
    assert json.loads(skip)["where"] == "avqa-test.json, item 4"


def test_import_as_json(imported: Typed) -> None:
    content = json.loads(imported("--json", "--limit", "2", "--seed", "3").stdout)
    assert (content["kind"], content["samples"], content["rows"]) == ("reconstruction", 2, 3)
    assert (content["limit"], content["seed"]) == (2, 3)
    assert len(content["manifest_sha256"]) == 64
    assert content["skipped"][0]["where"] == "avqa-test.json, item 4"


def test_strict_writes_no_samples_where_rows_are_lost(imported: Typed, tmp_path: Path) -> None:
    result = imported("--strict")
    assert result.exit_code == 2
    assert "1 rows had to be skipped" in result.stderr
    assert not (tmp_path / "samples.jsonl").exists()
    assert (tmp_path / "samples.skipped.jsonl").exists()


def test_a_truncated_file_leaves_earlier_samples_alone(imported: Typed, tmp_path: Path) -> None:
    assert imported().exit_code == 0
    before = (tmp_path / "samples.jsonl").read_text()
    file = tmp_path / "avqa-test.json"
    file.write_text(file.read_text()[:200])
    result = imported()
    assert result.exit_code == 2
    assert "avqa-test.json, line 1, column" in result.stderr
    assert (tmp_path / "samples.jsonl").read_text() == before


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("avsd", "aurelia bench import music-avqa"),
        ("musicavqa", "did you mean 'music-avqa'"),
    ],
)
def test_the_wrong_format_says_which_fits(
    typed: Typed, tmp_path: Path, form: str, message: str
) -> None:
    put(tmp_path / "a.json", shapes.MUSIC_AVQA)
    result = typed(
        "bench", "import", form, "--annotations", "a.json", "--videos", "clips", "-o", "s.jsonl"
    )
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_a_seed_without_a_limit_is_refused(imported: Typed) -> None:
    result = imported("--seed", "1")
    assert result.exit_code == 2
    assert "give --limit N too" in result.stderr


def test_many_skipped_rows_are_named_in_the_file_beside(typed: Typed, tmp_path: Path) -> None:
    item = shapes.MUSIC_AVQA[1]
    gone = [item | {"question_id": n, "video_id": f"gone{n}"} for n in range(30)]
    put(tmp_path / "a.json", [item, *gone])
    media(tmp_path / "clips", "00000094.mp4")
    result = typed(
        "bench", "import", "music-avqa",
        "--annotations", "a.json", "--videos", "clips", "-o", "s.jsonl",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("there is no clip") == 20
    assert "… 30 in all, in s.skipped.jsonl" in result.stdout
    assert len((tmp_path / "s.skipped.jsonl").read_text().splitlines()) == 30


def test_check_compares_with_what_is_published(imported: Typed, typed: Typed) -> None:
    imported()
    result = typed("bench", "check", "samples.jsonl")
    assert result.exit_code == 0, result.stderr
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["music_avqa", "3", "0", "to", "1014"] in rows
    assert ["Musical", "Performances", "3", "1014"] in rows
    assert "reconstruction of Music-AVQA" in result.stdout
    assert result.stdout.splitlines()[-1] == "0 errors, 0 warnings"


def test_check_ends_with_1_where_there_are_errors(
    imported: Typed, typed: Typed, tmp_path: Path
) -> None:
    imported()
    (tmp_path / "clips" / "00000093.mp4").unlink()
    with (tmp_path / "samples.jsonl").open("a") as file:
        file.write('{"id": "cut o\n')
    result = typed("bench", "check", "samples.jsonl")
    assert result.exit_code == 1
    found = [line for line in result.stdout.splitlines() if line.startswith("samples.jsonl:")]
    assert found[0].startswith("samples.jsonl:1 (music-avqa-12): error: the clip: there is no file")
    assert found[1].startswith("samples.jsonl:1: warning: the file was changed")
    assert found[2].startswith("samples.jsonl:4: error: ")
    assert result.stdout.splitlines()[-1] == "2 errors, 1 warning"
    content = json.loads(typed("bench", "check", "samples.jsonl", "--json", "--no-media").stdout)
    assert (content["errors"], content["files"]) == (1, 0)
    assert content["findings"][-1]["line"] == 4
    assert content["manifest"]["dataset"] == "music-avqa"


def test_check_of_a_missing_file(typed: Typed) -> None:
    result = typed("bench", "check", "none.jsonl")
    assert result.exit_code == 2
    assert "none.jsonl can't be read" in result.stderr
