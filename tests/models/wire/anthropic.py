"""Anthropic's wire: messages, and their stream."""

import json
from collections.abc import Iterator
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
    linked_part,
    media_part,
    text_part,
)
from tests.models.wire.script import Fail, Say, Usage

_STOP = {
    "stop": "end_turn",
    "length": "max_tokens",
    "safety": "refusal",
    "refusal": "refusal",
    "recitation": "refusal",
}
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
_KNOWN = ("text", "image", "document")


class Anthropic(Speaks):
    """The protocol of Claude."""

    name = "anthropic"

    def purpose(self, method: str, path: str) -> Purpose | None:
        if path == "/v1/messages":
            return "call"
        return "other" if path.startswith("/v1/messages/") else None

    def reply(self, request: Received, said: Say) -> Reply:
        reason = _STOP[said.finish]
        usage = _usage(said.usage or Usage(0, 0))
        if request.body.get("stream"):
            return _stream(said, reason, usage)
        content = [] if said.text is None else [{"type": "text", "text": said.text}]
        return as_json(_message(said.model, content, reason, usage))

    def empty(self, request: Received) -> Reply:
        return as_json(_message("wire-1", [], "end_turn", _usage(Usage(output=0))))

    def error(self, fault: Fail) -> Reply:
        kind = fault.code or _TYPES.get(fault.status, "api_error")
        message, status = fault.message, fault.status
        if fault.used_up:  # is told as a wrong request
            kind, status = "invalid_request_error", 400
            message = "Your credit balance is too low to access the Anthropic API."
        body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "r1"}
        return as_json(body, status, **error_headers(fault))

    def parts(self, request: Received) -> list[Part]:
        return [_part(block) for block in _blocks(request)]

    def objection(self, request: Received) -> Fail | None:
        for block in _blocks(request):
            if block["type"] not in _KNOWN:
                message = f"Input tag '{block['type']}' does not match any of the expected tags"
                return Fail(400, message)
        return None


def _blocks(request: Received) -> Iterator[dict[str, Any]]:
    contents = [request.body.get("system") or []]
    contents += [message["content"] for message in request.body["messages"]]
    for content in contents:
        yield from [{"type": "text", "text": content}] if isinstance(content, str) else content


def _part(block: dict[str, Any]) -> Part:
    kind = block["type"]
    if kind == "text":
        return text_part(block["text"])
    if kind not in _KNOWN:
        return Part(kind, "", "", 0)
    source = block["source"]
    if source["type"] == "base64":
        return media_part(source["media_type"], decoded(source["data"]))
    return linked_part(source.get("url", ""), block["type"])


def _message(model: str, content: list[Any], reason: str | None, usage: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": usage,
    }


def _usage(usage: Usage) -> dict[str, int]:
    """Input without what a cache served: that is told apart."""
    return {
        "input_tokens": usage.input - usage.cached,
        "cache_read_input_tokens": usage.cached,
        "cache_creation_input_tokens": 0,
        "output_tokens": usage.output,
    }


def _stream(said: Say, reason: str, usage: dict[str, int]) -> Reply:
    begun = _message(said.model, [], None, {**usage, "output_tokens": 0})
    deltas = [{"type": "text_delta", "text": text} for text in halves(said.text)]
    ended = {"stop_reason": reason, "stop_sequence": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": begun},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ended, "usage": usage},
        {"type": "message_stop"},
    ]
    lines = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
    return Reply("".join(lines).encode(), content_type="text/event-stream")
