"""Whatever is sent, the worker answers in its form or closes, and serves the next question.

An exception that nobody foresaw would stand in its log as a traceback; that is looked at last.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.models.worker.running import ECHO, Running, data_url, http_request, medium

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
few = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

LINES = st.sampled_from(
    [
        b"POST /v1/chat/completions HTTP/1.1", b"GET /v1/models HTTP/1.1", b"GET / HTTP/0.9",
        b"GET /health", b"HEAD /health HTTP/1.1", b"POST  HTTP/1.1", b"Host: localhost", b"Host:",
        b"Content-Length: 3", b"Content-Length: +3", b"Content-Length: \xc2\xb3",
        b"Transfer-Encoding: chunked", b"Transfer-Encoding: \x00", b"Content-Length:",
        b"Content-Type: application/json",
        b"Expect: 100-continue", b"Connection: keep-alive", b"Authorization: Bearer \xff",
        b" folded", b"no colon", b": no name", b"3", b"abc", b"0", b"", b"\x00", b"{}",
        b"GET /%ff%00%0d%0a HTTP/1.1", b"GET /v1/models HTTP/1.1.1", b"GET /v1/models HTTP/-1.1",
    ]
)  # fmt: skip
RAW = st.lists(LINES | st.binary(max_size=20), max_size=12).map(b"\r\n".join)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        ["model", "messages", "max_tokens", "temperature", "seed", "stop", "stream", "n", "tools",
         "stream_options", "max_completion_tokens", "logit_bias", "response_format", "images"]
    ),
    VALUES,
    max_size=4,
)  # fmt: skip
URLS = st.sampled_from(
    ["data:", "data:video/mp4;base64,AA==", "data:video/mp4;base64", "file://", "file:///", "/",
     "file:///etc/passwd", "/proc/self/environ", "/dev/stdin", "file:///%zz%00", "//", "file://[",
     "data:video/mp4;base64;base64,AA==", "DATA:VIDEO/MP4;BASE64,AA==", "\\\\host\\file", "\x00"]
) | st.text(max_size=20)  # fmt: skip
PARTS = st.one_of(
    st.builds(medium, st.sampled_from(["image", "video", "audio", "", "text"]), URLS),
    st.fixed_dictionaries({"type": VALUES}, optional={"text": VALUES, "video_url": VALUES}),
    st.fixed_dictionaries(
        {"type": st.just("input_audio")},
        optional={
            "input_audio": VALUES | st.fixed_dictionaries({"data": VALUES, "format": VALUES})
        },
    ),
    st.text(max_size=9).map(lambda text: {"type": "text", "text": text}),
    VALUES,
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "system", "assistant", "tool", None, 3])},
        optional={"content": st.lists(PARTS, max_size=4) | VALUES, "name": VALUES},
    )
    | VALUES,
    max_size=3,
)


@pytest.fixture(scope="module")
def worker() -> Iterator[Running]:
    with Running(ECHO, "--timeout", "5", "--media-root", "/proc/self") as worker:
        yield worker
        given = worker.ask("hello", medium("audio", data_url(b"x", "audio/wav"))).given
        assert given["text"] == "hello"
        assert worker.stop() == 0
        assert "Traceback" not in worker.log


def answered(worker: Running, sent: bytes) -> None:
    received = worker.say(sent)
    assert received == b"" or STATUS.match(received), received[:200]
    for status in STATUS.findall(received):
        assert int(status) in range(100, 505), received[:500]


@few
@given(RAW, st.booleans())
def test_bytes_that_are_hardly_http(worker: Running, sent: bytes, ends: bool) -> None:
    answered(worker, sent + (b"\r\n\r\n" if ends else b""))


@few
@given(FIELDS)
def test_fields_of_any_kind(worker: Running, fields: dict[str, Any]) -> None:
    body = {"model": "echo", "messages": [{"role": "user", "content": "hi"}]}
    sent = json.dumps({**body, **fields}).encode()
    answered(worker, http_request(sent, f"Content-Length: {len(sent)}", "Connection: close"))


@few
@given(MESSAGES)
def test_messages_of_any_kind(worker: Running, messages: list[Any]) -> None:
    told = worker.post("/v1/chat/completions", {"model": "echo", "messages": messages})
    assert told.status in (200, 400, 403)
    assert told.error if told.status != 200 else told.given


@few
@given(VALUES, st.sampled_from(["/tokenize", "/v1/chat/completions"]))
def test_bodies_of_any_kind(worker: Running, body: Any, path: str) -> None:
    told = worker.post(path, body)
    assert told.status in (400, 404)
    assert told.error


@few
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_chunks_of_any_kind(worker: Running, first: bytes, second: bytes) -> None:
    body = b'{"model": "echo"'
    sent = b"%x\r\n%b\r\n" % (len(body), body) + first + b"\r\n" + second
    answered(worker, http_request(sent, "Transfer-Encoding: chunked"))
