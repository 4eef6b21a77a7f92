"""How many requests go to a provider at once, and how many a minute."""

import asyncio
import threading
from pathlib import Path

import pytest

from aurelia.errors import ConfigurationError
from aurelia.models.call import call
from aurelia.models.limits import Gate, gate_for, provider_of
from aurelia.models.request import Draw, ModelReply
from aurelia.settings import load_settings
from tests.models.asking import ask_now, summarizer
from tests.models.loopback import Loopback, Reply, says
from tests.ticking import Ticking

pytestmark = pytest.mark.usefixtures("ledger_path")
FINE = says("A tone.")


async def _several(model: str, count: int) -> list[ModelReply]:
    """As many different requests at the same moment."""
    return await asyncio.gather(
        *(call(summarizer(model, draw=Draw(seed=seed))) for seed in range(count))
    )


def test_no_more_than_so_many_requests_are_there_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_MAX_CONCURRENCY", "2")
    with Loopback(FINE, together=2) as server:  # none is answered before there are two
        replies = asyncio.run(_several(server.model, 8))
    assert len(replies) == len(server.requests) == 8
    assert server.most_at_once == 2


def test_a_provider_may_have_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(FINE, together=3) as server:
        host = server.url.split("/")[2]
        monkeypatch.setenv("AURELIA_MAX_CONCURRENCY", f"1,{host}=3")
        asyncio.run(_several(server.model, 9))
    assert server.most_at_once == 3


def test_eight_at_once_and_any_number_a_minute_unless_told_otherwise() -> None:
    with Loopback(FINE, together=8) as server:
        asyncio.run(_several(server.model, 16))
    assert server.most_at_once == 8
    assert load_settings().rpm.of("openai") is None


def test_what_exceeds_the_minute_waits_for_the_next_and_says_so(
    clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_RPM", "2")
    with Loopback(FINE) as server:
        replies = [
            ask_now(summarizer(server.model, draw=Draw(seed=seed))).call for seed in range(5)
        ]
    assert clock.delays == [60, 60]  # two now, two in a minute, one in two minutes
    assert [call.queue_s for call in replies] == [0, 0, 60, 0, 60]
    assert [call.total_s for call in replies] == [0, 0, 60, 0, 60]


def test_queueing_takes_nothing_of_the_time_limit(
    clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_RPM", "1")
    with Loopback(FINE) as server:
        asyncio.run(_several(server.model, 3))
    assert clock.limits == [300, 300, 300]


def test_each_retry_counts_as_a_request_of_the_minute(
    clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_RPM", "1")
    with Loopback(Reply(status=503), FINE) as server:
        [reply] = asyncio.run(_several(server.model, 1))
    assert clock.delays == [1, 59]
    assert (reply.call.retries, reply.call.queue_s, reply.call.total_s) == (1, 59, 60)


def test_a_served_reply_passes_no_gate(clock: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_RPM", "1")
    with Loopback(FINE) as server:
        for _ in range(3):
            asyncio.run(_several(server.model, 1))
    assert clock.delays == []


def test_models_of_this_machine_pass_no_gate(
    tmp_path: Path, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_RPM", "1")
    script = tmp_path / "s.yaml"
    script.write_text('{"replies": [{"role": "summarizer", "text": "A tone."}]}')
    asyncio.run(_several(f"scripted:{script}", 4))
    assert clock.delays == []


def test_whoever_stops_waiting_loses_no_place(clock: Ticking) -> None:
    async def run() -> list[str]:
        gate, order, inside = Gate(max_concurrency=1), [], asyncio.Event()

        async def enter(name: str) -> None:
            async with gate.passage(clock):
                order.append(name)
                await inside.wait()

        tasks = [asyncio.create_task(enter(name)) for name in "abcd"]
        await asyncio.sleep(0)
        tasks[1].cancel()  # while it waits
        inside.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with gate.passage(clock):
            order.append("later")
        return order

    assert asyncio.run(run()) == ["a", "c", "d", "later"]


def test_a_place_given_to_one_who_was_cancelled_goes_on(clock: Ticking) -> None:
    async def run() -> str:
        gate = Gate(max_concurrency=1)

        async def enter(name: str) -> str:
            async with gate.passage(clock):
                return name

        async with gate.passage(clock):
            given, next_one = (asyncio.create_task(enter(name)) for name in "ab")
            await asyncio.sleep(0)
        given.cancel()  # the place is its own already, but it has not been told
        return await next_one

    assert asyncio.run(run()) == "b"


def test_a_gate_holds_over_event_loops(clock: Ticking) -> None:
    gate = Gate(max_concurrency=1)
    entered, leave, second = threading.Event(), threading.Event(), threading.Event()

    async def first() -> None:
        async with gate.passage(clock):
            entered.set()
            await asyncio.to_thread(leave.wait)
            assert not second.is_set()

    async def other() -> None:
        entered.wait()
        waiting = asyncio.create_task(_pass(gate, clock))
        await asyncio.sleep(0)
        leave.set()
        await waiting
        second.set()

    thread = threading.Thread(target=asyncio.run, args=(first(),))
    thread.start()
    asyncio.run(other())
    thread.join()
    assert second.is_set()


async def _pass(gate: Gate, clock: Ticking) -> None:
    async with gate.passage(clock):
        pass


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("openai:gpt-4o?temperature=0", "openai"),
        ("http://127.0.0.1:8000/v1#m?x=1", "127.0.0.1:8000"),
        ("https://User:pw@Host.example/v1#m", "host.example"),
        ("mine", "mine"),
    ],
)
def test_a_provider_is_known_by_its_name_or_its_host(name: str, provider: str) -> None:
    assert provider_of(name) == provider


def test_one_provider_has_one_gate() -> None:
    settings = load_settings()
    first = gate_for("openai:gpt-4o", settings)
    assert gate_for("openai:gpt-5?temperature=1", settings) is first
    assert gate_for("anthropic:claude", settings) is not first


@pytest.mark.parametrize("text", ["0", "-1", "many", "openai=", "openai=x", "2.5", "8,openai=0"])
@pytest.mark.parametrize("variable", ["AURELIA_MAX_CONCURRENCY", "AURELIA_RPM"])
def test_a_limit_that_is_none_is_refused(
    variable: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError, match=f"{variable} is '{text}'"):
        load_settings()


def test_limits_are_read_by_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_RPM", " 60, OpenAI = 500 ,127.0.0.1:8000=2")
    rpm = load_settings().rpm
    assert [rpm.of(p) for p in ("openai", "127.0.0.1:8000", "anthropic")] == [500, 2, 60]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("host:443", "https://host/v1#m"),
        ("host", "https://host:443/v1#m"),
        ("host:80", "http://host/v1#m"),
        ("Host:8000", "http://HOST:8000/v1#m"),
    ],
)
def test_a_limit_is_found_with_and_without_the_usual_port(
    monkeypatch: pytest.MonkeyPatch, written: str, name: str
) -> None:
    monkeypatch.setenv("AURELIA_RPM", f"{written}=3")
    assert gate_for(name, load_settings()).rpm == 3
    assert gate_for("https://other:443/v1#m", load_settings()).rpm is None
