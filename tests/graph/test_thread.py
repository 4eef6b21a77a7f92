"""Threads: every step is kept, and the same call goes on where it stopped."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.errors import ConfigurationError, InputError
from aurelia.types.review import ReviewRequest
from tests.models.wire.script import hang, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What comes first?"
STEPS = '{"steps": [{"text": "Listen for the tone."}], "findings": "A tone.", "answer": "it"}'
SENTENCES = '{"sentences": [{"text": "A tone.", "steps": [1]}]}'


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_RUNS_DIR", str(tmp_path / "runs"))


def test_a_thread_that_has_ended_gives_its_record_again(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    first = aurelia.reason(clip_path, QUESTION, thread="one", **everyone(model))
    script(tmp_path, [])  # nobody would answer
    assert aurelia.reason(clip_path, QUESTION, thread="one", **everyone(model)) == first
    assert (tmp_path / "runs" / "threads.sqlite").is_file()


def test_threads_do_not_meet(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    runs = [
        aurelia.reason(clip_path, QUESTION, thread=name, **everyone(model)) for name in ("a", "b")
    ]
    assert runs[0].id != runs[1].id


def test_a_thread_keeps_to_its_question_and_clip(
    tmp_path: Path, clip_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    aurelia.reason(clip_path, QUESTION, thread="one", **everyone(model))
    with pytest.raises(InputError, match="The thread 'one' asked 'What comes first\\?'"):
        aurelia.reason(clip_path, "And then?", thread="one", **everyone(model))
    other = aurelia.demo_clip(tmp_path / "demo")
    with pytest.raises(InputError, match="The thread 'one' is about another clip"):
        aurelia.reason(other, QUESTION, thread="one", **everyone(model))


def test_a_review_that_nobody_answers_waits_in_its_thread(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    settings: dict[str, Any] = {"review": "steps", **everyone(model)}
    with pytest.raises(ConfigurationError, match="waits for a review of pass 1"):
        aurelia.reason(clip_path, QUESTION, thread="one", **settings)

    def approve(request: ReviewRequest) -> str:
        assert request.kind == "steps"
        return "approve"

    run = aurelia.reason(clip_path, QUESTION, thread="one", on_review=approve, **settings)
    assert run.stop_reason == "accepted"
    assert sum(c.role == "actor" for c in run.iterations[0].calls) == 1


def test_a_review_needs_no_thread_where_somebody_answers(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(3)])
    answers = iter([{"action": "edit", "score": 7}])
    run = aurelia.reason(
        clip_path,
        QUESTION,
        review="verdict",
        on_review=lambda request: next(answers),
        **everyone(model),
    )
    assert (run.stop_reason, run.iterations[0].score) == ("accepted", 7)


def test_threads_of_ones_own_checkpointer(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    saver = InMemorySaver()
    first = aurelia.reason(clip_path, QUESTION, thread="x", checkpointer=saver, **everyone(model))
    again = aurelia.reason(clip_path, QUESTION, thread="x", checkpointer=saver, **everyone(model))
    assert again.id == first.id
    assert not (tmp_path / "runs").exists()


def test_a_damaged_file_of_threads_is_named(tmp_path: Path, clip_path: str) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "threads.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match=r"threads\.sqlite can't be used to keep threads"):
        aurelia.reason(clip_path, QUESTION, thread="one")


def test_after_a_kill_the_same_command_goes_on(tmp_path: Path, clip_path: str) -> None:
    """No paid reply is asked for again; only the call in flight may be."""
    replies = [say(STEPS), say(SENTENCES), say('{"score": 3}')]
    with Wire(*replies, hang()) as wire:
        words = ["reason", clip_path, QUESTION, "--thread", "one", "--json", "--no-save"]
        for role in ("actor", "summarizer", "critic"):
            words += [f"--{role}", wire.model]
        command = [sys.executable, "-c", "from aurelia.cli.main import main; main()", *words]
        begun = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert begun.stderr is not None
        while "score 3" not in begun.stderr.readline():  # the first pass is over
            assert begun.poll() is None
        begun.send_signal(signal.SIGKILL)
        begun.communicate()
        paid = len(wire.calls)
        assert paid in (3, 4)  # the fourth may be under way

        wire.plays(say(STEPS), say(SENTENCES), say('{"score": 9}'))
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert len(wire.calls) - paid == 3
        run = aurelia.Trajectory.model_validate_json(done.stdout)
    assert [i.score for i in run.iterations] == [3, 9]
    assert run.stop_reason == "accepted"
