"""AURELIA as a tool: what a language model can fill in, what it is told, what it can't reach."""

import asyncio
from pathlib import Path
from typing import Any, NotRequired

import pytest
from langchain.agents import AgentState, create_agent
from langchain_core.messages import HumanMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

import aurelia
from tests.embedding.parents import WAYS, Dataclass, Run
from tests.embedding.supervisors import TOOL, Supervisor, told
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, failing, script, verdict

QUESTION = "What comes first?"
THREAD: Any = {"configurable": {"thread_id": "t"}}


@pytest.fixture
def model(tmp_path: Path) -> str:
    return script(tmp_path, [actor(), caption("A tone."), verdict(7)])


@pytest.fixture
def tool(model: str, clip_path: str) -> BaseTool:
    return aurelia.as_tool(clips={"door": clip_path, "yard": clip_path}, context=everyone(model))


def call(tool: BaseTool, run: str = "sync", **arguments: Any) -> Any:
    """The message that an agent gets for a call."""
    given: Any = {"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"}
    return tool.invoke(given) if run == "sync" else asyncio.run(tool.ainvoke(given))


def hello(*calls: list[dict[str, Any]]) -> tuple[Supervisor, Any]:
    """A supervisor, and what its agent is given."""
    return Supervisor(calls=list(calls)), {"messages": [HumanMessage("What happens?")]}


def test_a_model_is_given_a_schema_that_it_can_fill(tool: BaseTool) -> None:
    schema = convert_to_openai_tool(tool)["function"]
    fields = schema["parameters"]["properties"]
    assert schema["name"] == TOOL
    assert set(fields) == {"question", "clip", "options", "start_s", "end_s"}
    assert fields["clip"]["enum"] == ["door", "yard"]
    assert schema["parameters"]["required"] == ["question", "clip"]
    assert all(field["description"] for field in fields.values())


def test_the_only_clip_need_not_be_named(model: str, clip_path: str) -> None:
    tool = aurelia.as_tool(clips={"door": clip_path}, context=everyone(model))
    assert convert_to_openai_tool(tool)["function"]["parameters"]["required"] == ["question"]
    assert call(tool, question=QUESTION).status == "success"


@pytest.mark.parametrize("run", ["sync", "async"])
def test_the_reply_is_a_short_text_and_the_record(tool: BaseTool, run: str) -> None:
    message = call(tool, run, question=QUESTION, clip="yard", options=["a tone", "a block"])
    assert message.text.splitlines() == [
        "Answer: the tone",
        "Checked against the clip: score 7 of 10 after 1 pass (6 is needed).",
        "Seen and heard: A tone.",
        "Steps:",
        "1. [audio] Listen for the tone and note when it starts.",
        "2. [visual] Watch when the block starts to move.",
    ]
    record = aurelia.Trajectory.model_validate(message.artifact)
    assert record.options == {"A": "a tone", "B": "a block"}


def test_a_doubtful_answer_says_so(tmp_path: Path, clip_path: str) -> None:
    claim = {"text": "A bell rings.", "status": "contradicted", "observed": "a tone at 2.0 s"}
    replies = [actor(answer="B"), caption("A bell."), verdict(9, claims=[claim])]
    settings = {**everyone(script(tmp_path, replies)), "max_iterations": 2}
    tool = aurelia.as_tool(clips={"door": clip_path}, context=settings)
    text = call(tool, question=QUESTION, options=["a", "b"]).text
    assert "Answer: B: b\nUncertain: no pass convinced the critic; score 5 of 10" in text
    assert "Contradicted by the clip: A bell rings. (a tone at 2.0 s)" in text


def test_a_declined_question_is_no_error(tmp_path: Path, clip_path: str) -> None:
    declined = actor(cannot_answer={"reason": "Nobody speaks.", "needed": ["speech"]})
    tool = aurelia.as_tool(
        clips={"door": clip_path}, context=everyone(script(tmp_path, [declined]))
    )
    message = call(tool, question=QUESTION)
    assert message.status == "success"
    assert message.text.startswith("This can't be answered from the clip: Nobody speaks.")


def test_a_long_reply_is_shortened_and_says_so(tmp_path: Path, clip_path: str) -> None:
    steps = [{"text": f"Look at second {n}. " + "And then on. " * 9} for n in range(30)]
    settings = everyone(script(tmp_path, [actor(steps=steps), caption("A."), verdict(8)]))
    tool = aurelia.as_tool(clips={"door": clip_path}, context=settings, max_chars=600)
    text = call(tool, question=QUESTION).text
    assert len(text) <= 600
    assert "more steps are left out here" in text


