"""A parent graph with AURELIA in it twice: as a subgraph, and as a node for several clips at once.

python examples/subgraph.py

It runs offline. The parent has a context, a state and a checkpointer of its own. A person reviews
the steps of the first clip: the parent stops where AURELIA asks, and goes on with the answer.
"""

import operator
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send
from typing_extensions import TypedDict

import aurelia

QUESTION = "Which comes first, the sound or the movement?"
OPTIONS = ["the sound", "the movement"]


@dataclass
class Newsroom:
    """The parent's own context."""

    editor: str


class Story(TypedDict, total=False):
    """The parent's state. `clip` to `stop_reason` are names that AURELIA has as well: a subgraph
    reads and writes channels that both have. The others are the parent's business."""

    clip: str
    question: str
    options: list[str]
    answer: str
    stop_reason: str
    footage: list[str]
    findings: Annotated[list[str], operator.add]
    report: str


class Look(TypedDict):
    """What the node for one piece of footage gets."""

    footage: str


def fan_out(state: Story) -> list[Send]:
    """All pieces of footage at once."""
    return [Send("look", {"footage": path}) for path in state["footage"]]


def report(state: Story, runtime: Runtime[Newsroom]) -> Story:
    """The parent's own node, which sees the parent's own context."""
    looked = "; ".join(state["findings"])
    lead = f"{state['answer']} ({state['stop_reason']})"
    return {"report": f"For {runtime.context.editor}: {lead}. Elsewhere: {looked}."}


def build() -> CompiledStateGraph[Story, Newsroom, Story, Story]:
    """The parent graph."""
    builder = StateGraph(Story, context_schema=Newsroom)
    builder.add_node("aurelia", aurelia.build_graph(context={"review": "steps"}))
    builder.add_node(
        "look",
        aurelia.as_node(
            clip="footage",
            question=lambda _state: QUESTION,
            options=lambda _state: OPTIONS,
            out=lambda run: {"findings": [f"{Path(run.clip.path).stem}: {run.actor_answer}"]},
            context={"max_iterations": 2},
        ),
        input_schema=Look,
    )
    builder.add_node("report", report)
    builder.add_edge(START, "aurelia")
    builder.add_conditional_edges("aurelia", fan_out, ["look"])
    builder.add_edge("look", "report")
    builder.add_edge("report", END)
    return builder.compile(checkpointer=InMemorySaver())


def run(folder: Path, say: Any = sys.stdout.write) -> str:
    """Run it, approve what a person is asked about, and return the report."""
    clip = str(aurelia.demo_clip(folder))
    graph, editor = build(), Newsroom(editor="Ana")
    thread: RunnableConfig = {"configurable": {"thread_id": "story-1"}}
    given: Story | Command[Any] = {
        "clip": clip,
        "question": QUESTION,
        "options": OPTIONS,
        "footage": [clip, clip],
    }
    while True:
        events: Any = graph.stream(
            given, thread, context=editor, stream_mode="custom", subgraphs=True
        )
        for _, event in events:
            say(f"{event['type']} ")
        waiting = graph.get_state(thread).interrupts
        if not waiting:
            break
        asked = waiting[0].value
        say(f"\nreview of {asked['kind']}: {len(asked['steps'])} steps. approve\n")
        given = Command(resume="approve")
    return str(graph.get_state(thread).values["report"])


if __name__ == "__main__":
    text = run(Path(os.environ.get("AURELIA_CACHE_DIR", ".aurelia")) / "examples")
    sys.stdout.write(f"\n{text}\n")
