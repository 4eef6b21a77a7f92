"""Files that are broken, or of another data set; ids; the look-up of media."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.imports.annotation import files_of, load
from aurelia.bench.imports.fields import chosen, lettered
from aurelia.bench.imports.formats import FORMATS, recognised
from aurelia.bench.imports.ids import make_ids
from aurelia.bench.imports.lookup import MediaIndex
from aurelia.bench.imports.music_avqa import PLACEHOLDER, filled
from aurelia.bench.imports.rows import Media, Row
from aurelia.bench.imports.run import collect
from aurelia.errors import InputError, MissingExtra
from tests.bench.imports import shapes
from tests.bench.imports.shapes import media, put

SHAPES: dict[str, Any] = {
    "music-avqa": shapes.MUSIC_AVQA,
    "avsd": shapes.AVSD,
    "valor32k": shapes.VALOR,
    "av-odyssey": shapes.AV_ODYSSEY,
    "daily-omni": shapes.DAILY_OMNI,
    "worldsense": shapes.WORLDSENSE,
    "omnivideobench": shapes.OMNIVIDEOBENCH,
    "avhbench": shapes.AVHBENCH,
    "csv": [{"clip": "a.mp4", "question": "?", "answer": "yes"}],
}


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_recognised_as_its_own(name: str) -> None:
    found = recognised(SHAPES[name])
    assert found is FORMATS[name]


@pytest.mark.parametrize("name", [n for n in SHAPES if n not in ("avsd", "csv")])
def test_a_file_of_another_data_set_says_which_importer_fits(tmp_path: Path, name: str) -> None:
    file = put(tmp_path / "given.json", SHAPES[name])
    with pytest.raises(InputError, match=f"aurelia bench import {name}") as caught:
        collect("avsd", [file], media(tmp_path / "clips"), tmp_path)
    assert str(file) in str(caught.value)
    assert FORMATS[name].title in str(caught.value)


@pytest.mark.parametrize(
    "data", [[], {}, [1, 2], "text", None, [{"a": 1}], {"dialogs": [3]}, {"dialogs": True}]
)
def test_a_file_of_no_data_set_is_refused(tmp_path: Path, data: Any) -> None:
    file = tmp_path / "given.json"
    file.write_text(json.dumps(data))
    with pytest.raises(InputError, match="no file of WorldSense"):
        collect("worldsense", [file], media(tmp_path / "clips"), tmp_path)


@given(cut=st.integers(min_value=1, max_value=len(json.dumps(shapes.MUSIC_AVQA)) - 1))
def test_a_truncated_json_file_gives_nothing(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "avqa-test.json"
    path.write_text(json.dumps(shapes.MUSIC_AVQA)[:cut])
    with pytest.raises(InputError, match=r"avqa-test\.json, line 1, column \d+"):
        load(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"", "is empty"),
        ("a.json", b'[{"a": 1},\n {"b": 2', "line 2, column 9: the file ends too early"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', r"name the file \.jsonl"),
        ("a.json", b"[1, }", "line 1, column 5: no JSON"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"<!DOCTYPE html>", "holds a web page"),
        ("a.json", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        ("a.json", b"\xff\xfe[\x00]\x00", "no UTF-8 text"),
        ("a.csv", b"x,x\n1,2\n", "column 'x' stands there twice"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load(path)


def test_lines_and_tables_are_read_as_far_as_they_are_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\ufeffclip,question\na,"x\ny"\nb\n"c,d')
    read = load(tmp_path / "a.csv")
    assert [entry["clip"] for entry in read.data] == ["a"]
    assert [skip.where for skip in read.broken] == ["a.csv, line 4", "a.csv, line 5"]


def test_parquet_without_pyarrow_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(MissingExtra, match=r"aurelia\[bench\]"):
        load(tmp_path / "a.parquet")


def test_a_truncated_parquet_file_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"a\.parquet is no whole parquet file"):
        load(tmp_path / "a.parquet")


def test_a_folder_without_annotations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no annotation file"):
        files_of([tmp_path])


WORDS = st.text(alphabet="ab <>？?$\\", max_size=6)
VALUES = st.lists(st.text(max_size=5), max_size=5)


@given(
    parts=st.lists(st.text(alphabet="ab ?\\", max_size=4), min_size=1, max_size=6), values=VALUES
)
def test_placeholders_are_filled_left_to_right_in_one_pass(
    parts: list[str], values: list[str]
) -> None:
    holes = len(parts) - 1
    template = "<Object>".join(parts)
    if holes > len(values):
        with pytest.raises(InputError, match=f"{holes} placeholders"):
            filled(template, values)
        return
    expected = "".join(p + v for p, v in zip(parts, [*values[:holes], ""], strict=True))
    assert filled(template, values) == expected


def test_a_value_that_looks_like_a_placeholder_stays() -> None:
    assert filled("<A> and <B>", ["<B>", r"\1"]) == r"<B> and \1"
    assert PLACEHOLDER.findall("1 < 2") == []


def row(key: str, question: str, video: str = "v") -> Row:
    fields = {"question": question, "ground_truth": ["x"]}
    return Row(where="?", key=key, clips=(Media((video,)),), fields=fields)


KEYED = st.builds(row, st.sampled_from(["", "1", "1 ", "a b", "a_b", "A_B"]), WORDS)


@given(rows=st.lists(KEYED, max_size=12), mixed=st.randoms(use_true_random=False))
def test_ids_are_unique_and_do_not_depend_on_the_order(rows: list[Row], mixed: Any) -> None:
    def named(some: list[Row]) -> dict[Any, str]:
        pairs = zip(some, make_ids("d", some), strict=True)
        return {(r.key, r.fields["question"]): name for r, name in pairs if name}

    ids = named(rows)
    assert len({name.casefold() for name in ids.values()}) == len(ids)
    assert len(ids) == len({(r.key, r.fields["question"]) for r in rows})
    shuffled = list(rows)
    mixed.shuffle(shuffled)
    assert named(shuffled) == ids
    assert all(name.startswith("d-") for name in ids.values())


def test_a_row_said_twice_word_for_word_has_no_second_id() -> None:
    first, second, third = make_ids("d", [row("1", "q"), row("1", "q"), row("2", "q")])
    assert (first, second, third) == ("d-1", None, "d-2")


@pytest.mark.parametrize(
    ("choices", "texts"),
    [
        (["A. x", "B. y"], ["x", "y"]),
        (["A.x", "B.y"], ["x", "y"]),
        (["(A) x", "(b) y"], ["x", "y"]),
        (["x", "y"], ["x", "y"]),
        (["A. x", "C. y"], ["A. x", "C. y"]),
        (["A: the first", "the second"], ["A: the first", "the second"]),
    ],
)
def test_letters_are_taken_off_where_all_options_carry_them(
    choices: list[str], texts: list[str]
) -> None:
    assert list(lettered(choices).values()) == texts
    assert list(lettered(choices)) == ["A", "B"]


@pytest.mark.parametrize("answer", ["B", "b", "(B)", "B.", " B ", "B. two words", "Two Words"])
def test_an_answer_is_understood_as_letter_or_text(answer: str) -> None:
    assert chosen({"A": "one", "B": "two words"}, answer) == "B"


@pytest.mark.parametrize("answer", ["C", "A. two words", "three", ""])
def test_an_answer_that_is_no_option_is_refused(answer: str) -> None:
    with pytest.raises(InputError, match="is none of the options"):
        chosen({"A": "one", "B": "two words"}, answer)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a", "a.mp4"),
        ("A", "a.mp4"),
        ("b", "deep/b.webm"),
        ("93", "00000093.mkv"),
        ("c", "c/c_video.mp4"),
        ("d", "v_d.mp4"),
        ("deep/b.webm", "deep/b.webm"),
        ("elsewhere/deep/b.webm", "deep/b.webm"),
        ("x_30.000_40.000", "x_30.000_40.000.mp4"),
        ("a.avi", "a.mp4"),
    ],
)
def test_a_clip_is_found_by_many_names(tmp_path: Path, name: str, found: str) -> None:
    names = ("a.mp4", "a.wav", "deep/b.webm", "00000093.mkv", "c/c_video.mp4", "v_d.mp4")
    media(tmp_path, *names, "x_30.000_40.000.mp4", "._a.mp4", "notes.txt")
    assert MediaIndex(tmp_path).find(Media((name,))) == tmp_path / found


def test_the_spelling_of_the_authors_comes_before_others(tmp_path: Path) -> None:
    media(tmp_path, "ab.mp4", "AB.mp4", "Ab.webm")
    index = MediaIndex(tmp_path)
    assert index.find(Media(("AB",))).name == "AB.mp4"
    with pytest.raises(InputError, match="may be any of"):
        index.find(Media(("aB",)))


def test_two_folders_with_one_name_are_no_answer(tmp_path: Path) -> None:
    media(tmp_path, "one/a.mp4", "two/a.mp4")
    with pytest.raises(InputError, match=r"may be any of one/a\.mp4, two/a\.mp4"):
        MediaIndex(tmp_path).find(Media(("a",)))


def test_an_empty_clip_and_a_missing_one_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    index = MediaIndex(tmp_path)
    with pytest.raises(InputError, match=r"a\.mp4 is empty"):
        index.find(Media(("a",)))
    with pytest.raises(InputError, match="there is no clip 'b' or 'c' in"):
        index.find(Media(("b", "c")))
    with pytest.raises(InputError, match="is missing; give the folder"):
        MediaIndex(tmp_path / "none")


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    media(tmp_path / "real", "a.mp4")
    (tmp_path / "real" / "loop").symlink_to(tmp_path / "real")
    (tmp_path / "clips").symlink_to(tmp_path / "real")
    assert MediaIndex(tmp_path / "clips").count == 1
