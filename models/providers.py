"""Chat clients of providers, and of servers that speak OpenAI's protocol."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr, ValidationError

from aurelia.configuration.strings import query_problem, url_problem
from aurelia.errors import ConfigurationError, MissingExtra
from aurelia.models.capabilities import SETTINGS, Family, family_of
from aurelia.models.faults import provider_errors, redact
from aurelia.models.names import check_names

_PACKAGES = {
    "anthropic": "langchain-anthropic",
    "ollama": "langchain-ollama",
    "mistralai": "langchain-mistralai",
    "bedrock": "langchain-aws",
}
_OUR_OWN = {"model", "model_provider", "configurable_fields", "config_prefix"}
_TAKE_A_KEY = ("openai", "google_genai", "anthropic", "mistralai")  # as an argument
# A pooled connection belongs to an event loop, and fails the next `asyncio.run` of the process.
_UNPOOLED = {"connection": "close"}
# How each client says that it is to try once: tries are repeated by our own layer alone.
_ONE_TRY = {"openai": 0, "azure_openai": 0, "anthropic": 0, "google_genai": 1}
_CLIENTS: Mapping[str, tuple[Family, str, str]] = {
    "openai": ("openai", "langchain_openai", "ChatOpenAI"),
    "google_genai": ("gemini", "langchain_google_genai", "ChatGoogleGenerativeAI"),
    "anthropic": ("anthropic", "langchain_anthropic", "ChatAnthropic"),
    "ollama": ("ollama", "langchain_ollama", "ChatOllama"),
}
_HOSTS = ("base_url", "host", "endpoint", "client_options", "api_base", "api_url", "proxy")
_SENT_HEADERS = {
    "host",
    "accept",
    "accept-encoding",
    "connection",
    "content-type",
    "content-length",
    "user-agent",
    "authorization",
    "x-stainless-raw-response",  # a note of the client to itself, which it reads back
}


def split_query(name: str, rest: str) -> tuple[str, dict[str, str]]:
    """`model?temperature=0` as its name and settings.

    Args:
        name: the whole string of the role, for messages.
        rest: the part to split.

    Raises:
        ConfigurationError: the settings can't be read, or hold a key.
    """
    target, _, query = rest.partition("?")
    try:
        pairs = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise ConfigurationError(
            f"The settings of {redact(name)!r} can't be read: write them as ?name=value&name=value."
        ) from None
    if problem := query_problem(query):
        raise ConfigurationError(f"{problem[0].upper()}{problem[1:]}.")
    return target, pairs


def own_settings(name: str) -> dict[str, Any]:
    """The settings in a model's string that are ours and not its client's."""
    _, parameters = split_query(name, name.partition("#")[2] if "://" in name else name)
    return {key: _scalar(value) for key, value in parameters.items() if key in SETTINGS}


def client_settings(name: str) -> dict[str, Any]:
    """The settings in `…?name=value` that go to its client; ConfigurationError where one can't."""
    return _values(name, split_query(name, name)[1])


def server(name: str) -> BaseChatModel:
    """A client of `http://host:port/v1#model`, which is sent nothing of the environment.

    Raises:
        ConfigurationError: the string is no such URL.
    """
    url, _, rest = name.partition("#")
    _check_url(name, url)
    model, parameters = split_query(name, rest)
    if not model:
        raise ConfigurationError(
            f"{redact(name)!r} names a server but no model: write http://host:port/v1#MODEL."
        )
    return server_client(name, url, model, _values(name, parameters))


def server_client(
    name: str, url: str, model: str, values: Mapping[str, Any], key: str | None = None
) -> BaseChatModel:
    """A client of the server at `url`, which is sent nothing of the environment.

    Args:
        name: what the role calls it, for messages.
        url: with scheme and path, such as `http://127.0.0.1:8000/v1`.
        model: as the server calls it.
        values: settings of the client.
        key: goes to this server, and nowhere else; None: it wants none.

    Raises:
        ConfigurationError: a setting is wrong.
    """
    import openai
    from langchain_openai import ChatOpenAI

    _refuse_hosts(name, values)
    check_names(name, "compatible", ChatOpenAI, values)
    only = _Only(_origin(urlsplit(url)), key)
    chat: BaseChatModel = _set_up(
        name,
        "openai",
        ChatOpenAI,
        base_url=url,
        model=model,
        api_key=SecretStr("none"),  # the key itself is put in by `only`, where it belongs
        use_responses_api=False,
        http_client=openai.DefaultHttpxClient(event_hooks={"request": [only.strip]}),
        http_async_client=openai.DefaultAsyncHttpxClient(
            event_hooks={"request": [only.strip_async]}
        ),
        **{"max_retries": 0, **values},
    )
    return chat


def provider(name: str) -> BaseChatModel:
    """A client of `provider:model?name=value`, by LangChain's `init_chat_model`.

    Raises:
        MissingExtra: the provider's package is not installed.
        ConfigurationError: no such provider, no key, or a wrong setting.
    """
    return provider_client(name, name, {})


