"""What clients may have edited state into: said in a sentence, before anything relies on it.

Nodes and routes look alike, so that an edit which makes no sense routes to a node, which refuses
it. This is cheap, as each of them does it; records are checked where they are parsed.
"""

from collections.abc import Mapping
from typing import Any

from aurelia.errors import InputError
from aurelia.graph.state import Json, State

_CORE = frozenset(
    ("actor", "summarizer", "critic", "threshold", "max_iterations", "stop_when", "review")
)
_NUMBERS = ("threshold", "max_iterations", "max_cost", "max_tokens", "max_seconds")
_COUNTS = ("iteration", "approved", "granted")


def check_state(state: State) -> None:
    """Refuse state that no node wrote.

    Raises:
        InputError: something that a run always has is missing, or of another kind.
    """
    if problem := problem_of(state):
        raise InputError(f"{problem}; correct it in the thread's state, or start another thread.")


def problem_of(state: State) -> str:
    """What of a run's state is of no use, in words without an end; empty where nothing is."""
    held: Mapping[str, Any] = state
    return (
        _of_context(held.get("context"))
        or _of_run(held.get("run"))
        or _of_counts(held)
        or _of_question(held)
        or _of_passes(held.get("iterations"))
        or _of_iteration(held)
    )


def misleads(state: State) -> bool:
    """Whether a route can't tell by state where to go; what merely lacks it leaves to nodes."""
    held: Mapping[str, Any] = state
    context, run = held.get("context"), held.get("run") or {}
    return bool(
        not isinstance(context, dict)
        or _of_numbers(context)
        or not isinstance(run, dict)
        or _of_parent(run)
        or _of_counts(held)
        or _of_passes(held.get("iterations"))
    )


def _of_context(context: object) -> str:
    if not isinstance(context, dict):
        return "context holds no settings"
    if not context.keys() >= _CORE:
        missing = ", ".join(sorted(_CORE - context.keys()))
        return f"context lacks {missing}: it holds every setting of a run"
    return _of_numbers(context)


def _of_numbers(context: Json) -> str:
    for name in _NUMBERS:
        value = context.get(name)
        if value is not None and not is_number(value):
            return f"{name} in context is no number"
    return ""


def _of_run(run: object) -> str:
    if not isinstance(run, dict) or not isinstance(run.get("id"), str):
        return "run holds no run with an id"
    if problem := _of_parent(run):
        return problem
    if not is_number(run.get("started_at")) or not isinstance(run.get("code_version"), str):
        return "run lacks started_at or code_version"
    return ""


def _of_parent(run: Json) -> str:
    parent = run.get("parent")
    if parent is None or (isinstance(parent, dict) and _is_count(parent.get("iteration"))):
        return ""
    return "parent in run names no run and iteration"


def _of_counts(state: Mapping[str, Any]) -> str:
    for name in _COUNTS:
        value = state.get(name)
        if value is not None and not _is_count(value):
            return f"{name} is no whole number, 0 or more"
    return ""


def _of_question(state: Mapping[str, Any]) -> str:
    if not isinstance(state.get("question"), str):
        return "question is no text"
    for name in ("options", "sample"):
        if not isinstance(state.get(name), dict | None):
            return f"{name} is no object"
    return ""


def _of_iteration(state: Mapping[str, Any]) -> str:
    index = state.get("iteration")
    if not index or index in [item["index"] for item in state.get("iterations") or ()]:
        return ""
    return f"iteration is {index}, of which there is no pass"


def _of_passes(passes: object) -> str:
    for item in passes if isinstance(passes, list) else ():
        verdict = item.get("verdict")
        if isinstance(verdict, dict) and "score" in verdict:
            if not is_score(verdict["score"]):
                return f"the score of pass {item['index']} is no number from 1 to 10"
        elif not isinstance(verdict, dict | None):
            return f"the verdict of pass {item['index']} is no object"
        if not isinstance(item.get("reasoning"), dict | None):
            return f"the reasoning of pass {item['index']} is no object"
    return ""


def score_of(item: Json) -> float | None:
    """The score of a pass as state holds it; None where it has none."""
    score = (item.get("verdict") or {}).get("score")
    return None if score is None else float(score)


def is_number(value: object) -> bool:
    """Whether it is a number, which True and False are not."""
    return isinstance(value, (int, float)) and value is not True and value is not False


def is_score(value: Any) -> bool:
    """Whether it is a number from 1 to 10."""
    return is_number(value) and 1 <= value <= 10


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value is not True and value is not False and value >= 0
