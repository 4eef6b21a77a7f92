"""Node: stop and ask a person. Holds nothing but its interrupt, as a resume runs it again."""

from typing import Any

from langgraph.config import get_config
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from aurelia.errors import ConfigurationError, InputError
from aurelia.evaluators.selection import best_so_far
from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.nodes.reviewing import Decision, apply, read_decision
from aurelia.nodes.turn import Turn, emit, read_turn
from aurelia.types.events import Reviewed
from aurelia.types.reasoning import Unscored, Verdict
from aurelia.types.review import ReviewKind, ReviewRequest

_CHECKPOINTER = "__pregel_checkpointer"
_APPROVE: dict[ReviewKind, str] = {
    "steps": "the steps go to the summarizer as they are",
    "verdict": "the run goes on as the score says",
    "exhausted": "the best pass counts as accepted, though no score reached the threshold",
}
_EDIT: dict[ReviewKind, str] = {
    "steps": "give `steps` (texts, or objects with id, text, modality, start_s, end_s), "
    "`findings` or `answer`",
    "verdict": "give `score` (1 to 10), `feedback` (a text for the actor), `steps`, `findings` "
    "or `answer`",
    "exhausted": "give `score` (1 to 10), `steps`, `findings` or `answer`, and the run ends with "
    "them; with `feedback` (a text for the actor) or `passes` (their number, else 1) it goes on "
    "for further passes",
}


async def review(state: State, runtime: Runtime[Context]) -> Json:
    """Show the pass to a person; go on with what they decide.

    Raises:
        ConfigurationError: there is no checkpointer, so that no answer could ever arrive.
    """
    turn = await read_turn(state, runtime)
    require_checkpointer(turn.context)
    kind = kind_of(turn)
    decision = _ask(turn, kind)
    emit(
        runtime,
        Reviewed(index=turn.index, kind=kind, action=decision.action, fields=decision.fields),
    )
    return turn.record_changes(apply(turn, kind, decision))


def require_checkpointer(context: Context) -> None:
    """Refuse a review where the run can't wait for it.

    Raises:
        ConfigurationError: a review is set, and nothing keeps the state.
    """
    if context.review == "off" or get_config().get("configurable", {}).get(_CHECKPOINTER):
        return
    raise ConfigurationError(
        f"review={context.review!r} needs a checkpointer, because the run waits for a person: "
        "compile with build_graph(checkpointer=…), or use `aurelia reason --review`."
    )


def kind_of(turn: Turn) -> ReviewKind:
    """What is reviewed: fresh steps, a verdict, or a loop that is spent."""
    if turn.current.verdict is None:
        return "steps"
    return "exhausted" if turn.context.review == "exhausted" else "verdict"


def _ask(turn: Turn, kind: ReviewKind) -> Decision:
    problem = ""
    while True:
        reply: Any = interrupt(_request(turn, kind, problem).model_dump(mode="json"))
        try:
            return read_decision(reply, kind, turn)
        except InputError as error:  # asked again, with what was wrong
            problem = str(error)


def _request(turn: Turn, kind: ReviewKind, problem: str) -> ReviewRequest:
    current, clip = turn.current, turn.clip
    reasoning, verdict = current.reasoning, current.verdict
    best = best_so_far(turn.iterations)
    return ReviewRequest(
        kind=kind,
        index=turn.index,
        max_iterations=turn.most,
        threshold=turn.context.threshold,
        clip=clip.model_dump(mode="json", include={"path", "start_s", "end_s", "duration_s"}),
        question=turn.question,
        options=turn.options,
        steps=[
            step.model_dump(mode="json", include={"id", "text", "modality", "start_s", "end_s"})
            for step in (reasoning.steps if reasoning else [])
        ],
        findings=reasoning.findings if reasoning else "",
        answer=reasoning.answer if reasoning else "",
        caption=current.caption,
        score=current.score,
        verdict=_shown(verdict),
        best=best.index if best else None,
        reply={
            "approve": _APPROVE[kind],
            "edit": _EDIT[kind],
            "reject": "the run ends as rejected; nothing is injected",
        },
        problem=problem,
    )


def _shown(verdict: Verdict | Unscored | None) -> Json | None:
    """What of a verdict helps to decide."""
    if isinstance(verdict, Verdict):
        return verdict.model_dump(
            mode="json", include={"score", "claims", "omissions", "complaints", "caps", "rationale"}
        )
    return {"unscored": verdict.reason} if verdict else None
