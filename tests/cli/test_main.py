"""The command as a process: cost of `--help`, exit codes, interruption, a real terminal."""

import os
import pty
import resource
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.saved import load_run
from tests import scripts

Typed = Callable[..., Result]
HELP_CPU_S = 0.5
AURELIA = [sys.executable, "-m", "aurelia"]


def _cpu_s(*command: str) -> float:
    """CPU seconds of a child process, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_is_cheap() -> None:
    bare = min(_cpu_s("-c", "pass") for _ in range(3))
    shown = min(_cpu_s("-m", "aurelia", "--help") for _ in range(3))
    assert shown - bare <= HELP_CPU_S


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, runpy\n"
        "sys.argv = ['aurelia', '--help']\n"
        "try: runpy.run_module('aurelia', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'langgraph', 'langchain_core', 'pydantic', 'numpy', 'av', 'moviepy', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "gen-data" in done.stdout


def test_version_and_help_exit_0(typed: Typed) -> None:
    assert typed("--version").stdout.startswith("aurelia 0.")
    assert "reason" in typed("-h").stdout
    assert "--from RUN@K" in typed("reason", "--help").stdout


@pytest.mark.parametrize("words", [["nope"], ["reason"], ["show"], ["prompts", "nope"]])
def test_a_wrong_command_line_is_exit_2(typed: Typed, words: list[str]) -> None:
    result = typed(*words)
    assert result.exit_code == 2
    assert "Usage" in result.output


def test_a_missing_clip_is_one_sentence_without_a_traceback(tmp_path: Path) -> None:
    command = [*AURELIA, "reason", "\x1b[2Jgone.mp4", "What?"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("aurelia: ")
    assert "\x1b" not in done.stderr


def test_a_bug_keeps_its_traceback(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("aurelia.saved.find_run", broken)
    result = typed("show", "x")
    assert result.exit_code == 1
    assert isinstance(result.exception, ZeroDivisionError)


def _slow_script(directory: Path) -> str:
    replies = [scripts.actor() | {"delay_s": 60}]
    return scripts.script(directory, replies)


def test_ctrl_c_is_exit_130_with_a_word(clip_path: str, tmp_path: Path) -> None:
    words = ["reason", clip_path, "What?", "--actor", _slow_script(tmp_path)]
    process = subprocess.Popen(
        [*AURELIA, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while not (line := process.stdout.readline()).startswith("Signs"):
        assert line, process.communicate()  # it has ended
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "aurelia: interrupted"
    assert "Traceback" not in errors
    assert not (tmp_path / "runs").exists()


def test_a_run_whose_reader_went_away_is_still_finished_and_saved(
    clip_path: str, tmp_path: Path
) -> None:
    model = scripts.script(
        tmp_path,
        [scripts.actor() | {"delay_s": 0.5}, scripts.caption("A tone."), scripts.verdict(8)],
    )
    roles = ["--actor", model, "--summarizer", model, "--critic", model]
    words = [*AURELIA, "reason", clip_path, "What?", *roles, "--save", "run"]
    command = f"{shlex.join(words)} | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("Clip")
    assert done.stderr == ""
    assert load_run(tmp_path / "run").stop_reason == "accepted"


def test_on_a_real_terminal_the_loop_moves_and_stays(clip_path: str, tmp_path: Path) -> None:
    model = scripts.script(
        tmp_path,
        [
            scripts.actor() | {"delay_s": 0.3},
            scripts.caption("A tone starts."),
            scripts.verdict(8),
        ],
    )
    words = ["--actor", model, "--summarizer", model, "--critic", model, "--no-save"]
    screen = _on_a_terminal([*AURELIA, "reason", clip_path, "What?", *words], tmp_path)
    assert "the actor looks and listens" in screen
    assert "score 8 of 10" in screen
    assert screen.index("the actor looks") < screen.index("score 8 of 10")
    assert screen.rstrip().endswith("s")  # the last line is the time; nothing moves any more
    assert "\x1b[?25h" in screen  # the cursor is back


def _on_a_terminal(command: list[str], directory: Path) -> str:
    """What a process writes to a pseudo-terminal of 80 columns."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "40"}
    process = subprocess.Popen(
        command, cwd=directory, stdin=follower, stdout=follower, stderr=follower, env=environment
    )
    os.close(follower)
    written = b""
    while True:
        ready, _, _ = select.select([leader], [], [], 60)
        assert ready, "the command has gone silent"
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        written += chunk
    os.close(leader)
    assert process.wait(timeout=30) == 0
    return written.decode("utf-8")
