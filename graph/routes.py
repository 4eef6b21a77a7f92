"""Where the graph goes next. Pure functions of state, so that forks and edits route alike.

State that a client edited into something of no use goes on to a node, which says what is wrong.
"""

from typing import Any, Literal

from aurelia.graph.state import State
from aurelia.nodes.budget import budget_spent
from aurelia.nodes.edited import misleads, score_of


def after_observe(state: State) -> Literal["propose", "revise"]:
    """A fresh run starts with the actor; a fork goes on after the pass it kept, whatever that
    scored: whoever forks there wants another pass."""
    return "revise" if state.get("iterations") else "propose"


def after_generator(state: State) -> Literal["summarize", "ask a person", "try again", "stop"]:
    """Steps go on; an unreadable reply costs an iteration; declining, a failure or a spent budget
    ends the loop."""
    if misleads(state):
        return "stop"
    last = _last(state)
    if state.get("failure") or (last.get("reasoning") or {}).get("cannot_answer"):
        return "stop"
    if budget_spent(state) or last.get("verdict"):  # no new pass was begun: there was none left
        return "stop"
    if last.get("reasoning"):
        return "ask a person" if state["context"].get("review") == "steps" else "summarize"
    return "try again" if not _spent(state) else "stop"


def after_summarizer(state: State) -> Literal["score", "stop"]:
    """A caption goes to the critic; a failed summarizer or a spent budget ends the loop."""
    wrong = misleads(state) or state.get("failure") or budget_spent(state)
    return "stop" if wrong else "score"


def after_evaluator(
    state: State,
) -> Literal["score ≥ τ or spent", "score < τ", "ask a person"]:
    """The loop's decision: accept at score ≥ τ, stop when spent, otherwise send the actor back;
    with a review, whoever reviews comes first."""
    if misleads(state):
        return "score ≥ τ or spent"
    review = state["context"].get("review", "off")
    ended = bool(state.get("failure") or budget_spent(state))
    if not ended and (review == "verdict" or (review == "exhausted" and _exhausted(state))):
        return "ask a person"
    return _decision(state)


def after_review(
    state: State,
) -> Literal["summarize", "score ≥ τ or spent", "score < τ", "stop"]:
    """What a person decided; without a word to the contrary, what the loop would have done."""
    if misleads(state) or state.get("rejected") or state.get("approved"):
        return "stop"
    if not _last(state).get("verdict"):
        return "summarize"
    return _decision(state)


def _decision(state: State) -> Literal["score ≥ τ or spent", "score < τ"]:
    context = state["context"]
    score, threshold = score_of(_last(state)), context.get("threshold")
    reached = score is not None and threshold is not None and score >= threshold
    accepted = reached and context.get("stop_when") == "accepted"
    if accepted or _spent(state) or state.get("failure") or budget_spent(state):
        return "score ≥ τ or spent"
    return "score < τ"


def _last(state: State) -> dict[str, Any]:
    iterations = state.get("iterations") or []
    return iterations[-1] if iterations else {}


def _spent(state: State) -> bool:
    most = int(state["context"].get("max_iterations") or 0) + int(state.get("granted") or 0)
    return int(state.get("iteration") or 0) >= most


def _exhausted(state: State) -> bool:
    """Whether no pass is left and none, a fork's inherited ones aside, reached the threshold."""
    parent = (state.get("run") or {}).get("parent")
    before = int(parent["iteration"]) if parent else 0
    scores = [score_of(item) for item in state.get("iterations") or [] if item["index"] > before]
    threshold = state["context"].get("threshold", 0)
    reached = any(score is not None and score >= threshold for score in scores)
    return _spent(state) and not reached
