"""What a configured server's answer to one question, what it serves, says of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aurelia.models import endpoints, registry
from aurelia.models.endpoints import check_endpoint, has_endpoint
from aurelia.models.registry import resolve_model

OPENAI = {"object": "list", "data": [{"id": "m1", "object": "model"}, {"id": "m2"}]}
OLLAMA = {"models": [{"model": "llama3.2:latest"}, {"model": "gemma3:4b"}]}


@dataclass
class Served:
    """The address, and each request: method, path and authorization."""

    host: str
    requests: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def serving(body: object, status: int = 200, *, hang: bool = False) -> Iterator[Served]:
    """A server that gives one answer to everything."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.requests.append((self.command, self.path, self.headers.get("authorization") or ""))
            if hang:
                over.wait(20)
                return
            text = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Served(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_built", {})


def test_a_server_that_serves_the_model_is_fine_and_gets_no_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment-1")
    with serving(OPENAI) as told:
        found = check_endpoint(resolve_model(f"{told.host}/v1#m2"))
        assert told.requests == [("GET", "/v1/models", "Bearer none")]
    assert (found.subject, found.state) == (f"{told.host}/v1", "ok")
    assert found.text == "it answers, and serves m2"


@pytest.mark.parametrize(
    ("body", "status", "state", "blocks", "said", "help_"),
    [
        (OPENAI, 200, "warning", False, "does not list 'other'", "it lists: m1, m2"),
        ({"data": []}, 200, "warning", False, "does not list 'other'", "load one"),
        ("<html>hello</html>", 200, "warning", False, "no list of models", "/v1"),
        ({"data": "x"}, 200, "warning", False, "no list of models", "/v1"),
        ("nothing here", 404, "warning", False, "no list of models there", "/v1"),
        ({"error": "x"}, 401, "missing", True, "refuses the key", "api_key_env"),
        ({"error": "x"}, 503, "missing", True, "status 503", "log"),
    ],
)
def test_each_answer_is_told_with_what_would_help(
    body: object, status: int, state: str, blocks: bool, said: str, help_: str
) -> None:
    with serving(body, status) as told:
        found = check_endpoint(resolve_model(f"{told.host}/v1#other"))
        assert len(told.requests) == 1  # nothing is tried again
    assert (found.state, found.blocks) == (state, blocks)
    assert said in found.text
    assert help_ in found.help


def test_a_server_that_is_not_there_or_does_not_answer_stops_its_roles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(OPENAI) as told:
        pass
    gone = check_endpoint(resolve_model(f"{told.host}/v1#m"))
    assert (gone.text, gone.blocks) == ("nothing listens there", True)
    monkeypatch.setattr(endpoints, "TIMEOUT_S", 0.05)
    with serving(OPENAI, hang=True) as told:
        late = check_endpoint(resolve_model(f"{told.host}/v1#m"))
    assert (late.text, late.blocks) == ("it does not answer within 0.05 s", True)
    assert "loading" in late.help


def test_a_server_without_tls_is_told_apart() -> None:
    with serving(OPENAI) as told:
        found = check_endpoint(resolve_model(f"{told.host.replace('http', 'https')}/v1#m"))
    assert "TLS" in found.text
    assert "http or https" in found.help


def test_ollama_is_asked_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "environment-1")
    with serving(OLLAMA) as told:
        fine = check_endpoint(resolve_model(f"ollama:llama3.2?base_url={told.host}"))
        lacks = check_endpoint(resolve_model(f"ollama:qwen3?base_url={told.host}"))
        assert {key for _, _, key in told.requests} == {"Bearer none"}
        monkeypatch.setenv("OLLAMA_HOST", told.host)
        usual = check_endpoint(resolve_model("ollama:gemma3:4b"))
    assert (fine.state, fine.text) == ("ok", "it answers, and has llama3.2")
    assert (lacks.state, lacks.help, lacks.blocks) == ("missing", "ollama pull qwen3", True)
    assert usual.state == "ok"
    gone = check_endpoint(resolve_model(f"ollama:llama3.2?base_url={told.host}"))
    assert (gone.text, gone.blocks) == ("nothing listens there", True)
    assert gone.help.endswith("ollama serve")


def test_only_addresses_of_the_users_own_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert not has_endpoint(resolve_model("openai:gpt-4o"))
    assert not has_endpoint(resolve_model("offline:perception"))
    assert has_endpoint(resolve_model("http://127.0.0.1:9/v1#m"))
