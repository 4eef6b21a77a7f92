"""Which model strings and sampling parameters a client of a server may choose."""

from typing import Any

import pytest

from aurelia.models.allowed import is_allowed_model, wrong_sampling

PROFILES = {"fast", "judge"}
ALLOWED = ("openai:gpt-4o", "google_genai:*", "ollama:*", "openai:o3?base_url=http://own", "mine")


@pytest.mark.parametrize(
    "name",
    [
        "offline:perception",
        "offline:perception?modality=deaf",
        "grounded:offline:perception",
        "fast",
        "grounded:judge",
        "openai:gpt-4o",
        "openai:gpt-4o?temperature=0&max_tokens=9",
        "google_genai:gemini-2.5-flash",
        "google_genai:gemini-2.5-flash?video=native&temperature=0.5",
        "grounded:google_genai:gemini-2.5-pro",
        "ollama:gemma3",
        "mine",
    ],
)
def test_allowed(name: str) -> None:
    assert is_allowed_model(name, PROFILES, ALLOWED)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "openai:gpt-4o-mini",
        "openai:gpt-4",
        "anthropic:claude-opus-4",
        "fast?temperature=0",
        "Fast",
        "theirs",
        "http://127.0.0.1:8000/v1#model",
        "https://example.org/v1#model",
        "grounded:http://127.0.0.1:8000/v1#model",
        "grounded:grounded:http://127.0.0.1:8000/v1#model",
        "scripted:/etc/passwd",
        "scripted:fast",
        "replay:runs/one",
        "grounded:replay:runs/one",
        "ollama:gemma3?base_url=http://169.254.169.254",
        "ollama:gemma3?base_url=169.254.169.254",
        "ollama:gemma3?temperature=0&base_url=other",
        "ollama:gemma3?client_kwargs=1",
        "openai:gpt-4o?extra_body={}",
        "openai:gpt-4o?default_headers=1",
        "openai:gpt-4o?video=path",
        "openai:gpt-4o?model=o3-pro",
        "offline:perception?base_url=x",
        "openai:o3?base_url=http://other",
    ],
)
def test_refused(name: str) -> None:
    assert not is_allowed_model(name, PROFILES, ALLOWED)


@pytest.mark.parametrize("name", ["scripted:a", "replay:a", "http://h/v1#m", "https://h/v1#m"])
@pytest.mark.parametrize("pattern", ["*", "scripted:*", "replay:*", "http*", "SAME"])
def test_no_pattern_allows_files_or_urls(name: str, pattern: str) -> None:
    assert not is_allowed_model(name, (), (name if pattern == "SAME" else pattern,))


def test_a_star_stands_only_at_the_end() -> None:
    assert not is_allowed_model("openai:gpt-4o", (), ("open*:gpt-4o", "?penai:gpt-4o"))
    assert is_allowed_model("openai:gpt-4o", (), ("openai:gpt-*",))
    assert is_allowed_model("anything", (), ("*",))


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"temperature": 0, "top_p": 0.9, "seed": 5, "max_tokens": 100},
        {"stop": ["END", "\n"]},
        {"stop": "END"},
        {"reasoning_effort": "low"},
        {"temperature": None},
    ],
)
def test_sampling_that_is_sampling(parameters: dict[str, Any]) -> None:
    assert wrong_sampling(parameters) is None


@pytest.mark.parametrize(
    "parameters",
    [
        {"base_url": "http://127.0.0.1"},
        {"api_key": "x"},
        {"openai_api_key": "x"},
        {"extra_headers": {"authorization": "x"}},
        {"extra_body": {"model": "o3-pro"}},
        {"extra_query": {"a": "b"}},
        {"model": "o3-pro"},
        {"model_name": "o3-pro"},
        {"n": 100},
        {"timeout": 1e9},
        {"tools": []},
        {"cached_content": "cachedContents/of-another"},
        {"http_client": "x"},
        {"temperature": {"base_url": "x"}},
        {"stop": [{"a": 1}]},
        {"top_p": [1]},
    ],
)
def test_sampling_that_is_more_than_that(parameters: dict[str, Any]) -> None:
    assert wrong_sampling({"temperature": 0} | parameters) == next(iter(parameters))
