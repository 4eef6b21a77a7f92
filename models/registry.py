"""From a role's string to a chat model.

offline:perception?modality=deaf      measures the clip; no key, no network
scripted:FILE                         replies from a file
replay:RUN                            replies of a saved run, prompts must be the same
http://host:port/v1#model             an OpenAI-compatible server, no key from the environment
name                                  what was given to `register_model`
provider:model?temperature=0          whatever LangChain's `init_chat_model` knows
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import ValidationError

from aurelia.errors import ConfigurationError, MissingExtra
from aurelia.models.faults import provider_errors, redact
from aurelia.types.trajectory import Trajectory

_registered: dict[str, BaseChatModel] = {}
_built: dict[str, "ResolvedModel"] = {}

_PACKAGES = {
    "anthropic": "langchain-anthropic",
    "ollama": "langchain-ollama",
    "mistralai": "langchain-mistralai",
    "bedrock": "langchain-aws",
}


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A chat model and what the call layer needs to know about it.

    Attributes:
        paid: whether replies are kept in the ledger.
        computes: whether it takes the structured request instead of frames.
    """

    name: str
    chat: BaseChatModel
    paid: bool
    computes: bool


def register_model(name: str, chat_model: BaseChatModel) -> None:
    """Make `name` usable in any role.

    Raises:
        ConfigurationError: the name could be mistaken for one of the built-in forms.
    """
    if not name or ":" in name or "#" in name or "?" in name:
        raise ConfigurationError(
            f"A model can't be registered as {name!r}: use a name without ':', '#' and '?'."
        )
    _registered[name] = chat_model


def resolve_model(name: str) -> ResolvedModel:
    """The chat model behind a role's string; built once per string.

    Raises:
        ConfigurationError: the string is in none of the forms above, or names something missing.
    """
    if name in _registered:
        chat = _registered[name]
        return ResolvedModel(name, chat, paid=False, computes=_computes(chat))
    kind, _, rest = name.partition(":")
    if kind in ("scripted", "replay"):  # files may change between calls: never kept
        return ResolvedModel(name, _from_file(kind, rest), paid=False, computes=True)
    if name not in _built:
        _built[name] = _build(name, kind, rest)
    return _built[name]


def is_offline(name: str) -> bool:
    """Whether a role's string names a model that measures."""
    return name.startswith("offline:")


def _computes(chat: BaseChatModel) -> bool:
    return bool(getattr(chat, "takes_envelope", False))


def _build(name: str, kind: str, rest: str) -> ResolvedModel:
    if kind == "offline":
        from aurelia.models.offline.chat import build

        target, parameters = _split_query(name, rest)
        return ResolvedModel(name, build(target, parameters), paid=False, computes=True)
    if kind in ("http", "https"):
        return ResolvedModel(name, _server(name), paid=True, computes=False)
    if not rest or not kind:
        known = ", ".join(sorted(_registered)) or "none"
        raise ConfigurationError(
            f"{name!r} names no model: use provider:model (such as openai:gpt-4o), "
            f"offline:perception, scripted:FILE, a server's URL, or a registered name ({known})."
        )
    return ResolvedModel(name, _from_provider(name), paid=True, computes=False)


def _from_file(kind: str, rest: str) -> BaseChatModel:
    from aurelia.models.scripted import load_script, replay

    path = Path(rest)
    if kind == "scripted":
        return load_script(path)
    file = path / "trajectory.json" if path.is_dir() else path
    try:
        return replay(Trajectory.model_validate_json(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"replay:{rest} can't be read: give a saved run's folder or its trajectory.json."
        ) from None
    except ValidationError:
        raise ConfigurationError(f"replay:{rest} is not a trajectory of this version.") from None


def _split_query(name: str, rest: str) -> tuple[str, dict[str, str]]:
    target, _, query = rest.partition("?")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise ConfigurationError(
            f"The settings of {name!r} can't be read: write them as ?name=value&name=value."
        ) from None
    return target, dict(pairs)


def _server(name: str) -> BaseChatModel:
    url, _, model = name.partition("#")
    if not model:
        raise ConfigurationError(
            f"{name!r} names a server but no model: write http://host:port/v1#MODEL."
        )
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    # Without an explicit key the client would send OPENAI_API_KEY to whatever host this is.
    return ChatOpenAI(base_url=url, model=model, api_key=SecretStr("none"), use_responses_api=False)


def _from_provider(name: str) -> BaseChatModel:
    model, parameters = _split_query(name, name)
    from langchain.chat_models import init_chat_model

    values: dict[str, Any] = {key: _scalar(value) for key, value in parameters.items()}
    try:
        chat = init_chat_model(model, **values)
    except ImportError:
        provider = model.partition(":")[0]
        package = _PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")
        raise MissingExtra(f"{name!r} needs another package: pip install {package}.") from None
    except provider_errors(ValueError) as error:  # a missing key, a wrong parameter
        raise ConfigurationError(f"{name!r} can't be set up: {_one_line(error)}") from None
    except (ValueError, ValidationError) as error:
        raise ConfigurationError(f"{name!r} can't be set up: {_one_line(error)}") from None
    if not isinstance(chat, BaseChatModel):
        raise ConfigurationError(f"{name!r} is not a chat model.")
    return chat


def _scalar(value: str) -> str | int | float | bool:
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, (int, float, bool)) else value


def _one_line(error: Exception) -> str:
    return redact(" ".join(str(error).split()))[:300]
