"""Whoever follows a run's messages changes nothing about its calls: no reply is streamed, so none
can end in the middle unnoticed."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.graph.build import build_graph
from aurelia.graph.context import make_context
from tests import scripts
from tests.models.asking import Shown, ask_now, summarizer
from tests.models.cells import MODELS, REPLIES
from tests.models.sending import serving
from tests.models.wire.script import Raw, Scripted, fail, reset, say
from tests.ticking import Ticking

pytestmark = pytest.mark.usefixtures("ledger_path")

CAPTION = say(json.dumps(REPLIES["summarizer"]))
OLLAMA = MODELS["ollama"]
FOLLOWED = [m for m in MODELS.values() if m != OLLAMA] + ["openai:gpt-4o?streaming=true"]


def _followed(shown: Shown, place: Path, summarizer: str) -> tuple[list[Any], Any]:
    """Messages of a run of one pass, and its record."""
    others = scripts.script(place, [scripts.actor(), scripts.verdict(9)])
    roles = {**scripts.everyone(others), "summarizer": summarizer}
    context = make_context(**roles, max_iterations=1, max_frames=1, use_cache=False)
    state: Any = {"clip": shown.clip.model_dump(mode="json"), "question": "What sounds?"}
    messages: list[Any] = []
    states: list[Any] = []

    async def follow() -> None:
        modes: Any = ["messages", "values"]
        async for mode, chunk in build_graph().astream(state, context=context, stream_mode=modes):
            (messages if mode == "messages" else states).append(chunk)

    asyncio.run(follow())
    return messages, states[-1]["trajectory"]


@pytest.mark.parametrize("model", FOLLOWED)
def test_a_reply_comes_whole(
    model: str, shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, CAPTION) as wire:
        messages, run = _followed(shown, tmp_path, model)
        assert len(wire.calls) == 1
        assert "stream" not in wire.calls[0].path
        assert not wire.calls[0].body.get("stream")
    assert run["stop_reason"] == "accepted"
    assert _told(messages) == [CAPTION.text]


def _told(messages: list[Any]) -> list[str]:
    return [said.text for said, about in messages if about["langgraph_node"] == "summarizer"]


@pytest.mark.parametrize("model", [*FOLLOWED, OLLAMA])
@pytest.mark.parametrize("fault", [reset(CAPTION), fail(503)], ids=["reset-midway", "503"])
def test_what_breaks_off_is_asked_for_again(
    model: str,
    fault: Scripted,
    shown: Shown,
    clock: Ticking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(monkeypatch, fault, fault, CAPTION) as wire:
        _, run = _followed(shown, tmp_path, model)
        assert len(wire.calls) == 3
    assert clock.delays == [1, 2]
    assert run["stop_reason"] == "accepted"


def test_ollama_s_client_streams_and_half_a_reply_is_none(
    clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"message": {"role": "assistant", "content": CAPTION.text}, "done": False, "model": "m"}
    half = Raw(json.dumps(said).encode() + b"\n", "application/x-ndjson")
    with serving(monkeypatch, half, CAPTION) as wire:
        reply = ask_now(summarizer(OLLAMA))
        assert [call.body["stream"] for call in wire.calls] == [True, True]
    assert (reply.text, reply.call.retries) == (CAPTION.text, 1)
    assert clock.delays == [1]
