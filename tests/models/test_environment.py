"""Another server and another key in the environment: what is kept, and which client is asked."""

import asyncio
from dataclasses import replace

import pytest

from aurelia.models.registry import resolve_model
from tests.models.asking import ask_now, summarizer
from tests.models.wire.script import fail, say
from tests.models.wire.server import Wire

PROVIDERS = {
    "openai:gpt-4o": ("OPENAI_BASE_URL", "OPENAI_API_KEY"),
    "google_genai:gemini-2.5-pro": ("GOOGLE_GEMINI_BASE_URL", "GOOGLE_API_KEY"),
    "anthropic:claude-sonnet-4-6": ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"),
    "ollama:m": ("OLLAMA_HOST", "OLLAMA_API_KEY"),
}


def _lead(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    for name, value in wire.environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("model", PROVIDERS)
def test_a_reply_of_another_server_is_not_served(
    model: str, monkeypatch: pytest.MonkeyPatch, ledger_path: object
) -> None:
    with Wire(say("first")) as first, Wire(say("second")) as second:
        said = []
        for wire in (first, second, first):
            _lead(monkeypatch, wire)
            reply = ask_now(summarizer(model))
            said.append((reply.text, reply.call.cached))
    assert said == [("first", False), ("second", False), ("first", True)]


@pytest.mark.parametrize("model", PROVIDERS)
def test_the_usual_server_leaves_what_was_kept_before_valid(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROVIDERS[model][1], "a-key-of-tests")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_URL", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)
    assert resolve_model(model).host == ""
    monkeypatch.setenv(PROVIDERS[model][0], "http://127.0.0.1:9")
    assert resolve_model(model).host.startswith("http://127.0.0.1:9")


def test_a_string_with_its_server_is_kept_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    for string in ("http://127.0.0.1:8/v1#m", "ollama:m?base_url=http://127.0.0.1:8"):
        assert resolve_model(string).host == ""


@pytest.mark.parametrize("model", [name for name in PROVIDERS if name != "ollama:m"])
def test_a_corrected_key_is_used_at_once(
    model: str, monkeypatch: pytest.MonkeyPatch, ledger_path: object
) -> None:
    with Wire(fail(401), say("x")) as wire:
        _lead(monkeypatch, wire)
        variable = PROVIDERS[model][1]
        monkeypatch.setenv(variable, "a-wrong-key")
        before = resolve_model(model)
        assert resolve_model(model) is before  # built once while nothing changes
        request = replace(summarizer(model), limits=summarizer(model).limits)
        with pytest.raises(Exception, match="401"):
            ask_now(request)
        monkeypatch.setenv(variable, "a-right-key")
        assert ask_now(request).text == "x"
        wrong, right = ([v for v in call.headers.values() if "-key" in v] for call in wire.calls)
    assert any("a-wrong-key" in value for value in wrong)
    assert any("a-right-key" in value for value in right)
    assert not any("a-wrong-key" in value for value in right)


def test_a_client_that_is_built_anew_works_in_every_loop(
    monkeypatch: pytest.MonkeyPatch, ledger_path: object
) -> None:
    from aurelia.models.call import call

    with Wire(say("x")) as wire:
        _lead(monkeypatch, wire)
        for key in ("first-key", "first-key", "second-key", "first-key"):
            monkeypatch.setenv("OPENAI_API_KEY", key)
            request = summarizer("openai:gpt-4o", use_cache=False)
            assert asyncio.run(call(request)).text == "x"
        sent = [request.headers["authorization"] for request in wire.calls]
    assert sent == [f"Bearer {key}-key" for key in ("first", "first", "second", "first")]
