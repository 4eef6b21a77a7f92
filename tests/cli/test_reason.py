"""`aurelia reason` on a real clip with scripted models: output, saving, forking, exit codes."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from aurelia.saved import load_run
from aurelia.types.trajectory import Trajectory
from tests import scripts

Typed = Callable[..., Result]
QUESTION = "Which comes first?"
TOP_LEVEL = {
    *("schema_version", "id", "clip", "question", "options", "iterations", "best", "stop_reason"),
    *("actor_answer", "targets", "context", "templates", "texts", "warnings", "totals"),
}

CONTRADICTED = [
    {"text": "A tone starts.", "status": "supported"},
    {"text": "A block moves.", "status": "contradicted", "observed": "nothing moves"},
]
COMPLAINT = {"action": "Look again.", "modality": "visual", "start_s": 1, "end_s": 2, "claim": 2}


@pytest.fixture
def model(tmp_path: Path) -> str:
    """Not accepted at the first pass, accepted at the second; the target follows the steps."""
    return scripts.script(
        tmp_path,
        [
            scripts.actor(1),
            scripts.actor(2, answer="the block"),
            scripts.caption("A tone starts.", "A block moves."),
            scripts.verdict(4, 1, claims=CONTRADICTED, complaints=[COMPLAINT]),
            scripts.verdict(8, 2),
            scripts.target("A", "zero_shot"),
            scripts.target("B", "plan"),
        ],
    )


def roles(model: str, target: bool = False) -> list[str]:
    words = ["--actor", model, "--summarizer", model, "--critic", model]
    return words + (["--target", model] if target else [])


def test_an_accepted_run_is_shown_and_saved(typed: Typed, clip_path: str, model: str) -> None:
    options = ["--option", "the tone", "--option", "the block"]
    result = typed("reason", clip_path, QUESTION, *roles(model, target=True), *options)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "Iteration 1 of 5" in lines
    assert "  ✗ s2  visual  Watch when the block starts to move." in lines
    assert "                contradicted: nothing moves" in lines
    assert any(
        line.startswith("  asks     step s2, visual 1.0–2.0 s: Look again.") for line in lines
    )
    assert any(line.startswith("  asked    not taken up: Look again.") for line in lines)
    assert "  without  A) the tone" in lines
    assert "  with r*  B) the block [r* as plan]" in lines
    (saved,) = Path("runs").iterdir()
    assert f"Saved      {saved}" in lines
    assert f"Next       aurelia show {saved} --iteration 2" in lines
    assert load_run(saved).stop_reason == "accepted"
    assert len(list((saved / "frames").iterdir())) == len(load_run(saved).media["files"]["frames"])
    assert (saved / "audio.wav").exists()


def test_json_is_alone_on_stdout_and_is_what_was_saved(
    typed: Typed, clip_path: str, model: str, tmp_path: Path
) -> None:
    result = typed("reason", clip_path, QUESTION, *roles(model), "--json", "--save", "run")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert set(printed) >= TOP_LEVEL
    assert "Iteration 2 of 5" in result.stderr
    saved = load_run(Path("run"))
    assert Trajectory.model_validate(printed).iterations == saved.iterations
    for text in (result.stdout, Path("run/trajectory.json").read_text("utf-8")):
        assert str(tmp_path) not in text
        assert str(Path(clip_path).parent) not in text


def test_show_needs_neither_clip_nor_cache(
    typed: Typed, clip_path: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = shutil.copy(clip_path, tmp_path / "own.mp4")
    assert typed("reason", str(clip), QUESTION, *roles(model), "--save", "run").exit_code == 0
    Path(clip).unlink()
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "another cache"))
    Path("run").rename("moved")
    result = typed("show", "moved", "--iteration", "2")
    assert result.exit_code == 0
    call = load_run(Path("moved")).iterations[1].calls[0].id
    assert "Sent as system" in typed("show", "moved", "--call", call).stdout


def test_a_fork_goes_on_from_an_iteration(typed: Typed, clip_path: str, model: str) -> None:
    typed("reason", clip_path, QUESTION, *roles(model), "--save", "first")
    again = typed("reason", clip_path, QUESTION, "--from", "first@1", "--save", "second")
    assert again.exit_code == 0, again.output
    assert "Iteration 1 of 5" not in again.stdout
    assert "  changed  nothing since iteration 1" in again.stdout.splitlines()
    forked = load_run(Path("second"))
    assert forked.parent is not None
    assert (forked.parent.id, forked.parent.iteration) == (load_run(Path("first")).id, 1)
    assert forked.context["actor"] == load_run(Path("first")).context["actor"]
    assert [i.index for i in forked.iterations] == [1, 2]


def test_a_fork_with_a_higher_threshold_goes_further(
    typed: Typed, clip_path: str, model: str
) -> None:
    typed("reason", clip_path, QUESTION, *roles(model), "--save", "first")
    result = typed("reason", clip_path, QUESTION, "--from", "first@1", "--threshold", "9", "--json",
                   "--max-iterations", "2")  # fmt: skip
    forked = json.loads(result.stdout)
    assert forked["stop_reason"] == "exhausted"
    assert forked["parent"]["changed"].keys() >= {"threshold", "max_iterations"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "first@7"], "no iteration 7; it has: 1, 2"),
        (["--from", "first"], "not RUN@K"),
        (["--from", "gone@1"], "no saved run 'gone'"),
        (["--from", "first@1", "--save", "first"], "already holds run"),
    ],
)
def test_a_fork_from_nowhere_is_refused(
    typed: Typed, clip_path: str, model: str, words: list[str], said: str
) -> None:
    typed("reason", clip_path, QUESTION, *roles(model), "--save", "first")
    result = typed("reason", clip_path, QUESTION, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_fork_keeps_to_its_window_and_the_next_command_names_it(
    typed: Typed, clip_path: str, model: str
) -> None:
    words = ["--start", "1", "--end", "3.5"]
    first = typed("reason", clip_path, QUESTION, *roles(model), *words, "--save", "first")
    (command,) = [line for line in first.stdout.splitlines() if "--from" in line]
    assert "--start 1 --end 3.5" in command
    refused = typed("reason", clip_path, QUESTION, "--from", "first@1")
    assert refused.exit_code == 2
    assert "give the same: --start 1 --end 3.5" in refused.stderr
    again = typed(*shlex.split(command.replace("@2", "@1"))[1:], "--max-iterations", "2")
    assert again.exit_code == 0, again.output


def test_a_fork_keeps_to_its_question(typed: Typed, clip_path: str, model: str) -> None:
    typed("reason", clip_path, QUESTION, *roles(model), "--save", "first")
    result = typed("reason", clip_path, "Something else?", "--from", "first@1")
    assert result.exit_code == 2
    assert "ask the same question" in result.stderr


@pytest.mark.parametrize(
    ("replies", "code", "said"),
    [
        ([scripts.verdict(3)], 0, "not accepted after 2 iterations; the best is iteration 1"),
        ([scripts.failing("critic", "no quota")], 1, "the run failed"),
    ],
)
def test_exit_codes_follow_the_stop(
    typed: Typed, clip_path: str, tmp_path: Path, replies: list[Any], code: int, said: str
) -> None:
    model = scripts.script(tmp_path, [scripts.actor(), scripts.caption("A tone."), *replies])
    result = typed("reason", clip_path, QUESTION, *roles(model), "--max-iterations", "2")
    assert result.exit_code == code, result.output
    assert said in result.stdout


def test_declining_is_exit_3_with_what_is_needed(
    typed: Typed, clip_path: str, tmp_path: Path
) -> None:
    declined = {"reason": "Names are not measured.", "needed": ["a speech model"]}
    model = scripts.script(tmp_path, [scripts.actor(steps=[], cannot_answer=declined)])
    result = typed("reason", clip_path, QUESTION, *roles(model))
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert "  declined Names are not measured." in lines
    assert "  needed   a speech model" in lines
    assert any("aurelia reason --actor PROVIDER:MODEL" in line for line in lines)


def test_hostile_replies_and_names_do_nothing_to_the_terminal(
    typed: Typed, clip_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07[bold red]\u202eevil\x9b31m"
    clip = shutil.copy(clip_path, tmp_path / f"{hostile.replace('/', '')}.mp4")
    steps = [{"text": hostile, "modality": "audio"}]
    claims = [{"text": hostile, "status": "contradicted", "observed": hostile}]
    model = scripts.script(
        tmp_path,
        [
            scripts.actor(steps=steps, answer=hostile),
            scripts.caption(hostile),
            scripts.verdict(2, claims=claims, omissions=[hostile]),
        ],
    )
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = typed("reason", str(clip), f"{hostile}?", *roles(model), "--max-iterations", "1")
    assert result.exit_code == 0, result.output
    shown = re.sub(r"\x1b\[[\d;]*m", "", result.stdout)
    assert "[bold red]evil" in shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_no_save_saves_nothing(typed: Typed, clip_path: str, model: str) -> None:
    result = typed("reason", clip_path, QUESTION, *roles(model), "--no-save")
    assert result.exit_code == 0
    assert "Saved" not in result.stdout
    assert not Path("runs").exists()


def test_a_clip_whose_name_begins_with_a_dash(typed: Typed, clip_path: str, model: str) -> None:
    shutil.copy(clip_path, "-odd name.mp4")
    result = typed("reason", *roles(model), "--", "-odd name.mp4", QUESTION)
    assert result.exit_code == 0, result.output
    assert "-- '-odd name.mp4' 'Which comes first?'" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gone.mp4", QUESTION], "gone.mp4"),
        (["CLIP", ""], "question is empty"),
        (["CLIP", QUESTION, "--option", "only one"], "at least two"),
        (["CLIP", QUESTION, "--candidate", "a.wav"], "LABEL=FILE"),
        (["CLIP", QUESTION, "--audio", "gone.wav"], "gone.wav"),
        (["CLIP", QUESTION, "--start", "99"], "99"),
        (["CLIP", QUESTION, "--actor", "nonsense"], "nonsense"),
        (["CLIP", QUESTION, "--preset", "nonsense"], "preset"),
        (["CLIP", QUESTION, "--prompts", "nonsense"], "nonsense"),
        (["CLIP", QUESTION, "--save", "x", "--no-save"], "exclude each other"),
        (["CLIP", QUESTION, "--save", "."], "no saved run"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(
    typed: Typed, clip_path: str, words: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result = typed("reason", *(clip_path if word == "CLIP" else word for word in words))
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [["--threshold", "11"], ["--max-iterations", "0"], ["--nope"]])
def test_values_out_of_bounds_are_exit_2(typed: Typed, clip_path: str, words: list[str]) -> None:
    assert typed("reason", clip_path, QUESTION, *words).exit_code == 2


def test_edited_prompts_are_inherited_by_a_fork_even_when_they_are_gone(
    typed: Typed, clip_path: str, model: str
) -> None:
    assert typed("prompts", "init", "mine").exit_code == 0
    generator = Path("mine/generator.md")
    generator.write_text(generator.read_text("utf-8") + "\nBe brief.\n", "utf-8")
    first = typed("reason", clip_path, QUESTION, *roles(model), "--prompts", "mine", "--save", "a")
    assert first.exit_code == 0, first.output
    shutil.rmtree("mine")
    again = typed("reason", clip_path, QUESTION, "--from", "a@1", "--save", "b")
    assert again.exit_code == 0, again.output
    texts = [t.text for t in load_run(Path("b")).templates.values() if t.name == "generator"]
    assert any("Be brief." in text for text in texts)


def test_offline_models_and_edited_prompts_come_with_a_word(
    typed: Typed, clip_path: str, model: str
) -> None:
    typed("prompts", "init", "mine")
    words = ["--actor", model, "--summarizer", model, "--prompts", "mine"]
    result = typed("reason", clip_path, QUESTION, *words, "--max-iterations", "1")
    assert "Note       critic: offline" in result.stdout
    assert "rewording a prompt changes nothing" in result.stdout
    quiet = typed("reason", clip_path, QUESTION, *words[:4], "--max-iterations", "1")
    assert "rewording" not in quiet.stdout


def test_a_result_that_can_not_be_saved_is_still_shown(
    typed: Typed, clip_path: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aurelia.saved.shutil.copyfile", full)
    result = typed("reason", clip_path, QUESTION, *roles(model))
    assert result.exit_code == 2
    assert "Stopped    accepted" in result.stdout
    assert "No space left" in result.stderr
