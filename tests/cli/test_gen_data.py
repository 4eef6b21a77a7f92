"""`aurelia gen-data` writes what the published script writes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.cli.gen_data import accepted_steps
from aurelia.types.trajectory import Trajectory

Typed = Callable[..., Result]


def _run(typed: Typed, clip: str, *more: str) -> Result:
    words = ["--video_path", clip, "--query", "Which comes first, the sound or the movement?"]
    return typed("gen-data", *words, "--max_tries", "2", "--save_path", "out/data.json", *more)


def test_accepted_steps_are_written(typed: Typed, clip_path: str) -> None:
    result = _run(typed, clip_path, "--audio_path", clip_path)
    assert result.exit_code == 0, result.output
    data = json.loads(Path("out/data.json").read_text("utf-8"))
    assert list(data) == ["query", "video_path", "audio_path", "reasoning_steps"]
    assert data["video_path"] == data["audio_path"] == clip_path
    assert data["reasoning_steps"]
    assert all(isinstance(step, str) for step in data["reasoning_steps"])
    assert [path.name for path in Path("out").iterdir()] == ["data.json"]
    assert not Path("runs").exists()


def test_nothing_below_the_threshold_is_kept(trajectory: Trajectory) -> None:
    assert len(accepted_steps(trajectory)) == 3
    trajectory.stop_reason = "exhausted"
    assert accepted_steps(trajectory) == []


def test_declining_leaves_an_empty_list_and_says_so(typed: Typed, clip_path: str) -> None:
    result = typed(
        *("gen-data", "--video_path", clip_path, "--save_path", "data.json"),
        *("--query", "What does the sign on the door say?"),
    )
    assert result.exit_code == 3, result.output
    assert json.loads(Path("data.json").read_text("utf-8"))["reasoning_steps"] == []
    assert "reasoning_steps in data.json is empty" in result.stdout


@pytest.mark.parametrize(
    "words", [["--max_tries", "0"], ["--max_tries", "many"], ["--score_threshold", "11"]]
)
def test_values_out_of_bounds_are_exit_2(typed: Typed, clip_path: str, words: list[str]) -> None:
    assert _run(typed, clip_path, *words).exit_code == 2


def test_a_folder_is_no_place_for_a_file(typed: Typed, clip_path: str) -> None:
    result = _run(typed, clip_path, "--save_path", ".")
    assert result.exit_code == 2
    assert "is a folder" in result.stderr
