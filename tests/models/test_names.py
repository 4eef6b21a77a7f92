"""Settings that a client doesn't know are refused, in a string, a profile and sampling."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.errors import ConfigurationError
from aurelia.models.registry import resolve_model
from tests.clips import ordinary
from tests.models.asking import ask_now, failure_of, summarizer
from tests.models.wire.script import say
from tests.models.wire.server import Wire
from tests.scripts import actor, everyone, script, verdict

MODELS = [
    "openai:gpt-4o",
    "google_genai:gemini-2.5-pro",
    "anthropic:claude-sonnet-4-6",
    "ollama:m",
]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, ledger_path: Path) -> Iterator[Wire]:
    with Wire(say("x")) as wire:
        for name, value in wire.environment.items():
            monkeypatch.setenv(name, value)
        yield wire


@pytest.mark.parametrize("model", [*MODELS, "http://127.0.0.1:9/v1#m"])
def test_a_misspelt_setting_is_refused(
    model: str, wire: Wire, configured: Callable[[str], Path]
) -> None:
    said = "can't set 'tempreture': its client knows no such setting. Did you mean 'temperature'"
    with pytest.raises(ConfigurationError, match=said):
        resolve_model(f"{model}?tempreture=0.2")
    url, _, name = model.partition("#")
    where = f'base_url = "{url}"\nmodel = "{name}"' if name else f'model = "{model}"'
    configured(f"[models.mine]\n{where}\nparameters = {{ tempreture = 0.2 }}\n")
    with pytest.raises(ConfigurationError, match=f"'mine' {said}"):
        resolve_model("mine")
    failure = failure_of(summarizer(model, sampling={"tempreture": 0.2}))
    assert said in str(failure)
    assert not wire.calls


def test_a_run_says_so_before_anything_is_paid(wire: Wire, tmp_path: Path) -> None:
    roles = everyone(script(tmp_path, [actor(), verdict(9)]))
    for role in ("summarizer", "critic"):
        given: dict[str, Any] = {role: "openai:gpt-4o", f"{role}_sampling": {"temprature": 0}}
        with pytest.raises(ConfigurationError, match="Did you mean 'temperature'"):
            aurelia.reason(ordinary(tmp_path), "What?", **{**roles, **given})
    assert not wire.calls


@pytest.mark.parametrize(
    ("model", "given", "meant"),
    [
        ("ollama:m", "max_tokens", "num_predict"),
        ("anthropic:claude-sonnet-4-6", "num_predict", "max_tokens"),
    ],
)
def test_another_clients_word_is_translated(model: str, given: str, meant: str, wire: Wire) -> None:
    with pytest.raises(ConfigurationError, match=f"Did you mean '{meant}'"):
        resolve_model(f"{model}?{given}=5")


def test_what_a_server_alone_knows_goes_into_extra_body(wire: Wire) -> None:
    with pytest.raises(ConfigurationError, match="own settings go into extra_body"):
        resolve_model(f"{wire.openai}#m?repetition_penalty=1")
    ask_now(summarizer(f'{wire.openai}#m?extra_body={{"repetition_penalty":1}}'))
    assert wire.calls[0].body["repetition_penalty"] == 1


def test_what_openai_takes_at_a_call_is_no_mistake(wire: Wire) -> None:
    sampling = {"max_tokens": 7, "parallel_tool_calls": False, "safety_identifier": "u"}
    ask_now(summarizer("openai:gpt-4o", sampling=sampling))
    assert wire.calls[0].body["max_completion_tokens"] == 7
    assert wire.calls[0].body["safety_identifier"] == "u"


@pytest.mark.parametrize(
    ("model", "name", "where", "sent"),
    [
        ("google_genai:gemini-2.5-pro", "max_tokens", "generationConfig", "maxOutputTokens"),
        ("google_genai:gemini-2.5-pro", "max_output_tokens", "generationConfig", "maxOutputTokens"),
        ("ollama:m", "num_predict", "options", "num_predict"),
        ("ollama:m", "temperature", "options", "temperature"),
    ],
)
def test_a_setting_means_the_same_in_a_string_and_in_sampling(
    model: str, name: str, where: str, sent: str, wire: Wire
) -> None:
    ask_now(summarizer(f"{model}?{name}=5"))
    ask_now(summarizer(model, sampling={name: 5}))
    assert [call.body[where][sent] for call in wire.calls] == [5, 5]
