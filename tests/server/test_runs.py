"""Runs on a real server: every way to watch one, its history, forks, edits, many at once."""

import json
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.types.events import parse_event
from aurelia.types.trajectory import Trajectory
from tests.server.conftest import Server, template

State = dict[str, Any]
MODES = (
    "values",
    "updates",
    "custom",
    "messages",
    "messages-tuple",
    "debug",
    "events",
    "tasks",
    "checkpoints",
)


@pytest.fixture
def thread(client: SyncLangGraphClient) -> str:
    """A thread of its own."""
    return str(client.threads.create()["thread_id"])


@pytest.fixture
def finished(server: Server, client: SyncLangGraphClient, thread: str) -> str:
    """A thread in which a run of three passes has ended: 3, 5, 8, where 8 was wanted."""
    client.runs.wait(thread, "aurelia", input=server.asks(), context={"threshold": 8})
    return thread


def _state(client: SyncLangGraphClient, thread: str) -> State:
    return dict(client.threads.get_state(thread)["values"])  # type: ignore[arg-type]


def _scores(state: State) -> list[tuple[int, float | None]]:
    return [(i["index"], (i.get("verdict") or {}).get("score")) for i in state["iterations"]]


def _checkpoint(client: SyncLangGraphClient, thread: str, before: str, index: int) -> Any:
    """The checkpoint of pass `index` after which node `before` comes."""
    history: Any = client.threads.get_history(thread, limit=100)
    return next(
        c["checkpoint"]
        for c in history
        if c["next"] == [before] and c["values"].get("iteration") == index
    )


@pytest.mark.parametrize("mode", MODES)
def test_a_run_can_be_watched_in_every_mode(
    server: Server, client: SyncLangGraphClient, thread: str, mode: Any
) -> None:
    stream = client.runs.stream(
        thread,
        "aurelia",
        input=server.asks(),
        context={"threshold": 1},
        stream_mode=mode,
        stream_subgraphs=True,
    )
    parts = list(stream)
    kinds = {part.event.split("|")[0].split("/")[0] for part in parts}
    assert "error" not in kinds, parts
    assert kinds - {"metadata"} == {"messages" if mode == "messages-tuple" else mode}
    assert _state(client, thread)["stop_reason"] == "accepted"


def test_the_custom_mode_speaks_the_documented_events(
    server: Server, client: SyncLangGraphClient, thread: str
) -> None:
    stream = client.runs.stream(
        thread, "aurelia", input=server.asks(), context={"threshold": 5}, stream_mode="custom"
    )
    events = [parse_event.validate_python(p.data) for p in stream if p.event == "custom"]
    one_pass = ["iteration_started", "steps", "caption", "verdict"]
    assert [e.type for e in events] == [*one_pass, "feedback", *one_pass, "stopped"]


def test_the_history_holds_every_step_and_no_media(
    client: SyncLangGraphClient, finished: str
) -> None:
    history: Any = client.threads.get_history(finished, limit=100)
    a_pass = ["generator", "summarizer", "evaluator"]
    loop = [*a_pass, "feedback", *a_pass, "feedback", *a_pass]
    steps = ["__start__", "observe", *loop, "distill"]
    assert [node for c in reversed(history) for node in c["next"]] == steps
    record = Trajectory.model_validate(history[0]["values"]["trajectory"])
    assert [i.score for i in record.iterations] == [3, 5, 8]
    assert "base64" not in json.dumps(history)


def test_a_fork_with_another_critic_keeps_the_passes_and_the_settings(
    client: SyncLangGraphClient, finished: str
) -> None:
    after_one = _checkpoint(client, finished, "feedback", 1)
    client.runs.wait(
        finished, "aurelia", input=None, checkpoint=after_one, context={"critic": "lenient"}
    )
    state = _state(client, finished)
    assert _scores(state) == [(1, 3), (2, 9)]
    assert state["context"]["threshold"] == 8  # of the run that was forked
    record = Trajectory.model_validate(state["trajectory"])
    assert record.iterations[1].context_changes == {"critic": "lenient"}
    assert record.iterations[0].context_changes == {}
    critics = [c.requested_model for i in record.iterations for c in i.calls if c.role == "critic"]
    assert critics == ["improving", "lenient"]


def test_a_fork_with_another_prompt_runs_that_text_from_there_on(
    client: SyncLangGraphClient, finished: str
) -> None:
    reworded = template("generator_revise").replace("## user", "Look twice.\n\n## user")
    after_two = _checkpoint(client, finished, "feedback", 2)
    client.runs.wait(
        finished,
        "aurelia",
        input=None,
        checkpoint=after_two,
        context={"generator_revise_prompt": reworded},
    )
    state = _state(client, finished)
    assert _scores(state) == [(1, 3), (2, 5), (3, 8)]
    used = [c["prompt"] for i in state["iterations"] for c in i["calls"] if c["role"] == "actor"]
    assert used[1].startswith("generator_revise@")
    assert used[2].startswith("generator_revise@")
    assert used[1] != used[2]
    texts = {t["text"] for t in state["trajectory"]["templates"].values()}
    assert [("Look twice." in text) for text in texts].count(True) == 1


