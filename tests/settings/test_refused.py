"""Sampling and model strings: no secret is kept, no request is led away, whoever says so."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.errors import ConfigurationError
from aurelia.graph.context import Context, make_context
from aurelia.models.registry import resolve_model
from aurelia.settings import configuration

Write = Callable[[str], Path]
PRIVATE = "supersecretvalue"
OTHER = "http://127.0.0.1:9"

LEADS_AWAY: list[dict[str, Any]] = [
    {"http_options": {"base_url": OTHER}},
    {"model_kwargs": {"http_options": {"base_url": OTHER}}},
    {"base_url": OTHER},
    {"extra_headers": {"X-Org": "q"}},
    {"default_headers": {"X-Org": "q"}},
    {"client_args": {"a": 1}},
]
REPLACES: list[dict[str, Any]] = [
    {"model": "o1-pro"},
    {"messages": []},
    {"input": "x"},
    {"extra_body": {"model": "other"}},
    {"model_kwargs": {"messages": []}},
]
SECRETS: list[dict[str, Any]] = [
    {"api_key": PRIVATE},
    {"apikeys": [PRIVATE]},
    {"extra_headers": {"X-Api-Key": PRIVATE}},
    {"extra_headers": {"X-Plain": PRIVATE}},
    {"extra_headers": {"Authorization": f"Bearer {PRIVATE}"}},
    {"extra_body": {"hf_token": PRIVATE}},
    {"extra_body": {"auth": PRIVATE}},
    {"extra_body": {"deep": [{"accessToken": PRIVATE}]}},
    {"extra_body": {"auth": {"basic": PRIVATE}}},
    {"extra_body": {"headers": {"X-Auth": PRIVATE}}},
    {"extra_body": {"pwd": PRIVATE, "bearer": PRIVATE}},
    {"user": f"sk-{PRIVATE}"},
    {"extra_body": {"from": f"http://me:{PRIVATE}@host/x"}},
]
FINE: list[dict[str, Any]] = [
    {"temperature": 0, "max_tokens": 9, "stop": ["</s>"], "prompt_cache_key": "run"},
    {"extra_body": {"mm_processor_kwargs": {"use_audio_in_video": False}, "stop_token_ids": [1]}},
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"properties": {"url": {"type": "string"}, "token": {"type": "string"}}},
        }
    },
    {"logit_bias": {"50256": -100}},
]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{k}" = {_toml(v)}' for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


@pytest.mark.parametrize("sampling", LEADS_AWAY + REPLACES + SECRETS)
@pytest.mark.parametrize("source", ["explicit", "environment", "file", "request"])
def test_sampling_is_refused_from_every_source(
    configured: Write, monkeypatch: pytest.MonkeyPatch, source: str, sampling: dict[str, Any]
) -> None:
    explicit: dict[str, Any] = {}
    if source == "environment":
        monkeypatch.setenv("AURELIA_CRITIC_SAMPLING", json.dumps(sampling))
    elif source == "file":
        configured(f"[run]\ncritic_sampling = {_toml(sampling)}\n")
    else:
        explicit = {"critic_sampling": sampling}
    with pytest.raises(ConfigurationError) as caught:
        # LangGraph's server makes a context of what it is sent.
        Context(**explicit) if source == "request" else make_context(**explicit)
    assert PRIVATE not in str(caught.value)
    assert OTHER not in str(caught.value)
    assert "sampling" in str(caught.value).lower() or source == "file"


@pytest.mark.parametrize("sampling", FINE)
def test_ordinary_sampling_passes(configured: Write, sampling: dict[str, Any]) -> None:
    configured(f"[run]\ncritic_sampling = {_toml(sampling)}\n")
    assert make_context().critic_sampling == sampling


@pytest.mark.parametrize(
    ("sampling", "said"),
    [
        ({"x": object()}, "'x' holds a value of type object, which is no JSON"),
        ({"x": {"y": [b"1"]}}, "type bytes"),
        ({"temperature": float("nan")}, "'temperature' is nan, which JSON does not have"),
        ({"a": {"b": [float("inf")]}}, "inf, which JSON"),
        ({"extra_body": {"a": {1: 2}}}, "holds 1, which is no name"),
        ({"video": "raw"}, "write it behind the model, as ?video=…"),
    ],
)
def test_sampling_is_json(sampling: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_context(actor_sampling=sampling)
    assert str(caught.value).startswith("The setting actor_sampling is wrong: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"threshold": 99}, "The setting threshold is wrong: input should be less than"),
        ({"threshold": "x", "max_frames": "y"}, "The setting threshold is wrong: "),
        ({"treshold": 5}, "There is no setting 'treshold'; there are: actor, "),
        ({"preset": "best"}, "The setting preset is wrong: input should be 'default' or"),
    ],
)
def test_what_a_client_sends_is_refused_in_a_sentence(settings: Any, said: str) -> None:
    """LangGraph makes our context of a client's object, and hands on what that raises."""
    given: Any = {}
    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(aurelia.build_graph().ainvoke(given, context=settings))
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
    assert "http" not in str(caught.value)


