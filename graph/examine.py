"""The loop as a server's tool: what an agent asks through MCP, and a text that it can use.

The graph `aurelia` answers with its whole record, which is what Studio and the SDK want; an agent
would have to read all of it. This one answers in some lines, errors among them.
"""

from pathlib import Path
from typing import Annotated, Any, NotRequired

from langgraph.graph import END, START, StateGraph
from pydantic import Field
from typing_extensions import TypedDict

from aurelia.errors import AureliaError
from aurelia.graph.as_node import trajectory_of
from aurelia.graph.as_tool import NAME
from aurelia.graph.build import build_graph
from aurelia.graph.told import told
from aurelia.nodes.admission import Server

MOST = 2_000
"""Characters of a reply at most."""

# Nothing is kept between steps: a call of a tool begins and ends.
_loop = build_graph(False, server=Server(start=Path.cwd()))


class Asked(TypedDict):
    """What an agent fills in."""

    question: Annotated[
        str,
        Field(
            min_length=1,
            description="What to find out, as one question in full words.",
            examples=["Which comes first, the sound or the movement?"],
        ),
    ]
    clip: NotRequired[
        Annotated[
            str | None,
            Field(
                description="Path of the clip on the server; left out: its demo clip.",
                examples=["clips/kitchen.mp4"],
            ),
        ]
    ]
    options: NotRequired[
        Annotated[
            list[str] | None,
            Field(description="Two or more answers to choose from; left out: an open question."),
        ]
    ]
    start_s: NotRequired[
        Annotated[float | None, Field(ge=0, description="Look from here on, seconds.")]
    ]
    end_s: NotRequired[
        Annotated[float | None, Field(gt=0, description="Look up to here, seconds.")]
    ]


class Told(TypedDict):
    """What an agent reads."""

    result: str


class _State(Asked, Told):
    pass


async def examine(state: Asked) -> dict[str, str]:
    """Run the loop with the settings of the server's owner. What goes wrong is told."""
    clip: Any = state.get("clip") or None
    window = {name: state.get(name) for name in ("start_s", "end_s") if state.get(name) is not None}
    if window and clip:
        clip = {"path": clip, **window}
    try:
        ended = await _loop.ainvoke(
            {"clip": clip, "question": state["question"], "options": state.get("options")}
        )
    except AureliaError as error:
        return {"result": f"The clip was not examined: {error}"}
    run = trajectory_of(dict(ended))
    if run.stop_reason == "failed":
        return {"result": f"The clip could not be examined: {run.stop_detail}"}
    return {"result": told(run, ended["answer"], MOST)}


_builder = StateGraph(_State, input_schema=Asked, output_schema=Told)
_builder.add_node("examine", examine)
_builder.add_edge(START, "examine")
_builder.add_edge("examine", END)
graph = _builder.compile(name=NAME)
