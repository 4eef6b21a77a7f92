"""The environment is read anew where a variable changed, and only there."""

from pathlib import Path

import pytest

from aurelia.models.faults import provider_errors, redact
from aurelia.settings import client_variables, load_settings


def test_a_variable_that_changes_is_seen_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = load_settings()
    assert load_settings() is before
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "other"))
    monkeypatch.setenv("AURELIA_MAX_CONCURRENCY", "3")
    after = load_settings()
    assert (after.cache_dir, after.max_concurrency.default) == (tmp_path / "other", 3)
    monkeypatch.delenv("AURELIA_MAX_CONCURRENCY")
    assert load_settings().max_concurrency.default != 3


def test_a_secret_that_is_set_or_changes_is_hidden_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert redact("it said hush-hush-1") == "it said hush-hush-1"
    monkeypatch.setenv("MY_API_KEY", "hush-hush-1")
    assert redact("it said hush-hush-1") == "it said [secret]"
    monkeypatch.setenv("MY_API_KEY", "hush-hush-2")
    assert redact("hush-hush-1 and hush-hush-2") == "hush-hush-1 and [secret]"


def test_what_clients_read_of_the_environment_is_looked_at_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "one")
    before = client_variables()
    assert client_variables() is before
    monkeypatch.setenv("OPENAI_API_KEY", "two")
    assert ("OPENAI_API_KEY", "two") in client_variables()
    assert ("OPENAI_API_KEY", "one") in before


def test_errors_of_a_client_that_is_loaded_later_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys
    from types import ModuleType

    monkeypatch.delitem(sys.modules, "ollama", raising=False)
    before = provider_errors()
    late = ModuleType("ollama")

    class ResponseError(Exception):
        pass

    late.ResponseError = ResponseError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ollama", late)
    assert ResponseError in provider_errors()
    assert ResponseError not in before
