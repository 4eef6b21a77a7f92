"""Each example runs as its user would run it. That of MCP is tried on the real server."""

import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What an example prints."""
    monkeypatch.setattr(sys, "argv", [name])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    return capsys.readouterr().out


def test_the_supervisor_corrects_its_call_and_gets_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = run("supervisor.py", monkeypatch, capsys).splitlines()
    assert "ai: calls examine_clip(garden)" in lines
    assert "tool: There is no clip 'garden'; there are: yard." in lines
    assert "tool: Answer: The movement" in lines
    assert "ai: I had it looked at." in lines


def test_the_parent_waits_for_a_review_and_looks_at_all_clips(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = run("subgraph.py", monkeypatch, capsys)
    assert printed.count("review of steps") == 1
    *_, report = printed.splitlines()
    assert report.startswith("For Ana: The movement (accepted). Elsewhere: ")
    assert report.count(": The movement") == 2 + 1


def test_every_example_is_tried(request: pytest.FixtureRequest) -> None:
    tried = "".join(
        path.read_text("utf-8")
        for path in request.config.rootpath.glob("tests/*/test_*example*.py")
    )
    names: list[Any] = [path.name for path in EXAMPLES.glob("*.py")]
    assert names
    assert [name for name in names if name not in tried] == []
