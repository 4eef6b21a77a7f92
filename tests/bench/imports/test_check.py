"""`check_samples`: every finding by line, to the last one."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench import check_media
from aurelia.bench.check_samples import Checked, check_samples
from aurelia.bench.imports.manifest import manifest_path
from aurelia.bench.imports.rows import Wish
from aurelia.bench.imports.run import collect, write
from aurelia.bench.sample import write_samples
from aurelia.media.probe import probe
from tests.bench.imports.shapes import put
from tests.bench.samples import make_sample
from tests.clips import make_clip, tones, write_clip


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`one.mp4` with sound, `silent.mp4` without, and broken ones."""
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "one.mp4", 1.0, sounds=[(0.2, 0.6)], width=64, height=48)
    make_clip(folder / "silent.mp4", 1.0, sounds=None, width=64, height=48, moves=[(0.1, 0.5)])
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("no clip")
    whole = (folder / "one.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 3])
    shutil.copy(folder / "one.mp4", folder / "copy.mp4")
    return folder


def checked(clips: Path, *lines: Any, **more: Any) -> Checked:
    path = clips / "samples.jsonl"
    made = [line if isinstance(line, str) else line.model_dump_json() for line in lines]
    path.write_text("\n".join(made) + "\n")
    return check_samples(path, **more)


def codes(result: Checked) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in result.findings]


def test_a_sound_file_has_no_findings(clips: Path) -> None:
    result = checked(clips, make_sample(), "", make_sample(id="two", question="What else?"))
    assert (codes(result), result.errors, result.samples, result.files) == ([], 0, 2, 1)
    assert result.tasks == {"av_compositional": 2}


def test_every_finding_is_named_by_line(clips: Path) -> None:
    sound = make_sample()
    result = checked(
        clips,
        sound,
        sound.model_dump_json()[:40],
        make_sample(question="Another?"),
        make_sample(id="same"),
        make_sample(id="else", ground_truth=["A"]),
        make_sample(id="task", question="1?", task="av_mem"),
        make_sample(id="truth", question="2?", ground_truth=["D"]),
        make_sample(id="alike", question="3?", options={"A": "x", "B": "X"}),
        make_sample(id="typed", question="4?").model_dump_json().replace('"4?"', "4"),
        make_sample(id="key", question="5?").model_dump_json().replace('"question"', '"qestion"'),
    )
    assert codes(result) == [
        (2, "no-sample"),
        (3, "repeated-id"),
        (4, "repeated-question"),
        (5, "other-answer"),
        (6, "unknown-task"),
        (7, "unusable"),
        (8, "options-alike"),
        (9, "no-sample"),
        (10, "no-sample"),
    ]
    message = {finding.line: finding.message for finding in result.findings}
    assert "the id 'one' stands in line 1 already" in message[3]
    assert "the same clip and question as line 1 (one)" in message[4]
    assert "did you mean 'av_meme'?" in message[6]
    assert "'D' is none of the options A, B" in message[7]
    assert message[9].startswith("question: ")
    assert {f.line for f in result.findings if f.level == "warning"} == {5, 8}
    assert result.errors == 7
    assert all(finding.file.endswith("samples.jsonl") for finding in result.findings)


@pytest.mark.parametrize(
    ("changes", "level", "code", "message"),
    [
        ({"clip": "none.mp4"}, "error", "missing-media", "there is no file"),
        ({"clip": "."}, "error", "missing-media", "is a folder"),
        ({"clip": "empty.mp4"}, "error", "broken-media", "is empty (0 bytes)"),
        ({"clip": "text.mp4"}, "error", "broken-media", "the clip: "),
        ({"clip": "cut.mp4"}, "error", "broken-media", "the clip: "),
        ({"clip": "silent.mp4"}, "warning", "silent-clip", "has no sound"),
        ({"audio": "silent.mp4"}, "error", "no-sound", "the separate audio: "),
        ({"candidates": {"B": "none.wav"}}, "error", "missing-media", "candidate B: "),
        ({"start_s": 2.0, "end_s": 3.0}, "error", "window", "the window starts at 2 s"),
        ({"start_s": 0.5, "end_s": 3.0}, "warning", "window", "the window ends at 3 s"),
    ],
)
def test_media_that_can_not_be_used(
    clips: Path, changes: dict[str, Any], level: str, code: str, message: str
) -> None:
    (finding,) = checked(clips, make_sample(**changes)).findings
    assert (finding.level, finding.code, finding.line, finding.id) == (level, code, 1, "one")
    assert message in finding.message


