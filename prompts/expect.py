"""Assertions on rendered messages, by kind."""

import re
from collections.abc import Callable, Mapping

from aurelia.errors import PromptError
from aurelia.prompts.template import MediaPart, PromptMessage, Template

ROLES = ("system", "user")


def _contains(text: str, value: str) -> str:
    return "" if value in text else f"does not contain `{value}`"


def _not_contains(text: str, value: str) -> str:
    return f"contains `{value}`" if value in text else ""


def _regex(text: str, value: str) -> str:
    return "" if re.search(value, text, re.MULTILINE) else f"does not match `{value}`"


def _not_regex(text: str, value: str) -> str:
    match = re.search(value, text, re.MULTILINE)
    return f"matches `{value}` with `{match[0]}`" if match else ""


_TEXT_KINDS: dict[str, Callable[[str, str], str]] = {
    "contains": _contains,
    "not_contains": _not_contains,
    "regex": _regex,
    "not_regex": _not_regex,
}

KINDS = (*_TEXT_KINDS, "media_count", "roles", "missing")
"""What an entry of `expect` may assert."""


def failure(
    template: Template,
    variables: Mapping[str, str],
    kind: str,
    values: tuple[str, ...],
    role: str | None = None,
) -> str:
    """Why an assertion does not hold of the rendered template; empty where it holds."""
    missing = sorted(template.required - variables.keys())
    if kind == "missing":
        wrong = sorted(values) != missing
        return f"lacks {missing or 'nothing'}, not {sorted(values)}" if wrong else ""
    try:
        messages = template.render(variables)
    except PromptError as error:
        return str(error)
    chosen = [message for message in messages if role in (None, message.role)]
    if kind == "roles":
        found = [message.role for message in messages]
        return "" if found == list(values) else f"has the messages {found}, not {list(values)}"
    if kind == "media_count":
        count = _media_count(chosen)
        return "" if count == int(values[0]) else f"places the clip {count} times, not {values[0]}"
    text = "\n\n".join(message.text for message in chosen)
    return "; ".join(said for value in values if (said := _TEXT_KINDS[kind](text, value)))


def _media_count(messages: list[PromptMessage]) -> int:
    return sum(isinstance(part, MediaPart) for message in messages for part in message.parts)
