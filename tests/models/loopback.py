"""A server on this machine that speaks OpenAI's chat protocol, and fails as it is told to.

    with Loopback(says("hello")) as server:
        …  # call the model `server.model`
        server.requests[0].body["messages"]

Replies are given in the order of the list; the last one is repeated.
"""

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends back; `drop` closes the connection without a word, `hang` keeps it
    open without one until the server is closed."""

    body: bytes = b""
    status: int = 200
    drop: bool = False
    hang: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def says(
    text: str | None,
    *,
    finish_reason: str = "stop",
    usage: tuple[int, int] | None = (11, 7),
    model: str = "loopback-1",
    **counted: Any,
) -> Reply:
    """A chat completion.

    Args:
        usage: tokens in and out; None where the server doesn't count.
        **counted: further fields of its usage.
    """
    completion: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": finish_reason,
            }
        ],
    }
    if usage:
        tokens_in, tokens_out = usage
        completion["usage"] = {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
            **counted,
        }
    return Reply(json.dumps(completion).encode())


def fails(status: int, message: str, *, code: str = "x", **headers: str) -> Reply:
    """An error in OpenAI's form; headers as `retry_after="7"`."""
    body = json.dumps({"error": {"message": message, "type": code, "code": code}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body.encode(), status, headers=named)


class Loopback:
    """The running server; a context manager."""

    def __init__(self, *replies: Reply, together: int = 1) -> None:
        """Args:
        replies: in order; the last is repeated.
        together: how many requests must be there at once before any of them is answered.
        """
        self.requests: list[Received] = []
        self.most_at_once = 0
        self.asked = threading.Event()
        self._closed = threading.Event()
        self._at_once = 0
        self._together = threading.Barrier(together)
        self._replies = list(replies)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._answer))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Its base URL, as a client is given it."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def model(self) -> str:
        """A role's string that leads here; the client gives up at once where it fails."""
        return f"{self.url}#m1?max_retries=0"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._together.abort()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: Received) -> Reply:
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        self.asked.set()
        with contextlib.suppress(threading.BrokenBarrierError):
            self._together.wait()
        if reply.hang:
            self._closed.wait()
        with self._lock:
            self._at_once -= 1
        return reply


def _handler(answer: Callable[[Received], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(Received(self.path, headers, json.loads(self.rfile.read(length))))
            if reply.drop or reply.hang:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler
