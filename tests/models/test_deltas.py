"""Replies in pieces: the same record as in one, and whoever listens can tell what belongs where."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

import aurelia
from aurelia.models.call import call
from aurelia.models.deltas import Delta, listen
from aurelia.models.request import ModelReply, ModelRequest
from aurelia.types.trajectory import Call
from tests.models.asking import ask_now, ask_with_repair, failure_of, summarizer
from tests.models.sending import serving
from tests.models.wire.script import (
    Behaviour,
    Raw,
    Usage,
    empty,
    fail,
    prompt_blocked,
    refused,
    reset,
    say,
    truncated,
)
from tests.models.wire.server import Wire
from tests.ticking import Ticking

pytestmark = pytest.mark.usefixtures("ledger_path")

MODELS = {
    "openai": "openai:gpt-4o",
    "gemini": "google_genai:gemini-2.5-flash",
    "anthropic": "anthropic:claude-wire",
    "ollama": "ollama:llava",
}
TEXT = '{"sentences": [{"text": "A tone sounds.", "steps": [1]}]}'
COUNTED = Usage(100, 20, cached=40)
OF_THE_MOMENT = {"id", "started_at", "total_s", "queue_s"}


@pytest.fixture
def heard() -> Iterator[list[Delta]]:
    """What a listener is told in this test."""
    found: list[Delta] = []
    listen(found.append)
    yield found
    listen(None)


def kept(record: Call) -> dict[str, Any]:
    return record.model_dump(exclude=OF_THE_MOMENT)


WHOLE = [say(TEXT, usage=COUNTED), truncated("half of"), say("ends", finish="safety")]


@pytest.mark.parametrize(
    ("client", "said"),
    [
        *((client, said) for client in MODELS for said in WHOLE),
        # OpenAI's client leaves refusals out of a stream: see the next test.
        *((client, refused()) for client in MODELS if client != "openai"),
    ],
)
def test_a_call_in_pieces_has_the_record_of_one_without(
    client: str, said: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = summarizer(MODELS[client], use_cache=False)
    with serving(monkeypatch, said) as wire:
        one = ask_now(request)
        pieces: list[Delta] = []
        listen(pieces.append)
        streamed = ask_now(request)
        listen(None)
        assert len(wire.calls) == 2
    assert streamed.text == one.text == "".join(piece.text for piece in pieces)
    assert len(pieces) == 2
    assert kept(streamed.call) == kept(one.call)
    first = pieces[0]
    assert (first.call, first.role, first.attempt) == (streamed.call.id, "summarizer", 0)


def test_a_refusal_that_openai_s_client_leaves_out_reads_as_an_empty_reply(
    heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, refused()):
        asked = ask_with_repair(summarizer(MODELS["openai"]))
    assert asked.reply is None
    assert "empty" in asked.problem
    assert heard == []


def test_nothing_is_streamed_unless_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, say(TEXT)) as wire:
        ask_now(summarizer(MODELS["openai"]))
        ask_now(summarizer(wire.model))
        assert not any(c.body.get("stream") for c in wire.calls)
        assert all("stream_options" not in c.body for c in wire.calls)


def test_servers_are_asked_to_count_what_they_stream(heard: list[Delta]) -> None:
    with Wire(say(TEXT, usage=COUNTED)) as wire:
        reply = ask_now(summarizer(wire.model))
    assert (reply.call.usage.input_tokens, reply.call.usage.output_tokens) == (100, 20)


@pytest.mark.parametrize("client", MODELS)
def test_a_reply_that_breaks_off_begins_anew(
    client: str, heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, reset(say("half a " * 300)), say(TEXT)):
        reply = ask_now(summarizer(MODELS[client]))
    assert (reply.text, reply.call.retries) == (TEXT, 1)
    assert {piece.call for piece in heard} == {reply.call.id}
    assert "".join(piece.text for piece in heard if piece.attempt == 1) == TEXT


def test_a_busy_server_is_tried_again(
    heard: list[Delta], monkeypatch: pytest.MonkeyPatch, clock: Ticking
) -> None:
    with serving(monkeypatch, fail(429, retry_after=7), say(TEXT)):
        reply = ask_now(summarizer(MODELS["openai"]))
    assert (reply.text, clock.delays) == (TEXT, [7.0])
    assert "".join(piece.text for piece in heard) == TEXT


def test_a_stream_without_its_end_is_no_reply(
    heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    chunk["choices"] = [{"index": 0, "delta": {"content": "ten of"}, "finish_reason": None}]
    cut = Raw(f"data: {json.dumps(chunk)}\n\n".encode(), "text/event-stream")
    with serving(monkeypatch, cut, say(TEXT)):
        reply = ask_now(summarizer(MODELS["openai"]))
    assert (reply.text, reply.call.retries) == (TEXT, 1)
    assert (heard[0].attempt, heard[0].text) == (0, "ten of")


def test_a_reply_that_was_paid_for_comes_in_no_pieces(
    heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, say(TEXT)):
        ask_now(summarizer(MODELS["openai"]))
        before = len(heard)
        again = ask_now(summarizer(MODELS["openai"]))
    assert again.call.cached
    assert len(heard) == before == 2


def test_equal_calls_at_once_are_told_once(
    heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def both(request: ModelRequest) -> list[ModelReply]:
        return list(await asyncio.gather(call(request), call(request)))

    with serving(monkeypatch, say(TEXT)) as wire:
        replies = asyncio.run(both(summarizer(MODELS["openai"])))
        assert len(wire.calls) == 1
    assert [reply.text for reply in replies] == [TEXT, TEXT]
    assert len({piece.call for piece in heard}) == 1
    assert "".join(piece.text for piece in heard) == TEXT


def test_a_repair_is_a_call_of_its_own(heard: list[Delta], monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, say("{broken"), say(TEXT)):
        asked = ask_with_repair(summarizer(MODELS["openai"]))
    assert asked.reply is not None
    assert [p.purpose for p in heard] == ["main", "main", "repair", "repair"]
    assert [c.id for c in asked.calls] == list(dict.fromkeys(p.call for p in heard))


@pytest.mark.parametrize("client", ["openai", "gemini"])
def test_a_prompt_that_a_filter_holds_back_is_no_failure(
    client: str, heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, prompt_blocked()):
        asked = ask_with_repair(summarizer(MODELS[client]))
    assert not asked.failed
    assert "blocked the prompt" in asked.problem


@pytest.mark.parametrize("client", ["openai", "anthropic", "ollama"])
def test_a_stream_of_nothing_is_a_failure(
    client: str, heard: list[Delta], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, empty()):
        assert "failed" in str(failure_of(summarizer(MODELS[client])))
    assert heard == []


def test_a_model_that_does_not_stream_answers_in_one(heard: list[Delta]) -> None:
    class Whole(FakeListChatModel):
        disable_streaming: bool = True

    aurelia.register_model("whole", Whole(responses=[TEXT]))
    assert ask_now(summarizer("whole")).text == TEXT
    assert heard == []
