"""Files of cases: written, read back, refused with the line."""

import json
from pathlib import Path

import pytest

from aurelia.bench.cases import CriticCase, cases_of, read_cases, write_cases
from aurelia.errors import InputError
from tests.bench.samples import make_sample

GOOD = {"id": "a", "clip": "clips/a.mp4", "caption": "It is silent.", "truth": "true"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "a.mp4").write_bytes(b"any")
    return tmp_path


def write(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_cases_survive_a_round_trip_and_a_move(folder: Path, tmp_path: Path) -> None:
    clip = folder / "clips" / "a.mp4"
    case = CriticCase(id="a", clip=str(clip), caption="x", truth="lie", kind="k", of="t")
    write_cases(folder / "cases.jsonl", [case])
    assert json.loads((folder / "cases.jsonl").read_text())["clip"] == "clips/a.mp4"
    moved = folder.rename(tmp_path.with_name("moved"))
    assert read_cases(moved / "cases.jsonl")[0].clip == str(moved / "clips" / "a.mp4")


def test_a_sample_and_its_captions_as_cases() -> None:
    true, lie = cases_of(make_sample(), [("true", "A bell."), ("sound_swapped", "A siren.")])
    assert (true.id, true.truth, true.kind, true.of) == ("one-true", "true", None, None)
    assert (lie.truth, lie.kind, lie.of) == ("lie", "sound_swapped", true.id)
    assert lie.question == make_sample().question


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "holds no case"),
        (["", " "], "holds no case"),
        ([json.dumps(GOOD), "{"], "line 2: the line: invalid json"),
        (["[]"], "line 1: the line"),
        ([json.dumps({**GOOD, "truth": "maybe"})], "line 1: truth"),
        ([json.dumps({**GOOD, "caption": ""})], "line 1: caption"),
        ([json.dumps({**GOOD, "ground_truth": "B"})], "line 1: ground_truth"),
        ([json.dumps({**GOOD, "clip": "gone.mp4"})], "line 1: there is no file .*gone.mp4"),
        ([json.dumps({**GOOD, "candidates": {"A": "b.wav"}})], "there is no file .*b.wav"),
        ([json.dumps(GOOD), json.dumps(GOOD)], "the id 'a' stands there 2 times"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(
    folder: Path, lines: list[str], said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_cases(write(folder, *lines))
    assert "\n" not in str(caught.value)


def test_no_file_and_no_text(folder: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        read_cases(folder / "none.jsonl")
    (folder / "cases.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no UTF-8"):
        read_cases(folder / "cases.jsonl")
    with pytest.raises(InputError, match="can't be written"):
        write_cases(folder / "clips" / "a.mp4" / "cases.jsonl", [CriticCase.model_validate(GOOD)])
