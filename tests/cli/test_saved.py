"""Saved runs are whole, self-contained, and refuse what they can't read or would destroy."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aurelia.errors import InputError
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.media.prepared import PreparedMedia
from aurelia.saved import RECORD, check_destination, find_run, load_run, portable, save_run
from aurelia.types.trajectory import TargetRecord, Trajectory


@pytest.fixture(scope="module")
def prepared(clip_path: str, session_cache: Path) -> PreparedMedia:
    """Frames and sounds of a real clip, with one candidate whose label is no file name."""
    clip = open_clip(clip_path, candidates={"../A b": clip_path})
    return prepare_media(clip, 3, cache_dir=session_cache)


def test_a_saved_run_reads_back_as_it_was(trajectory: Trajectory, tmp_path: Path) -> None:
    saved = save_run(trajectory, tmp_path / "deep" / "run")
    assert load_run(saved) == portable(trajectory)
    assert load_run(saved / RECORD) == portable(trajectory)


def test_a_saved_run_holds_all_it_needs(
    trajectory: Trajectory, prepared: PreparedMedia, tmp_path: Path
) -> None:
    saved = save_run(trajectory, tmp_path / "run", prepared)
    files = load_run(saved).media["files"]
    assert [(saved / name).read_bytes() for name in files["frames"]] == [
        frame.jpeg for frame in prepared.frames
    ]
    assert len(files["frames"]) == 3
    assert prepared.wav is not None
    assert (saved / files["audio"]).read_bytes() == prepared.wav.read_bytes()
    candidate = saved / files["candidates"]["../A b"]
    assert candidate.read_bytes() == prepared.candidates["../A b"].read_bytes()
    assert candidate.parent == saved / "candidates"
    assert not [path for path in saved.rglob("*") if path.is_symlink()]
    (template,) = (saved / "templates").iterdir()
    assert template.read_text("utf-8") == "Look."
    assert template.name.startswith("generator.")


def test_no_path_of_this_machine_is_saved(trajectory: Trajectory, tmp_path: Path) -> None:
    trajectory.context["actor"] = "scripted:/somewhere/private/fake.yaml"
    trajectory.context["critic"] = "grounded:scripted:/somewhere/private dir/fake.yaml"
    trajectory.targets["scripted:/somewhere/private dir/t.yaml"] = TargetRecord()
    trajectory.iterations[0].calls[0].requested_model = "scripted:/somewhere/private/fake.yaml"
    trajectory.stop_detail = "no reply in /somewhere/private/fake.yaml for this request"
    saved = save_run(trajectory, tmp_path / "run")
    text = (saved / RECORD).read_text("utf-8")
    assert "private" not in text
    assert "somewhere" not in text
    run = load_run(saved)
    assert run.clip.path == "ball.mp4"
    assert run.context["actor"] == "scripted:fake.yaml"
    assert run.context["critic"] == "grounded:scripted:fake.yaml"
    assert run.context["prompts"] == "my prompts"
    assert "scripted:t.yaml" in run.targets
    assert run.warnings == ["ball.mp4 has a late start."]
    assert run.stop_detail == "no reply in fake.yaml for this request"


def test_addresses_and_words_are_no_paths(trajectory: Trajectory) -> None:
    trajectory.context["actor"] = "http://127.0.0.1:8000/v1#model"
    trajectory.context["critic"] = "offline:perception?modality=deaf"
    trajectory.context["prompt_overrides"] = {"generator": "/look/at/this and/or listen"}
    trajectory.question = "Is /etc/passwd shown, and/or read out?"
    trajectory.warnings = ["and/or is no path; neither is 3/4 nor http://example.org/a/b."]
    run = portable(trajectory)
    assert run.warnings == trajectory.warnings
    assert run.context["prompt_overrides"] == trajectory.context["prompt_overrides"]
    assert run.context["actor"] == "http://127.0.0.1:8000/v1#model"
    assert run.context["critic"] == "offline:perception?modality=deaf"
    assert run.question == trajectory.question


def test_the_same_run_may_be_saved_again(trajectory: Trajectory, tmp_path: Path) -> None:
    save_run(trajectory, tmp_path / "run")
    trajectory.actor_answer = "something else"
    save_run(trajectory, tmp_path / "run")
    assert load_run(tmp_path / "run").actor_answer == "something else"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_another_run_is_never_overwritten(trajectory: Trajectory, tmp_path: Path) -> None:
    save_run(trajectory, tmp_path / "run")
    other = trajectory.model_copy(update={"id": "another"})
    with pytest.raises(InputError, match="already holds run 0123456789ab"):
        save_run(other, tmp_path / "run")
    assert load_run(tmp_path / "run").id == trajectory.id


def test_other_files_are_never_overwritten(trajectory: Trajectory, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="no saved run"):
        save_run(trajectory, tmp_path)
    with pytest.raises(InputError, match="is a file"):
        check_destination(tmp_path / "thesis.txt")
    with pytest.raises(InputError, match="can't be made"):
        check_destination(tmp_path / "thesis.txt" / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_run_that_can_not_be_written_whole_leaves_nothing(
    trajectory: Trajectory, prepared: PreparedMedia, tmp_path: Path
) -> None:
    gone = replace(prepared, wav=tmp_path / "not there.wav")
    with pytest.raises(InputError, match="can't be saved"):
        save_run(trajectory, tmp_path / "run", gone)
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_a_fine_place(trajectory: Trajectory, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert load_run(save_run(trajectory, tmp_path / "run")).id == trajectory.id


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"id": "x"}',
        b"\xff\xfe\x00",
        b"RIFF....WAVE",
        b"[" * 100_000,
        b'{"schema_version": "\xe2\x80\xae"}',
    ],
)
def test_damaged_and_foreign_files_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_run(tmp_path)
    message = str(caught.value)
    assert RECORD in message
    assert "\n" not in message


def test_a_truncated_record_is_refused(trajectory: Trajectory, tmp_path: Path) -> None:
    record = save_run(trajectory, tmp_path / "run") / RECORD
    record.write_bytes(record.read_bytes()[:-200])
    with pytest.raises(InputError, match="damaged"):
        load_run(tmp_path / "run")


def test_a_newer_record_asks_for_an_upgrade(trajectory: Trajectory, tmp_path: Path) -> None:
    record = save_run(trajectory, tmp_path / "run") / RECORD
    data = json.loads(record.read_text("utf-8"))
    data |= {"schema_version": 99, "new_field": 1}
    record.write_text(json.dumps(data), "utf-8")
    with pytest.raises(InputError, match="newer version"):
        load_run(tmp_path / "run")


def test_a_run_is_found_by_folder_file_and_id(trajectory: Trajectory, tmp_path: Path) -> None:
    saved = save_run(trajectory, tmp_path / "runs" / trajectory.id)
    assert find_run(str(saved), tmp_path / "runs") == saved
    assert find_run(trajectory.id, tmp_path / "runs") == saved
    assert find_run(str(saved / RECORD), tmp_path) == saved / RECORD


@pytest.mark.parametrize("name", ["", "nothing", "no/such/run"])
def test_a_run_that_is_nowhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        find_run(name, tmp_path)


def test_a_folder_without_a_record_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no trajectory"):
        load_run(tmp_path)
    with pytest.raises(InputError, match="no saved run at"):
        load_run(tmp_path / "gone")
