"""How many tokens a text has: by the server, by a tokenizer's file, by an estimate."""

import asyncio
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.configuration.text_rules import PLAIN, TextRules
from aurelia.errors import ConfigurationError, MissingExtra
from aurelia.models.counting import counters, estimate_tokens
from aurelia.models.registry import resolve_model
from tests.models.wire.server import Wire


def _counted(model: str, rules: TextRules, text: str) -> list[tuple[str, int | None]]:
    async def count() -> list[tuple[str, int | None]]:
        return [(each.by, await each.count(text)) for each in counters(resolve_model(model), rules)]

    return asyncio.run(count())


def _tokenizing(wire: Wire) -> None:
    protocol: Any = wire.protocols[-1]
    protocol.tokenizes = True


def test_a_server_counts_as_vllm_does() -> None:
    with Wire() as wire:
        _tokenizing(wire)
        counted = _counted(wire.model, PLAIN, "Look, then listen.")
        (request,) = wire.requests
    assert counted == [("server", 5), ("estimate", 8)]
    assert (request.method, request.path) == ("POST", "/tokenize")
    assert request.body == {"model": "m1", "prompt": "Look, then listen."}
    assert request.headers["authorization"] == "Bearer none"


def test_a_server_that_can_not_count_leaves_it_to_the_estimate() -> None:
    with Wire() as wire:
        assert _counted(wire.model, PLAIN, "Look.") == [("server", None), ("estimate", 3)]
        gone = wire.model
    assert _counted(gone, PLAIN, "Look.") == [("server", None), ("estimate", 3)]


def test_others_than_servers_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    assert _counted("openai:gpt-4o", PLAIN, "Look.") == [("estimate", 3)]
    assert _counted("openai:gpt-4o", TextRules(tokenizer="estimate"), "Look.") == [("estimate", 3)]


@pytest.mark.parametrize("content", ["", "{}", '{"model": 1}', "[1]", "\0"])
def test_a_file_that_is_no_tokenizer_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text(content)
    with Wire() as wire, pytest.raises(ConfigurationError, match="can't be read as a tokenizer"):
        counters(resolve_model(wire.model), TextRules(tokenizer=str(file)))


def test_a_tokenizers_file_counts(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    words = {"[UNK]": 0, "look": 1, "then": 2, "listen": 3}
    file.write_text(
        json.dumps(
            {
                "version": "1.0",
                "truncation": None,
                "padding": None,
                "added_tokens": [],
                "normalizer": {"type": "Lowercase"},
                "pre_tokenizer": {"type": "Whitespace"},
                "post_processor": None,
                "decoder": None,
                "model": {"type": "WordLevel", "vocab": words, "unk_token": "[UNK]"},
            }
        )
    )
    rules = TextRules(tokenizer=str(file))
    with Wire() as wire:
        if find_spec("tokenizers"):  # comes with the extra `serve`
            assert _counted(wire.model, rules, "Look, then listen.") == [("tokenizer.json", 5)]
        else:
            with pytest.raises(MissingExtra, match="pip install tokenizers"):
                _counted(wire.model, rules, "Look, then listen.")


@given(st.text(), st.text())
def test_more_text_is_never_estimated_as_less(one: str, other: str) -> None:
    assert estimate_tokens(one + other) >= max(estimate_tokens(one), estimate_tokens(other)) - 1


@given(st.text(st.characters(min_codepoint=0x250)))
def test_other_scripts_count_by_their_bytes(text: str) -> None:
    assert estimate_tokens(text) == len(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("cat", 1), ("cats", 2), ("12.5 s", 5), ("a\n\nb", 4), ("  a", 2), ("钟声", 6)],
)
def test_estimates(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
