"""AURELIA as a tool of a language model: a schema that it can fill, a text that it can use."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from langgraph.prebuilt import ToolRuntime
from pydantic import BaseModel, ConfigDict, Field, create_model

from aurelia.errors import ConfigurationError, InputError, ModelError, PromptError
from aurelia.graph.as_node import plain_clip, trajectory_of
from aurelia.graph.bound import Settings, read_settings
from aurelia.graph.build import build_graph
from aurelia.graph.clips import Choice, ClipsOf, ClipSource, Named, choice
from aurelia.graph.state import InputState, Json
from aurelia.graph.told import told

NAME = "examine_clip"

DESCRIPTION = (
    "Watches and listens to a clip in order to answer one question about it, and checks its "
    "reasoning against the clip. Use it for what can be seen or heard, and for how the two belong "
    "together; ask one thing at a time, in full words. Returns the answer, whether it was checked, "
    "and the steps that it rests on. A call may take minutes."
)
"""What a model reads of the tool unless an embedder says it otherwise."""

_NOT_ITS_BUSINESS = (ConfigurationError, PromptError)


def as_tool(
    *,
    clips: Mapping[str, ClipSource] | ClipsOf | None = None,
    roots: Sequence[str | Path] = (),
    context: Settings | None = None,
    name: str = NAME,
    description: str = DESCRIPTION,
    max_chars: int = 2_000,
    on_error: Literal["tell", "raise"] = "tell",
) -> BaseTool:
    """A tool for an agent: `create_agent(model, [aurelia.as_tool(clips={"door": "door.mp4"})])`.

    A model names a clip, asks a question and may give options and a window of time. Its result is
    a short text, with the trajectory as the artifact. It runs under `invoke` and `ainvoke`; the
    agent's context never reaches it.

    Args:
        clips: what a model may name; or a function of the `ToolRuntime` (the agent's state,
            context and config) that gives it when the tool is called.
        roots: directories; a model may name files below them as well. Links out of them, `..` and
            protocols are refused.
        context: settings: a `Context`, or its fields by name. With `review=` the agent's
            checkpointer keeps the run while it waits for a person.
        name: of the tool.
        description: what the model reads about it.
        max_chars: length of the text at most.
        on_error: `tell` the model what was wrong with its call, or that a model failed, so that
            it can act on it; or `raise` that. Wrong settings and prompts are always raised.

    Raises:
        ConfigurationError: no clips are given, a root is not there, or the settings are wrong.
    """
    chosen = choice(clips, roots)
    settings = read_settings(context)
    # Without a review nothing waits: a call that is made again is served from the ledger.
    graph = build_graph(None if settings.review != "off" else False)

    def given(named: Named, arguments: Mapping[str, Any]) -> InputState:
        clip = _windowed(named.source, arguments.get("start_s"), arguments.get("end_s"))
        return {
            "clip": plain_clip(clip),
            "question": arguments["question"],
            "options": arguments.get("options"),
        }

    def run(config: RunnableConfig, **arguments: Any) -> tuple[str, Json]:
        with _telling(on_error == "tell") as know:
            named = know(chosen.named(arguments["clip"], arguments.get("runtime")))
            with named.limits():
                result = graph.invoke(given(named, arguments), config, context=settings)
            return _result(result, max_chars)

    async def arun(config: RunnableConfig, **arguments: Any) -> tuple[str, Json]:
        with _telling(on_error == "tell") as know:
            named = know(
                await asyncio.to_thread(chosen.named, arguments["clip"], arguments.get("runtime"))
            )
            with named.limits():
                result = await graph.ainvoke(given(named, arguments), config, context=settings)
            return _result(result, max_chars)

    return StructuredTool.from_function(
        func=run,
        coroutine=arun,
        name=name,
        description=description,
        args_schema=_schema(chosen),
        response_format="content_and_artifact",
        handle_tool_error=on_error == "tell",
    )


def _schema(chosen: Choice) -> type[BaseModel]:
    """The arguments; the runtime, where the clips depend on it, is no business of the model's."""
    fields: dict[str, Any] = {
        "question": (
            str,
            Field(min_length=1, description="What to find out, as one question in full words."),
        ),
        "clip": (chosen.annotation(), chosen.field()),
        "options": (
            list[str] | None,
            Field(
                default=None,
                description="Two or more answers to choose from; left out: an open question.",
            ),
        ),
        "start_s": (
            float | None,
            Field(default=None, ge=0, description="Look at the clip from here on, seconds."),
        ),
        "end_s": (
            float | None,
            Field(default=None, gt=0, description="Look at the clip up to here, seconds."),
        ),
    }
    if not isinstance(chosen.clips, Mapping):
        fields["runtime"] = (ToolRuntime[Any, Any], ...)
    return create_model(
        "ExamineClip", __config__=ConfigDict(arbitrary_types_allowed=True), **fields
    )


def _windowed(source: Json, start_s: float | None, end_s: float | None) -> Json:
    """The clip within the window that a model gave, which its own window bounds."""
    starts = [t for t in (source.get("start_s"), start_s) if t is not None]
    ends = [t for t in (source.get("end_s"), end_s) if t is not None]
    return {
        **source,
        "start_s": max(starts, default=None),
        "end_s": min(ends, default=None),
    }


def _result(result: Any, max_chars: int) -> tuple[str, Json]:
    record = trajectory_of(cast(Json, result))
    if record.stop_reason == "failed":
        raise ModelError(record.stop_detail)
    return told(record, result["answer"], max_chars), result["trajectory"]


@contextmanager
def _telling(tell: bool) -> Iterator[Callable[[Named], Named]]:
    """Turn what a model can act on into what it is told, without a path that it was not given."""
    known: list[Named] = []

    def know(named: Named) -> Named:
        known.append(named)
        return named

    try:
        yield know
    except _NOT_ITS_BUSINESS:
        raise
    except (InputError, ModelError) as error:
        if not tell:
            raise
        message = str(error)
        for named in known:
            message = message.replace(str(named.source["path"]), named.name)
        if isinstance(error, ModelError):
            message = (
                f"The clip could not be examined: {message} It may work later; or go on without it."
            )
        raise ToolException(message) from error
