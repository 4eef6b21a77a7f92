"""The loop as a server's tool: what an agent asks through MCP, and a text that it can use.

The graph `aurelia` answers with its whole record, which is what Studio and the SDK want; an agent
would have to read all of it. This one runs the same loop, under the same settings and the same
rules about clips and models, and answers in some lines. What is wrong is said in a sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NotRequired, cast

from langchain_core.runnables import RunnableConfig, RunnableLambda
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from pydantic import Field
from typing_extensions import TypedDict

from aurelia.errors import AureliaError, InputError, ModelError
from aurelia.graph.as_node import trajectory_of
from aurelia.graph.as_tool import NAME
from aurelia.graph.build import build_graph
from aurelia.graph.context import Context
from aurelia.graph.state import Ended, Json
from aurelia.graph.told import told
from aurelia.nodes.admission import Server
from aurelia.types.trajectory import Trajectory

MOST = 1_900
"""Characters of a text at most, as the endpoint writes it: in Python's way, so that a line's end
takes two and what is not printable up to ten."""


class Call(TypedDict):
    """What an agent asks; a clip and a question, always."""

    clip: Annotated[
        str | Json,
        Field(
            description="Path of a video or sound file, below the directories that the server's "
            "owner opened; or an object with `path` and, as wanted, `audio` (a file that replaces "
            "its sound), `start_s` and `end_s` (the window that is looked at, seconds), "
            "`candidates` (label to sound file).",
            examples=["clips/kitchen.mp4", {"path": "clips/kitchen.mp4", "end_s": 9.5}],
        ),
    ]
    question: Annotated[
        str,
        Field(
            description="What to find out, as one question in full words.",
            examples=["Which comes first, the sound or the movement?"],
        ),
    ]
    options: NotRequired[
        Annotated[
            Json | list[str] | None,
            Field(
                description="Answers to choose from, by letter, or a list that is lettered A, B, "
                "C …; left out: an open question.",
                examples=[["the sound", "the movement"]],
            ),
        ]
    ]


class Told(Ended, total=False):
    """What an agent reads."""

    result: Annotated[
        str,
        Field(
            description="The answer, whether the critic was convinced and after how many passes, "
            "what was seen and heard, and the steps that the answer rests on."
        ),
    ]


class _State(Call, Told, total=False):
    """What a thread of it holds besides: the run, as the loop's own threads do, for whoever looks
    at it later. It is no part of what an agent is told."""

    run: Json
    context: Json
    iteration: int
    answer: str
    trajectory: Json


class Refusal(AureliaError, ValueError):
    """What an agent is told in place of an answer."""


def examine_graph(server: Server | None) -> CompiledStateGraph[_State, Context, Call, Told]:
    """The graph that an agent calls. Input and settings are those of the loop that it holds.

    A run that waits for a review goes on where it runs on a thread; the endpoint has none.

    Args:
        server: as `build_graph` takes it.

    Raises:
        Refusal: when it runs: clip, question or settings can't be used, or a model failed.
    """
    loop = build_graph(server=server)

    def run(state: _State, config: RunnableConfig) -> Json:
        with _telling():
            return _reply(loop.invoke(_asked(state), config))

    async def arun(state: _State, config: RunnableConfig) -> Json:
        with _telling():
            return _reply(await loop.ainvoke(_asked(state), config))

    builder = StateGraph(_State, context_schema=Context, input_schema=Call, output_schema=Told)
    # LangGraph finds the loop among what `run` refers to, and shows it as a subgraph.
    builder.add_node("examine", RunnableLambda(run, arun, name="examine"))
    builder.add_edge(START, "examine")
    builder.add_edge("examine", END)
    return builder.compile(name=NAME)


def _asked(state: _State) -> Any:
    """The loop's input.

    Raises:
        InputError: clip or question is missing: an agent is never answered about the demo.
    """
    missing = [name for name in ("clip", "question") if state.get(name) in (None, "")]
    if missing:
        raise InputError(f"{NAME} needs a clip and a question; give {' and '.join(missing)}.")
    return {name: state.get(name) for name in Call.__annotations__}


def _reply(ended: Any) -> Json:
    run, record = trajectory_of(cast(Json, ended)), ended["trajectory"]
    if run.stop_reason == "failed":
        raise ModelError(run.stop_detail)
    return {
        "result": _brief(run, ended["answer"]),
        "stop_reason": run.stop_reason,
        **{name: record[name] for name in ("clip", "question", "options", "context")},
        "run": {name: record[name] for name in ("id", "parent", "code_version")},
        "iteration": len(run.iterations),
        "answer": ended["answer"],
        "trajectory": record,
    }


def _brief(run: Trajectory, answer: str) -> str:
    most = MOST
    while len(written := repr(text := told(run, answer, most))) > MOST:
        most = most * MOST // len(written)
    return text


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise _called(
            f"The clip could not be examined: {error} It may work later; or go on without it."
        ) from error
    except AureliaError as error:
        raise _called(str(error)) from error


def _called(sentence: str) -> Refusal:
    """An error of a kind that is called by the sentence itself: of an error, the endpoint gives the
    kind's name and nothing else."""
    name = sentence.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return cast(Refusal, type(name, (Refusal,), {})(sentence))


graph = examine_graph(Server(start=Path.cwd()))
