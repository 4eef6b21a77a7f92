"""What is tried again, when, and for how long: real clients, a clock that is told to move."""

import asyncio
import email.utils
import json
import ssl
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr

from aurelia.errors import ModelError
from aurelia.models.clock import Clock, OutOfTime, use_clock
from aurelia.models.faults import provider_errors
from aurelia.models.limits import Gate
from aurelia.models.retry import CallLimits, Effort, delay, fault_of, persist
from tests.models.asking import ask_now, failure_of, summarizer
from tests.models.loopback import Loopback, Reply, fails, says
from tests.ticking import Ticking, ticking

pytestmark = pytest.mark.usefixtures("ledger_path")
FINE = says("A tone.")
DROPPED = Reply(drop=True)


def _plain(server: Loopback) -> str:
    """The server's model as a user writes it: nothing said about retries."""
    return f"{server.url}#m1"


@pytest.mark.parametrize(
    "failure",
    [fails(status, "x") for status in (408, 409, 429, 500, 502, 503, 529)] + [DROPPED],
    ids=lambda reply: "drop" if reply.drop else str(reply.status),
)
def test_what_may_pass_is_tried_until_it_does(failure: Reply, clock: Ticking) -> None:
    with Loopback(failure, failure, FINE) as server:
        reply = ask_now(summarizer(_plain(server)))
        assert len(server.requests) == 3
    assert (reply.text, reply.call.retries) == ("A tone.", 2)
    assert clock.delays == [1, 2]
    assert reply.call.total_s == 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_will_not_pass_is_asked_once(status: int, clock: Ticking) -> None:
    with Loopback(fails(status, "x")) as server:
        failure = failure_of(summarizer(_plain(server)))
        assert len(server.requests) == 1
    assert (failure.call.retries, clock.delays) == (0, [])


def test_a_quota_that_is_used_up_is_not_waited_for() -> None:
    with Loopback(fails(429, "Check your billing.", code="insufficient_quota")) as server:
        failure = failure_of(summarizer(_plain(server)))
        assert len(server.requests) == 1
    assert "Check your billing." in str(failure)


