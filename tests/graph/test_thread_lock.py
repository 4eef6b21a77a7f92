"""One run at a time on a thread, in this process and among others."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.errors import InputError
from aurelia.types.review import ReviewRequest
from tests.models.wire.script import hang, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What comes first?"
STEPS = '{"steps": [{"text": "Listen for the tone."}], "findings": "A tone.", "answer": "it"}'
SENTENCES = '{"sentences": [{"text": "A tone.", "steps": [1]}]}'


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs."""
    monkeypatch.setenv("AURELIA_RUNS_DIR", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def good(tmp_path: Path) -> dict[str, Any]:
    """Models that are content with the first pass."""
    return everyone(script(tmp_path, [actor(), caption("A tone."), verdict(9)]))


def locks(runs: Path) -> list[Path]:
    return [*runs.glob("*.lock")]


def test_another_process_is_refused_and_pays_nothing(
    tmp_path: Path, runs: Path, clip_path: str
) -> None:
    with Wire(say(STEPS), say(SENTENCES), say('{"score": 3}'), hang()) as wire:
        words = ["reason", clip_path, QUESTION, "--json", "--no-save", "--thread", "one"]
        for role, model in everyone(wire.model).items():
            words += [f"--{role}", model]
        command = [sys.executable, "-c", "from aurelia.cli.main import main; main()", *words]
        first = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert first.stderr is not None
            while "score 3" not in first.stderr.readline():  # the first pass is over
                assert first.poll() is None
            second = subprocess.run(command, capture_output=True, text=True, check=False)
            assert second.returncode == 2
            assert second.stdout == ""
            assert second.stderr.splitlines()[-1] == (
                f"aurelia: The thread 'one' is in use by another process ({first.pid}); wait until "
                "that has ended, or give another name."
            )
            assert len(wire.calls) <= 4  # those of the first; the last is under way
            assert len(locks(runs)) == 1
        finally:
            first.send_signal(signal.SIGKILL)
            first.communicate()
        paid = len(wire.calls)
        # What a killed process held is free, and the file it left stands in nobody's way.
        wire.plays(say(STEPS), say(SENTENCES), say('{"score": 9}'))
        run = aurelia.reason(clip_path, QUESTION, thread="one", **everyone(wire.model))
        assert run.stop_reason == "accepted"
        assert len(wire.calls) == paid + 3
        assert locks(runs) == []


def test_another_run_of_this_process_is_refused(
    runs: Path, clip_path: str, good: dict[str, Any]
) -> None:
    def meanwhile(request: ReviewRequest) -> str:
        with pytest.raises(InputError, match="'one' is in use by another run of this process"):
            aurelia.reason(clip_path, QUESTION, thread="one", **good)
        assert aurelia.reason(clip_path, QUESTION, thread="two", **good).stop_reason == "accepted"
        return "approve"

    run = aurelia.reason(
        clip_path, QUESTION, thread="one", review="steps", on_review=meanwhile, **good
    )
    assert run.stop_reason == "accepted"
    assert locks(runs) == []


def test_of_two_at_once_one_runs(runs: Path, clip_path: str, good: dict[str, Any]) -> None:
    async def both() -> list[Any]:
        one = (aurelia.areason(clip_path, QUESTION, thread="one", **good) for _ in range(2))
        return await asyncio.gather(*one, return_exceptions=True)

    first, second = sorted(asyncio.run(both()), key=lambda r: isinstance(r, Exception))
    assert first.stop_reason == "accepted"
    assert isinstance(second, InputError)
    assert locks(runs) == []


def test_what_was_cancelled_is_free_again(runs: Path, clip_path: str, good: dict[str, Any]) -> None:
    async def cancelled() -> None:
        begun = asyncio.Event()

        def wait(request: ReviewRequest) -> asyncio.Future[Any]:
            begun.set()
            return asyncio.get_running_loop().create_future()

        run = asyncio.create_task(
            aurelia.areason(
                clip_path, QUESTION, thread="one", review="steps", on_review=wait, **good
            )
        )
        await begun.wait()
        assert locks(runs)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        again = await aurelia.areason(
            clip_path, QUESTION, thread="one", on_review=lambda request: "approve", **good
        )
        assert again.stop_reason == "accepted"

    asyncio.run(cancelled())
    assert locks(runs) == []


def test_a_place_that_takes_no_lock_is_named(
    runs: Path, clip_path: str, good: dict[str, Any]
) -> None:
    runs.write_text("a file, and no folder")
    with pytest.raises(InputError, match="The thread 'one' can't be locked by"):
        aurelia.reason(clip_path, QUESTION, thread="one", **good)
