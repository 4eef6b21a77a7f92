"""`aurelia studio` before a server runs; with one, see tests/server."""

import importlib.util
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.cli.studio import SERVER
from tests.cli.conftest import Typed

ROOT = Path(__file__).parents[2]


def test_the_command_serves_what_the_project_serves() -> None:
    assert json.loads((ROOT / "langgraph.json").read_text()) == SERVER


def test_without_the_extra_it_says_what_to_install(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    result = typed("studio")
    assert result.exit_code == 2
    assert "pip install 'aurelia[studio]'" in result.output


def test_a_port_that_is_taken_is_not_another_servers_to_fill(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = typed("studio", "--port", str(port))
    assert result.exit_code == 2
    assert f"Port {port} is taken" in result.output


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "not a url", "ftp://127.0.0.1", ""])
def test_no_server_is_one_sentence(typed: Typed, url: str) -> None:
    result = typed("prompts", "push", "--url", url)
    assert result.exit_code == 2
    assert "LangGraph server" in result.output
    assert "Traceback" not in result.output


def test_no_key_of_the_environment_reaches_the_server(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2-secret")
    seen: list[Any] = []
    opened = SyncLangGraphClient.__init__

    def look(self: SyncLangGraphClient, client: Any) -> None:
        seen.append(dict(client.headers))
        opened(self, client)

    monkeypatch.setattr(SyncLangGraphClient, "__init__", look)
    typed("prompts", "push", "--url", "http://127.0.0.1:9")
    assert seen
    assert "lsv2-secret" not in str(seen)
