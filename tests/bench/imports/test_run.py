"""The road that all importers share: ids, limits, paths, the manifest."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.imports.manifest import changed_since, manifest_path, read_manifest
from aurelia.bench.imports.rows import Wish
from aurelia.bench.imports.run import Imported, collect, write
from aurelia.bench.sample import read_samples
from aurelia.errors import InputError
from tests.bench.imports import shapes
from tests.bench.imports.shapes import media, put

COUNT = 40


def many() -> list[dict[str, Any]]:
    item = shapes.MUSIC_AVQA[1]
    return [item | {"question_id": n, "video_id": f"{n // 4:08d}"} for n in range(COUNT)]


def run(tmp_path: Path, data: Any = None, **more: Any) -> Imported:
    file = put(tmp_path / "avqa-test.json", many() if data is None else data)
    clips = media(tmp_path / "clips", *(f"{n:08d}.mp4" for n in range(COUNT // 4)))
    return collect("music-avqa", [file], clips, more.pop("folder", tmp_path), **more)


def test_the_limit_takes_the_first_rows_and_a_seed_draws_them(tmp_path: Path) -> None:
    whole = [sample.id for sample in run(tmp_path).samples]
    first = run(tmp_path, limit=5)
    assert [sample.id for sample in first.samples] == whole[:5]
    assert first.unread == COUNT - 5
    drawn = [sample.id for sample in run(tmp_path, limit=5, seed=1).samples]
    assert drawn == sorted(drawn, key=whole.index)
    assert len(drawn) == 5
    assert drawn != whole[:5]
    assert drawn == [sample.id for sample in run(tmp_path, limit=5, seed=1).samples]
    assert drawn != [sample.id for sample in run(tmp_path, limit=5, seed=2).samples]
    more = {sample.id for sample in run(tmp_path, limit=9, seed=1).samples}
    assert set(drawn) < more


def test_ids_do_not_depend_on_which_clips_are_there(tmp_path: Path) -> None:
    data = many()
    data[7] = data[7] | {"question_id": 6}  # repeats an id; its clip will be there, the other's not
    data[6] = data[6] | {"video_id": "missing"}
    made = run(tmp_path, data)
    assert "music-avqa-6" not in {sample.id for sample in made.samples}
    (skip,) = made.skipped
    assert skip.where == "avqa-test.json, item 7"
    assert "there is no clip 'missing'" in skip.reason


def test_a_repeated_row_is_named(tmp_path: Path) -> None:
    data = many()
    made = run(tmp_path, [*data, data[0]])
    assert len(made.samples) == COUNT
    assert "repeats an earlier row word for word" in made.skipped[0].reason


def test_nothing_found_is_an_error_that_names_the_first_reason(tmp_path: Path) -> None:
    file = put(tmp_path / "avqa-test.json", many())
    with pytest.raises(InputError, match=r"None of 40 rows .*item 1: there is no clip '00000000'"):
        collect("music-avqa", [file], media(tmp_path / "none", "x.txt"), tmp_path)


@pytest.mark.parametrize(
    ("form", "more", "message"),
    [
        ("music_avqa", {}, "did you mean 'music-avqa'"),
        ("music-avqa", {"limit": 0}, "The limit is 0"),
        ("music-avqa", {"references": ["annotations"]}, "--references is for avsd"),
        ("music-avqa", {"wish": Wish(task="av_mem")}, "no task 'av_mem'"),
    ],
)
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, form: str, more: dict[str, Any], message: str
) -> None:
    file = put(tmp_path / "avqa-test.json", many())
    if "references" in more:
        more = {"references": [file]}
    with pytest.raises(InputError, match=message):
        collect(form, [file], media(tmp_path / "clips"), tmp_path, **more)


def test_paths_below_the_samples_are_relative_and_others_absolute(tmp_path: Path) -> None:
    assert run(tmp_path).samples[0].clip == "clips/00000000.mp4"
    elsewhere = run(tmp_path, folder=tmp_path / "samples").samples[0].clip
    assert elsewhere == str(tmp_path / "clips" / "00000000.mp4")


def test_the_manifest_says_what_the_samples_are(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    made = run(tmp_path, limit=3, seed=7)
    written = write(path, made, Wish(), 3, 7)
    manifest = read_manifest(path)
    assert manifest == written
    assert manifest.kind == "reconstruction"
    assert (manifest.limit, manifest.seed, manifest.samples) == (3, 7, 3)
    assert manifest.tasks == {"music_avqa": 3}
    assert manifest.sources[0].name == "avqa-test.json"
    assert [s.id for s in read_samples(path)] == [s.id for s in made.samples]
    assert not changed_since(path, manifest)
    path.write_text(path.read_text() + "\n")
    assert changed_since(path, manifest)


def test_the_hash_of_the_items_does_not_depend_on_where_the_clips_are(tmp_path: Path) -> None:
    here = write(tmp_path / "a.jsonl", run(tmp_path), Wish(), None, None)
    folder = tmp_path / "other"
    there = write(folder / "b.jsonl", run(tmp_path, folder=folder), Wish(), None, None)
    assert here.samples_sha256 != there.samples_sha256
    assert here.items_sha256 == there.items_sha256
    again = write(tmp_path / "a.jsonl", run(tmp_path), Wish(), None, None)
    assert again.hash == here.hash
    data = many()
    data[0] = data[0] | {"anser": "three"}
    changed = write(tmp_path / "a.jsonl", run(tmp_path, data), Wish(), None, None)
    assert changed.items_sha256 != here.items_sha256


def test_an_edited_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    assert read_manifest(path) is None
    write(path, run(tmp_path), Wish(), None, None)
    content = json.loads(manifest_path(path).read_text())
    manifest_path(path).write_text(json.dumps(content | {"kind": "the published set"}))
    with pytest.raises(InputError, match="was edited"):
        read_manifest(path)
    manifest_path(path).write_text("[]")
    with pytest.raises(InputError, match="no manifest of samples"):
        read_manifest(path)


def test_a_media_record_with_bytes_is_named(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    item = shapes.AV_ODYSSEY[0] | {"audio_1": {"bytes": b"RIFF", "path": None}}
    pq.write_table(pa.Table.from_pylist([item]), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="`audio_1` holds the medium itself"):
        collect("av-odyssey", [tmp_path / "a.parquet"], media(tmp_path / "c", "x.mp4"), tmp_path)
