"""What each client keeps of a reply: text, tokens, and JSON that a schema was asked for."""

import asyncio
import json
import urllib.request
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tests.models.wire.clients import CLIENTS, ask, gemini, openai
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, Usage, fail, say, truncated
from tests.models.wire.server import Wire

COUNTED = Usage(100, 20, cached=40, reasoning=5, modalities={"audio": 30, "image": 50, "text": 20})


class Verdict(BaseModel):
    """What a model is asked for."""

    score: int
    why: str


SCHEMA = {"title": "Verdict", **Verdict.model_json_schema()}


@pytest.mark.parametrize("client", CLIENTS)
def test_tokens_in_and_out_are_counted_whole(client: str) -> None:
    with Wire(say("hello", usage=COUNTED)) as wire:
        reply: Any = ask(CLIENTS[client](wire), "hello")
    assert reply.text == "hello"
    assert (reply.usage_metadata["input_tokens"], reply.usage_metadata["output_tokens"]) == (
        100,
        20,
    )
    assert reply.response_metadata["model_name"] == "wire-1"


def test_openai_s_client_counts_sound_and_keeps_the_rest_beside_it() -> None:
    with Wire(say("hello", usage=COUNTED)) as wire:
        reply: Any = ask(openai(wire), "hello")
    assert reply.usage_metadata["input_token_details"] == {"audio": 30, "cache_read": 40}
    beside = reply.response_metadata["token_usage"]["prompt_tokens_details"]
    assert (beside["image_tokens"], beside["text_tokens"]) == (50, 20)


def test_gemini_s_client_loses_the_split_by_modality() -> None:
    with Wire(say("hello", usage=COUNTED)) as wire:
        reply: Any = ask(gemini(wire), "hello")
    assert reply.usage_metadata["input_token_details"] == {"cache_read": 40}
    assert reply.usage_metadata["output_token_details"] == {"reasoning": 5}
    assert "AUDIO" not in str(reply).upper()


def test_a_server_may_count_nothing() -> None:
    with Wire(say("hello", usage=None)) as wire:
        reply: Any = ask(openai(wire), "hello")
    assert reply.usage_metadata is None


def streamed(chat: Any) -> Any:
    """A streamed reply, put together."""

    async def run() -> Any:
        chunks = [chunk async for chunk in chat.astream("hello")]
        assert len([chunk for chunk in chunks if chunk.text]) == 2
        whole = chunks[0]
        for chunk in chunks[1:]:
            whole += chunk
        return whole

    return asyncio.run(run())


@pytest.mark.parametrize("client", ["gemini", "anthropic", "ollama"])
def test_streams_come_in_pieces_and_are_counted(client: str) -> None:
    with Wire(say("hello there", usage=COUNTED)) as wire:
        whole = streamed(CLIENTS[client](wire))
    assert whole.text == "hello there"
    assert whole.usage_metadata["output_tokens"] == 20


def test_streams_of_openai_servers_are_counted_where_asked_for() -> None:
    with Wire(say("hello there", usage=COUNTED)) as wire:
        assert streamed(openai(wire)).usage_metadata is None
        assert streamed(openai(wire, stream_usage=True)).usage_metadata["output_tokens"] == 20


@pytest.mark.parametrize("text", ['{"score": 7', '{"score": "high", "why": ""}', "I can't say."])
def test_openai_with_a_class_loses_a_paid_reply_that_breaks_the_schema(text: str) -> None:
    with Wire(say(text)) as wire:
        chat = openai(wire)
        by_class = chat.with_structured_output(Verdict, method="json_schema", include_raw=True)
        with pytest.raises(ValidationError):
            ask(by_class, "hello")
        by_dict = chat.with_structured_output(SCHEMA, method="json_schema", include_raw=True)
        kept: Any = ask(by_dict, "hello")
    assert kept["raw"].text == text


def test_fences_break_openai_s_json_schema() -> None:
    fenced = '```json\n{"score": 7, "why": "heard"}\n```'
    with Wire(say(fenced)) as wire, pytest.raises(ValidationError):
        ask(openai(wire).with_structured_output(Verdict, method="json_schema"), "hello")


def test_function_calling_answers_none_without_a_word() -> None:
    with Wire(say("I would rather talk.")) as wire:
        chat = openai(wire).with_structured_output(Verdict, method="function_calling")
        assert ask(chat, "hello") is None


def test_gemini_s_client_takes_json_that_was_cut_off_for_whole() -> None:
    cut = '{"score": 7, "why": "a bell ri'
    with Wire(truncated(cut)) as wire:
        chat = gemini(wire).with_structured_output(SCHEMA, method="json_schema", include_raw=True)
        reply: Any = ask(chat, "hello")
    assert reply["raw"].response_metadata["finish_reason"] == "MAX_TOKENS"
    assert reply["parsing_error"] is None
    assert reply["parsed"]["score"] == 7


def test_profiles_know_gemini_and_say_nothing_of_servers() -> None:
    with Wire() as wire:
        known: Any = gemini(wire).profile
        assert known["audio_inputs"]
        assert known["video_inputs"]
        assert not openai(wire, model="some/omni-model").profile


def test_behaviours_may_depend_on_what_is_asked() -> None:
    def by_question(request: Received) -> Behaviour:
        return say("a score") if "rate" in str(request.body) else fail(400, "no critic")

    with Wire(by_question) as wire:
        assert ask(openai(wire), "rate this").text == "a score"
        with pytest.raises(Exception, match="no critic"):
            ask(openai(wire), "think")


def test_calls_can_be_kept_until_all_are_there() -> None:
    async def both(chat: Any) -> list[Any]:
        return list(await asyncio.gather(chat.ainvoke("one"), chat.ainvoke("two")))

    with Wire(together=2) as wire:
        assert [reply.text for reply in asyncio.run(both(openai(wire)))] == ["hello", "hello"]
        assert wire.most_at_once == 2


def test_a_server_lists_its_models() -> None:
    with Wire() as wire, urllib.request.urlopen(f"{wire.openai}/models") as reply:
        assert json.load(reply)["data"][0]["id"] == "wire-1"
        assert not wire.calls
