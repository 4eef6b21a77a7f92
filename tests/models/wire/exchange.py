"""What goes over the wire: a request as it came, a reply as it goes, and parts of a prompt."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tests.models.wire.script import Fail, Say

Purpose = Literal["call", "upload", "file", "cache", "other"]
_IMAGES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}


class Part(NamedTuple):
    """A piece of a prompt, in its place.

    Attributes:
        kind: `text`, `image`, `audio`, `video`, or `file` where its type isn't told.
        mime: its type, empty where the wire doesn't tell.
        sha256: of its bytes; empty where only a reference was sent.
        size: bytes.
        text: of a text.
        url: by which a medium is referred to.
        detail: what else was said of it, such as `video_metadata`.
    """

    kind: str
    mime: str
    sha256: str
    size: int
    text: str = ""
    url: str = ""
    detail: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Received:
    """One request.

    Attributes:
        protocol: `openai`, `gemini`, `anthropic`, `ollama`, or empty for an unknown path.
        purpose: `call` for a model call; for Gemini also `upload`, `file` and `cache`.
        path: without the query.
        headers: names in lower case.
        body: parsed JSON; None where it is none.
        size: bytes of the body.
        raw: the body as it came.
    """

    protocol: str
    purpose: Purpose
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any
    size: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back; `then` says how it goes wrong: the connection is reset half-way through
    the body, or nothing is ever sent."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Literal["", "reset", "hang"] = ""


class Speaks:
    """A protocol. Each file of this folder has one; what it doesn't know stays as it is here."""

    name = ""

    def purpose(self, method: str, path: str) -> Purpose | None:
        """What a request is for; None where it isn't of this protocol."""
        raise NotImplementedError

    def reply(self, request: Received, said: Say) -> Reply:
        """A reply of the model, streamed where the request asks for that."""
        raise NotImplementedError

    def error(self, fault: Fail) -> Reply:
        """An error in the provider's own form."""
        raise NotImplementedError

    def empty(self, request: Received) -> Reply:
        """A success without content."""
        raise NotImplementedError

    def blocked(self, request: Received) -> Reply:
        """The prompt is held back."""
        return self.error(Fail(400, "The prompt was held back by a filter.", "content_filter"))

    def parts(self, request: Received) -> list[Part]:
        """The prompt in order: what the model gets to see."""
        raise NotImplementedError

    def objection(self, request: Received) -> Fail | None:
        """Why the provider itself would not serve this call."""
        return None

    def serve(self, request: Received) -> Reply:
        """Whatever is no model call."""
        return self.error(Fail(404, f"no {request.method} {request.path} here"))

    def expire(self) -> None:
        """Lose all that was uploaded."""


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    """`value` as a reply; headers as `retry_after="7"`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), status, headers=named)


def as_events(chunks: list[Any], end: str = "\n\n", last: str = "") -> Reply:
    """Server-sent events; `last` closes them."""
    lines = [f"data: {json.dumps(chunk)}{end}" for chunk in chunks]
    return Reply("".join([*lines, last]).encode(), content_type="text/event-stream")


def error_headers(fault: Fail) -> dict[str, str]:
    """Headers of an error, Retry-After included."""
    after = {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after:g}"}
    return {**after, **fault.headers}


def halves(text: str | None) -> list[str]:
    """A text in two chunks, as it is streamed."""
    text = text or ""
    return [text[: len(text) // 2], text[len(text) // 2 :]]


def text_part(text: str) -> Part:
    """A text in its place."""
    data = text.encode()
    return Part("text", "text/plain", hashlib.sha256(data).hexdigest(), len(data), text)


def media_part(mime: str, data: bytes, **detail: Any) -> Part:
    """A medium whose bytes were sent."""
    mime = mime or next((kind for magic, kind in _IMAGES.items() if data.startswith(magic)), "")
    return Part(kind_of(mime), mime, hashlib.sha256(data).hexdigest(), len(data), "", "", detail)


def linked_part(url: str, kind: str) -> Part:
    """A medium given as a URL; a data URL is decoded."""
    if url.startswith("data:"):
        head, _, payload = url.removeprefix("data:").partition(",")
        return media_part(head.partition(";")[0], decoded(payload))
    return Part(kind, "", "", 0, "", url)


def kind_of(mime: str) -> str:
    """`audio` of `audio/wav`."""
    family = mime.partition("/")[0]
    return family if family in ("image", "audio", "video") else "file"


def decoded(payload: str) -> bytes:
    """Bytes of base64 in either alphabet."""
    return base64.b64decode(payload.replace("-", "+").replace("_", "/"), validate=True)
