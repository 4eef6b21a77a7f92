"""AURELIA as a node: a parent's fields to ours and back."""

import asyncio
import operator
from pathlib import Path
from typing import Annotated, Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import Command, RetryPolicy, Send
from pydantic import BaseModel
from typing_extensions import TypedDict

import aurelia
from tests.clips import make_clip
from tests.embedding.conftest import all_roles
from tests.embedding.parents import WAYS, Dataclass, Run, parent
from tests.models.wire.script import fail
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, failing, script, target, verdict

QUESTION = "What comes first?"
THREAD: Any = {"configurable": {"thread_id": "t"}}


@pytest.fixture
def model(tmp_path: Path) -> str:
    return script(tmp_path, [actor(), caption("A tone."), verdict(7), target("B")])


class Task(BaseModel):
    """What a parent is about."""

    question: str
    choices: tuple[str, ...] = ()


class Desk(TypedDict, total=False):
    """A parent that calls everything otherwise. `options` is none of ours."""

    video: Any
    task: Any
    options: str
    reply: str
    why: list[str]
    score: float
    ended: str
    accepted: bool
    findings: str
    caption: str
    record: dict[str, Any]


def desk(node: Any, schema: Any = Desk, **compiled: Any) -> Any:
    """A graph of that one node."""
    builder: Any = StateGraph(schema)
    builder.add_node("look", node)
    builder.add_edge(START, "look")
    return builder.compile(**compiled)


@pytest.mark.parametrize("run", WAYS)
def test_fields_are_mapped_there_and_back(run: Run, model: str, clip_path: str) -> None:
    node = aurelia.as_node(
        clip="video",
        question="task.question",
        options="task.choices",
        out={
            "answer": "reply",
            "steps": "why",
            "score": "score",
            "stop_reason": "ended",
            "accepted": "accepted",
            "findings": "findings",
            "caption": "caption",
            "trajectory": "record",
        },
        context=everyone(model),
    )
    given = {
        "video": Path(clip_path),
        "task": Task(question=QUESTION, choices=("tone", "block")),
        "options": "theirs",
    }
    result = run(desk(node), given)
    assert result["reply"] == "the tone"
    assert result["why"][1] == "Watch when the block starts to move."
    assert (result["score"], result["ended"], result["accepted"]) == (7, "accepted", True)
    assert (result["findings"], result["caption"]) == ("A tone and a block.", "A tone.")
    assert result["options"] == "theirs"
    record = aurelia.Trajectory.model_validate(result["record"])
    assert (record.question, record.options) == (QUESTION, {"A": "tone", "B": "block"})


def test_the_answer_is_the_targets_where_there_is_one(model: str, clip_path: str) -> None:
    node = aurelia.as_node(context={**everyone(model), "target": model})
    result = parent(node).invoke(
        {"clip": clip_path, "question": QUESTION, "options": None}, context=Dataclass()
    )
    assert result["answer"] == "B"


def test_functions_map_what_names_can_not(model: str, clip_path: str) -> None:
    node = aurelia.as_node(
        clip=lambda state: aurelia.open_clip(state["video"], start_s=1.0),
        question=lambda state: f"{state['task']}?",
        out=lambda run: {"reply": f"{run.actor_answer} ({run.clip.start_s} s)"},
        context=lambda state: {**everyone(model), "threshold": len(state["task"])},
    )
    result = desk(node).invoke({"video": clip_path, "task": "When"})
    assert result["reply"] == "the tone (1.0 s)"


def test_a_parents_state_may_be_a_model(model: str, clip_path: str) -> None:
    class State(BaseModel):
        video: str
        task: Task
        reply: str = ""

    node = aurelia.as_node(
        clip="video", question="task.question", out={"answer": "reply"}, context=everyone(model)
    )
    result = desk(node, State).invoke({"video": clip_path, "task": Task(question=QUESTION)})
    assert result["reply"] == "the tone"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"task": {"question": "q?"}}, r"no clip: 'video' of the parent's state is empty"),
        ({"video": "a.mp4"}, r"no question: 'task.question' of the parent's state is empty"),
        ({"video": "a.mp4", "task": {"question": ""}}, r"no question"),
        ({"video": 7, "task": {"question": "q?"}}, "must be a path, or an object"),
    ],
)
@pytest.mark.parametrize("run", WAYS)
def test_what_the_parent_lacks_is_said(run: Run, state: Any, said: str) -> None:
    """And never answered about the demo clip instead."""
    node = aurelia.as_node(clip="video", question="task.question", out={"answer": "reply"})
    with pytest.raises(aurelia.InputError, match=said):
        run(desk(node), state)


