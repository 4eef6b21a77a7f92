"""Who may ask, how much, and for how long: sizes, slow clients, tokens, hosts, the queue."""

import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.models.worker.running import BODY, ECHO, Running, entered, http_request, length, talk

TOKEN = "a-token-made-up-for-tests"


@pytest.fixture(scope="module")
def worker() -> Iterator[Running]:
    with Running(ECHO, "--max-body-mb", "0.1", "--timeout", "20") as worker:
        yield worker


@pytest.fixture(scope="module")
def guarded() -> Iterator[Running]:
    given = ("--token-env", "WORKER_TOKEN", "--host", "0.0.0.0")
    with Running(ECHO, *given, env={"WORKER_TOKEN": TOKEN}) as worker:
        yield worker


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe: who opens it waits for the other end."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    return gate


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x;note=1\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


def test_a_body_may_come_in_chunks(worker: Running) -> None:
    sent = chunked(BODY[:7], BODY[7:]) + b"0\r\nTrailer: x\r\n\r\n"
    headers = ("Transfer-Encoding: chunked", "Connection: close")
    answer = worker.say(http_request(sent, *headers), ends=False)
    assert status(answer) == 200


def test_a_declared_body_that_is_too_large_is_refused_unread(worker: Running) -> None:
    answer = worker.say(http_request(b"", "Content-Length: 999999999999"))
    assert status(answer) == 413
    assert b"0.1 MB at most: --max-body-mb" in answer


def test_a_client_that_sends_too_much_still_reads_why(worker: Running) -> None:
    told = worker.post("/v1/chat/completions", bytes(8_000_000))
    assert (told.status, told.headers["connection"]) == (413, "close")


def test_chunks_are_counted_together(worker: Running) -> None:
    sent = chunked(*[b" " * 50_000] * 3)
    answer = worker.say(http_request(sent, "Transfer-Encoding: chunked"))
    assert status(answer) == 413


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (["Content-Length: -1"], b"", 400),
        (["Content-Length: 1e3"], b"", 400),
        (["Content-Length: 5", "Content-Length: 6"], b"{}", 400),
        (["Content-Length: 66", "Transfer-Encoding: chunked"], chunked(BODY), 400),
        (["Transfer-Encoding: gzip, chunked"], chunked(BODY), 400),
        (["Transfer-Encoding: chunked"], b"zz\r\n", 400),
        (["Transfer-Encoding: chunked"], b"-5\r\nabcde\r\n", 400),
        (["Transfer-Encoding: chunked"], b"5\r\nabcdefgh\r\n0\r\n\r\n", 400),
        (["Transfer-Encoding: chunked"], chunked(BODY) + b"0\r\n" + b"a: b\r\n" * 100, 400),
        (["Content-Length: 500"], BODY, 400),
        ([], BODY, 411),
        ([length(BODY), "Content-Encoding: gzip"], BODY, 415),
        ([length(BODY), "X: " + "x" * 70_000], BODY, 431),
        ([length(BODY), *(f"X-{n}: x" for n in range(120))], BODY, 431),
        ([length(BODY), "Host: localhost"], BODY, 400),
    ],
)
def test_bodies_that_are_not_in_order_are_refused(
    worker: Running, headers: list[str], body: bytes, expected: int
) -> None:
    answer = worker.say(http_request(body, *headers))
    assert status(answer) == expected
    assert b"Connection: close" in answer  # what follows is not taken for another request


