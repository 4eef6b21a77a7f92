"""Events of a run on a real server, as the SDK streams them."""

from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.types.events import TokenStreamed, parse_event
from tests.server.conftest import QUESTION, Server


@pytest.mark.parametrize("stream_tokens", [False, True])
def test_events_come_over_the_wire(
    server: Server, client: SyncLangGraphClient, stream_tokens: bool
) -> None:
    context: Any = {"stream_tokens": stream_tokens}
    stream = client.runs.stream(
        None,
        "aurelia",
        input={"clip": server.clip, "question": QUESTION},
        context=context,
        stream_mode="custom",
    )
    events = [parse_event.validate_python(part.data) for part in stream if part.event == "custom"]
    kinds = [event.type for event in events if event.type != "token"]
    assert kinds[:4] == ["iteration_started", "steps", "caption", "verdict"]
    assert kinds[-1] == "stopped"
    tokens = [event for event in events if isinstance(event, TokenStreamed)]
    assert bool(tokens) == stream_tokens
    if stream_tokens:
        assert {token.role for token in tokens} == {"actor", "summarizer", "critic", "target"}
