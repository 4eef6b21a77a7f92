"""A review at a terminal."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import aurelia
from aurelia.cli.reviewing import Reviewer
from aurelia.errors import InputError
from aurelia.types.review import ReviewRequest
from tests.cli.conftest import Typed
from tests.scripts import actor, caption, everyone, script, verdict


def request_for(kind: str, **more: Any) -> ReviewRequest:
    steps = [
        {"id": "s1", "text": "Listen for the tone.", "modality": "audio"},
        {"id": "s2", "text": "Watch [red]the block[/red].", "modality": "visual"},
    ]
    given: dict[str, Any] = {
        "kind": kind, "index": 1, "max_iterations": 5, "threshold": 6, "clip": {}, "question": "q",
        "steps": steps, "answer": "the tone", "reply": {"approve": "go on"},
    }  # fmt: skip
    return ReviewRequest(**{**given, **more})


def reviewer(*typed: str, edited: str | None = None) -> tuple[Reviewer, io.StringIO, list[str]]:
    """Somebody who types these lines, and saves this text in the editor."""
    lines: Iterator[str] = iter(typed)
    shown, prompts = io.StringIO(), list[str]()

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return next(lines)

    return Reviewer(Console(file=shown, width=100), ask, lambda text: edited), shown, prompts


def test_steps_are_shown_as_they_are_and_approved() -> None:
    ask, shown, _ = reviewer("maybe", "a")
    assert ask(request_for("steps")) == "approve"
    assert "Watch [red]the block[/red]." in shown.getvalue()
    assert "Review of the steps of pass 1" in shown.getvalue()


def test_a_rejection_has_a_reason() -> None:
    ask, _, _ = reviewer("r", "wrong clip")
    assert ask(request_for("steps")) == {"action": "reject", "note": "wrong clip"}


def test_edited_steps_come_from_the_editor() -> None:
    ask, _, _ = reviewer("e", "s", edited="# a comment\nListen for the tone.\n\nLook left.\n")
    reply = ask(request_for("steps"))
    assert reply == {"action": "edit", "steps": ["Listen for the tone.", "Look left."]}


@pytest.mark.parametrize("edited", [None, "", "# nothing\n"])
def test_an_editor_that_saves_nothing_changes_nothing(edited: str | None) -> None:
    ask, _, _ = reviewer("e", "s", "a", edited=edited)
    assert ask(request_for("steps")) == "approve"


def test_a_verdict_is_overruled_by_number() -> None:
    ask, shown, prompts = reviewer("e", "n", "eight", "11", "nan", "8")
    assert ask(request_for("verdict", score=3)) == {"action": "edit", "score": 8}
    assert "That is no number." in shown.getvalue()
    assert shown.getvalue().count("Give a number from 1 to 10.") == 2
    assert any("[f]eedback" in prompt for prompt in prompts)


def test_feedback_is_typed() -> None:
    ask, _, _ = reviewer("e", "f", "Listen to the end.")
    assert ask(request_for("verdict")) == {"action": "edit", "feedback": "Listen to the end."}


def test_further_passes_are_granted() -> None:
    ask, shown, prompts = reviewer("e", "f", "Listen to the end.", "many", "46", "0", "2")
    assert ask(request_for("exhausted", best=1)) == {
        "action": "edit",
        "feedback": "Listen to the end.",
        "passes": 2,
    }
    assert "That is no whole number." in shown.getvalue()
    assert shown.getvalue().count("Give a number from 1 to 45.") == 2
    assert sum("Further passes, 1 to 45" in prompt for prompt in prompts) == 4


def test_a_score_that_reaches_the_threshold_needs_no_further_pass() -> None:
    ask, _, _ = reviewer("e", "n", "6")
    assert ask(request_for("exhausted", best=1)) == {"action": "edit", "score": 6}


def test_findings_are_edited_in_the_editor() -> None:
    ask, _, _ = reviewer("e", "i", edited="# A tone\n\nIt begins at 0.5 s.\n")
    assert ask(request_for("steps", findings="A tone.")) == {
        "action": "edit",
        "findings": "# A tone\n\nIt begins at 0.5 s.",
    }


def test_findings_that_stay_as_they_are_change_nothing() -> None:
    texts: list[str] = []
    lines = iter(["e", "findings", "a"])

    def save(text: str) -> str:
        texts.append(text)
        return text

    console = Console(file=io.StringIO())
    reply = Reviewer(console, lambda prompt: next(lines), save)(
        request_for("steps", findings="A tone.\nA block.")
    )
    assert reply == "approve"
    assert texts[0].endswith("\nA tone.\nA block.\n")


def test_what_is_offered_is_what_the_guide_promises() -> None:
    guide = (Path(__file__).parents[2] / "docs/review.md").read_text("utf-8")
    for kind in ("steps", "verdict", "exhausted"):
        promised = re.search(rf"^\| `{kind}` \|.*\| (.*) \|$", guide, re.M)
        assert promised
        fields = re.split(r", | with further ", promised[1])
        ask, _, prompts = reviewer("e", "", "e", "f", "text", "", "a")
        ask(request_for(kind))
        offered = " ".join(prompts).replace("[", "").replace("]", "").lower()
        assert all(field in offered for field in fields), (kind, fields, offered)


KINDS: list[tuple[str, dict[str, Any], str]] = [
    ("steps", {"answer": "the block", "findings": "Nothing."}, "i a"),
    ("verdict", {"score": 6.0, "answer": "the block"}, "n,a"),
    ("verdict", {"findings": "Nothing.", "feedback": "the block"}, "findings feedback"),
    ("exhausted", {"feedback": "the block", "passes": 2}, "f"),
    ("exhausted", {"answer": "the block", "passes": 2}, "a"),
]


@pytest.mark.parametrize(("kind", "wanted", "fields"), KINDS)
def test_what_is_offered_is_what_the_run_takes(
    tmp_path: Path, clip_path: str, kind: str, wanted: dict[str, Any], fields: str
) -> None:
    typed = {"[a]pprove": "e", "Edit": fields, "Score": "6", "Further": "2"}
    asked: list[ReviewRequest] = []

    def answer(prompt: str) -> str:
        return next(
            (said for start, said in typed.items() if prompt.startswith(start)), "the block"
        )

    by_hand = Reviewer(Console(file=io.StringIO()), answer, lambda text: "Nothing.")

    def decide(request: ReviewRequest) -> Any:
        asked.append(request)
        if len(asked) > 1:
            return "reject"
        reply = by_hand(request)
        assert reply == {"action": "edit", **wanted}
        return reply

    model = script(tmp_path, [actor(), caption("A tone."), verdict(3)])
    run = aurelia.reason(
        clip_path,
        "What comes first?",
        review=kind,
        max_iterations=1,
        on_review=decide,
        **everyone(model),
    )
    assert [request.problem for request in asked] == [""] * len(asked)
    assert set(run.iterations[0].edited) == set(wanted) - {"passes"}
    assert all(request.max_iterations == 3 for request in asked[1:] if "passes" in wanted)


def test_what_was_wrong_with_a_reply_is_shown() -> None:
    ask, shown, _ = reviewer("a")
    ask(request_for("verdict", problem="score is 11; give a number from 1 to 10."))
    assert "score is 11" in shown.getvalue()


JUDGED: dict[str, Any] = {
    "findings": "A tone, then [b]nothing[/b].",
    "caption": "A tone sounds while a block rests.",
    "score": 3,
    "best": 1,
    "verdict": {
        "score": 3,
        "claims": [
            {"id": "c1", "text": "A tone sounds.", "status": "supported", "step_ids": ["s1"],
             "observed": "a tone at 0.5 s"},
            {"id": "c2", "text": "The block rests.", "status": "contradicted",
             "observed": "it moves\x1b[2J"},
        ],
        "omissions": ["the cut at 1 s"],
        "complaints": [{"id": "k1", "action": "Watch the block again.", "modality": "visual"}],
        "caps": [{"rule": "contradiction", "limit": 3, "reason": "a claim is contradicted"}],
        "rationale": "Half of it is wrong.",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", ["verdict", "exhausted"])
def test_a_verdict_is_shown_with_all_that_it_says(kind: str) -> None:
    """After a resume nothing else on the screen says what there is to decide on."""
    ask, shown, _ = reviewer("a")
    ask(request_for(kind, **JUDGED))
    text = shown.getvalue()
    for said in (
        "Listen for the tone.", "A tone, then [b]nothing[/b].", "the tone",
        "A tone sounds while a block rests.", "score 3 of 10, below the threshold of 6",
        "A tone sounds.  (supported; steps s1", "observed: a tone at 0.5 s",
        "The block rests.  (contradicted;", "observed: it moves\n", "the cut at 1 s",
        "visual: Watch the block again.", "a claim is contradicted", "Half of it is wrong.",
    ):  # fmt: skip
        assert said in text
    assert "\x1b" not in text


def test_what_stands_above_is_not_repeated() -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=100)
    Reviewer(console, lambda prompt: "a", seen=lambda index: index == 1)(
        request_for("verdict", **JUDGED)
    )
    text = shown.getvalue()
    assert "score 3" not in text
    assert "Listen for the tone." not in text
    assert "A tone sounds while a block rests." in text
    assert "observed: a tone at 0.5 s" in text


def test_a_pass_that_was_not_scored_says_why() -> None:
    ask, shown, _ = reviewer("a")
    ask(request_for("verdict", verdict={"unscored": "no score in the reply"}))
    assert "not scored: no score in the reply" in shown.getvalue()


def test_a_wrong_reply_does_not_show_it_all_again() -> None:
    ask, shown, _ = reviewer("a", "a")
    request = request_for("verdict", **JUDGED)
    ask(request)
    before = len(shown.getvalue())
    problem = "score is 11; give a number from 1 to 10."
    ask(request.model_copy(update={"problem": problem}))
    assert shown.getvalue()[before:].strip() == problem


def test_the_users_own_editor_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        "import sys, pathlib\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "file.write_text(file.read_text() + 'Look left.\\n')\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {program}")
    lines = iter(["e", "s"])
    reply = Reviewer(Console(file=io.StringIO()), lambda prompt: next(lines))(request_for("steps"))
    assert reply == {
        "action": "edit",
        "steps": ["Listen for the tone.", "Watch [red]the block[/red].", "Look left."],
    }


@pytest.mark.parametrize(
    ("variable", "said"),
    [("", "set EDITOR"), ("/no/such/editor", "'/no/such/editor' can't be run")],
)
def test_an_editor_that_is_missing_is_named_and_ends_no_run(
    variable: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", variable)
    lines, shown = iter(["e", "s", "a"]), io.StringIO()
    reply = Reviewer(Console(file=shown, width=100), lambda prompt: next(lines))(
        request_for("steps")
    )
    assert reply == "approve"
    assert said in shown.getvalue()


def test_what_a_program_reads_holds_no_prompt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("r\nno\n"))
    reply = Reviewer(Console(stderr=True))(request_for("steps"))
    assert reply == {"action": "reject", "note": "no"}
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "[a]pprove" in printed.err
    assert "Why?" in printed.err


def test_without_a_terminal_a_review_is_refused(typed: Typed, clip_path: str) -> None:
    result = typed("reason", clip_path, "What comes first?", "--review", "steps")
    assert result.exit_code != 0
    assert isinstance(result.exception, InputError | SystemExit)


def test_an_unknown_review_is_refused(typed: Typed, clip_path: str) -> None:
    result = typed("reason", clip_path, "What comes first?", "--review", "sometimes")
    assert result.exit_code != 0
