"""Gemini's wire: generateContent, its stream, and what was uploaded or cached before."""

import re
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
    kind_of,
    media_part,
    text_part,
)
from tests.models.wire.gemini_files import camel
from tests.models.wire.gemini_store import Store
from tests.models.wire.script import Fail, Say, Usage

_CALL = re.compile(r"/v1beta/models/[^/:]+:(generateContent|streamGenerateContent)$")
_FINISH = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "safety": "SAFETY",
    "recitation": "RECITATION",
    "refusal": "STOP",  # there is no form for it: the model says so
}
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_TYPE = "type.googleapis.com/google.rpc."


class Gemini(Speaks):
    """Google's own protocol, with files and caches."""

    name = "gemini"

    def __init__(self, store: Store) -> None:
        self.store = store

    def purpose(self, method: str, path: str) -> Purpose | None:
        if _CALL.match(path):
            return "call"
        if path.startswith("/upload"):
            return "upload"
        if path.startswith("/v1beta/files"):
            return "file"
        if path.startswith("/v1beta/cachedContents"):
            return "cache"
        return "other" if path.startswith("/v1beta/") else None

    def serve(self, request: Received) -> Reply:
        if request.purpose == "other":
            return super().serve(request)
        served = self.store.serve(request)
        return self.error(served) if isinstance(served, Fail) else served

    def objection(self, request: Received) -> Fail | None:
        body = request.body
        if name := body.get("cachedContent"):
            if self.store.cache(name, request) is None:
                return Fail(403, "CachedContent not found (or permission denied)")
            if any(body.get(key) for key in ("systemInstruction", "tools", "toolConfig")):
                return Fail(
                    400,
                    "CachedContent can not be used with GenerateContent request setting "
                    "system_instruction, tools or tool_config.",
                )
        return self.store.missing(body, request)

    def expire(self) -> None:
        self.store.expire()

    def reply(self, request: Received, said: Say) -> Reply:
        reason = _FINISH[said.finish]
        if request.path.endswith(":generateContent"):
            return as_json(_answer(said.text, reason, said.usage, said.model))
        first, second = halves(said.text)
        chunks = [
            _answer(first, None, None, said.model),
            _answer(second, reason, said.usage, said.model),
        ]
        return as_events(chunks, end="\r\n\r\n")

    def empty(self, request: Received) -> Reply:
        return _either(request, {"candidates": []} | _meta(Usage(), "wire-1"))

    def blocked(self, request: Received) -> Reply:
        told = {"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}}
        return _either(request, told | _meta(Usage(output=0), "wire-1"))

    def error(self, fault: Fail) -> Reply:
        details: list[dict[str, Any]] = []
        if fault.used_up:
            quota = {
                "quotaMetric": "generativelanguage.googleapis.com/generate_requests",
                "quotaId": "GenerateRequestsPerDayPerProjectPerModel",
            }
            details.append({"@type": f"{_TYPE}QuotaFailure", "violations": [quota]})
        if fault.retry_after is not None:
            delay = f"{fault.retry_after:g}s"
            details.append({"@type": f"{_TYPE}RetryInfo", "retryDelay": delay})
        body = {
            "code": fault.status,
            "message": fault.message,
            "status": fault.code or _STATUS.get(fault.status, "UNKNOWN"),
        }
        if details:
            body["details"] = details
        return as_json({"error": body}, fault.status, **error_headers(fault))

    def parts(self, request: Received) -> list[Part]:
        """The prompt, what lies in a cache first, then the system's instruction."""
        sources = [request.body]
        if name := request.body.get("cachedContent"):
            sources.insert(0, self.store.cache(name, request) or {})
        found: list[Part] = []
        for source in camel(sources):
            for content in (source.get("systemInstruction"), *source.get("contents", ())):
                found += [self._part(part) for part in (content or {}).get("parts", ())]
        return found

    def _part(self, part: dict[str, Any]) -> Part:
        detail = {"video_metadata": part["videoMetadata"]} if "videoMetadata" in part else {}
        if inline := part.get("inlineData"):
            return media_part(inline["mimeType"], decoded(inline["data"]), **detail)
        if given := part.get("fileData"):
            uri, mime = given["fileUri"], given.get("mimeType", "")
            file = self.store.by_uri(uri)
            sha256, size = (file.sha256, file.size) if file else ("", 0)
            return Part(kind_of(mime), mime, sha256, size, "", uri, detail)
        return text_part(part.get("text", ""))


def _answer(text: str | None, reason: str | None, usage: Usage | None, model: str) -> Any:
    candidate: dict[str, Any] = {"index": 0}
    if text is not None:
        candidate["content"] = {"role": "model", "parts": [{"text": text}]}
    if reason:
        candidate["finishReason"] = reason
    return {"candidates": [candidate]} | _meta(usage, model)


def _meta(usage: Usage | None, model: str) -> dict[str, Any]:
    meta: dict[str, Any] = {"modelVersion": model, "responseId": "r1"}
    if usage:
        counts: dict[str, Any] = {
            "promptTokenCount": usage.input,
            "candidatesTokenCount": usage.output - usage.reasoning,
            "totalTokenCount": usage.input + usage.output,
        }
        if usage.reasoning:
            counts["thoughtsTokenCount"] = usage.reasoning
        if usage.cached:
            counts["cachedContentTokenCount"] = usage.cached
        if usage.modalities:
            counts["promptTokensDetails"] = [
                {"modality": kind.upper(), "tokenCount": count}
                for kind, count in usage.modalities.items()
            ]
        meta["usageMetadata"] = counts
    return meta


def _either(request: Received, body: dict[str, Any]) -> Reply:
    if request.path.endswith(":streamGenerateContent"):
        return as_events([body], end="\r\n\r\n")
    return as_json(body)