def test_wrong_arguments_are_found_before_anything_runs() -> None:
    with pytest.raises(aurelia.ConfigurationError, match="no result reply"):
        aurelia.as_node(out={"reply": "answer"})  # type: ignore[dict-item]
    with pytest.raises(aurelia.ConfigurationError, match="no setting 'treshold'"):
        aurelia.as_node(context={"treshold": 3})


@pytest.mark.parametrize("run", WAYS)
def test_a_failed_model_is_raised_or_returned(run: Run, tmp_path: Path, clip_path: str) -> None:
    broken = script(tmp_path, [failing("actor", "It is down.")])
    given = {"clip": clip_path, "question": QUESTION}
    with pytest.raises(aurelia.ModelError, match=r"It is down\."):
        run(parent(aurelia.as_node(context=everyone(broken))), given, context=Dataclass())
    node = aurelia.as_node(
        context=everyone(broken), on_failed="return", out={"stop_reason": "stop_reason"}
    )
    assert run(parent(node), given, context=Dataclass())["stop_reason"] == "failed"


@pytest.mark.parametrize("run", WAYS)
def test_a_parents_retry_begins_anew(run: Run, wire: Wire, clip_path: str) -> None:
    """The try before has left its state in the parent's thread."""
    wire.plays(all_roles, fail(400), all_roles)
    node = aurelia.as_node(
        clip="video",
        question="task",
        out={"answer": "reply", "trajectory": "record"},
        context={**everyone(wire.model), "use_cache": False},
    )
    builder: Any = StateGraph(Desk)
    policy = RetryPolicy(initial_interval=0.0, jitter=False, retry_on=aurelia.ModelError)
    builder.add_node("look", node, retry_policy=policy)
    builder.add_edge(START, "look")
    graph = builder.compile(checkpointer=InMemorySaver())
    result = run(graph, {"video": clip_path, "task": QUESTION}, THREAD)
    assert result["reply"] == "the tone"
    assert [len(i["calls"]) for i in result["record"]["iterations"]] == [3]
    assert len(wire.calls) == 2 + 3


@pytest.mark.parametrize("run", WAYS)
def test_neither_context_reaches_the_other(run: Run, model: str, clip_path: str) -> None:
    node = aurelia.as_node(context=everyone(model), out={"trajectory": "trajectory"})
    theirs = Dataclass()
    result = run(parent(node), {"clip": clip_path, "question": QUESTION}, context=theirs)
    ours = result["trajectory"]["context"]
    assert (ours["threshold"], ours["actor"], ours["review"]) == (6.0, model, "off")
    assert theirs.seen == ["theirs", "theirs"]


def test_even_our_own_kind_of_context_stays_with_the_parent(model: str, clip_path: str) -> None:
    """A node has the settings that it was made with, whatever else runs in that parent."""
    node = aurelia.as_node(
        context=everyone(model), out={"trajectory": "record"}, clip="video", question="task"
    )
    theirs = aurelia.Context(threshold=9, max_iterations=1)
    builder: Any = StateGraph(Desk, context_schema=aurelia.Context)
    builder.add_node("look", node)
    builder.add_edge(START, "look")
    result = builder.compile().invoke({"video": clip_path, "task": QUESTION}, context=theirs)
    ours = result["record"]["context"]
    assert (ours["threshold"], ours["max_iterations"]) == (6.0, 5)


@pytest.mark.parametrize("run", WAYS)
def test_a_review_waits_in_the_parents_thread_and_asks_nothing_twice(
    run: Run, wire: Wire, clip_path: str
) -> None:
    settings = {**everyone(wire.model), "review": "verdict", "use_cache": False}
    graph = parent(aurelia.as_node(context=settings), checkpointer=InMemorySaver())
    given = {"clip": clip_path, "question": QUESTION}
    (asked,) = run(graph, given, THREAD, context=Dataclass())["__interrupt__"]
    assert asked.value["kind"] == "verdict"
    (task,) = graph.get_state(THREAD, subgraphs=True).tasks
    assert task.state.next == ("review",)  # LangGraph knows that there is a graph in the node
    result = run(graph, Command(resume="approve"), THREAD, context=Dataclass())
    assert result["answer"] == "the tone"
    assert len(wire.calls) == 3


def test_a_node_that_keeps_nothing(model: str, clip_path: str) -> None:
    kept = InMemorySaver()
    graph = parent(aurelia.as_node(context=everyone(model), thread="none"), checkpointer=kept)
    given = {"clip": clip_path, "question": QUESTION}
    assert graph.invoke(given, THREAD, context=Dataclass())["answer"] == "the tone"
    spaces = {item.config["configurable"]["checkpoint_ns"] for item in kept.list(None)}
    assert spaces == {""}

    waits = aurelia.as_node(context={**everyone(model), "review": "steps"}, thread="none")
    graph = parent(waits, checkpointer=InMemorySaver())
    with pytest.raises(aurelia.ConfigurationError, match="use thread='parent'"):
        graph.invoke(given, THREAD, context=Dataclass())


class Reel(TypedDict, total=False):
    """Several clips at once."""

    clips: list[str]
    replies: Annotated[list[str], operator.add]


class Look(TypedDict):
    """One of them."""

    clip: str


def reel(node: Any, **compiled: Any) -> Any:
    """A graph that looks at all clips side by side."""
    builder: Any = StateGraph(Reel)
    builder.add_node("look", node, input_schema=Look)
    builder.add_conditional_edges(
        START, lambda state: [Send("look", {"clip": clip}) for clip in state["clips"]], ["look"]
    )
    return builder.compile(**compiled)


@pytest.mark.parametrize("run", WAYS)
def test_several_clips_at_once(run: Run, model: str, clip_path: str, tmp_path: Path) -> None:
    other = str(make_clip(tmp_path / "other.mp4", 1.0, moves=[(0, 1)]))
    node = aurelia.as_node(
        question=lambda _: QUESTION,
        out=lambda run: {"replies": [f"{Path(run.clip.path).stem}: {run.stop_reason}"]},
        context=everyone(model),
    )
    result = run(reel(node), {"clips": [clip_path, other]})
    assert sorted(result["replies"]) == ["ordinary: accepted", "other: accepted"]


def test_reviews_of_several_clips_are_answered_one_by_one(
    wire: Wire, clip_path: str, tmp_path: Path
) -> None:
    other = str(make_clip(tmp_path / "other.mp4", 1.0, moves=[(0, 1)]))
    node = aurelia.as_node(
        question=lambda _: QUESTION,
        out=lambda run: {"replies": [f"{Path(run.clip.path).stem}: {run.stop_reason}"]},
        context={**everyone(wire.model), "review": "verdict", "use_cache": False},
    )
    graph = reel(node, checkpointer=InMemorySaver())

    async def go() -> Any:
        result: Any = await graph.ainvoke({"clips": [clip_path, other]}, THREAD)
        waiting = {Path(i.value["clip"]["path"]).stem: i.id for i in result["__interrupt__"]}
        assert set(waiting) == {"ordinary", "other"}
        replies = {waiting["ordinary"]: "reject", waiting["other"]: "approve"}
        return await graph.ainvoke(Command(resume=replies), THREAD)

    result = asyncio.run(go())
    assert sorted(result["replies"]) == ["ordinary: rejected", "other: accepted"]
    assert len(wire.calls) == 6


def test_a_whole_run_in_a_parents_own_node_is_no_part_of_the_parent(
    model: str, clip_path: str
) -> None:
    """`areason` in somebody's node: its reviews are answered there, its threads are its own."""
    own = InMemorySaver()

    async def node(state: Any) -> dict[str, str]:
        run = await aurelia.areason(
            clip_path,
            QUESTION,
            review="steps",
            on_review=lambda request: "approve",
            thread="mine",
            checkpointer=own,
            **everyone(model),
        )
        return {"answer": run.id}

    async def go() -> list[str]:
        graph = parent(node, checkpointer=InMemorySaver())  # type: ignore[arg-type]
        replies = []
        for thread in ("one", "two"):
            config: Any = {"configurable": {"thread_id": thread}}
            result = await graph.ainvoke({"question": QUESTION}, config, context=Dataclass())
            replies.append(result["answer"])
        return replies

    one, two = asyncio.run(go())
    assert one == two  # the second found the first's thread
    spaces = {item.config["configurable"]["checkpoint_ns"] for item in own.list(None)}
    assert spaces == {""}