def test_a_run_on_a_server_refuses_it_before_anything_is_asked() -> None:
    given: Any = {}
    context: Any = {"actor_sampling": {"extra_headers": {"X-Api-Key": PRIVATE}}}
    with pytest.raises(ConfigurationError, match="would hold a secret") as caught:
        asyncio.run(aurelia.build_graph().ainvoke(given, context=context))
    assert PRIVATE not in str(caught.value)


STRINGS = [
    f"http://h/v1?api_key={PRIVATE}#m",
    f"http://h/v1?x={PRIVATE}#m",
    f"http://me:{PRIVATE}@h/v1#m",
    f"http://{PRIVATE}@h/v1#m",
    f'http://h/v1#m?extra_body={{"api_key":"{PRIVATE}"}}',
    f'http://h/v1#m?extra_body={{"headers":{{"X-Any":"{PRIVATE}"}}}}',
    f"http://h/v1#m?auth={PRIVATE}",
    f"ollama:llava?base_url=http://me:{PRIVATE}@h",
    f"ollama:llava?base_url=http://h/?k={PRIVATE}",
    f"openai:gpt-4o?pwd={PRIVATE}",
    f"openai:gpt-4o?user=sk-{PRIVATE}",
]


@pytest.mark.parametrize("string", STRINGS)
def test_a_string_that_would_save_a_secret_is_refused(
    configured: Write, monkeypatch: pytest.MonkeyPatch, string: str
) -> None:
    said = []
    roles: list[dict[str, Any]] = [
        {"actor": string},
        {"critic": f"grounded:{string}"},
        {"panel": [string]},
    ]
    for settings in roles:
        with pytest.raises(ConfigurationError, match=r"hold|looks like") as caught:
            make_context(**settings)
        said.append(str(caught.value))
    with pytest.raises(ConfigurationError) as caught:
        resolve_model(string)
    said.append(str(caught.value))
    monkeypatch.setenv("AURELIA_TARGET", string)
    with pytest.raises(ConfigurationError, match="AURELIA_TARGET is wrong") as caught:
        make_context()
    said.append(str(caught.value))
    monkeypatch.delenv("AURELIA_TARGET")
    configured(f"[run]\nactor = {json.dumps(string)}\n")
    with pytest.raises(ConfigurationError, match=r"aurelia\.toml \[run\]") as caught:
        make_context()
    assert PRIVATE not in str([*said, caught.value])


def test_a_model_is_not_replaced_in_its_string() -> None:
    with pytest.raises(ConfigurationError, match="'model' can't be set here"):
        make_context(actor='http://h/v1#m?extra_body={"model":"other"}')


@pytest.mark.parametrize(
    "line",
    [
        f'extra_body = {{ auth = "{PRIVATE}" }}',
        f'extra_body = {{ headers = {{ "X-Auth" = "{PRIVATE}" }} }}',
        f'extra_body = {{ apikeys = ["{PRIVATE}"] }}',
        f'extra_body = {{ a = {{ b = [{{ pass = "{PRIVATE}" }}] }} }}',
        f'parameters = {{ model_kwargs = {{ http_options = {{ base_url = "{OTHER}" }} }} }}',
        'parameters = { model_kwargs = { extra_headers = { "X-Org" = 1 } } }',
        'extra_body = { model = "other" }',
    ],
)
def test_a_profile_is_held_to_the_same(configured: Write, line: str) -> None:
    configured(f'[models.m]\nmodel = "m"\nbase_url = "http://h"\n{line}\n')
    with pytest.raises(ConfigurationError, match=r"\[models.m\]") as caught:
        configuration()
    assert PRIVATE not in str(caught.value)
    assert OTHER not in str(caught.value)


def test_a_profile_may_be_called_anything(configured: Write) -> None:
    configured('[models.token]\nmodel = "m"\nbase_url = "http://h"\n')
    assert configuration().models["token"].model == "m"
