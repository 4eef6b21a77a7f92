"""`aurelia show` reads records only, and hostile words in them do nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.saved import RECORD, save_run
from aurelia.types.trajectory import Parent, Trajectory
from tests.cli.records import with_text

Typed = Callable[..., Result]
HOSTILE = "\x1b[2J\x1b]0;owned\x07[bold red]\u202eevil\x00\x9b31m\r\nSecond\tline :smile:"


@pytest.fixture
def run(trajectory: Trajectory, tmp_path: Path) -> str:
    return str(save_run(trajectory, tmp_path / "run"))


def test_a_whole_run(typed: Typed, run: str) -> None:
    result = typed("show", run)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "Clip       ball.mp4, 8.0 s, picture and sound" in lines
    assert "Options    A) the sound" in lines
    assert "Iteration 1 of 5" in lines
    assert "Iteration 2 of 5" in lines
    assert "Stopped    accepted at iteration 2 with 8.5 of 10; it reached the threshold" in lines
    assert "  without  A) the sound (a guess)" in lines
    assert "  with r*  B) the movement [r* as evidence]" in lines
    assert "Calls      7 calls, tokens 8,400 in and 238 out" in lines
    assert "Cost       none: offline" in lines
    assert "  c7  target, offline:perception, prompt target@abc123" in lines


def test_an_iteration_in_depth(typed: Typed, run: str) -> None:
    result = typed("show", run, "--iteration", "1")
    assert result.exit_code == 0
    for words in (
        "A loud tone sounds at 3.0 s.  [steps s1]",
        "observed: movement from 1.0 to 2.2 s",
        "visual perceived  a ball crosses the picture",
        "Measure the movement again.",
        "c3  critic, offline:perception, prompt critic@abc123",
        "score 3, raw score 7",
    ):
        assert words in result.stdout


def test_the_second_iteration_shows_the_diff_from_the_first(typed: Typed, run: str) -> None:
    assert "{+Something+}" in typed("show", run, "--iteration", "2").stdout


def test_a_call_with_its_messages_and_its_reply(typed: Typed, run: str) -> None:
    result = typed("show", run, "--call", "c7")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "Sent as system" in lines
    assert "  You watch and listen." in lines
    assert "  [frame@1.20s]" in lines
    assert "  Answer in JSON." in lines
    assert '  {"steps": []}' in lines
    assert "Read as    json, finish reason stop" in lines
    assert "Tokens     1,200 in, 34 out; cost none: offline" in lines


def test_a_run_is_found_by_its_id(typed: Typed, trajectory: Trajectory, tmp_path: Path) -> None:
    save_run(trajectory, tmp_path / "runs" / trajectory.id)
    assert typed("show", trajectory.id).exit_code == 0


def test_a_fork_says_where_it_comes_from(
    typed: Typed, trajectory: Trajectory, tmp_path: Path
) -> None:
    trajectory.parent = Parent(id="parent", iteration=1, changed={"threshold": 9})
    save_run(trajectory, tmp_path / "run")
    out = typed("show", "run").stdout
    assert "Forked     from run parent at iteration 1; changed: threshold" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "no saved run 'nowhere'"),
        (["run", "--iteration", "9"], "no iteration 9; it has: 1, 2"),
        (["run", "--call", "zz"], "no call 'zz'"),
        (["run", "--call", "c1", "--iteration", "1"], "give one of them"),
        ([""], "name is empty"),
    ],
)
def test_what_is_not_there_is_one_sentence_and_exit_2(
    typed: Typed, run: str, words: list[str], said: str
) -> None:
    assert run
    result = typed("show", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_a_damaged_record_is_one_sentence_and_exit_2(typed: Typed, run: str) -> None:
    (Path(run) / RECORD).write_text('{"id": "\x1b[2J')
    result = typed("show", run)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("options", [[], ["--iteration", "1"], ["--call", "c1"]])
@pytest.mark.parametrize("colour", [True, False])
def test_hostile_words_are_shown_and_not_obeyed(
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    colour: bool,
) -> None:
    save_run(with_text(HOSTILE), tmp_path / "run")
    if colour:
        monkeypatch.setenv("FORCE_COLOR", "1")
    result = typed("show", "run", *options)
    assert result.exit_code == 0
    assert "[bold red]" in result.stdout
    assert ":smile:" in result.stdout
    ours = re.sub(r"\x1b\[[\d;]*m", "", result.stdout)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ours)
    assert "\x1b[2J" not in result.stdout
    assert "owned" not in result.stdout


def test_an_unterminated_title_does_not_hide_the_rest(typed: Typed, tmp_path: Path) -> None:
    save_run(with_text("\x1b]0;begins and never ends"), tmp_path / "run")
    assert "begins and never ends" in typed("show", "run").stdout
