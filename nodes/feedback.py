"""Node: turn a verdict into what the actor is told next. Renders a template; asks no model."""

from langgraph.runtime import Runtime

from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.nodes.parsed import written
from aurelia.nodes.turn import emit, read_turn, template_records
from aurelia.nodes.wording import bullet_text, complaints_text, contradicted_text
from aurelia.types.events import FeedbackGiven
from aurelia.types.reasoning import Verdict
from aurelia.types.trajectory import Feedback


async def feedback(state: State, runtime: Runtime[Context]) -> Json:
    """Write the feedback of the iteration that was just scored."""
    turn = await read_turn(state, runtime, with_calls=False)
    if turn.current.feedback and "feedback" in turn.current.edited:  # a person wrote it
        emit(runtime, FeedbackGiven(index=turn.index, feedback=turn.current.feedback))
        return {}
    template = turn.template("feedback")
    verdict = turn.current.verdict
    scored = verdict if isinstance(verdict, Verdict) else None
    text = template.render_text(
        {
            "complaints": complaints_text(scored.complaints) if scored else "",
            "contradicted": contradicted_text(scored.claims) if scored else "",
            "omissions": bullet_text(scored.omissions) if scored else "",
            "score": f"{scored.score:g}" if scored else "",
        }
    )
    given = Feedback(text=text, complaint_ids=[c.id for c in scored.complaints] if scored else [])
    emit(runtime, FeedbackGiven(index=turn.index, feedback=given))
    # Settings that changed since stand on the pass that they shape: the next one.
    return {
        "iterations": [{"index": turn.index, "feedback": written(given)}],
        "templates": template_records([template]),
    }