def test_a_silent_clip_with_a_separate_sound_is_fine(clips: Path) -> None:
    assert not checked(clips, make_sample(clip="silent.mp4", audio="one.mp4")).findings


def test_a_copy_under_another_name_is_the_same_clip(clips: Path) -> None:
    result = checked(clips, make_sample(), make_sample(id="two", clip="copy.mp4"))
    assert codes(result) == [(2, "repeated-question")]
    apart = checked(clips, make_sample(), make_sample(id="two", clip="copy.mp4"), media=False)
    assert codes(apart) == []


def test_categories_that_do_not_fit_are_named(clips: Path) -> None:
    wrong = {"dataset": "csv", "task": "avsd", "category": "Currency"}
    unknown = {"dataset": "csv", "task": "avsd", "category": "Dynamic Scenes"}
    rendered = {"id": "three", "category": "order"}
    result = checked(
        clips,
        make_sample(**wrong),
        make_sample(id="two", question="Who?", **unknown),
        make_sample(question="Why?", **rendered),
    )
    assert codes(result) == [(1, "category-of-another-task"), (2, "unknown-category")]
    assert "did you mean 'Dynamic Scene'?" in result.findings[1].message


def test_media_elsewhere_are_found_and_said(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    write_samples(path, [make_sample(clip="gone/one.mp4")])
    assert check_samples(path).errors == 1
    result = check_samples(path, videos=clips)
    assert codes(result) == [(1, "moved")]
    assert str(clips / "one.mp4") in result.findings[0].message
    assert result.errors == 0


def test_a_file_is_decoded_once_per_content(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed: list[Path] = []

    def counted(path: Path) -> Any:
        probed.append(path)
        return probe(path)

    monkeypatch.setattr(check_media, "probe", counted)
    samples = [make_sample(), make_sample(id="two", question="What else?")]
    for _ in range(2):
        assert checked(clips, *samples, cache=tmp_path).errors == 0
    assert len(probed) == 1
    (entry,) = tmp_path.rglob("*.json")
    entry.write_text("{")
    assert checked(clips, *samples, cache=tmp_path).errors == 0
    assert len(probed) == 2


def test_a_cache_that_can_not_be_written_changes_nothing(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert checked(clips, make_sample(), cache=tmp_path / "file").errors == 0


def test_an_empty_file_is_an_error(clips: Path) -> None:
    assert codes(checked(clips, "")) == [(1, "empty")]


def test_a_change_after_the_import_is_a_warning(clips: Path, tmp_path: Path) -> None:
    row = {"clip": "one.mp4", "question": "Is it loud?", "answer": "yes", "task": "av_meme"}
    file = put(tmp_path / "mine.jsonl", [row])
    path = tmp_path / "samples.jsonl"
    write(path, collect("jsonl", [file], clips, tmp_path), Wish(), None, None)
    result = check_samples(path)
    assert result.findings == ()
    assert result.manifest
    assert result.manifest.kind == "reconstruction"
    path.write_text(path.read_text().replace("loud", "dark"))
    assert codes(check_samples(path)) == [(1, "changed")]
    manifest_path(path).write_text(json.dumps({}))
    assert codes(check_samples(path)) == [(1, "manifest")]


def test_a_clip_without_a_picture_is_a_warning(clips: Path) -> None:
    write_clip(clips / "sound.mp4", None, tones(1.0, [(0.2, 0.6)]))
    assert (1, "no-picture") in codes(checked(clips, make_sample(clip="sound.mp4")))


@pytest.mark.parametrize("time", ["-5.0", "NaN", "Infinity"])
def test_a_window_that_is_no_time_is_named(clips: Path, time: str) -> None:
    line = make_sample().model_dump_json().replace('"start_s":null', f'"start_s":{time}')
    result = checked(clips, line)
    assert result.errors >= 1
    assert "it has to be a number of seconds, 0 or more" in result.findings[0].message
    assert result.findings[0].line == 1


def test_a_pipe_is_named_and_not_waited_for(clips: Path) -> None:
    pipe = clips / "pipe.mp4"
    if not pipe.exists():
        os.mkfifo(pipe)
    result = checked(clips, make_sample(clip="pipe.mp4"))
    assert result.errors == 1
    assert "is no regular file" in str(result.findings[0])
