"""The graph that a server shows to agents as a tool: its text, and what it refuses."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from aurelia.errors import AureliaError
from aurelia.graph.build import build_graph
from aurelia.graph.context import Context
from aurelia.graph.examine import Refusal, examine_graph
from aurelia.graph.told import told
from aurelia.nodes.admission import Server
from aurelia.types.trajectory import Trajectory
from tests.scripts import actor, caption, everyone, failing, script, verdict

QUESTION = "Which comes first, the sound or the movement?"
OPTIONS = ["the sound", "the movement"]


def settings(directory: Path, *replies: dict[str, Any]) -> Any:
    """Settings of scripted models."""
    return {**everyone(script(directory, replies)), "use_cache": False, "max_iterations": 1}


def asked(clip: Any) -> Any:
    """An agent's call."""
    return {"clip": clip, "question": QUESTION, "options": OPTIONS}


def test_the_text_is_that_of_the_same_run_as_a_tool_would_tell_it(
    tmp_path: Path, clip_path: str
) -> None:
    context = settings(tmp_path, actor(), caption("A tone sounds."), verdict(8))
    whole: Any = build_graph().invoke(asked(clip_path), context=context)
    reply: Any = examine_graph(None).invoke(asked(clip_path), context=context)
    record = Trajectory.model_validate(whole["trajectory"])
    assert reply == {
        "result": told(record, whole["answer"], 2_000),
        "stop_reason": "accepted",
    }


@pytest.mark.parametrize("word", ['it\'s "loud"\n', "tone \u200b", "🎺 "])
def test_the_endpoints_text_stays_short_whatever_models_write(
    tmp_path: Path, clip_path: str, word: str
) -> None:
    steps = [{"text": word * 60, "modality": "audio"} for _ in range(20)]
    context = settings(tmp_path, actor(steps=steps), caption(word * 200), verdict(8))
    reply = examine_graph(None).invoke(asked(clip_path), context=context)
    assert 1_500 < len(repr(reply)) < 2_000
    assert reply["result"].startswith("Answer: ")


def test_an_answer_that_nobody_accepted_says_so(tmp_path: Path, clip_path: str) -> None:
    context = settings(tmp_path, actor(), caption("A tone sounds."), verdict(2))
    reply = asyncio.run(examine_graph(None).ainvoke(asked(clip_path), context=context))
    assert reply["stop_reason"] == "exhausted"
    assert "Uncertain: no pass convinced the critic; score 2 of 10" in reply["result"]


def test_a_failed_model_is_an_error_in_words(tmp_path: Path, clip_path: str) -> None:
    context = settings(tmp_path, failing("actor", "The provider is down."))
    with pytest.raises(Refusal, match=r"could not be examined: .*The provider is down") as caught:
        examine_graph(None).invoke(asked(clip_path), context=context)
    assert type(caught.value).__name__ == str(caught.value)


@pytest.mark.parametrize(
    ("clip", "context"),
    [
        ("/etc/hostname", {}),
        ("../outside.mp4", {}),
        ("link.mp4", {}),
        ("https://example.org/a.mp4", {}),
        ({"path": "inside.mp4", "audio": "/etc/hostname"}, {}),
        ({"path": "inside.mp4", "candidates": {"A": "/etc/hostname", "B": "inside.mp4"}}, {}),
        (7, {}),
        ("inside.mp4", {"critic": "openai:gpt-4o"}),
        ("inside.mp4", {"panel": ["scripted:/etc/hostname"]}),
        ("inside.mp4", {"actor_sampling": {"logit_bias": {"7": 1}}}),
        ("inside.mp4", {"prompts": "/etc"}),
    ],
)
def test_it_refuses_what_the_loop_refuses_in_the_same_words(
    tmp_path: Path, clip_path: str, clip: Any, context: Any
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "inside.mp4").write_bytes(Path(clip_path).read_bytes())
    (root / "link.mp4").symlink_to(clip_path)
    server = Server(start=root)
    with pytest.raises(AureliaError) as loops:
        build_graph(server=server).invoke(asked(clip), context=context)
    with pytest.raises(Refusal) as ours:
        examine_graph(server).invoke(asked(clip), context=context)
    assert str(ours.value) == type(ours.value).__name__ == str(loops.value)
    assert str(root) not in str(ours.value)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "give clip and question"),
        ({"question": QUESTION}, "give clip."),
        ({"question": QUESTION, "clip": None}, "give clip."),
        ({"clip": "inside.mp4"}, "give question."),
        ({"clip": "inside.mp4", "question": ""}, "give question."),
    ],
)
def test_an_agent_is_never_answered_about_the_demo(given: Any, missing: str) -> None:
    graph = examine_graph(None)
    with pytest.raises(Refusal, match=f"needs a clip and a question; {missing}"):
        graph.invoke(given)
    assert graph.get_input_jsonschema()["required"] == ["clip", "question"]


def test_a_waiting_call_whose_clip_was_exchanged_is_refused(tmp_path: Path, clip_path: str) -> None:
    (tmp_path / "inside.mp4").write_bytes(Path(clip_path).read_bytes())
    graph = examine_graph(Server(start=tmp_path)).copy(update={"checkpointer": InMemorySaver()})
    thread: Any = {"configurable": {"thread_id": "1"}}
    waiting: Any = graph.invoke(asked("inside.mp4"), thread, context=Context(review="steps"))
    assert waiting["__interrupt__"]
    inner: Any = graph.get_state(thread, subgraphs=True).tasks[0].state
    graph.update_state(inner.config, {"clip": {**inner.values["clip"], "path": "/etc/hostname"}})
    with pytest.raises(Refusal, match="not below a directory"):
        graph.invoke(Command(resume="approve"), thread)
