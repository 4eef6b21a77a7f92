"""A person decides on a real server: the run waits, and goes on with what was decided."""

from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.types.review import ReviewRequest
from aurelia.types.trajectory import Trajectory
from tests.server.conftest import Server


@pytest.fixture
def waiting(server: Server, client: SyncLangGraphClient) -> str:
    """A thread that waits for a review of its first steps."""
    thread = str(client.threads.create()["thread_id"])
    client.runs.wait(
        thread,
        "aurelia",
        input=server.asks(),
        context={"review": "steps", "threshold": 5},
    )
    return thread


def _request(client: SyncLangGraphClient, thread: str) -> ReviewRequest:
    state: Any = client.threads.get_state(thread)
    assert state["next"] == ["review"]
    return ReviewRequest.model_validate(state["interrupts"][0]["value"])


def _resume(client: SyncLangGraphClient, thread: str, decision: Any) -> None:
    client.runs.wait(thread, "aurelia", command={"resume": decision})


def _record(client: SyncLangGraphClient, thread: str) -> Trajectory:
    state: Any = client.threads.get_state(thread)
    assert state["next"] == []
    return Trajectory.model_validate(state["values"]["trajectory"])


def test_steps_wait_and_are_approved_pass_by_pass(
    client: SyncLangGraphClient, waiting: str
) -> None:
    first = _request(client, waiting)
    assert (first.kind, first.index, len(first.steps)) == ("steps", 1, 2)
    _resume(client, waiting, "approve")
    assert _request(client, waiting).index == 2
    _resume(client, waiting, "approve")
    record = _record(client, waiting)
    assert [i.score for i in record.iterations] == [3, 5]
    assert record.context["review"] == "steps"  # nobody gave it again


def test_an_edit_is_what_the_critic_reads_and_is_marked(
    client: SyncLangGraphClient, waiting: str
) -> None:
    _resume(client, waiting, {"action": "edit", "steps": ["Wait for the second tone."]})
    _resume(client, waiting, "approve")
    first = _record(client, waiting).iterations[0]
    assert first.reasoning
    assert [step.text for step in first.reasoning.steps] == ["Wait for the second tone."]
    assert "steps" in first.edited


def test_what_cannot_be_read_is_asked_again(client: SyncLangGraphClient, waiting: str) -> None:
    _resume(client, waiting, {"action": "perhaps"})
    again = _request(client, waiting)
    assert again.index == 1
    assert again.problem


def test_a_rejection_ends_the_run(client: SyncLangGraphClient, waiting: str) -> None:
    _resume(client, waiting, "reject")
    assert _record(client, waiting).stop_reason == "rejected"


def test_the_tool_for_agents_waits_and_is_refused_as_the_loop_is(
    server: Server, client: SyncLangGraphClient
) -> None:
    thread = str(client.threads.create()["thread_id"])
    settings: Any = {"review": "steps", "threshold": 5}
    first: Any = client.runs.wait(thread, "examine_clip", input=server.asks(), context=settings)
    assert ReviewRequest.model_validate(first["__interrupt__"][0]["value"]).index == 1
    second: Any = client.runs.wait(thread, "examine_clip", command={"resume": "approve"})
    assert ReviewRequest.model_validate(second["__interrupt__"][0]["value"]).index == 2
    ended: Any = client.runs.wait(thread, "examine_clip", command={"resume": "approve"})
    assert ended["stop_reason"] == "accepted"
    assert "after 2 passes" in ended["result"]
    # The thread goes on with another question, and after one that was refused.
    with pytest.raises(Exception, match="not below a directory"):
        client.runs.wait(thread, "examine_clip", input={"clip": "/etc/hostname", "question": "?"})
    again: Any = client.runs.wait(thread, "examine_clip", input=server.asks(), context={"seed": 1})
    assert "after 3 passes" in again["result"]
