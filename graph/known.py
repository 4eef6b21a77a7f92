"""What a node begins with, as far as no file has to be looked at for it.

Nodes go to a thread for whatever reads files. A thread that reads a dozen of them while the event
loop is busy gives way at each one, which costs a run far more than the reading.
"""

import threading
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from langgraph.runtime import Runtime

from aurelia.graph.context import Context, context_for
from aurelia.graph.forms import SUFFIX
from aurelia.graph.state import Json, State
from aurelia.prompts.loader import PromptSet, known_prompts
from aurelia.prompts.pins import check_pins
from aurelia.settings import has_configuration

_MOST = 256
"""Runs whose settings are held; the oldest go first."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """Settings of a run as they were read from what state holds, and from what its caller gave.

    Both are held, so that no other object can come to have their identity meanwhile.
    """

    stored: Json
    given: Context | None
    said: tuple[set[str], Json]
    context: Context
    changes: dict[str, Any]
    overrides: dict[str, str]


_settled: dict[int, _Settled] = {}
_guard = threading.Lock()


def known(
    state: State, runtime: Runtime[Context]
) -> tuple[Context, dict[str, Any], PromptSet] | None:
    """Settings, those that changed, and prompts; None where files have to be looked at for them.

    Raises:
        PromptError: a pinned prompt has another text.
    """
    given = runtime.context if isinstance(runtime.context, Context) else None
    stored = state.get("context")
    if stored is None or not has_configuration():
        return None
    settled = _find(stored, given)
    if settled is None:
        # What stands on a prompt's node is compared with the set's own files.
        if given is not None and any(name.endswith(SUFFIX) for name in given.model_fields_set):
            return None
        settled = _settle(state, runtime, stored, given)
    context = settled.context
    prompts = known_prompts(context.prompts, settled.overrides)
    if prompts is None:
        return None
    check_pins(prompts, context.prompt_pins)
    return context, settled.changes, prompts


def forget_settings(stored: object) -> None:
    """A run has ended: nobody will ask for its settings again, and they need not be held."""
    with _guard:
        _settled.pop(id(stored), None)


def _find(stored: Json, given: Context | None) -> _Settled | None:
    """Settings that were read from these very objects, and not changed since by whoever gave them.

    Each node of a run asks, and finds in state what the node before it found there.
    """
    found = _settled.get(id(stored))
    if found is None or found.given is not given:
        return None
    if given is not None and found.said != (given.model_fields_set, given.__dict__):
        return None
    return found


def _settle(
    state: State, runtime: Runtime[Context], stored: Json, given: Context | None
) -> _Settled:
    context, changes = context_for(state, runtime)
    settled = _Settled(stored, given, _said(given), context, changes, context.overrides)
    with _guard:
        _settled[id(stored)] = settled
        while len(_settled) > _MOST:
            del _settled[next(iter(_settled))]
    return settled


def _said(given: Context | None) -> tuple[set[str], Json]:
    """What a `Context` says now; its caller may change it under way."""
    return (set(given.model_fields_set), deepcopy(given.__dict__)) if given else (set(), {})
