"""Which models, and which settings of theirs, a client of a server may choose. Pure decisions."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

_FILES = ("scripted:", "replay:")
_GROUNDED = "grounded:"
SAMPLING = frozenset(
    (
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "max_tokens",
        "max_output_tokens",
        "max_completion_tokens",
        "num_predict",
        "seed",
        "stop",
        "frequency_penalty",
        "presence_penalty",
        "repeat_penalty",
        "repetition_penalty",
        "reasoning_effort",
        "thinking_budget",
        "thinking_level",
        "verbosity",
    )
)
"""Sampling parameters a client may set: none says where a request goes, with what key, to whom."""
_TAKES = ("video", "audio", "context")


def is_allowed_model(name: str, profiles: Collection[str], allowed: Collection[str]) -> bool:
    """Whether a client may use a role's string.

    Args:
        name: such as `openai:gpt-4o`, a profile's name, or `grounded:` before either.
        profiles: names of the owner's profiles.
        allowed: strings that the owner lists; one that ends in `*` stands for any rest. Settings
            behind a `?` are then sampling parameters alone, unless the string is listed whole.
    """
    while name.startswith(_GROUNDED):
        name = name.removeprefix(_GROUNDED)
    if name in profiles:
        return True
    if "://" in name or name.startswith(_FILES):
        return False
    if name in allowed:
        return True
    base, _, query = name.partition("?")
    if not _harmless(query):
        return False
    if base.startswith("offline:"):
        return True
    return any(
        base == pattern or (pattern.endswith("*") and base.startswith(pattern[:-1]))
        for pattern in allowed
    )


def wrong_sampling(parameters: Mapping[str, Any]) -> str | None:
    """The first sampling parameter that a client may not set; None where all are fine."""
    for name, value in parameters.items():
        texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
        plain = value is None or isinstance(value, (str, int, float)) or (name == "stop" and texts)
        if name not in SAMPLING or not plain:
            return name
    return None


def _harmless(query: str) -> bool:
    """Whether the settings in a model's string say no more than how it is sampled."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return all(
        name in SAMPLING or name == "modality" or (name in _TAKES and value != "path")
        for name, value in pairs
    )
