"""What each client makes of what goes wrong: the errors that the call layer has to understand."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.models.wire import dns
from tests.models.wire.clients import CLIENTS, ask, type_of
from tests.models.wire.script import (
    Behaviour,
    empty,
    fail,
    hang,
    malformed,
    prompt_blocked,
    quota_used_up,
    refused,
    reset,
    safety_blocked,
    say,
    truncated,
    wrong_content_type,
)
from tests.models.wire.server import Wire

RETRY, FINAL, UNSAID = True, False, None

# client, behaviour, error, whether it says that another try may succeed
ERRORS: list[tuple[str, Behaviour, str, bool | None]] = [
    ("openai", fail(400), "langchain_openai.OpenAIInvalidRequestError", FINAL),
    ("openai", fail(401), "langchain_openai.OpenAIAuthenticationError", FINAL),
    ("openai", fail(403), "langchain_openai.OpenAIPermissionDeniedError", FINAL),
    ("openai", fail(404), "langchain_openai.OpenAIModelNotFoundError", FINAL),
    ("openai", fail(429), "langchain_openai.OpenAIRateLimitError", RETRY),
    ("openai", fail(500), "langchain_openai.OpenAIAPIError", RETRY),
    ("openai", fail(503), "langchain_openai.OpenAIAPIError", RETRY),
    ("openai", fail(529), "langchain_openai.OpenAIAPIError", RETRY),
    ("openai", quota_used_up(), "langchain_openai.OpenAIRateLimitError", RETRY),
    ("openai", prompt_blocked(), "langchain_openai.OpenAIInvalidRequestError", FINAL),
    ("openai", reset(), "langchain_openai.OpenAIConnectionError", RETRY),
    ("openai", reset(say("half of it")), "langchain_openai.OpenAIConnectionError", RETRY),
    ("openai", malformed(), "json.JSONDecodeError", UNSAID),
    ("openai", wrong_content_type(), "builtins.ValueError", UNSAID),
    ("openai", empty(), "builtins.IndexError", UNSAID),
    ("gemini", fail(400), "langchain_google_genai.GoogleInvalidRequestError", FINAL),
    ("gemini", fail(401), "langchain_google_genai.GoogleAuthenticationError", FINAL),
    ("gemini", fail(403), "langchain_google_genai.GooglePermissionDeniedError", FINAL),
    ("gemini", fail(404), "langchain_google_genai.GoogleModelNotFoundError", FINAL),
    ("gemini", fail(429), "langchain_google_genai.GoogleRateLimitError", RETRY),
    ("gemini", fail(500), "langchain_google_genai.GoogleAPIError", RETRY),
    ("gemini", fail(503), "langchain_google_genai.GoogleAPIError", RETRY),
    ("gemini", fail(529), "langchain_google_genai.GoogleAPIError", RETRY),
    ("gemini", quota_used_up(), "langchain_google_genai.GoogleRateLimitError", RETRY),
    ("gemini", reset(), "httpx.ReadError", UNSAID),
    ("gemini", reset(say("half of it")), "httpx.ReadError", UNSAID),
    ("gemini", malformed(), "json.JSONDecodeError", UNSAID),
    ("gemini", wrong_content_type(), "json.JSONDecodeError", UNSAID),
    ("anthropic", fail(400), "langchain_anthropic.AnthropicInvalidRequestError", FINAL),
    ("anthropic", fail(401), "langchain_anthropic.AnthropicAuthenticationError", FINAL),
    ("anthropic", fail(403), "langchain_anthropic.AnthropicPermissionDeniedError", FINAL),
    ("anthropic", fail(404), "langchain_anthropic.AnthropicModelNotFoundError", FINAL),
    ("anthropic", fail(429), "langchain_anthropic.AnthropicRateLimitError", RETRY),
    ("anthropic", fail(500), "langchain_anthropic.AnthropicAPIError", RETRY),
    ("anthropic", fail(503), "langchain_anthropic.AnthropicAPIError", RETRY),
    ("anthropic", fail(529), "langchain_anthropic.AnthropicOverloadedError", RETRY),
    ("anthropic", quota_used_up(), "langchain_anthropic.AnthropicInvalidRequestError", FINAL),
    ("anthropic", prompt_blocked(), "langchain_anthropic.AnthropicInvalidRequestError", FINAL),
    ("anthropic", reset(), "langchain_anthropic.AnthropicConnectionError", RETRY),
    ("anthropic", reset(say("half of it")), "langchain_anthropic.AnthropicConnectionError", RETRY),
    ("anthropic", malformed(), "json.JSONDecodeError", UNSAID),
    ("anthropic", wrong_content_type(), "builtins.AttributeError", UNSAID),
    ("ollama", fail(401), "ollama.ResponseError", UNSAID),
    ("ollama", fail(404), "ollama.ResponseError", UNSAID),
    ("ollama", fail(429), "ollama.ResponseError", UNSAID),
    ("ollama", fail(500), "ollama.ResponseError", UNSAID),
    ("ollama", fail(503), "ollama.ResponseError", UNSAID),
    ("ollama", fail(529), "ollama.ResponseError", UNSAID),
    ("ollama", quota_used_up(), "ollama.ResponseError", UNSAID),
    ("ollama", reset(), "httpx.ReadError", UNSAID),
    ("ollama", reset(say("half of it")), "httpx.ReadError", UNSAID),
    ("ollama", malformed(), "json.JSONDecodeError", UNSAID),
    ("ollama", wrong_content_type(), "json.JSONDecodeError", UNSAID),
    ("ollama", empty(), "builtins.ValueError", UNSAID),
]


def _name(value: Any) -> str | None:
    if isinstance(value, tuple):
        return None
    return f"{value.status}" if hasattr(value, "status") else None


@pytest.mark.parametrize(("client", "behaviour", "error", "again"), ERRORS, ids=_name)
def test_a_fault_becomes_this_error_after_one_try(
    client: str, behaviour: Behaviour, error: str, again: bool | None
) -> None:
    with Wire(behaviour) as wire:
        with pytest.raises(Exception) as raised:
            ask(CLIENTS[client](wire), "hello")
        assert type_of(raised.value) == error
        assert getattr(raised.value, "is_retryable", None) is again
        assert len(wire.calls) == 1, "the client must not try again by itself"


# client, behaviour, where the end is told, as what; the text
ENDS = [
    ("openai", truncated("ab"), "finish_reason", "length", "ab"),
    ("openai", safety_blocked("a"), "finish_reason", "content_filter", "a"),
    ("openai", refused(), "finish_reason", "stop", ""),
    ("gemini", truncated("ab"), "finish_reason", "MAX_TOKENS", "ab"),
    ("gemini", safety_blocked(), "finish_reason", "SAFETY", ""),
    ("gemini", say(None, finish="recitation"), "finish_reason", "RECITATION", ""),
    ("gemini", refused("I can't."), "finish_reason", "STOP", "I can't."),
    ("gemini", empty(), "finish_reason", None, ""),
    ("anthropic", truncated("ab"), "stop_reason", "max_tokens", "ab"),
    ("anthropic", safety_blocked(), "stop_reason", "refusal", []),
    ("anthropic", refused("I can't."), "stop_reason", "refusal", "I can't."),
    ("anthropic", empty(), "stop_reason", "end_turn", []),
    ("ollama", truncated("ab"), "done_reason", "length", "ab"),
    ("ollama", refused("I can't."), "done_reason", "stop", "I can't."),
]


@pytest.mark.parametrize(("client", "behaviour", "where", "reason", "text"), ENDS, ids=_name)
def test_replies_that_are_none_come_as_successes(
    client: str, behaviour: Behaviour, where: str, reason: str | None, text: Any
) -> None:
    with Wire(behaviour) as wire:
        reply = ask(CLIENTS[client](wire), "hello")
    assert reply.response_metadata.get(where) == reason
    assert reply.content == text


def test_openai_tells_a_refusal_beside_the_text() -> None:
    with Wire(refused("No.")) as wire:
        assert ask(CLIENTS["openai"](wire), "hello").additional_kwargs["refusal"] == "No."


def test_gemini_tells_a_blocked_prompt_beside_the_text_and_its_tokens_are_lost() -> None:
    with Wire(prompt_blocked()) as wire:
        reply: Any = ask(CLIENTS["gemini"](wire), "hello")
    assert reply.content == ""
    assert reply.response_metadata["prompt_feedback"]["block_reason"] == "SAFETY"
    assert reply.usage_metadata is None


@pytest.mark.parametrize(
    ("client", "error"),
    [
        ("openai", "langchain_openai.OpenAIConnectionError"),
        ("gemini", "httpx.ConnectError"),
        ("anthropic", "langchain_anthropic.AnthropicConnectionError"),
        ("ollama", "httpx.ConnectError"),
    ],
)
def test_a_host_that_nobody_knows(client: str, error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = dns.lose(monkeypatch)
    with Wire() as wire, pytest.raises(Exception) as raised:
        ask(CLIENTS[client](wire, base_url=nowhere), "hello")
    assert type_of(raised.value) == error


@pytest.mark.parametrize("client", CLIENTS)
def test_giving_up_lets_go_of_the_connection(client: str) -> None:
    async def give_up(wire: Wire) -> None:
        task = asyncio.create_task(CLIENTS[client](wire).ainvoke("hello"))
        assert await asyncio.to_thread(wire.asked.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Wire(hang()) as wire:
        asyncio.run(give_up(wire))
        assert wire.left.wait(20)
        assert wire.abandoned == len(wire.calls) == 1


@pytest.mark.parametrize(
    ("client", "settings", "error", "again"),
    [
        ("openai", {"timeout": 0.02}, "langchain_openai.OpenAITimeoutError", RETRY),
        ("gemini", {"timeout": 0.02}, "httpx.ReadTimeout", UNSAID),
        ("anthropic", {"timeout": 0.02}, "langchain_anthropic.AnthropicTimeoutError", RETRY),
        ("ollama", {"client_kwargs": {"timeout": 0.02}}, "httpx.ReadTimeout", UNSAID),
    ],
)
def test_a_client_that_runs_out_of_its_own_time(
    client: str, settings: dict[str, Any], error: str, again: bool | None
) -> None:
    with Wire(hang()) as wire:
        with pytest.raises(Exception) as raised:
            ask(CLIENTS[client](wire, **settings), "hello")
        assert type_of(raised.value) == error
        assert getattr(raised.value, "is_retryable", None) is again


@pytest.mark.parametrize("client", ["openai", "anthropic"])
def test_retry_after_stands_in_the_headers_of_the_error(client: str) -> None:
    with Wire(fail(429, retry_after=7)) as wire, pytest.raises(Exception) as raised:
        ask(CLIENTS[client](wire), "hello")
    error: Any = raised.value
    assert error.response.headers["retry-after"] == "7"
    assert error.status_code == 429


@pytest.mark.parametrize("status", [429, 503])
def test_gemini_keeps_retry_after_in_the_cause_of_a_client_error_alone(status: int) -> None:
    with Wire(fail(status, retry_after=7)) as wire, pytest.raises(Exception) as raised:
        ask(CLIENTS["gemini"](wire), "hello")
    error: Any = raised.value.__cause__ if status == 429 else raised.value
    assert hasattr(raised.value, "response") == (status == 503)
    assert error.code == status
    assert error.response.headers["retry-after"] == "7"
    assert error.details["error"]["details"][0]["retryDelay"] == "7s"


def test_ollama_loses_retry_after() -> None:
    with Wire(fail(429, retry_after=7)) as wire, pytest.raises(Exception) as raised:
        ask(CLIENTS["ollama"](wire), "hello")
    error: Any = raised.value
    assert error.status_code == 429
    assert "7" not in str(vars(error))
    assert error.__cause__ is None


def test_a_spent_quota_differs_from_a_busy_server_in_its_details_alone() -> None:
    with Wire(quota_used_up()) as wire:
        with pytest.raises(Exception) as by_openai:
            ask(CLIENTS["openai"](wire), "hello")
        with pytest.raises(Exception) as by_gemini:
            ask(CLIENTS["gemini"](wire), "hello")
    error: Any = by_openai.value
    assert error.code == error.type == "insufficient_quota"
    cause: Any = by_gemini.value.__cause__
    assert cause.status == "RESOURCE_EXHAUSTED"
    assert "PerDay" in cause.details["error"]["details"][0]["violations"][0]["quotaId"]


@pytest.mark.parametrize("client", ["openai", "anthropic"])
def test_max_retries_are_further_tries_of_these_clients(client: str) -> None:
    with Wire(fail(503, retry_after_ms="1")) as wire:
        with pytest.raises(Exception, match="as the test wants it"):
            ask(CLIENTS[client](wire, max_retries=2), "hello")
        assert len(wire.calls) == 3


def test_openai_tries_again_though_the_quota_is_spent() -> None:
    at_once = replace(quota_used_up(), headers={"retry-after-ms": "1"})
    with Wire(at_once) as wire:
        with pytest.raises(Exception, match="current quota"):
            ask(CLIENTS["openai"](wire, max_retries=1), "hello")
        assert len(wire.calls) == 2


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_without_a_pool_serves_one_event_loop_after_another(client: str) -> None:
    with Wire(say("one"), say("two")) as wire:
        chat = CLIENTS[client](wire)
        assert [ask(chat, "hello").text, ask(chat, "hello").text] == ["one", "two"]
        assert all(call.headers["connection"] == "close" for call in wire.calls)
