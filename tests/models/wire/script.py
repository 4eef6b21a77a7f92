"""What the server does when a model is called, in words that hold for every protocol.

    Wire(say("hello"), fail(429, retry_after=7), hang(), say("again"))

Each protocol puts them into its own form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.models.wire.exchange import Received

Finish = Literal["stop", "length", "safety", "refusal", "recitation"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a reply.

    Attributes:
        input: of the whole prompt.
        output: of the reply, reasoning included.
        cached: of the prompt, served from a cache.
        reasoning: of the reply, not shown.
        modalities: of the prompt, by `text`, `image`, `audio`, `video`; for wires that tell them.
    """

    input: int = 11
    output: int = 7
    cached: int = 0
    reasoning: int = 0
    modalities: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """A reply; `usage` None where the server doesn't count, `text` None where there is none."""

    text: str | None
    usage: Usage | None
    finish: Finish
    model: str


@dataclass(frozen=True, slots=True)
class Fail:
    """An error status with a body in the provider's own form.

    Attributes:
        code: the provider's name of the error; None for the usual one of this status.
        retry_after: seconds; a header, and for Gemini a detail in the body as well.
        used_up: the quota is spent, so waiting won't help.
    """

    status: int
    message: str
    code: str | None = None
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    used_up: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing, until the client gives up or the server is closed."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset; with `after` that share of the reply is sent first."""

    after: Say | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """A success without choices, candidates or content."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The prompt itself is held back by a safety filter."""


@dataclass(frozen=True, slots=True)
class Expired:
    """All uploaded files and caches are gone from now on; then the call is served."""


@dataclass(frozen=True, slots=True)
class Serve:
    """Nothing special: as the provider would; a model says hello."""


Behaviour = Serve | Say | Fail | Raw | Hang | Reset | Empty | Blocked | Expired
Scripted = Behaviour | Callable[["Received"], Behaviour]


def say(
    text: str | None,
    *,
    usage: Usage | None = Usage(),
    finish: Finish = "stop",
    model: str = "wire-1",
) -> Say:
    """A reply of the model."""
    return Say(text, usage, finish, model)


def truncated(text: str, usage: Usage | None = Usage()) -> Say:
    """A reply cut off at the model's own limit: `length`, `MAX_TOKENS`, `max_tokens`."""
    return say(text, usage=usage, finish="length")


def safety_blocked(text: str | None = None) -> Say:
    """A reply held back by a safety filter, after `text` of it."""
    return say(text, finish="safety")


def refused(text: str = "I can't help with that.") -> Say:
    """The model declines; in the field for it, where the protocol has one."""
    return say(text, finish="refusal")


def fail(
    status: int,
    message: str = "as the test wants it",
    *,
    code: str | None = None,
    retry_after: float | None = None,
    **headers: str,
) -> Fail:
    """An error; further headers as `x_request_id="7"`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fail(status, message, code, retry_after, named)


def quota_used_up() -> Fail:
    """No credit left, or no more calls today."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return replace(fail(429, message), used_up=True)


def hang() -> Hang:
    """No answer."""
    return Hang()


def reset(after: Say | None = None) -> Reset:
    """A reset connection; `after`: in the middle of this reply."""
    return Reset(after)


def malformed() -> Raw:
    """JSON that ends too early."""
    return Raw(b'{"id": "1", "choi')


def wrong_content_type() -> Raw:
    """A page of a proxy in between, as a success."""
    return Raw(b"<html><body>Welcome to our Wi-Fi</body></html>", "text/html; charset=utf-8")


def empty() -> Empty:
    """A success with nothing in it."""
    return Empty()


def prompt_blocked() -> Blocked:
    """The prompt is refused by a filter."""
    return Blocked()


def expired() -> Expired:
    """The provider has lost everything that was uploaded."""
    return Expired()


def serve() -> Serve:
    """As the provider would: for faults that come later."""
    return Serve()
