"""Settings that belong to a graph, for where it is part of another graph."""

from collections.abc import Mapping
from typing import Any

from langgraph.runtime import Runtime

from aurelia.graph.context import Context, make_context
from aurelia.graph.state import Json, State
from aurelia.nodes.admission import Node

Settings = Context | Mapping[str, Any]
"""A `Context`, or its fields by name."""


def read_settings(settings: Settings | None) -> Context:
    """A `Context` in which only what was given is set.

    Reads `aurelia.toml`: in async code, call it in a thread.

    Raises:
        ConfigurationError: a name is unknown or a value wrong.
    """
    if isinstance(settings, Context):
        return settings
    return make_context(**settings) if settings else Context()


def bound(node: Node, settings: Context) -> Node:
    """The node that opens a run, with settings for it; a `Context` of the run's own beats them.

    The other nodes go on with what that node wrote into state.
    """
    ours = _explicit(settings)

    async def opened(state: State, runtime: Runtime[Context]) -> Json:
        given = _explicit(runtime.context) if isinstance(runtime.context, Context) else {}
        return await node(state, runtime.override(context=Context(**{**ours, **given})))

    return opened


def _explicit(context: Context) -> dict[str, Any]:
    return {name: getattr(context, name) for name in context.model_fields_set}