SECOND = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""What would be taken for a request of its own, if the one before it ended too early."""
WHOLE = b"Content-Length: %d" % len(SECOND)


@pytest.mark.parametrize("method", [b"GET /health", b"POST /v1/chat/completions"])
@pytest.mark.parametrize(
    "lines",
    [
        b"no colon\r\n" + WHOLE,
        WHOLE.replace(b":", b" :"),
        b"X: a\r" + WHOLE,
        b"X: a\n" + WHOLE,
        b"X: a\n " + WHOLE,
        b"X: a\r\n " + WHOLE,
        b" " + WHOLE,
        b": x\r\n" + WHOLE,
        b"X\0: x\r\n" + WHOLE,
        b"X: \0\r\n" + WHOLE,
        b"X\x0bY: x\r\n" + WHOLE,
        WHOLE + b"\r\n" + WHOLE,
        WHOLE + b"\r\nContent-Length: 0",
        WHOLE.replace(b": ", b": +"),
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: chunked\r\n" + WHOLE,
        b"Transfer-Encoding: \x0bchunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: identity",
    ],
)
def test_a_body_is_never_taken_for_another_request(
    worker: Running, lines: bytes, method: bytes
) -> None:
    head = b"%b HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" % method
    answer = worker.say(head + lines + b"\r\n\r\n" + SECOND)
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in answer


def test_a_proxy_of_http_1_0_knows_no_chunks(worker: Running) -> None:
    sent = http_request(chunked(BODY) + b"0\r\n\r\n", "Transfer-Encoding: chunked")
    assert status(worker.say(sent.replace(b"HTTP/1.1", b"HTTP/1.0", 1))) == 400


@pytest.mark.parametrize(
    "ending",
    [
        b"0\n\r\n",
        b"0\r\n\n",
        b"0;a\rb\r\n\r\n",
        b"0\r\nX: " + b"x" * 8189 + b"\r\n",  # the end of a long line is not the end of all
        b"0\r\nno colon\r\n\r\n",
    ],
)
def test_the_end_of_chunks_is_said_in_one_way(worker: Running, ending: bytes) -> None:
    sent = http_request(chunked(BODY) + ending + SECOND, "Transfer-Encoding: chunked")
    answer = worker.say(sent)
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /health HTTP/2.0\r\n\r\n", 505),
        (b"DELETE /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        (b"GET /health HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_requests_that_are_none_are_answered_in_the_same_form(
    worker: Running, sent: bytes, expected: int
) -> None:
    answer = worker.say(sent)
    assert status(answer) == expected
    assert b'{"error": {"message"' in answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nothing",
        b'{"model": NaN}',
        b'{"model": "echo", "seed": 1' + b"0" * 100 + b"}",
        b"[" * 90_000,
        b'{"a":' * 15_000,
        b'"\xff"',
    ],
)
def test_json_that_is_none_is_refused(worker: Running, body: bytes) -> None:
    told = worker.post("/v1/chat/completions", body)
    assert (told.status, "JSON" in told.error) == (400, True)


def test_half_a_character_is_refused(worker: Running) -> None:
    assert "lone surrogate" in worker.ask("\ud800").error


def test_a_connection_serves_more_than_one_question(worker: Running) -> None:
    one, last = (http_request(BODY, length(BODY), *more) for more in ((), ("Connection: close",)))
    answer = worker.say(one + last, ends=False)
    assert answer.count(b"HTTP/1.1 200") == 2


def test_a_client_asks_before_it_sends(worker: Running) -> None:
    with worker.connect() as connection:
        expects = "Expect: 100-continue"
        connection.sendall(http_request(b"", expects, length(BODY), "Connection: close"))
        assert connection.recv(99).startswith(b"HTTP/1.1 100")
        assert status(talk(connection, BODY, ends=False)) == 200
    refused = worker.say(http_request(b"", expects, "Content-Length: 999999999"))
    assert status(refused) == 413


def test_slow_clients_are_let_go() -> None:
    with Running(ECHO, "--timeout", "1") as worker:
        with worker.connect() as header, worker.connect() as body, worker.connect() as idle:
            header.sendall(b"GET /health HT")
            body.sendall(http_request(BODY[:9], length(BODY)))
            assert header.recv(999) == b""
            assert status(body.recv(9999)) == 408
            assert idle.recv(999) == b""
        assert worker.ask("hi").status == 200


def test_a_token_is_asked_of_everybody_but_for_health(guarded: Running) -> None:
    right = {"authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/health").status == 200
    assert guarded.get("/v1/models", **right).status == 200
    assert guarded.ask("hi").status == 401
    told = guarded.post("/v1/chat/completions", BODY, **right)
    assert told.status == 200
    assert TOKEN not in told.body.decode() + guarded.log


@pytest.mark.parametrize(
    "header",
    [
        "",
        TOKEN,
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        "Bearer ü",
    ],
)
@pytest.mark.parametrize("path", ["/v1/models", "/nowhere"])
def test_a_wrong_token_is_refused(guarded: Running, header: str, path: str) -> None:
    told = guarded.get(path, authorization=header)
    assert (told.status, told.headers["www-authenticate"]) == (401, "Bearer")
    assert told.json["error"]["type"] == "authentication_error"


def test_a_token_is_looked_at_before_the_body(guarded: Running) -> None:
    answer = guarded.say(http_request(b"", "Content-Length: 99999"))
    assert status(answer) == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_without_a_token_other_names_than_loopback_are_refused(worker: Running, host: str) -> None:
    assert worker.get("/v1/models", host=host).status == 403


def test_a_page_in_a_browser_can_not_ask(worker: Running) -> None:
    plain = worker.post("/v1/chat/completions", BODY, content_type="text/plain")
    assert plain.status == 415
    asked = worker.say(b"OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status(asked) == 501
    assert b"Access-Control" not in asked


def test_questions_wait_for_each_other_and_too_many_are_sent_away(gate: Path) -> None:
    with Running(ECHO, "--queue", "2") as worker, ThreadPoolExecutor(1) as pool:
        first = pool.submit(worker.ask, f"!gate {gate}")
        # It is opened once the first is with the adapter.
        with gate.open("w", encoding="utf-8") as opened, entered(worker) as second:
            second.sendall(BODY)
            third = worker.ask("hi")
            assert third.status == 503
            assert int(third.headers["retry-after"]) >= 1
            assert "2 requests are there already" in third.error
            assert worker.get("/health").status == 200
            opened.write("open")
            opened.close()
            answer = HTTPResponse(second)
            answer.begin()
            body = json.loads(answer.read())
        assert first.result().text == "open"
        given = json.loads(body["choices"][0]["message"]["content"])
        assert given["most"] == 1  # they were not with the adapter together


def test_a_client_that_has_gone_is_not_answered(gate: Path) -> None:
    with Running(ECHO, "--queue", "2") as worker, ThreadPoolExecutor(1) as pool:
        first = pool.submit(worker.ask, f"!gate {gate}")
        with gate.open("w", encoding="utf-8") as opened:
            with entered(worker) as gone:
                gone.sendall(BODY)
                assert worker.ask("hi").status == 503
            while worker.post("/tokenize", {}).status == 503:
                pass  # its place becomes free, though nothing was answered meanwhile
            opened.write("open")
        assert first.result().text == "open"
    assert " 499 " in worker.log


def test_a_client_that_only_sends_no_more_is_answered(gate: Path) -> None:
    with Running(ECHO, "--queue", "2") as worker, ThreadPoolExecutor(1) as pool:
        first = pool.submit(worker.ask, f"!gate {gate}")
        with gate.open("w", encoding="utf-8") as opened, entered(worker) as second:
            second.sendall(BODY)
            second.shutdown(socket.SHUT_WR)
            answer = b""
            while answer.count(b"HTTP/1.1 100 Continue\r\n\r\n") < 2:  # it was looked for twice
                piece = second.recv(99)
                assert piece, answer
                answer += piece
            opened.write("open")
            opened.close()
            while piece := second.recv(9999):
                answer += piece
        assert first.result().text == "open"
    last = answer.rpartition(b"HTTP/1.1 100 Continue\r\n\r\n")[2]
    assert status(last) == 200
    assert " 499 " not in worker.log


def test_connections_beyond_the_bound_are_sent_away(worker: Running) -> None:
    held: list[socket.socket] = []
    try:
        answers = b""
        for _ in range(200):
            connection = worker.connect()
            held.append(connection)
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answers = connection.recv(64)
            if b" 503 " in answers:
                break
        assert b" 503 " in answers
        assert len(held) > 50
    finally:
        for connection in held:
            connection.close()
