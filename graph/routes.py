"""Where the graph goes next. Pure functions of state, so that forks and edits route alike."""

from typing import Any, Literal

from aurelia.graph.state import State
from aurelia.nodes.budget import budget_spent


def after_observe(state: State) -> Literal["propose", "revise"]:
    """A fresh run starts with the actor; a fork goes on after the pass it kept, whatever that
    scored: whoever forks there wants another pass."""
    return "revise" if state.get("iterations") else "propose"


def after_generator(state: State) -> Literal["summarize", "try again", "stop"]:
    """Steps go on; an unreadable reply costs an iteration; declining, a failure or a spent budget
    ends the loop."""
    last = _last(state)
    if state.get("failure") or (last.get("reasoning") or {}).get("cannot_answer"):
        return "stop"
    if budget_spent(state):
        return "stop"
    if last.get("reasoning"):
        return "summarize"
    return "try again" if not _spent(state) else "stop"


def after_summarizer(state: State) -> Literal["score", "stop"]:
    """A caption goes to the critic; a failed summarizer or a spent budget ends the loop."""
    return "stop" if state.get("failure") or budget_spent(state) else "score"


def after_evaluator(state: State) -> Literal["score ≥ τ or spent", "score < τ"]:
    """The loop's decision: accept at score ≥ τ, stop when spent, otherwise send the actor back."""
    context = state["context"]
    score = (_last(state).get("verdict") or {}).get("score")
    reached = score is not None and score >= context["threshold"]
    accepted = reached and context["stop_when"] == "accepted"
    if accepted or _spent(state) or state.get("failure") or budget_spent(state):
        return "score ≥ τ or spent"
    return "score < τ"


def _last(state: State) -> dict[str, Any]:
    iterations = state.get("iterations") or []
    return iterations[-1] if iterations else {}


def _spent(state: State) -> bool:
    return int(state.get("iteration", 0)) >= int(state["context"]["max_iterations"])
