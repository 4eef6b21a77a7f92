"""One question, one chance of repair, and what is kept of both."""

import asyncio
from pathlib import Path

import pytest

from aurelia.evaluators.verdict import check_score
from aurelia.models.ask import ask
from aurelia.types.replies import CaptionReply, VerdictReply
from tests.models.asking import PROMPTS, ask_with_repair, critic, summarizer
from tests.models.loopback import Loopback, Reply, fails, says

pytestmark = pytest.mark.usefixtures("ledger_path")
GOOD = '{"score": 7, "claims": [{"text": "A tone.", "status": "supported"}]}'


def _user_text(server: Loopback, index: int) -> str:
    content = server.requests[index].body["messages"][-1]["content"]
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def test_a_readable_reply_needs_no_repair() -> None:
    with Loopback(says(GOOD)) as server:
        asked = ask_with_repair(critic(server.model))
        assert len(server.requests) == 1
    assert isinstance(asked.reply, VerdictReply)
    assert (asked.problem, asked.failed, asked.raw) == ("", False, GOOD)
    assert [call.parsed_as for call in asked.calls] == ["json"]


def test_an_unreadable_reply_is_repaired_with_error_reply_and_schema() -> None:
    with Loopback(says("I'd say it fits."), says(GOOD)) as server:
        asked = ask_with_repair(critic(server.model))
        repair = _user_text(server, 1)
    assert "the reply can't be read as `verdict`: it holds no JSON object" in repair
    assert "I'd say it fits." in repair
    assert '"omissions"' in repair  # of the schema
    assert isinstance(asked.reply, VerdictReply)
    assert asked.problem == ""
    first, second = asked.calls
    assert (first.purpose, second.purpose) == ("main", "repair")
    assert first.parsed_as.startswith("failed: the reply can't be read")
    assert second.parsed_as == "json"
    assert first.prompt.startswith("evaluator@")
    assert second.prompt.startswith("repair@")
    assert {t.identity for t in asked.templates} == {first.prompt, second.prompt}
    assert asked.texts[second.variables["reply"]] == "I'd say it fits."


def test_two_unreadable_replies_are_a_problem_and_no_failure() -> None:
    with Loopback(says("no"), says('{"score": "high"}')) as server:
        asked = ask_with_repair(critic(server.model))
        assert len(server.requests) == 2
    assert asked.reply is None
    assert not asked.failed
    assert asked.problem.endswith(
        "score: input should be a valid number, unable to parse string as a number"
    )
    assert asked.raw == '{"score": "high"}'
    assert all(call.parsed_as.startswith("failed: ") for call in asked.calls)


@pytest.mark.parametrize("reason", ["length", "MAX_TOKENS", "max_tokens"])
def test_a_reply_cut_off_at_the_limit_is_never_accepted(reason: str) -> None:
    with Loopback(says(GOOD, finish_reason=reason)) as server:
        asked = ask_with_repair(critic(server.model))
        assert "cut off at the token limit" in _user_text(server, 1)
    assert asked.reply is None
    assert asked.problem == "the reply was cut off at the token limit"


def test_what_fits_the_form_may_still_be_refused() -> None:
    high = GOOD.replace("7", "70")
    with Loopback(says(high), says(GOOD)) as server:
        asked = asyncio.run(ask(critic(server.model), PROMPTS.get("repair"), check=check_score))
        assert "the score 70 is outside 1 to 10" in _user_text(server, 1)
    assert isinstance(asked.reply, VerdictReply)
    assert asked.reply.score == 7


def test_an_empty_reply_is_repaired_too() -> None:
    with Loopback(says(None, finish_reason="content_filter"), says("A tone.")) as server:
        asked = ask_with_repair(summarizer(server.model))
    assert isinstance(asked.reply, CaptionReply)
    assert asked.calls[0].parsed_as == (
        "failed: the provider's safety filter blocked the reply (content_filter)"
    )


@pytest.mark.parametrize(
    ("replies", "calls"), [([fails(500, "x")], 1), ([says("no"), fails(500, "x")], 2)]
)
def test_a_model_that_fails_is_told_from_one_that_rambles(replies: list[Reply], calls: int) -> None:
    with Loopback(*replies) as server:
        asked = ask_with_repair(critic(server.model))
    assert asked.failed
    assert asked.reply is None
    assert asked.problem.startswith("The critic's model ")
    assert len(asked.calls) == calls
    assert asked.calls[-1].error == asked.problem


def test_a_repair_is_paid_for_once_as_well(ledger_path: Path) -> None:
    with Loopback(says("no"), says(GOOD)) as server:
        ask_with_repair(critic(server.model))
        again = ask_with_repair(critic(server.model))
        assert len(server.requests) == 2
    assert [call.cached for call in again.calls] == [True, True]
    assert isinstance(again.reply, VerdictReply)
