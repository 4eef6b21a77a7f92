"""A review at a real terminal, killed while it waits, and taken up again."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from tests.scripts import actor, caption, script, verdict

PROMPT = "[r]eject? "
WHAT = (
    "Listen for the tone and note when it starts.",
    "A tone sounds early.",
    "score 3 of 10",
    "The tone is early.",
    "observed: it starts at 0.6 s",
    "Listen from 0.5 s on.",
)
"""What a person needs to see of the pass before they can decide."""


class Terminal:
    """A program that runs in a terminal of its own."""

    def __init__(self, words: list[str], directory: Path) -> None:
        command = [sys.executable, "-c", "from aurelia.cli.main import main; main()", *words]
        self._ours, theirs = pty.openpty()
        runs = str(directory / "runs")
        env = {
            **os.environ,
            "AURELIA_RUNS_DIR": runs,
            "TERM": "xterm",
            "COLUMNS": "110",
            "NO_COLOR": "1",
        }
        self.process = subprocess.Popen(
            command, cwd=directory, env=env, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        self.shown = ""

    def wait_for(self, text: str) -> str:
        """All that was shown, once this was."""
        while text not in self.shown:
            try:
                piece = os.read(self._ours, 4096)
            except OSError as error:  # the program has ended
                raise AssertionError(self.shown) from error
            self.shown += piece.decode("utf-8", "replace")
        return self.shown

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{line}\n".encode())

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)


def test_after_a_kill_at_the_prompt_the_same_review_can_be_decided(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A tone sounds early."),
            verdict(
                3,
                claims=[
                    {
                        "text": "The tone is early.",
                        "status": "contradicted",
                        "observed": "it starts at 0.6 s",
                    }
                ],
                complaints=[{"action": "Listen from 0.5 s on.", "modality": "audio"}],
            ),
        ],
    )
    words = ["reason", clip_path, "What comes first?", "--review", "verdict", "--thread", "r4"]
    for role in ("actor", "summarizer", "critic"):
        words += [f"--{role}", model]
    first = Terminal(words, tmp_path)
    shown = first.wait_for(PROMPT)
    first.kill()
    again = Terminal(words, tmp_path)
    resumed = again.wait_for(PROMPT)
    try:
        for text in WHAT:
            assert text in shown, text
            assert text in resumed, text
        again.type("r")
        again.wait_for("Why?")
        again.shown = ""
        again.type("the wrong clip")
        again.wait_for("rejected by a person")
    finally:
        again.kill()