def test_a_form_that_is_sent_whole_changes_only_what_was_edited(
    server: Server, client: SyncLangGraphClient, thread: str
) -> None:
    whole = _named(client, "default prompts")
    client.runs.wait(thread, whole, input=server.asks(), context={"threshold": 5})
    record = Trajectory.model_validate(_state(client, thread)["trajectory"])
    assert [i.context_changes for i in record.iterations] == [{}, {}]
    assert record.context["generator_prompt"] == ""  # its text stands among the templates
    reworded = template("generator_revise").replace("## user", "Look twice.\n\n## user")
    after_one = _checkpoint(client, thread, "feedback", 1)
    client.runs.wait(
        thread,
        whole,
        input=None,
        checkpoint=after_one,
        context={"generator_revise_prompt": reworded},
    )
    record = Trajectory.model_validate(_state(client, thread)["trajectory"])
    noted = record.iterations[1].context_changes.pop("generator_revise_prompt")
    assert record.iterations[1].context_changes == {}
    assert "Look twice." in record.templates[noted.partition("@")[2]].text


def test_a_fork_that_changes_nothing_goes_on_with_the_same_settings(
    client: SyncLangGraphClient, finished: str
) -> None:
    before = _state(client, finished)["context"]
    after_one = _checkpoint(client, finished, "feedback", 1)
    client.runs.wait(finished, "aurelia", input=None, checkpoint=after_one)
    state = _state(client, finished)
    assert _scores(state) == [(1, 3), (2, 5), (3, 8)]
    assert state["context"] == before


def test_state_that_a_person_edits_routes_the_run(
    client: SyncLangGraphClient, finished: str
) -> None:
    scored = _checkpoint(client, finished, "feedback", 1)
    state: Any = client.threads.get_state(finished, checkpoint=scored)["values"]
    verdict = {**state["iterations"][0]["verdict"], "score": 9}
    client.threads.update_state(
        finished,
        {"iterations": [{"index": 1, "verdict": verdict}]},
        as_node="evaluator",
        checkpoint=scored,
    )
    assert client.threads.get_state(finished)["next"] == ["distill"]
    client.runs.wait(finished, "aurelia", input=None)
    edited = _state(client, finished)
    assert (edited["stop_reason"], _scores(edited)) == ("accepted", [(1, 9)])


def test_fifty_runs_at_once_stay_apart(server: Server, client: SyncLangGraphClient) -> None:
    payloads: list[Any] = [
        {
            "assistant_id": "aurelia",
            "input": server.asks(f"Question number {number}?"),
            "context": {"threshold": 1, "seed": number, "target": None},
            "on_completion": "keep",
        }
        for number in range(50)
    ]
    runs = client.runs.create_batch(payloads)
    for run in runs:
        client.runs.join(run["thread_id"], run["run_id"])
    ended = [_state(client, run["thread_id"]) for run in runs]
    records = [Trajectory.model_validate(state["trajectory"]) for state in ended]
    assert [r.question for r in records] == [f"Question number {n}?" for n in range(50)]
    assert [r.context["seed"] for r in records] == list(range(50))
    assert {(r.stop_reason, len(r.iterations)) for r in records} == {("accepted", 1)}


def test_five_passes_are_a_small_state(
    server: Server, client: SyncLangGraphClient, thread: str
) -> None:
    roles = dict.fromkeys(("actor", "summarizer", "critic", "target"), "offline:perception")
    client.runs.wait(
        thread,
        _named(client, "default prompts"),
        input=server.asks(),
        context={**roles, "stop_when": "never"},
    )
    state = _state(client, thread)
    assert len(state["iterations"]) == 5
    assert len(json.dumps(state)) < 200_000
    assert state["warnings"] == []  # the set's own texts are no edits


def _named(client: SyncLangGraphClient, name: str) -> str:
    return next(a["assistant_id"] for a in client.assistants.search(name=name))


def test_what_cannot_be_used_is_said_in_a_sentence(
    server: Server, client: SyncLangGraphClient
) -> None:
    def said(context: State, **given: Any) -> str:
        ended: Any = client.runs.wait(
            None, "aurelia", input=server.asks() | given, context=context, raise_error=False
        )
        return str(ended["__error__"]["message"])

    assert "front matter" in said({"generator_prompt": "Just answer."})
    assert "`caption` is required" in said({"evaluator_prompt": _without("evaluator", "caption")})
    assert "not below a directory" in said({}, clip="/etc/hostname")
    assert "threshold" in said({"threshold": 80})


def _without(name: str, variable: str) -> str:
    return template(name).replace(f"{{{{{variable}}}}}", "it")