def provider_client(
    name: str, string: str, more: Mapping[str, Any], key: str | None = None
) -> BaseChatModel:
    """A client of a provider, by LangChain's `init_chat_model`.

    Args:
        name: what the role calls it, for messages.
        string: `provider:model?name=value`.
        more: further settings of the client.
        key: in the place of the one that the provider's own variable holds.

    Raises:
        MissingExtra: the provider's package is not installed.
        ConfigurationError: no such provider, no key, or a wrong setting.
    """
    model, parameters = split_query(name, string)
    values = {**_values(name, parameters), **more}
    kind = model.partition(":")[0]
    given = tuple(values)
    if key is not None and kind in _TAKE_A_KEY:
        values["api_key"] = SecretStr(key)
    elif key is not None and key != "none":
        raise ConfigurationError(
            f"{redact(name)!r} can't have an api_key_env: {kind} reads its own variable; a key can "
            f"be given with base_url, and to {', '.join(_TAKE_A_KEY)}."
        )
    if kind in _ONE_TRY:
        values.setdefault("max_retries", _ONE_TRY[kind])
    if kind != "ollama":  # would send the environment's key to whatever host this is
        _refuse_hosts(name, values)
    if kind in _CLIENTS:  # before it is set up: several warn of what they don't know, and go on
        family, module, client = _CLIENTS[kind]
        package = _set_up(name, kind, import_module, module)
        check_names(name, family, getattr(package, client), given)
    if kind in ("openai", "anthropic"):
        values["default_headers"] = _UNPOOLED
    elif kind == "google_genai":
        import httpx

        # The header would not reach the requests that bring a file's bytes.
        values["client_args"] = {"limits": httpx.Limits(max_keepalive_connections=0)}
    elif kind == "ollama":
        values.setdefault("client_kwargs", {"headers": _UNPOOLED})
        if "base_url" in values:  # or the environment's key would go there
            values["client_kwargs"] = {"headers": {**_UNPOOLED, "authorization": "Bearer none"}}
    from langchain.chat_models import init_chat_model

    chat = _set_up(name, kind, init_chat_model, model, **values)
    if not isinstance(chat, BaseChatModel):
        raise ConfigurationError(f"{redact(name)!r} is not a chat model.")
    if kind not in _CLIENTS:
        check_names(name, family_of(chat), type(chat), given)
    return chat


@dataclass(frozen=True, slots=True)
class _Only:
    """What a server is sent besides the request itself: its own key, and only at its origin."""

    origin: tuple[str, str | None, int | None]
    key: str | None = field(default=None, repr=False)

    def strip(self, request: Any) -> None:
        """Take out what the client adds from the environment: organisation, project, any header.

        It sees every request, also those that a server's redirect leads to.
        """
        for header in set(request.headers) - _SENT_HEADERS:
            del request.headers[header]
        at_home = self.key is not None and _origin(urlsplit(str(request.url))) == self.origin
        said = f"Bearer {self.key if at_home else 'none'}"
        request.headers.update({"authorization": said} | _UNPOOLED)

    async def strip_async(self, request: Any) -> None:
        """The same for the client's asynchronous side."""
        self.strip(request)


def _refuse_hosts(name: str, values: Mapping[str, Any]) -> None:
    host = next((key for key in values if any(word in key for word in _HOSTS)), None)
    if host:
        raise ConfigurationError(
            f"{redact(name)!r} can't have {host!r}: write http://host:port/v1#MODEL for a server "
            "of your own, or set the provider's environment variable."
        )


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    usual = {"http": 80, "https": 443}
    return parts.scheme, parts.hostname, parts.port or usual.get(parts.scheme)


def _check_url(name: str, url: str) -> None:
    if problem := url_problem(url):
        raise ConfigurationError(f"{problem[0].upper()}{problem[1:]}.")
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise ConfigurationError(
            f"{redact(name)!r} is no URL of a server: write http://host:port/v1#MODEL."
        )


def _values(name: str, parameters: dict[str, str]) -> dict[str, Any]:
    if taken := sorted(_OUR_OWN & parameters.keys()):
        raise ConfigurationError(f"{redact(name)!r} can't set {taken[0]!r} as a parameter.")
    values: dict[str, Any] = {
        key: _scalar(value) for key, value in parameters.items() if key not in SETTINGS
    }
    if "extra_body" in values:
        values["extra_body"] = _object(name, parameters["extra_body"])
    return values


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ConfigurationError(
            f"{redact(name)!r} has an extra_body that is no JSON object, such as "
            'extra_body={"mm_processor_kwargs":{}}.'
        )
    return value


def _scalar(value: str) -> str | int | float | bool:
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, (int, float, bool)) else value


def _set_up(name: str, kind: str, build: Callable[..., Any], *args: Any, **values: Any) -> Any:
    """`build(*args, **values)`, its complaints in one sentence."""
    try:
        return build(*args, **values)
    except ImportError:
        package = _PACKAGES.get(kind, f"langchain-{kind.replace('_', '-')}")
        raise MissingExtra(f"{name!r} needs another package: pip install {package}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        detail = f"{where}: {first['msg']}" if where else first["msg"]
    except provider_errors(ValueError, TypeError) as error:  # a missing key, a wrong parameter
        detail = str(error)
    detail = redact(" ".join(detail.split()))[:300].rstrip(".")
    raise ConfigurationError(f"{redact(name)!r} can't be set up: {detail}.")
