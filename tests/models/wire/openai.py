"""OpenAI's wire: chat completions, the list of models, and as much of Responses as tests need."""

import re
from collections.abc import Iterator
from typing import Any

from tests.models.wire.exchange import (
    Part,
    Purpose,
    Received,
    Reply,
    Speaks,
    as_events,
    as_json,
    decoded,
    error_headers,
    halves,
    linked_part,
    media_part,
    text_part,
)
from tests.models.wire.script import Fail, Say, Usage

_FINISH = {"safety": "content_filter", "recitation": "content_filter", "refusal": "stop"}
_AUDIO = ("wav", "mp3")
_CODES = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


class OpenAI(Speaks):
    """The protocol that OpenAI speaks, and that most servers have copied."""

    name = "openai"
    tokenizes = False
    """Whether it counts tokens as vLLM does, beside `/v1`; a word is one, and so is a mark."""

    def purpose(self, method: str, path: str) -> Purpose | None:
        if path.endswith(("/chat/completions", "/responses")):
            return "call"
        return "other" if path == "/v1/models" or path.startswith("/v1/models/") else None

    def serve(self, request: Received) -> Reply:
        if request.path == "/tokenize" and self.tokenizes:
            pieces = re.findall(r"\w+|[^\w\s]", request.body["prompt"])
            return as_json({"count": len(pieces), "max_model_len": 4096, "tokens": []})
        if request.path != "/v1/models":
            return super().serve(request)
        models = [{"id": "wire-1", "object": "model", "created": 0, "owned_by": "tests"}]
        return as_json({"object": "list", "data": models})

    def reply(self, request: Received, said: Say) -> Reply:
        if request.path.endswith("/responses"):
            return as_json(_response(said))
        reason = _FINISH.get(said.finish, said.finish)
        if request.body.get("stream"):
            return self._stream(request, said, reason)
        message = {"role": "assistant", "content": said.text, "refusal": None}
        if said.finish == "refusal":
            message |= {"content": None, "refusal": said.text}
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        usage = {"usage": _usage(said.usage)} if said.usage else {}
        return as_json(_completion("chat.completion", said.model, [choice]) | usage)

    def _stream(self, request: Received, said: Say, reason: str) -> Reply:
        def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return _completion("chat.completion.chunk", said.model, [choice])

        field = "refusal" if said.finish == "refusal" else "content"
        chunks = [chunk({"role": "assistant", "content": ""})]
        chunks += [chunk({field: text}) for text in halves(said.text)]
        chunks.append(chunk({}, reason))
        if said.usage and (request.body.get("stream_options") or {}).get("include_usage"):
            last = _completion("chat.completion.chunk", said.model, [])
            chunks.append(last | {"usage": _usage(said.usage)})
        return as_events(chunks, last="data: [DONE]\n\n")

    def empty(self, request: Received) -> Reply:
        return as_json(_completion("chat.completion", "wire-1", []))

    def error(self, fault: Fail) -> Reply:
        kind, code = _CODES.get(fault.status, ("server_error", None))
        if fault.used_up:
            kind = code = "insufficient_quota"
        body = {
            "message": fault.message,
            "type": kind,
            "param": None,
            "code": fault.code or code,
        }
        return as_json({"error": body}, fault.status, **error_headers(fault))

    def parts(self, request: Received) -> list[Part]:
        return [_part(block) for block in _blocks(request)]

    def objection(self, request: Received) -> Fail | None:
        for block in _blocks(request):
            if block["type"] == "input_audio" and block["input_audio"]["format"] not in _AUDIO:
                given = block["input_audio"]["format"]
                return Fail(
                    400, f"Invalid value: '{given}'. Supported values are: 'wav' and 'mp3'."
                )
        return None


def _blocks(request: Received) -> Iterator[dict[str, Any]]:
    body = request.body or {}  # None: the client went away before it was sent
    for message in body.get("messages") or body.get("input") or []:
        content = message.get("content") or ""
        yield from [{"type": "text", "text": content}] if isinstance(content, str) else content


def _part(block: dict[str, Any]) -> Part:
    kind = block["type"]
    if kind in ("text", "input_text"):
        return text_part(block["text"])
    if kind == "input_audio":
        audio = block["input_audio"]
        return media_part(f"audio/{audio['format']}", decoded(audio["data"]))
    given = block.get(kind) or block.get("image_url")
    url = given["url"] if isinstance(given, dict) else given
    return linked_part(str(url), kind.removeprefix("input_").removesuffix("_url"))


def _completion(kind: str, model: str, choices: list[Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": model, "choices": choices}


def _usage(usage: Usage) -> dict[str, Any]:
    modalities = {f"{kind}_tokens": count for kind, count in usage.modalities.items()}
    return {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached, **modalities},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


def _response(said: Say) -> dict[str, Any]:
    text = {"type": "output_text", "text": said.text or "", "annotations": []}
    usage = said.usage or Usage()
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "status": "completed",
        "model": said.model,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "temperature": 1,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1,
        "output": [
            {
                "type": "message",
                "id": "msg_1",
                "status": "completed",
                "role": "assistant",
                "content": [text],
            }
        ],
        "usage": {
            "input_tokens": usage.input,
            "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": 0},
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": usage.reasoning},
            "total_tokens": usage.input + usage.output,
        },
    }
