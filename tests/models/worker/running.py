"""The worker as a process of its own on this machine, and what tests say to it."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

WORKER = Path(__file__).parents[3] / "models" / "worker" / "worker.py"
STUBS = Path(__file__).with_name("stubs")
ECHO = STUBS / "echo.py"
COUNTED = STUBS / "counted.py"
BODY = b'{"model": "echo", "messages": [{"role": "user", "content": "hi"}]}'
"""A question."""
_PORT = re.compile(r"for http://\S+:(\d+)/v1")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of the worker."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The sentence of a refusal, which has OpenAI's form."""
        error = self.json["error"]
        assert set(error) == {"message", "type", "param", "code"}, error
        return str(error["message"])

    @property
    def text(self) -> str:
        """What the model said."""
        assert self.status == 200, self.body
        return str(self.json["choices"][0]["message"]["content"])

    @property
    def given(self) -> dict[str, Any]:
        """What the adapter `echo` was given."""
        found: dict[str, Any] = json.loads(self.text)
        return found


class Running:
    """A worker; a context manager that waits until it serves, and stops it.

    Attributes:
        said: lines of its log so far.
        port: where it listens, once `listening` is set.
    """

    def __init__(
        self,
        adapter: Path,
        *arguments: str,
        python: str = sys.executable,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        command = [python, str(WORKER), str(adapter), "--port", "0", "--device", "cpu"]
        self.said: list[str] = []
        self.port = 0
        self.listening = Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._process = subprocess.Popen(
            [*command, *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said.append(line)
            if found := _PORT.search(line):
                self.port = int(found[1])
                self.listening.set()
            if line.startswith("worker: serving"):
                self._reader.start()
                return self
        self._process.wait()
        self._process.stderr.close()
        raise AssertionError("".join(self.said))

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def model(self) -> str:
        """A role's string without its model and forms."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def log(self) -> str:
        """What it wrote to its terminal."""
        return "".join(self.said)

    def signal(self, number: int = signal.SIGTERM) -> None:
        """What a terminal or a supervisor sends."""
        self._process.send_signal(number)

    def stop(self) -> int:
        """End it: its exit status."""
        if self._process.poll() is None:
            self.signal()
        return self.ended()

    def ended(self) -> int:
        """Wait for its end: its exit status."""
        try:
            status = self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            if self._reader.ident:  # it came as far as serving
                self._reader.join(20)
            if self._process.stderr:
                self._process.stderr.close()
        return status

    def connect(self) -> socket.socket:
        """A connection of one's own."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def say(self, sent: bytes, *, ends: bool = True) -> bytes:
        """All that it answers to these bytes, until it closes the connection."""
        with self.connect() as connection:
            return talk(connection, sent, ends=ends)

    def get(self, path: str, **headers: str) -> Told:
        """A GET."""
        return self._request("GET", path, None, headers)

    def post(self, path: str, body: Any, **headers: str) -> Told:
        """A POST of JSON; bytes are sent as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._request("POST", path, raw, {"content_type": "application/json", **headers})

    def ask(self, *parts: Any, **fields: Any) -> Told:
        """A question of one message: texts, and parts as they are."""
        content = [{"type": "text", "text": p} if isinstance(p, str) else p for p in parts]
        body = {"model": "echo", "messages": [{"role": "user", "content": content}], **fields}
        return self.post("/v1/chat/completions", body)

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said.append(line)

    def _request(self, method: str, path: str, body: bytes | None, named: dict[str, str]) -> Told:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {name.replace("_", "-"): value for name, value in named.items()}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Told(answer.status, told, answer.read())
        finally:
            connection.close()


def talk(connection: socket.socket, sent: bytes, *, ends: bool = True) -> bytes:
    """Send, say that nothing more comes (or don't), and read to the end."""
    received = b""
    try:
        connection.sendall(sent)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(1 << 16):
            received += piece
    except ConnectionError:
        pass
    return received


def http_request(body: bytes, *headers: str, path: str = "/v1/chat/completions") -> bytes:
    """A POST as bytes, with the headers that are given."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def length(body: bytes) -> str:
    """The header that tells how long a body is."""
    return f"Content-Length: {len(body)}"


@contextmanager
def entered(worker: Running) -> Iterator[socket.socket]:
    """A connection whose question has a place in the queue; its body is yet to come."""
    with worker.connect() as connection:
        connection.sendall(http_request(b"", "Expect: 100-continue", length(BODY)))
        assert connection.recv(99).startswith(b"HTTP/1.1 100")
        yield connection


def data_url(content: bytes, mime: str) -> str:
    """A `data:` URL."""
    return f"data:{mime};base64,{b64encode(content).decode()}"


def medium(kind: str, url: str) -> dict[str, Any]:
    """A part of a question."""
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}}


def old_pythons() -> list[str]:
    """Interpreters of 3.8 and 3.9 that this machine has: on the path, or kept by pyenv."""
    found = []
    for version in ("3.8", "3.9"):
        known = shutil.which(f"python{version}")
        places = [Path(known)] if known else []
        if known and Path(known).parent.name == "shims":
            places += sorted(Path(known).parents[1].glob(f"versions/{version}.*/bin/python"))
        for place in places:
            asked = subprocess.run(
                [str(place), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=False,
            )
            if asked.stdout.strip() == version:
                found.append(str(place))
                break
    return found
