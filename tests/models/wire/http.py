"""The HTTP below all protocols: one thread a connection, all of them gone when it stops."""

import json
import os
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from tests.models.wire.exchange import Purpose, Received, Reply


class Answers(Protocol):
    """Who deals with the requests."""

    def purpose_of(self, method: str, path: str) -> tuple[str, Purpose]:
        """The protocol of a request, and what it is for."""

    def answer(self, request: Received) -> Reply:
        """What to send."""

    def done(self, *, abandoned: bool = False) -> None:
        """A request has been dealt with."""


class HttpServer(ThreadingHTTPServer):
    """On a free port of 127.0.0.1."""

    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), _handler(answers, self._wait_for))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        # Readable once the server stops: lets a hanging request wait for that or for its client.
        self._stopping, self._stop = socket.socketpair()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_port

    def start(self) -> None:
        """Serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of hanging requests, close all connections, wait for their threads."""
        self._stop.close()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                if connection.fileno() >= 0:
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()
        self._stopping.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection before its thread starts."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection, and close it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may leave at any time; anything else is a fault of these tests."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def _wait_for(self, connection: socket.socket) -> bool:
        """Whether the client gave up; False when the server stops first."""
        ready, _, _ = select.select([connection, self._stopping], [], [])
        return self._stopping not in ready


def _handler(
    answers: Answers, wait_for: Callable[[socket.socket], bool]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            received = self._received()
            abandoned = False
            try:
                reply = answers.answer(received)
                abandoned = reply.then == "hang" and wait_for(self.connection)
            finally:
                answers.done(abandoned=abandoned)
            if reply.then == "hang":
                self.close_connection = True
                return
            body = reply.body
            if reply.then != "reset" or body:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", reply.content_type)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if reply.then == "reset" else body)
            if reply.then == "reset":
                self._reset()

        do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = _serve  # noqa: N815

        def _received(self) -> Received:
            parts = urlsplit(self.path)
            raw = self._read()
            try:
                body = json.loads(raw)
            except ValueError:
                body = None
            protocol, purpose = answers.purpose_of(self.command, parts.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            return Received(
                protocol, purpose, self.command, parts.path, parts.query, headers, body, len(raw),
                raw,
            )  # fmt: skip

        def _read(self) -> bytes:
            if self.headers.get("transfer-encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("content-length") or 0))
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def _reset(self) -> None:
            """Close without lingering: the client is sent RST, not the end of a stream."""
            self.close_connection = True
            at_once = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            os.close(self.connection.detach())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler
