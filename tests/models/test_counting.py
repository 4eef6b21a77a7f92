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
from aurelia.errors import ConfigurationError, MissingExtra, ModelError
from aurelia.models.counting import counters, estimate_tokens
from aurelia.models.registry import resolve_model
from aurelia.models.retry import CallLimits
from tests.models.wire.script import Behaviour, Raw, fail, reset, wrong_content_type
from tests.models.wire.server import Wire
from tests.ticking import ticking


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is given again is another server."""
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))


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


@pytest.mark.parametrize("answer", [fail(404), fail(405), fail(501), Raw(b'{"tokens": []}')])
def test_a_server_that_can_not_count_leaves_it_to_the_estimate(answer: Behaviour) -> None:
    with Wire() as wire:
        wire.meets("other", answer)
        assert _counted(wire.model, PLAIN, "Look.") == [("server", None), ("estimate", 3)]
        assert len(wire.requests) == 1
        gone = wire.model
    assert _counted(gone, PLAIN, "Look.") == [("server", None), ("estimate", 3)]  # as it was then


@pytest.mark.parametrize("fault", [fail(503), fail(429), reset()])
def test_a_busy_server_is_asked_again_and_never_estimated(fault: Behaviour) -> None:
    with Wire() as wire, ticking() as clock:
        _tokenizing(wire)
        wire.meets("other", fault, fault)
        assert _counted(wire.model, PLAIN, "Look.")[0] == ("server", 2)
        assert (len(wire.requests), len(clock.delays)) == (3, 2)


@pytest.mark.parametrize(
    ("fault", "tries"), [(fail(503), 5), (fail(400), 1), (fail(401), 1), (wrong_content_type(), 1)]
)
def test_a_server_that_fails_to_count_is_told_in_a_sentence(fault: Behaviour, tries: int) -> None:
    with Wire() as wire, ticking():
        wire.meets("other", *[fault] * tries)
        with pytest.raises(ModelError, match=r"did not count .* or set text.tokenizer") as failed:
            _counted(wire.model, PLAIN, "Look.")
        assert len(wire.requests) == tries
    assert f"; {tries} tr" in str(failed.value)


def test_no_server_within_the_calls_time_is_a_failure() -> None:
    with Wire() as wire:
        gone = wire.model
    with ticking() as clock, pytest.raises(ModelError, match="did not count"):
        _counted(gone, PLAIN, "Look.")
    assert sum(clock.delays) < CallLimits().timeout_s


def test_what_was_counted_is_known_without_the_server() -> None:
    with Wire() as wire:
        _tokenizing(wire)
        for _ in range(2):
            assert _counted(wire.model, PLAIN, "Look.")[0] == ("server", 2)
        assert len(wire.requests) == 1
        assert _counted(f"{wire.openai}#m2", PLAIN, "Look.")[0] == ("server", 2)
        assert len(wire.requests) == 2  # another model counts otherwise
        gone = wire.model
    assert _counted(gone, PLAIN, "Look.")[0] == ("server", 2)


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


def test_digits_are_not_underestimated() -> None:
    """Some tokenizers take each digit and each blank before one apart."""
    assert estimate_tokens("1 2 3 4 5 6 7 8") >= 16
    pieces = ["from", " ", "0", ".", "5", " s", " to", " ", "1", ".", "2", "5", " s"]
    assert estimate_tokens("".join(pieces)) >= len(pieces)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("cat", 1), ("cats", 2), ("12.5 s", 6), ("a\n\nb", 4), ("  a", 2), ("钟声", 6)],
)
def test_estimates(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
