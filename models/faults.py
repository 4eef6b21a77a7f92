"""Where errors of provider clients become ours, once.

Their classes are looked up among the modules that are already loaded, so that asking costs no
import of a provider that isn't in use.
"""

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType

from langchain_core.exceptions import LangChainException

from aurelia.errors import ModelError
from aurelia.settings import secret_values

_BASES = (
    ("openai", "OpenAIError"),
    ("google.genai.errors", "APIError"),
    ("langchain_google_genai.chat_models", "ChatGoogleGenerativeAIError"),
    ("anthropic", "AnthropicError"),
    ("ollama", "ResponseError"),
    ("httpx", "HTTPError"),
    ("httpx2", "HTTPError"),
    ("aiohttp", "ClientError"),
)
_KEY_SHAPES = re.compile(r"\b(sk-|AIza|xai-|gsk_|hf_)[\w\-*]{6,}")
_BEARER = re.compile(r"(\bBearer\s+)[^\s'\"]+", re.I)
_USER_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
_KEY_IN_QUERY = re.compile(r"([?&][\w.-]*(?:key|token|secret|password)=)[^&#\s'\"]+", re.I)
_NAME = 100  # letters; a sentence about a failure is longer, and said once
_CLIENT_FAULTS = (ValueError, TypeError, LookupError, AttributeError)


def provider_errors(*also: type[Exception]) -> tuple[type[Exception], ...]:
    """Base classes of what the loaded provider clients raise, and those in `also`."""
    return (*also, LangChainException, TimeoutError, ConnectionError, *_bases())


_last: tuple[list[ModuleType | None], tuple[type[Exception], ...]] | None = None


def _bases() -> tuple[type[Exception], ...]:
    """Classes of the modules that are loaded; every call asks, and seldom has one been added."""
    global _last
    modules = [sys.modules.get(module) for module, _ in _BASES]
    if _last is not None and _last[0] == modules:
        return _last[1]
    named = [getattr(m, name, None) for m, (_, name) in zip(modules, _BASES, strict=True)]
    found = tuple(b for b in named if isinstance(b, type) and issubclass(b, Exception))
    if len(found) == sum(module is not None for module in modules):  # none is still being loaded
        _last = (modules, found)
    return found


def client_errors() -> tuple[type[Exception], ...]:
    """As `provider_errors`, and what the clients raise for a reply that breaks their protocol.

    For a reply without choices, or one that is no JSON, they raise plain built-in errors. Use it
    around a provider's client alone: elsewhere such an error is a bug, and should look like one.
    """
    return provider_errors(*_CLIENT_FAULTS)


def redact(text: str) -> str:
    """`text` without keys: those of the environment, and whatever has the shape of one."""
    secrets = tuple(secret_values())
    # What models are called is asked for with every call.
    return _called(text, secrets) if len(text) <= _NAME else _redacted(text, secrets)


def _redacted(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "[secret]")
    text = _USER_IN_URL.sub("[secret]@", _KEY_SHAPES.sub("[secret]", text))
    return _KEY_IN_QUERY.sub(r"\1[secret]", _BEARER.sub(r"\1[secret]", text))


_called = lru_cache(maxsize=256)(_redacted)


def as_model_error(error: Exception, *, role: str, model: str, retries: int = 0) -> ModelError:
    """One sentence about a failed call, free of secrets."""
    detail = redact(" ".join(str(error).split()))[:300] or "no details given"
    again = f" (after {retries} {'retry' if retries == 1 else 'retries'})" if retries else ""
    return ModelError(
        f"The {role}'s model {redact(model)} failed ({type(error).__name__}): {detail}{again}"
    )


def out_of_time(seconds: float, role: str, model: str) -> ModelError:
    """One sentence about a call that was cut off at its time limit."""
    return ModelError(
        f"The {role}'s model {redact(model)} failed (TimeoutError): no reply within {seconds:g} s, "
        "retries included; call_timeout_s sets this limit."
    )
