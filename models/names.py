"""Whether a client knows the settings that it is given: several drop what they don't know."""

import inspect
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel

from aurelia.errors import ConfigurationError
from aurelia.models.capabilities import Family, family_of
from aurelia.models.faults import redact

# What Gemini's client looks for at a call, besides its fields and those of Google's own settings.
_GEMINI_CALL = ("generation_config", "strict", "timeout", "stop")
# What one client calls otherwise than another, so that no spelling is near.
_SYNONYMS = (
    ("max_tokens", "max_output_tokens", "max_completion_tokens", "num_predict"),
    ("stop", "stop_sequences"),
    ("n", "candidate_count"),
    ("reasoning_effort", "thinking_level", "reasoning", "effort"),
)


def check_names(name: str, family: Family, client: Any, given: Collection[str]) -> None:
    """Refuse settings of a string or a profile that the client would drop, or fail over.

    Args:
        name: what the role calls it, for messages.
        family: of the client.
        client: its class.
        given: names of settings that it is set up with.

    Raises:
        ConfigurationError: it doesn't know one of them.
    """
    known = {*_fields(client)}
    if family in ("openai", "compatible", "anthropic"):
        known |= set(_of_call(family))
    _check(name, family, known, given, open_=family == "other" and "model_kwargs" in known)


def check_sampling(name: str, chat: BaseChatModel, sampling: Mapping[str, Any]) -> None:
    """Refuse sampling that the client would drop at a call, or fail over.

    Raises:
        ConfigurationError: it doesn't know a name of it.
    """
    family = family_of(chat)
    if sampling and family not in ("other", "measures"):
        _check(name, family, {*_fields(type(chat)), *_of_call(family)}, sampling, open_=False)


def for_call(chat: BaseChatModel, sampling: Mapping[str, Any]) -> tuple[BaseChatModel, Any]:
    """The client and what is bound to it, so that sampling means what it means in a string.

    Gemini's client takes another name of a field only where it is set up, and Ollama's takes none
    of its fields at a call.
    """
    family = family_of(chat)
    if family == "gemini":
        aliases = {field.alias: name for name, field in type(chat).model_fields.items()}
        return chat, {aliases.get(name) or name: value for name, value in sampling.items()}
    if family == "ollama":
        fields = {n: value for n, value in sampling.items() if n in type(chat).model_fields}
        rest = {name: value for name, value in sampling.items() if name not in fields}
        return (chat.model_copy(update=fields) if fields else chat), rest
    return chat, dict(sampling)


def _check(
    name: str, family: Family, known: Collection[str], given: Collection[str], *, open_: bool
) -> None:
    for setting in given:
        if setting in known:
            continue
        alike = next((names for names in _SYNONYMS if setting in names), ())
        near = get_close_matches(setting, known, n=1, cutoff=0.8 if open_ else 0.7)
        meant = near or [other for other in alike if other in known]
        if open_ and not meant:  # a package that passes on what it doesn't know
            continue
        own = " A server's own settings go into extra_body." if family == "compatible" else ""
        hint = f" Did you mean {meant[0]!r}?" if meant else ""
        raise ConfigurationError(
            f"{redact(name)!r} can't set {redact(setting)!r}: its client knows no such "
            f"setting.{hint}{own}"
        )


def _fields(client: Any) -> Iterator[str]:
    for name, field in client.model_fields.items():
        yield name
        yield from filter(None, (field.alias,))


def _of_call(family: Family) -> Iterator[str]:
    """What the provider's own client takes at a call."""
    methods: list[Any] = []
    if family in ("openai", "compatible"):
        from openai.resources.chat.completions import Completions
        from openai.resources.responses import Responses

        methods = [Completions.create]
        if family == "openai":
            methods.append(Responses.create)
    elif family == "anthropic":
        from anthropic.resources.beta.messages import Messages as Beta
        from anthropic.resources.messages import Messages

        methods = [Messages.create, Beta.create]
    elif family == "ollama":
        from ollama import Client

        methods = [Client.chat]
    elif family == "gemini":
        from google.genai.types import GenerateContentConfig

        yield from (*GenerateContentConfig.model_fields, *_GEMINI_CALL)
    for method in methods:
        yield from (name for name in inspect.signature(method).parameters if name != "self")
