"""Which family a model's string tells."""

import pytest

from aurelia.models.family import family, same_family


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google_genai:gemini-2.5-pro", "gemini"),
        ("openai:gpt-4o?temperature=0", "gpt"),
        ("openai:o3-mini", "gpt"),
        ("grounded:openai:gpt-4o", "gpt"),
        ("http://127.0.0.1:8000/v1#Qwen/Qwen2.5-Omni-7B?max_retries=0", "qwen"),
        ("https://gpt.example/v1#mistral-small", "mistral"),
        ("ollama:llama3.2:3b", "llama"),
        ("ollama:gemma3:4b", "gemini"),
        ("bedrock:anthropic.claude-3-5-sonnet", "claude"),
        ("fireworks:accounts/x/models/llama4-scout", "llama"),
        ("anthropic:claude-opus-4", "claude"),
        ("ollama:somethingnew-9b", "somethingnew"),
        ("mine", "mine"),
        ("offline:perception?modality=deaf", None),
        ("grounded:scripted:gpt.yaml", None),
        ("replay:runs/gemini", None),
    ],
)
def test_provider_server_size_and_version_make_no_difference(
    name: str, expected: str | None
) -> None:
    assert family(name) == expected


def test_a_family_is_shared_or_not() -> None:
    assert same_family("openai:gpt-4o", "http://h/v1#gpt-5") == "gpt"
    assert same_family("openai:gpt-4o", "google_genai:gemini-2.5-pro") is None
    assert same_family("offline:perception", "offline:perception") is None
