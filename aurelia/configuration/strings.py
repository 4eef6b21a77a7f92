"""What a role's string must not hold: it is saved with every run."""

import json
from urllib.parse import parse_qsl, urlsplit

from aurelia.configuration.parameters import parameters_problem
from aurelia.configuration.secrets import looks_secret, names_a_secret

_FILES = ("scripted:", "replay:")
_LIMITS = ("max_tokens", "max_output_tokens", "max_completion_tokens")
_WORDS = ("key", "token", "secret", "password", "credential")
_SAVED = "because it is saved with every run"


def string_problem(name: str) -> str:
    """What is wrong with a role's string, without its secrets; empty where nothing is.

    Only what must not be saved is looked for: whether it names a model is seen where it is used.
    """
    name = name.removeprefix("grounded:")
    if name.startswith(_FILES):
        return ""
    rest = name
    if name.startswith(("http://", "https://")):
        url, _, rest = name.partition("#")
        if problem := url_problem(url):
            return problem
    elif name.startswith("target:"):  # target:NAME@URL#MODEL?name=value
        url = name.partition("?")[0].partition("#")[0].partition("@")[2]
        if problem := url_problem(url):
            return problem
    return query_problem(rest.partition("?")[2])


def url_problem(url: str) -> str:
    """What a server's URL must not hold: a user, a password, or a query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""  # seen where it is used
    if "@" in parts.netloc:
        return f"a model's string can't hold a user and password, {_SAVED}"
    if parts.query or "?" in url:
        return (
            "a model's string can't hold a query before its '#': write scheme, host, port and path "
            "of the server, then #MODEL, then ?name=value"
        )
    return ""


def query_problem(query: str) -> str:
    """What is wrong with the settings behind a model's `?`; empty where nothing is."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        plain = name.lower()
        named = names_a_secret(name) or any(word in plain for word in _WORDS)
        if (named and name not in _LIMITS) or looks_secret(value):
            return (
                f"a model's string can't hold {name!r}, {_SAVED}; set the provider's environment "
                "variable instead"
            )
        if "://" in value and not value.startswith("{") and (problem := url_problem(value)):
            return problem
        if value.startswith("{") and (problem := _object_problem(name, value)):
            return f"a model's string has {name} in which {problem}"
    return ""


def _object_problem(name: str, text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""  # seen where it is used
    return parameters_problem(value, name) if isinstance(value, dict) else ""
