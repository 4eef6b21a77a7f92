"""The example client of the MCP endpoint, on the real server."""

import runpy
import sys
from pathlib import Path

import pytest

from tests.server.conftest import QUESTION, Server

EXAMPLE = Path(__file__).parents[2] / "examples" / "mcp_client.py"


def run(monkeypatch: pytest.MonkeyPatch, server: Server, *arguments: str) -> None:
    """Run examples/mcp_client.py as its user would."""
    monkeypatch.setattr(sys, "argv", ["mcp_client.py", "--url", server.url, *arguments])
    runpy.run_path(str(EXAMPLE), run_name="__main__")


def test_the_example_gets_an_answer(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, server, "--clip", server.clip, "--question", QUESTION)
    printed = capsys.readouterr().out
    assert "The tool takes clip, question, options." in printed
    assert "\nAnswer: A\nChecked against the clip: score 8 of 10" in printed
    assert "The loop ended: accepted." in printed


def test_the_example_says_what_the_server_refuses(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="not below a directory"):
        run(monkeypatch, server, "--clip", "/etc/hostname", "--question", QUESTION)
