"""The graph as a tool of the server's own MCP endpoint."""

import ast
from typing import Any

import httpx
import pytest
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.graph.as_tool import DESCRIPTION
from tests.server.conftest import OPTIONS, QUESTION, Server

Reply = dict[str, Any]
ASKED = {"clip": "clips/ordinary.mp4", "question": QUESTION}


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


def test_an_agent_fills_in_what_is_asked_and_nothing_else(tools: dict[str, Reply]) -> None:
    tool = tools["examine_clip"]
    assert tool["description"] == DESCRIPTION
    fields = tool["inputSchema"]["properties"]
    assert list(fields) == ["clip", "question", "options"]
    assert all(field["description"] for field in fields.values())
    assert tool["inputSchema"]["required"] == ["clip", "question"]


def test_an_agent_gets_some_lines_and_no_record(server: Server) -> None:
    asked = {**server.asks(), "clip": {"path": server.clip, "start_s": 0.5}}
    called = _ask(server, "tools/call", name="examine_clip", arguments=asked)
    text = called["content"][0]["text"]
    assert not called.get("isError"), text
    assert len(text) < 2_000
    reply = ast.literal_eval(text)
    assert set(reply) == {"result", "stop_reason"}
    assert reply["stop_reason"] == "accepted"
    assert reply["result"].startswith(
        "Answer: the sound\nChecked against the clip: score 8 of 10 after 3 passes (6 is needed).\n"
    )
    assert "Listen for the tone" in reply["result"]


def test_settings_of_a_call_count(server: Server) -> None:
    called = _ask(
        server,
        "tools/call",
        name="examine_clip",
        arguments=server.asks(),
        context={"threshold": 5},
    )
    assert "after 2 passes (5 is needed)" in called["content"][0]["text"]


def test_an_assistant_is_a_tool_with_settings_of_its_own(
    server: Server, client: SyncLangGraphClient
) -> None:
    made = client.assistants.create(
        "examine_clip", name="quick look", context={"max_iterations": 1}
    )
    try:
        called = _ask(server, "tools/call", name="quick_look", arguments=server.asks())
    finally:
        client.assistants.delete(made["assistant_id"])
    assert "'stop_reason': 'exhausted'" in called["content"][0]["text"]
    assert "score 3 of 10 after 1 pass" in called["content"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "context", "said"),
    [
        ({"clip": "/etc/hostname", "question": QUESTION}, {}, "not below a directory"),
        ({"clip": "clips/ordinary.mp4"}, {}, "needs a clip and a question; give question"),
        ({"question": QUESTION}, {}, "needs a clip and a question; give clip"),
        ({"clip": "clips/ordinary.mp4", "question": 7}, {}, "The question must be a text"),
        (ASKED, {"critic": "openai:gpt-4o"}, "can't be chosen by a client"),
        ({**ASKED, "fork": {}}, {"prompts": "/etc"}, "is no prompt set of this server"),
    ],
)
def test_an_agent_is_told_what_was_wrong_in_a_sentence(
    server: Server, arguments: Reply, context: Reply, said: str
) -> None:
    called = _ask(server, "tools/call", name="examine_clip", arguments=arguments, context=context)
    assert called["isError"]
    (part,) = called["content"]
    assert said in part["text"]
    assert part["text"].endswith(".")
    assert len(part["text"].splitlines()) == 1
    assert str(server.directory) not in part["text"]


def test_a_call_about_a_file_out_of_reach_is_an_error(server: Server) -> None:
    called = _ask(server, "tools/call", name="aurelia", arguments={"clip": "/etc/hostname"})
    assert called["isError"]
    assert "127.0.0.1" not in str(called)
