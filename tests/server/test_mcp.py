"""The graph as a tool of the server's own MCP endpoint."""

from typing import Any

import httpx
import pytest

from tests.server.conftest import OPTIONS, QUESTION, Server

Reply = dict[str, Any]


@pytest.fixture(scope="module")
def tools(server: Server) -> dict[str, Reply]:
    """The tools that the endpoint lists, by name."""
    return {tool["name"]: tool for tool in _ask(server, "tools/list")["tools"]}


def _ask(server: Server, method: str, **params: Any) -> Reply:
    response = httpx.post(
        f"{server.url}/mcp",
        headers={"accept": "application/json, text/event-stream"},
        json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params},
        timeout=60,
        trust_env=False,
    )
    assert response.status_code == 200, response.text
    return dict(response.json()["result"])


def test_the_tool_says_what_it_does_and_what_it_takes(tools: dict[str, Reply]) -> None:
    tool = tools["aurelia"]
    assert "question about a clip" in tool["description"]
    fields = tool["inputSchema"]["properties"]
    assert fields["clip"]["description"]
    assert fields["options"]["examples"]
    assert "threshold" not in fields  # settings are the owner's


def test_a_call_answers(server: Server) -> None:
    called = _ask(
        server,
        "tools/call",
        name="aurelia",
        arguments={"clip": server.clip, "question": QUESTION, "options": OPTIONS},
    )
    assert not called.get("isError")
    assert "'stop_reason': 'accepted'" in called["content"][0]["text"]


def test_an_agent_gets_some_lines_and_no_record(server: Server, tools: dict[str, Reply]) -> None:
    tool = tools["examine_clip"]
    assert "one question" in tool["description"]
    assert tool["inputSchema"]["required"] == ["question"]
    called = _ask(
        server,
        "tools/call",
        name="examine_clip",
        arguments={
            "clip": server.clip,
            "question": QUESTION,
            "options": OPTIONS,
            "start_s": 0.5,
        },
    )
    text = called["content"][0]["text"]
    assert not called.get("isError"), text
    assert "Answer: the sound" in text or "Answer: A: the sound" in text
    assert "Checked against the clip: score 8 of 10 after 3 passes" in text
    assert len(text) < 2_200


def test_an_agent_is_told_what_was_wrong(server: Server) -> None:
    arguments = {"clip": "/etc/hostname", "question": QUESTION}
    called = _ask(server, "tools/call", name="examine_clip", arguments=arguments)
    assert "not below a directory" in called["content"][0]["text"]


def test_a_call_about_a_file_out_of_reach_is_an_error(server: Server) -> None:
    called = _ask(server, "tools/call", name="aurelia", arguments={"clip": "/etc/hostname"})
    assert called["isError"]
    assert "127.0.0.1" not in str(called)
