"""AURELIA as a node of another graph: its state's fields to ours, and back."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, cast

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from aurelia.errors import ConfigurationError, InputError, ModelError, RunError
from aurelia.graph.bound import Settings, read_settings
from aurelia.graph.build import build_graph
from aurelia.graph.context import Context
from aurelia.graph.state import InputState, Json
from aurelia.nodes.parsed import outcome
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Iteration, Trajectory

Field = str | Callable[[Any], Any]
"""Where something stands in a parent's state: a name, names joined by dots, or a function of it."""

Result = Literal[
    "answer", "stop_reason", "accepted", "score", "steps", "findings", "caption", "trajectory"
]
"""What a parent can get of a run; `steps` to `caption` are those of the best pass."""

Out = Mapping[Result, str] | Callable[[Trajectory], Mapping[str, Any]]

_RESULTS: dict[str, Callable[[Json, Trajectory, Iteration | None], Any]] = {
    "answer": lambda result, run, best: result["answer"],
    "stop_reason": lambda result, run, best: run.stop_reason,
    "accepted": lambda result, run, best: run.stop_reason == "accepted",
    "score": lambda result, run, best: best.score if best else None,
    "steps": lambda result, run, best: (
        [s.text for s in best.reasoning.steps] if best and best.reasoning else []
    ),
    "findings": lambda result, run, best: (
        best.reasoning.findings if best and best.reasoning else ""
    ),
    "caption": lambda result, run, best: best.caption if best else "",
    "trajectory": lambda result, run, best: result["trajectory"],
}


def as_node(
    *,
    clip: Field = "clip",
    question: Field = "question",
    options: Field | None = None,
    sample: Field | None = None,
    out: Out | None = None,
    context: Settings | Callable[[Any], Settings] | None = None,
    thread: Literal["parent", "none"] = "parent",
    on_failed: Literal["raise", "return"] = "raise",
) -> Runnable[Any, dict[str, Any]]:
    """A node for another graph: `builder.add_node("look", aurelia.as_node(clip="video"))`.

    It runs under `invoke` and `ainvoke`. The parent's context never reaches it.

    Args:
        clip: where the parent's state holds the clip: a path, a `Clip`, or an object with `path`.
        question: where it holds the question.
        options: where it holds the options, if there are any; None there: an open question.
        sample: where it holds a benchmark item's `id`, `task` and `repeat`.
        out: which of our results go to which of the parent's channels, `{"answer": "reply"}`; or a
            function of the `Trajectory` that makes the whole update. None: the answer, to
            `answer`. LangGraph drops names that the parent's state doesn't have.
        context: settings: a `Context`, its fields by name, or a function of the parent's state.
        thread: `parent`: every step is kept by the parent's checkpointer, where there is one, so
            that a review can wait and a resume asks nothing twice; `none`: nothing is kept.
        on_failed: what a run does that a failed model ended: raise, or return what there is.

    Raises:
        ConfigurationError: an argument is wrong. When the node runs: the settings are.
        InputError: when it runs: the parent's state lacks something, or it can't be used.
        ModelError: when it runs: a model failed, unless `on_failed` is "return".
    """
    if isinstance(out, Mapping) and (unknown := sorted(set(out) - set(_RESULTS))):
        raise ConfigurationError(
            f"as_node has no result {', '.join(unknown)}; out= takes: {', '.join(_RESULTS)}."
        )
    settings = context if callable(context) else read_settings(context)
    graph = build_graph(False if thread == "none" else None)

    def given(state: Any) -> tuple[InputState, Context]:
        chosen = read_settings(settings(state)) if callable(settings) else settings
        if thread == "none" and chosen.review != "off":
            raise ConfigurationError(
                f"review={chosen.review!r} waits for a person, and thread='none' keeps nothing "
                "meanwhile; use thread='parent' and a checkpointer."
            )
        return {
            "clip": plain_clip(_needed(state, clip, "clip")),
            "question": str(_needed(state, question, "question")),
            "options": None if options is None else _plain(_read(state, options, "options")),
            "sample": None if sample is None else _read(state, sample, "sample"),
        }, chosen

    def update(result: Any) -> dict[str, Any]:
        return _update(cast(Json, result), out or {"answer": "answer"}, on_failed == "raise")

    def run(state: Any, config: RunnableConfig) -> dict[str, Any]:
        start, chosen = given(state)
        return update(graph.invoke(start, config, context=chosen))

    async def arun(state: Any, config: RunnableConfig) -> dict[str, Any]:
        start, chosen = await asyncio.to_thread(given, state)
        return update(await graph.ainvoke(start, config, context=chosen))

    # LangGraph finds the graph among what `run` refers to, and shows it as a subgraph.
    return RunnableLambda(run, arun, name="aurelia")


def plain_clip(clip: Any) -> Any:
    """A clip as our graph takes it: a path, or plain JSON."""
    if isinstance(clip, Clip):
        return clip.model_dump(mode="json")
    if isinstance(clip, Mapping):
        return {str(key): plain_clip(value) for key, value in clip.items()}
    return str(clip) if isinstance(clip, Path) else clip


def trajectory_of(result: Json) -> Trajectory:
    """The record of a run that ended.

    Raises:
        RunError: there is none.
    """
    if not result.get("trajectory"):
        raise RunError("The run ended without a trajectory; this is a bug worth reporting.")
    return outcome(result["trajectory"])


def _update(result: Json, out: Out, raises: bool) -> dict[str, Any]:
    record = trajectory_of(result)
    if raises and record.stop_reason == "failed":
        raise ModelError(record.stop_detail)
    if not isinstance(out, Mapping):
        return dict(out(record))
    best = record.best_iteration
    return {channel: _RESULTS[name](result, record, best) for name, channel in out.items()}


def _needed(state: Any, field: Field, what: str) -> Any:
    value = _read(state, field, what)
    if value is None or value == "":
        where = f"{field!r} of the parent's state" if isinstance(field, str) else "the function"
        raise InputError(
            f"The node has no {what}: {where} is empty; fill it before the node runs, or name "
            f"another with as_node({what}=…)."
        )
    return value


def _read(state: Any, field: Field, what: str) -> Any:
    """A value of the parent's state; None where it isn't there."""
    if callable(field):
        return field(state)
    value = state
    for name in field.split("."):
        if isinstance(value, Mapping):
            value = value.get(name)
        elif value is not None:
            value = getattr(value, name, None)
    return value


def _plain(options: Any) -> Any:
    if isinstance(options, Mapping):
        return dict(options)
    return list(options) if isinstance(options, tuple) else options
