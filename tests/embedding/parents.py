"""Parent graphs with a context, a state and names of their own, some of which are ours as well."""

import asyncio
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from langchain_core.runnables import Runnable
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel
from typing_extensions import TypedDict

Run = Callable[..., dict[str, Any]]


@dataclass
class Dataclass:
    """A parent's context whose fields have our names, with values that no run of ours takes."""

    threshold: str = "theirs"
    actor: str = "nobody"
    review: str = "always"
    seen: list[Any] = field(default_factory=list)


class Model(BaseModel):
    """The same as a pydantic model."""

    threshold: str = "theirs"
    actor: str = "nobody"
    review: str = "always"
    seen: list[Any] = []


class Dict(TypedDict):
    """The same as a dictionary."""

    threshold: str
    actor: str
    review: str
    seen: list[Any]


def a_dict() -> Dict:
    """The dictionary."""
    return {"threshold": "theirs", "actor": "nobody", "review": "always", "seen": []}


class Parent(TypedDict, total=False):
    """A parent's state. It shares `clip` to `stop_reason` with ours; the rest is its own."""

    clip: Any
    question: str
    options: Any
    sample: Any
    fork: Any
    answer: str
    stop_reason: str
    trajectory: Any
    # The names of channels that are ours alone, with values that would break us.
    context: str
    iterations: Annotated[list[str], operator.add]
    iteration: str
    run: str
    warnings: int
    templates: list[int]


OWN: Parent = {
    "context": "theirs",
    "iterations": ["theirs"],
    "iteration": "theirs",
    "run": "theirs",
    "warnings": 7,
    "templates": [7],
}


def parent(inside: Runnable[Any, Any], schema: Any = Dataclass, **compiled: Any) -> Any:
    """A graph of three nodes: one of the parent's, `inside`, and one of the parent's."""

    def look(state: Parent, runtime: Runtime[Any]) -> Parent:
        context = runtime.context
        seen = context["seen"] if isinstance(context, dict) else context.seen
        seen.append(context["threshold"] if isinstance(context, dict) else context.threshold)
        return {}

    builder: Any = StateGraph(Parent, context_schema=schema)
    builder.add_node("before", look)
    builder.add_node("aurelia", inside)
    builder.add_node("after", look)
    builder.add_edge(START, "before")
    builder.add_edge("before", "aurelia")
    builder.add_edge("aurelia", "after")
    builder.add_edge("after", END)
    return builder.compile(**compiled)


def sync(graph: Any, *args: Any, **more: Any) -> dict[str, Any]:
    """Run a parent from sync code."""
    return dict(graph.invoke(*args, **more))


def asynchronous(graph: Any, *args: Any, **more: Any) -> dict[str, Any]:
    """Run a parent in an event loop."""
    return dict(asyncio.run(graph.ainvoke(*args, **more)))


WAYS: list[Run] = [sync, asynchronous]