def test_a_window_stays_within_the_clips_own(model: str, clip_path: str) -> None:
    clips = {"door": {"path": clip_path, "start_s": 1.0, "end_s": 3.0}}
    tool = aurelia.as_tool(clips=clips, context=everyone(model))
    clip = call(tool, question=QUESTION, start_s=0.5, end_s=2.0).artifact["clip"]
    assert (clip["start_s"], clip["end_s"]) == (1.0, 2.0)
    opened = aurelia.open_clip(clip_path, start_s=0.5)
    tool = aurelia.as_tool(clips={"door": opened}, context=everyone(model))
    assert call(tool, question=QUESTION).artifact["clip"]["start_s"] == 0.5


@pytest.mark.parametrize("run", ["sync", "async"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"start_s": 9.0}, "start_s is 9 s, but the clip lasts 4.00 s"),
        ({"options": ["one"]}, "at least two options"),
        ({"question": "  "}, "question is empty"),
    ],
)
def test_what_a_model_got_wrong_it_is_told(
    tool: BaseTool, run: str, arguments: dict[str, Any], said: str
) -> None:
    message = call(tool, run, **{"question": QUESTION, "clip": "door", **arguments})
    assert message.status == "error"
    assert said in message.text


def test_a_failed_model_is_told_or_raised(tmp_path: Path, clip_path: str) -> None:
    settings = everyone(script(tmp_path, [failing("actor", "It is down.")]))
    message = call(aurelia.as_tool(clips={"door": clip_path}, context=settings), question=QUESTION)
    assert message.status == "error"
    assert message.text.startswith("The clip could not be examined: ")
    assert "It is down." in message.text
    tool = aurelia.as_tool(clips={"door": clip_path}, context=settings, on_error="raise")
    with pytest.raises(aurelia.ModelError, match=r"It is down\."):
        call(tool, question=QUESTION)


def test_a_missing_file_is_told_by_its_name_alone(model: str, tmp_path: Path) -> None:
    gone = {"door": tmp_path / "secret" / "gone.mp4"}
    message = call(aurelia.as_tool(clips=gone, context=everyone(model)), question=QUESTION)
    assert message.status == "error"
    assert "door" in message.text
    assert "secret" not in message.text
    tool = aurelia.as_tool(clips=gone, context=everyone(model), on_error="raise")
    with pytest.raises(aurelia.MediaError, match="secret"):
        call(tool, question=QUESTION)


def test_wrong_settings_are_no_business_of_the_model(clip_path: str) -> None:
    with pytest.raises(aurelia.ConfigurationError, match="no setting 'treshold'"):
        aurelia.as_tool(clips={"door": clip_path}, context={"treshold": 3})
    tool = aurelia.as_tool(clips={"door": clip_path}, context={"actor": "nobody"})
    with pytest.raises(aurelia.ConfigurationError, match="nobody"):
        call(tool, question=QUESTION)
    with pytest.raises(aurelia.ConfigurationError, match="needs clips="):
        aurelia.as_tool()
    with pytest.raises(aurelia.ConfigurationError, match="not a directory"):
        aurelia.as_tool(roots=[f"{clip_path}.d"])


@pytest.fixture
def rooted(model: str, clip_path: str, tmp_path: Path) -> BaseTool:
    """A tool for the files of a folder, beside which there are others."""
    folder = tmp_path / "open"
    (folder / "more").mkdir(parents=True)
    data = Path(clip_path).read_bytes()
    for name in ("open/a.mp4", "open/more/b.mp4", "outside.mp4"):
        (tmp_path / name).write_bytes(data)
    (folder / "link.mp4").symlink_to(tmp_path / "outside.mp4")
    return aurelia.as_tool(roots=[folder], context=everyone(model))


@pytest.mark.parametrize("name", ["a.mp4", "more/b.mp4"])
def test_files_below_a_root_can_be_named(rooted: BaseTool, name: str) -> None:
    assert call(rooted, question=QUESTION, clip=name).status == "success"


