"""Equal calls at the same moment are one call; how a reply ended is looked at before it counts."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from aurelia.errors import ModelError
from aurelia.models.call import call
from aurelia.models.finish import finish_of, finish_problem
from aurelia.models.flight import Flights
from aurelia.models.ledger import Ledger
from aurelia.models.request import Draw, ModelReply, ModelRequest
from tests.models.asking import ask_now, ask_with_repair, critic, failure_of, summarizer
from tests.models.loopback import Loopback, Reply, says
from tests.models.wire.script import say
from tests.models.wire.server import Wire
from tests.ticking import ticking

pytestmark = pytest.mark.usefixtures("ledger_path")


async def _at_once(*requests: ModelRequest) -> list[ModelReply | BaseException]:
    return await asyncio.gather(*map(call, requests), return_exceptions=True)


def test_equal_calls_at_once_are_paid_for_once(ledger_path: Path) -> None:
    with Loopback(says("first"), says("second")) as server:
        replies = asyncio.run(_at_once(*[summarizer(server.model)] * 6))
        assert len(server.requests) == 1
    calls = [reply.call for reply in replies if isinstance(reply, ModelReply)]
    assert sorted(call.cached for call in calls) == [False] + [True] * 5
    assert len({call.id for call in calls}) == 6
    assert {r.text for r in replies if isinstance(r, ModelReply)} == {"first"}
    assert [c.usage.cost_usd for c in calls if c.cached] == [0] * 5
    assert Ledger(ledger_path).in_flight() == Ledger(ledger_path).paid_again() == 0


def test_equal_calls_of_several_threads_are_paid_for_once() -> None:
    with Loopback(says("first"), says("second")) as server:
        replies: list[ModelReply] = []
        threads = [
            threading.Thread(target=lambda: replies.append(ask_now(summarizer(server.model))))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 1
    assert [reply.text for reply in replies] == ["first"] * 5


def test_other_draws_and_calls_that_want_no_cache_are_asked_each(ledger_path: Path) -> None:
    with Wire(say("x"), together=4) as server:  # none is answered, and kept, before all are there
        asyncio.run(
            _at_once(
                summarizer(server.model),
                summarizer(server.model, draw=Draw(seed=1)),
                summarizer(server.model, use_cache=False),
                summarizer(server.model, use_cache=False),
            )
        )
        assert len(server.calls) == 4
    assert Ledger(ledger_path).paid_again() == 0  # it was wished for


def test_a_failure_is_shared_by_those_who_wait() -> None:
    async def run() -> tuple[list[str], int]:
        flights: Flights[str] = Flights()
        asked = 0

        async def fail() -> str:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0)
            raise ModelError("no")

        work = [flights.share("k", fail) for _ in range(3)]
        ends = await asyncio.gather(*work, return_exceptions=True)
        with pytest.raises(ModelError):  # the next one asks again
            await flights.share("k", fail)
        return [str(end) for end in ends], asked

    assert asyncio.run(run()) == (["no"] * 3, 2)


def test_when_the_one_who_asks_is_cancelled_another_takes_its_place() -> None:
    async def run() -> tuple[str, bool]:
        flights: Flights[str] = Flights()
        begun = asyncio.Event()

        async def never() -> str:
            begun.set()
            await asyncio.Event().wait()
            return "never"

        async def quick() -> str:
            return "quick"

        first = asyncio.create_task(flights.share("k", never))
        await begun.wait()
        second = asyncio.create_task(flights.share("k", quick))
        bystander = asyncio.create_task(flights.share("k", never))
        await asyncio.sleep(0)
        bystander.cancel()  # one who only waits ends nothing but its own wait
        await asyncio.wait([bystander])
        assert not second.done()
        first.cancel()
        return await second

    assert asyncio.run(run()) == ("quick", False)


def test_a_call_cut_off_at_its_limit_stays_in_flight(ledger_path: Path) -> None:
    with Loopback(Reply(hang=True)) as server, ticking(hangs=server.asked):
        failure_of(summarizer(server.model))
    assert Ledger(ledger_path).in_flight() == 1  # the provider may bill it


@pytest.mark.parametrize(
    ("reason", "text", "problem"),
    [
        ("length", '{"score": 7}', "the reply was cut off at the token limit"),
        ("MAX_TOKENS", "x", "the reply was cut off at the token limit"),
        ("content_filter", "", "the provider's safety filter blocked the reply (content_filter)"),
        ("SAFETY", "", "the provider's safety filter blocked the reply (SAFETY)"),
        ("RECITATION", "", "the provider held the reply back as a quotation (RECITATION)"),
        ("refusal", "I can't.", "the model refused to reply (refusal)"),
        ("prompt_blocked: OTHER", "", "the provider's safety filter blocked the prompt (OTHER)"),
        ("stop", "  ", "the reply is empty"),
        (None, "", "the reply is empty"),
        (
            "MALFORMED_FUNCTION_CALL",
            "",
            "the reply is empty (it ended with MALFORMED_FUNCTION_CALL)",
        ),
        ("stop", "x", ""),
        ("STOP", "x", ""),
        ("end_turn", "x", ""),
        (None, "x", ""),
    ],
)
def test_how_a_reply_ended_in_words(reason: str | None, text: str, problem: str) -> None:
    assert finish_problem(reason, text) == problem


@pytest.mark.parametrize("reason", ["length", "content_filter", "SAFETY", "RECITATION", "refusal"])
def test_a_reply_that_did_not_end_well_is_not_accepted_however_good_it_looks(reason: str) -> None:
    good = '{"score": 7, "claims": []}'
    with Loopback(says(good, finish_reason=reason)) as server:
        asked = ask_with_repair(critic(server.model))
        assert len(server.requests) == 2  # one request for repair
    assert asked.reply is None
    assert asked.problem == finish_problem(reason, good)
    assert asked.raw == good


def test_openais_refusal_is_one_and_its_words_are_kept() -> None:
    completion = json.loads(says(None).body)
    completion["choices"][0]["message"]["refusal"] = "I can't watch that."
    with Loopback(Reply(json.dumps(completion).encode())) as server:
        asked = ask_with_repair(critic(server.model))
    assert asked.problem == "the model refused to reply (refusal)"
    assert asked.raw == "I can't watch that."
    assert asked.calls[0].finish_reason == "refusal"


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"finish_reason": "SAFETY"}, "SAFETY"),
        ({"stop_reason": "refusal"}, "refusal"),
        ({"done_reason": "length"}, "length"),
        ({"prompt_feedback": {"block_reason": "SAFETY"}}, "prompt_blocked: SAFETY"),
        ({"prompt_feedback": {"block_reason": None}}, None),
        ({}, None),
    ],
)
def test_each_clients_word_for_the_end_is_found(
    metadata: dict[str, Any], reason: str | None
) -> None:
    assert finish_of(AIMessage("", response_metadata=metadata)) == reason


def test_gemini_says_of_a_blocked_prompt_that_it_is() -> None:
    from langchain_google_genai import ChatGoogleGenerativeAI

    blocked = json.dumps({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}).encode()
    with Loopback(Reply(blocked, headers={"connection": "close"})) as server:
        client = ChatGoogleGenerativeAI(
            model="gemini-2.5-pro",
            base_url=server.url.removesuffix("/v1"),
            google_api_key="x",
            max_retries=1,
        )
        message = asyncio.run(client.ainvoke("hi"))
    assert finish_of(message) == "prompt_blocked: PROHIBITED_CONTENT"