@pytest.mark.parametrize("retries", [0, 1, 6])
def test_only_one_layer_retries_and_no_more_than_it_may(retries: int, clock: Ticking) -> None:
    with Loopback(fails(503, "overloaded")) as server:
        limits = CallLimits(max_retries=retries)
        failure = failure_of(summarizer(_plain(server), limits=limits))
        assert len(server.requests) == retries + 1
    assert failure.call.retries == len(clock.delays) == retries
    ending = {0: "overloaded", 1: "(after 1 retry)", 6: "(after 6 retries)"}
    assert str(failure).endswith(ending[retries])


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("openai:gpt-4o", "OPENAI_API_BASE"),
        ("google_genai:gemini-2.5-pro", "GOOGLE_GEMINI_BASE_URL"),
        ("anthropic:claude-test", "ANTHROPIC_BASE_URL"),
    ],
)
def test_no_providers_client_retries_by_itself(
    name: str, at: str, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("OPENAI_API_KEY", "GOOGLE_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(key, "a-key-for-tests")
    with Loopback(fails(503, "overloaded")) as server:
        monkeypatch.setenv(at, server.url if at == "OPENAI_API_BASE" else server.url[:-3])
        # A parameter of its own, so that no client of another test is used.
        model = f"{name}?top_p=0.{server.port}"
        failure = failure_of(summarizer(model, limits=CallLimits(max_retries=2)))
        assert len(server.requests) == 3
    assert (failure.call.retries, clock.delays) == (2, [1, 2])


def test_delays_double_up_to_a_bound_and_are_drawn_below_it() -> None:
    for jitter, expected in ((1.0, [1, 2, 4, 8, 16, 32, 60, 60]), (0.25, [0.25, 0.5, 1, 2, 4])):
        with ticking(jitter) as clock, Loopback(fails(503, "x")) as server:
            limits = CallLimits(max_retries=len(expected))
            failure_of(summarizer(_plain(server), limits=limits))
        assert clock.delays == expected


@given(tries=st.integers(1, 10_000), after=st.none() | st.floats(0, 1e6), drawn=st.floats(0, 1))
def test_a_delay_is_never_shorter_than_asked_for_nor_longer_than_a_minute_by_itself(
    tries: int, after: float | None, drawn: float
) -> None:
    waited = delay(tries, after, drawn)
    assert (after or 0) <= waited <= max(60, after or 0)


def test_the_server_says_how_long_to_wait(clock: Ticking) -> None:
    date = email.utils.formatdate(clock.wall() + 41, usegmt=True)
    replies = [
        fails(429, "x", retry_after="7"),
        fails(503, "x", retry_after=date),
        fails(429, "x", retry_after="soon"),
        FINE,
    ]
    with Loopback(*replies) as server:
        assert ask_now(summarizer(_plain(server))).call.retries == 3
    # The date was written 7 seconds before it was read.
    assert clock.delays == [7, 34, 4]


def test_a_wait_that_would_outlast_the_call_is_spared(clock: Ticking) -> None:
    with Loopback(fails(429, "Come back tomorrow.", retry_after="3600"), FINE) as server:
        failure = failure_of(summarizer(_plain(server)))
        assert len(server.requests) == 1
    assert clock.delays == []
    assert "Come back tomorrow." in str(failure)


def test_every_try_gets_what_is_left_of_the_time(clock: Ticking) -> None:
    with Loopback(fails(503, "x", retry_after="20"), fails(503, "x"), FINE) as server:
        ask_now(summarizer(_plain(server), limits=CallLimits(timeout_s=60)))
    assert clock.limits == [60, 40, 38]


def test_a_hanging_server_costs_the_time_limit_and_no_second_try() -> None:
    with Loopback(Reply(hang=True)) as server, ticking(hangs=server.asked) as clock:
        failure = failure_of(summarizer(_plain(server), limits=CallLimits(timeout_s=90)))
        assert len(server.requests) == 1
    assert clock.limits == [90]
    assert failure.call.total_s == 90
    assert str(failure) == (
        f"The summarizer's model {_plain(server)} failed (TimeoutError): no reply within 90 s, "
        "retries included; call_timeout_s sets this limit."
    )


def test_the_machines_own_clock_cuts_off_too() -> None:
    with Loopback(Reply(hang=True)) as server, use_clock(Clock()):
        failure = failure_of(summarizer(_plain(server), limits=CallLimits(timeout_s=0.001)))
    assert "no reply within 0.001 s" in str(failure)


def test_a_timeout_of_the_clients_own_is_tried_again(clock: Ticking) -> None:
    tries = iter([TimeoutError(), httpx.ReadTimeout("slow"), ConnectionResetError()])

    async def attempt() -> str:
        for error in tries:
            raise error
        return "done"

    effort = Effort()
    work = persist(
        attempt,
        limits=CallLimits(),
        gate=Gate(),
        faults=(TimeoutError, httpx.HTTPError, ConnectionError),
        effort=effort,
    )
    assert asyncio.run(work) == "done"
    assert (effort.retries, clock.delays) == (3, [1, 2, 4])


@pytest.mark.parametrize("error", [ZeroDivisionError(), ValueError("ours"), KeyError("x")])
def test_a_bug_is_no_fault_of_the_model(error: Exception) -> None:
    async def attempt() -> str:
        raise error

    work = persist(
        attempt, limits=CallLimits(), gate=Gate(), faults=(TimeoutError,), effort=Effort()
    )
    with pytest.raises(type(error)):
        asyncio.run(work)


def _raised(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (httpx.ConnectError("Name or service not known"), True),
        (httpx.RemoteProtocolError("Server disconnected"), True),
        (_raised(httpx.ConnectError("x"), ssl.SSLCertVerificationError("expired")), False),
        (OutOfTime(), False),
        (ModelError("a script says no"), False),
        (ValueError("no choices"), False),
    ],
    ids=repr,
)
def test_what_has_no_status_is_told_by_its_kind(error: BaseException, again: bool) -> None:
    assert fault_of(error, 0).again is again


def _client(kind: str, url: str) -> BaseChatModel:
    """A client as the registry sets it up: without retries of its own."""
    if kind == "gemini":
        from langchain_google_genai import ChatGoogleGenerativeAI

        return ChatGoogleGenerativeAI(
            model="gemini-2.5-pro", base_url=url, google_api_key="x", max_retries=1
        )
    if kind == "anthropic":
        from langchain_anthropic import ChatAnthropic

        return ChatAnthropic(
            model_name="claude",
            base_url=url,
            api_key=SecretStr("x"),
            max_retries=0,
            timeout=None,
            stop=None,
        )
    from langchain_ollama import ChatOllama

    return ChatOllama(model="m", base_url=url)


def _error(kind: str, reply: Reply) -> tuple[Exception, int]:
    closing = replace(reply, headers={**reply.headers, "connection": "close"})
    with Loopback(closing) as server:
        client = _client(kind, server.url.removesuffix("/v1"))
        with pytest.raises(provider_errors()) as caught:
            asyncio.run(client.ainvoke("hi"))
    return caught.value, len(server.requests)


@pytest.mark.parametrize("kind", ["gemini", "anthropic", "ollama"])
@pytest.mark.parametrize("status", [401, 404, 408, 409, 429, 503, 529])
def test_every_clients_errors_are_read_alike(kind: str, status: int) -> None:
    error, asked = _error(kind, fails(status, "x", retry_after="7"))
    fault = fault_of(error, 0)
    assert asked == 1  # the client itself does not retry
    assert (fault.status, fault.again, fault.after_s) == (status, status not in (401, 404), 7)


@pytest.mark.parametrize("kind", ["gemini", "anthropic", "ollama"])
def test_every_clients_broken_connections_are_tried_again(kind: str) -> None:
    assert fault_of(_error(kind, DROPPED)[0], 0).again


def _google(details: list[dict[str, Any]]) -> Reply:
    error = {"code": 429, "message": "quota", "status": "RESOURCE_EXHAUSTED", "details": details}
    return Reply(json.dumps({"error": error}).encode(), 429)


def test_gemini_says_in_the_body_how_long_to_wait() -> None:
    told = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "13.5s"}
    fault = fault_of(_error("gemini", _google([told]))[0], 0)
    assert (fault.again, fault.after_s) == (True, 13.5)


def test_geminis_quota_of_the_day_is_not_waited_for() -> None:
    quota = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
    spent = {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": quota}],
    }
    assert not fault_of(_error("gemini", _google([spent]))[0], 0).again
    spent["violations"] = [{"quotaId": quota.replace("PerDay", "PerMinute")}]
    assert fault_of(_error("gemini", _google([spent]))[0], 0).again