@pytest.mark.parametrize("run", ["sync", "async"])
@pytest.mark.parametrize(
    "name",
    ["../outside.mp4", "link.mp4", "{outside}", "/etc/passwd", "file:a.mp4", "concat:a.mp4", "b"],
)
def test_nothing_else_can_be_named(rooted: BaseTool, name: str, run: str, tmp_path: Path) -> None:
    named = name.replace("{outside}", str(tmp_path / "outside.mp4"))
    message = call(rooted, run, question=QUESTION, clip=named)
    assert message.status == "error"
    assert "There is no clip" in message.text
    assert "there are: a.mp4" in message.text


def test_a_path_is_no_name_where_clips_are_listed(tool: BaseTool, clip_path: str) -> None:
    supervisor, given = hello([{"question": QUESTION, "clip": clip_path}])
    result = create_agent(supervisor, [tool]).invoke(given)
    (message,) = told(result)
    assert message.status == "error"
    assert "'door' or 'yard'" in message.text


class Gallery(AgentState[Any]):
    """An agent's state that holds what its user has uploaded."""

    uploads: NotRequired[dict[str, str]]


@pytest.mark.parametrize("run", WAYS)
def test_clips_can_come_from_the_agents_state(run: Run, model: str, clip_path: str) -> None:
    tool = aurelia.as_tool(clips=lambda runtime: runtime.state["uploads"], context=everyone(model))
    assert "runtime" not in convert_to_openai_tool(tool)["function"]["parameters"]["properties"]
    supervisor, given = hello(
        [{"question": QUESTION, "clip": "theirs"}], [{"question": QUESTION, "clip": "mine"}]
    )
    agent = create_agent(supervisor, [tool], state_schema=Gallery)
    first, second = told(run(agent, {**given, "uploads": {"mine": clip_path}}))
    assert first.text == "There is no clip 'theirs'; there are: mine."
    assert second.text.startswith("Answer: the tone")


@pytest.mark.parametrize("run", WAYS)
def test_the_agents_context_reaches_neither_tool_nor_back(
    run: Run, tool: BaseTool, model: str
) -> None:
    supervisor, given = hello([{"question": QUESTION, "clip": "door"}])
    agent = create_agent(supervisor, [tool], context_schema=Dataclass)
    (message,) = told(run(agent, given, context=Dataclass()))
    ours = message.artifact["context"]
    assert (ours["threshold"], ours["actor"], ours["review"]) == (6.0, model, "off")


@pytest.mark.parametrize("run", WAYS)
def test_reviews_of_calls_made_at_once_wait_in_the_agents_thread(
    run: Run, wire: Wire, clip_path: str
) -> None:
    settings = {**everyone(wire.model), "review": "verdict", "use_cache": False}
    tool = aurelia.as_tool(clips={"door": clip_path, "yard": clip_path}, context=settings)
    supervisor, given = hello(
        [{"question": "At the door?", "clip": "door"}, {"question": "Yard?", "clip": "yard"}]
    )
    agent = create_agent(supervisor, [tool], checkpointer=InMemorySaver())
    waiting = {i.value["question"]: i.id for i in run(agent, given, THREAD)["__interrupt__"]}
    replies = {waiting["At the door?"]: "approve", waiting["Yard?"]: "reject"}
    door, yard = told(run(agent, Command(resume=replies), THREAD))
    assert "Checked against the clip" in door.text
    assert "a person rejected it" in yard.text
    assert len(wire.calls) == 6  # each question: actor, summarizer, critic, once


def test_an_agent_can_stream_us(tool: BaseTool) -> None:
    supervisor, given = hello([{"question": QUESTION, "clip": "door"}])
    agent: Any = create_agent(supervisor, [tool])
    events = [
        event["type"] for _, event in agent.stream(given, stream_mode="custom", subgraphs=True)
    ]
    assert events[0] == "iteration_started"
    assert events[-1] == "stopped"


def test_what_our_models_write_is_no_message_of_the_agent(wire: Wire, clip_path: str) -> None:
    """A chat window that shows the agent's messages must not show ours."""
    settings = {**everyone(wire.model), "use_cache": False}
    tool = aurelia.as_tool(clips={"door": clip_path}, context=settings)
    supervisor, given = hello([{"question": QUESTION}])

    async def go() -> list[str]:
        agent: Any = create_agent(supervisor, [tool])
        return [message.text async for message, _ in agent.astream(given, stream_mode="messages")]

    texts = asyncio.run(go())
    assert "done" in texts
    assert not any('"sentences"' in text for text in texts)
