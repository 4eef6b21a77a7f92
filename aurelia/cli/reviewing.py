"""A review at a terminal: show what is to be decided, ask, and edit in the user's editor."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from aurelia.cli.console import signs_for
from aurelia.cli.review_rows import problem_rows, request_rows
from aurelia.cli.rows import blank, row, show
from aurelia.errors import InputError
from aurelia.types.review import ReviewRequest

_EDITS = {
    "steps": ("steps", "answer"),
    "verdict": ("score", "feedback", "steps"),
    "exhausted": ("score", "feedback", "steps"),
}
_HELP = "# One step a line. Lines that begin with # are left out; an empty text changes nothing.\n"

Ask = Callable[[str], str]


def require_terminal() -> None:
    """Refuse a review where nobody could answer.

    Raises:
        InputError: standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise InputError(
            "--review asks a person, and standard input is no terminal; run it in one, or answer "
            "through the API (on_review=) or LangGraph Studio."
        )


class Reviewer:
    """Answers review requests by asking at a terminal.

    Args:
        console: where the request is shown.
        ask: reads one line after a prompt.
        edit: lets the user edit a text; None where nothing was saved.
        seen: whether a pass stands right above already, with score, steps and complaints.
    """

    def __init__(
        self,
        console: Console,
        ask: Ask = input,
        edit: Callable[[str], str | None] | None = None,
        seen: Callable[[int], bool] = lambda index: False,
    ) -> None:
        self._console = console
        self._ask = ask
        self._edit = edit or _editor
        self._seen = seen
        self._shown: ReviewRequest | None = None

    def __call__(self, request: ReviewRequest) -> dict[str, Any] | str:
        """The person's decision on `request`."""
        self._show(request)
        while True:
            word = self._ask("[a]pprove, [e]dit or [r]eject? ").strip().lower()
            if word in ("a", "approve"):
                return "approve"
            if word in ("r", "reject"):
                return {"action": "reject", "note": self._ask("Why? (may be empty) ").strip()}
            if word in ("e", "edit") and (edits := self._edits(request)):
                return {"action": "edit", **edits}

    def _show(self, request: ReviewRequest) -> None:
        """The request; asked once more after a wrong reply, what was wrong with that."""
        if request.problem and request.model_copy(update={"problem": ""}) == self._shown:
            show(self._console, [*problem_rows(request), blank()])
            return
        self._shown = request.model_copy(update={"problem": ""})
        signs = signs_for(self._console)
        show(self._console, request_rows(request, signs, self._seen(request.index)))

    def _edits(self, request: ReviewRequest) -> dict[str, Any]:
        names = _EDITS[request.kind]
        said = ", ".join(f"[{name[0]}]{name[1:]}" for name in _distinct(names))
        word = self._ask(f"Edit what: {said}? ").strip().lower()
        name = next((n for n in names if word in (n, _distinct_key(n, names))), None)
        if name == "steps":
            return self._steps(request)
        if name == "score":
            return self._score()
        if name is None:
            return {}
        text = self._ask("Feedback: " if name == "feedback" else "Answer: ").strip()
        return {name: text} if text else {}

    def _score(self) -> dict[str, Any]:
        text = self._ask("Score, 1 to 10: ").strip()
        try:
            return {"score": float(text)}
        except ValueError:
            show(self._console, [row("That is no number.", style="yellow")])
            return {}

    def _steps(self, request: ReviewRequest) -> dict[str, Any]:
        before = "".join(" ".join(step["text"].split()) + "\n" for step in request.steps)
        after = self._edit(_HELP + before)
        lines = [line.strip() for line in (after or "").splitlines()]
        texts = [line for line in lines if line and not line.startswith("#")]
        known = {" ".join(step["text"].split()): step["text"] for step in request.steps}
        steps = [known.get(text, text) for text in texts]
        return {"steps": steps} if steps and steps != list(known.values()) else {}


def _distinct(names: tuple[str, ...]) -> list[str]:
    """Names as they are offered: with both `score` and `steps`, the score is asked by `n`umber."""
    return ["number (score)" if n == "score" and "steps" in names else n for n in names]


def _distinct_key(name: str, names: tuple[str, ...]) -> str:
    return "n" if name == "score" and "steps" in names else name[0]


def _editor(text: str) -> str | None:
    """The text from `$VISUAL` or `$EDITOR`; None where the user gave up.

    Raises:
        InputError: no editor is set, or it can't be run.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise InputError("Editing steps needs an editor; set EDITOR, e.g. EDITOR=nano.")
    with tempfile.TemporaryDirectory(prefix="aurelia-review-") as folder:
        file = Path(folder) / "steps.txt"
        file.write_text(text, "utf-8")
        try:
            done = subprocess.run([*shlex.split(command), str(file)], check=False)
            return file.read_text("utf-8") if done.returncode == 0 else None
        except (OSError, ValueError) as error:
            raise InputError(f"The editor {command!r} can't be run: {error}.") from error
