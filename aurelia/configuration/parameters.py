"""What a request's parameters may not say, wherever they come from: who is asked, where, with what.

They are saved with every run, so they hold no secret, and they are JSON.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from aurelia.configuration.secrets import named_secret, shaped_secret

# What decides where a request goes has one place of its own.
_ELSEWHERE = (
    *("url", "host", "endpoint", "proxy", "api_base", "client_options", "header", "client"),
    "http_options",
)
_REPLACES = {
    *("model", "model_name", "model_id", "model_provider", "messages", "input", "contents"),
    *("system", "system_instruction", "instructions"),
}
# Whose content goes into the request as if it stood beside it.
_SPREAD = ("", "extra_body", "model_kwargs")
# They hold JSON schemas, whose fields may be called anything.
_SCHEMAS = (
    *("response_format", "response_schema", "response_json_schema", "json_schema", "guided_json"),
    *("format", "tools", "output_config"),
)
_OF_THE_STRING = ("video", "audio", "context")


def sampling_problem(sampling: Mapping[str, Any]) -> str:
    """What is wrong with a role's sampling, without its values; empty where nothing is."""
    for name in _OF_THE_STRING:
        if name in sampling:
            return f"{name} is no sampling parameter; write it behind the model, as ?{name}=…"
    return parameters_problem(sampling)


def parameters_problem(parameters: Mapping[str, Any], within: str = "") -> str:
    """What is wrong with a request's parameters, without their values; empty where nothing is.

    Args:
        parameters: by name, nested as they may be.
        within: what they stand in, such as `extra_body`; empty: in nothing.
    """
    if found := named_secret(parameters, within):
        return f"{found!r} would hold a secret, and would be saved; {_WHERE_KEYS}"
    if found := shaped_secret(parameters, within):
        return f"the value of {found!r} looks like a key, and would be saved; {_WHERE_KEYS}"
    return next(_problems(parameters, within), "")


_WHERE_KEYS = "keys stand in the provider's environment variable, or in that of an api_key_env"


def _problems(parameters: Mapping[str, Any], within: str) -> Iterator[str]:
    for name, value in parameters.items():
        if not isinstance(name, str):
            yield f"{name!r} is no name; give texts as names"
            continue
        if within in _SPREAD and name in _REPLACES:
            yield (
                f"{name!r} can't be set here: the record would name another model, or other words, "
                "than were used; the role's string names the model, prompts its words"
            )
        # What is in a request's body leads it nowhere.
        if within != "extra_body" and any(word in name.lower() for word in _ELSEWHERE):
            yield (
                f"{name!r} can't be set here; base_url says where requests go: that of a profile, "
                "or a server's URL in the role's string"
            )
        yield from _of_value(name, value, schema=name in _SCHEMAS or within == "extra_body")


def _of_value(name: str, value: object, *, schema: bool) -> Iterator[str]:
    if isinstance(value, dict):
        if not schema:
            yield from _problems(value, name)
            return
        for key, inner in value.items():
            if not isinstance(key, str):
                yield f"{name!r} holds {key!r}, which is no name; give texts as names"
            yield from _of_value(name, inner, schema=True)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _of_value(name, inner, schema=schema)
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{name!r} is {value}, which JSON does not have; give a number"
    elif value is not None and not isinstance(value, (bool, int, float, str)):
        kind = type(value).__name__
        yield f"{name!r} holds a value of type {kind}, which is no JSON; give texts, numbers, lists"
