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
from aurelia.cli.plain import clean, clean_lines
from aurelia.cli.review_rows import problem_rows, request_rows
from aurelia.cli.rows import blank, row, show
from aurelia.errors import InputError
from aurelia.nodes.reviewing import MOST_PASSES
from aurelia.types.review import ReviewRequest

_EDITS = {
    "steps": ("steps", "findings", "answer"),
    "verdict": ("score", "feedback", "steps", "findings", "answer"),
    "exhausted": ("score", "feedback", "steps", "findings", "answer"),
}
"""What can be edited; in a review of `exhausted`, further passes are asked for afterwards."""

_OFFERS = {
    "score": ("n", "[n]umber (score)"),
    "feedback": ("f", "[f]eedback"),
    "steps": ("s", "[s]teps"),
    "findings": ("i", "f[i]ndings"),
    "answer": ("a", "[a]nswer"),
}
_HELP = {
    "steps": "# One step a line. Lines that begin with # are left out; an empty text changes "
    "nothing.\n",
    "findings": "# The findings. This line is left out; an empty text changes nothing.\n",
}

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
        ask: reads one line after a prompt; None: from standard input, with the prompt where the
            request is shown.
        edit: lets the user edit a text; None where nothing was saved.
        seen: whether a pass stands right above already, with score, steps and complaints.
    """

    def __init__(
        self,
        console: Console,
        ask: Ask | None = None,
        edit: Callable[[str], str | None] | None = None,
        seen: Callable[[int], bool] = lambda index: False,
    ) -> None:
        self._console = console
        self._ask = ask or self._typed
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
            if word in ("e", "edit"):
                try:
                    edits = self._edits(request)
                except InputError as error:  # no editor: no reason to lose a run that was paid for
                    self._say(clean(str(error)))
                    continue
                if edits:
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
        said = ", ".join(_OFFERS[name][1] for name in names)
        words = self._ask(f"Edit what (several are separated by spaces): {said}? ").lower()
        edits: dict[str, Any] = {}
        for word in words.replace(",", " ").split():
            name = next((n for n in names if word in (n, _OFFERS[n][0])), None)
            if name is None:
                self._say(f"{clean(word)!r} is none of these.")
                return {}
            edits[name] = self._edited(name, request)
        edits = {name: value for name, value in edits.items() if value is not None}
        if not edits:
            self._say("Nothing was changed.")
        elif request.kind == "exhausted" and edits.get("score", 0.0) < request.threshold:
            most = max(MOST_PASSES - request.max_iterations, 1)
            passes = self._number(f"Further passes, 1 to {most} (empty: 1): ", 1, most, whole=True)
            edits |= {"passes": 1 if passes is None else int(passes)}
        return edits

    def _edited(self, name: str, request: ReviewRequest) -> Any:
        """What a field is to hold; None where it stays as it is."""
        match name:
            case "steps":
                return self._steps(request)
            case "score":
                return self._number("Score, 1 to 10: ", 1, 10)
            case "findings":
                after = self._edit(f"{_HELP[name]}{clean_lines(request.findings).strip()}\n") or ""
                text = after.replace(_HELP[name].strip(), "").strip()
                return text if text and text != clean_lines(request.findings).strip() else None
            case _:
                return self._ask(f"{name.capitalize()}: ").strip() or None

    def _number(self, prompt: str, least: int, most: int, whole: bool = False) -> float | None:
        """A number from `least` to `most`; None where nothing is typed."""
        while text := self._ask(prompt).strip():
            try:
                number = int(text) if whole else float(text)
            except ValueError:
                self._say("That is no whole number." if whole else "That is no number.")
                continue
            if least <= number <= most:
                return number
            self._say(f"Give a number from {least} to {most}.")
        return None

    def _steps(self, request: ReviewRequest) -> list[str] | None:
        before = "".join(" ".join(step["text"].split()) + "\n" for step in request.steps)
        after = self._edit(_HELP["steps"] + before)
        lines = [line.strip() for line in (after or "").splitlines()]
        texts = [line for line in lines if line and not line.startswith("#")]
        known = {" ".join(step["text"].split()): step["text"] for step in request.steps}
        steps = [known.get(text, text) for text in texts]
        return steps if steps and steps != list(known.values()) else None

    def _typed(self, prompt: str) -> str:
        if not self._console.stderr:
            return input(prompt)
        # `input` would write the prompt to stdout, which belongs to what a program reads.
        print(prompt, end="", file=self._console.file, flush=True)
        return input()

    def _say(self, text: str) -> None:
        show(self._console, [row(text, style="yellow")])


def _editor(text: str) -> str | None:
    """The text from `$VISUAL` or `$EDITOR`; None where the user gave up.

    Raises:
        InputError: no editor is set, or it can't be run.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise InputError("Editing this needs an editor; set EDITOR, e.g. EDITOR=nano.")
    with tempfile.TemporaryDirectory(prefix="aurelia-review-") as folder:
        file = Path(folder) / "review.txt"
        file.write_text(text, "utf-8")
        try:
            done = subprocess.run([*shlex.split(command), str(file)], check=False)
            return file.read_text("utf-8") if done.returncode == 0 else None
        except (OSError, ValueError) as error:
            raise InputError(f"The editor {command!r} can't be run: {error}.") from error
