"""Ollama's wire: chat as lines of JSON, and what a client may ask of a model beforehand."""

import json
from typing import Any

from tests.models.wire.exchange import (
    Part,
    Purpose,
    Received,
    Reply,
    Speaks,
    as_json,
    decoded,
    error_headers,
    halves,
    media_part,
    text_part,
)
from tests.models.wire.script import Fail, Say, Usage

_TIME = "2026-01-01T00:00:00Z"


class Ollama(Speaks):
    """The protocol of Ollama's own API."""

    name = "ollama"

    def purpose(self, method: str, path: str) -> Purpose | None:
        if path == "/api/chat":
            return "call"
        return "other" if path.startswith("/api/") else None

    def serve(self, request: Received) -> Reply:
        if request.path == "/api/show":
            shown = {"capabilities": ["completion", "vision"], "model_info": {}, "details": {}}
            return as_json(shown)
        if request.path == "/api/tags":
            models = [{"name": "wire-1", "model": "wire-1", "modified_at": _TIME, "size": 1}]
            return as_json({"models": models})
        return super().serve(request)

    def reply(self, request: Received, said: Say) -> Reply:
        reason = "length" if said.finish == "length" else "stop"  # it knows no others
        end = {"done_reason": reason, **(_usage(said.usage) if said.usage else {})}
        if request.body.get("stream") is False:
            return as_json(_line(said.model, said.text, end))
        lines = [_line(said.model, text) for text in halves(said.text)]
        return _lines([*lines, _line(said.model, "", end)])

    def empty(self, request: Received) -> Reply:
        return _lines([])

    def error(self, fault: Fail) -> Reply:
        return as_json({"error": fault.message}, fault.status, **error_headers(fault))

    def parts(self, request: Received) -> list[Part]:
        """A message's text, then its images: the wire keeps no order between them."""
        found: list[Part] = []
        for message in request.body["messages"]:
            found.append(text_part(message.get("content") or ""))
            found += [media_part("", decoded(image)) for image in message.get("images") or ()]
        return found


def _line(model: str, text: str | None, end: dict[str, Any] | None = None) -> dict[str, Any]:
    message = {"role": "assistant", "content": text or ""}
    line = {"model": model, "created_at": _TIME, "message": message, "done": end is not None}
    return line | (end or {})


def _usage(usage: Usage) -> dict[str, int]:
    counts = {"prompt_eval_count": usage.input, "eval_count": usage.output}
    times = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")
    return counts | dict.fromkeys(times, 1)


def _lines(lines: list[dict[str, Any]]) -> Reply:
    body = "".join(json.dumps(line) + "\n" for line in lines)
    return Reply(body.encode(), content_type="application/x-ndjson")
