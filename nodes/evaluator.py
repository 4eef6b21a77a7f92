"""Node: the critic scores the caption against the clip."""

from langgraph.runtime import Runtime

from aurelia.evaluators.followup import follow_up
from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.nodes.budget import stops
from aurelia.nodes.judging import family_warnings, judge
from aurelia.nodes.parsed import all_written, written
from aurelia.nodes.turn import Turn, emit, read_turn, template_records
from aurelia.types.events import VerdictGiven
from aurelia.types.reasoning import Unscored, Verdict


async def evaluator(state: State, runtime: Runtime[Context]) -> Json:
    """Ask the critic, or the panel; then see what became of the last pass's complaints."""
    turn = await read_turn(state, runtime, with_calls=False)
    judged = await judge(
        turn.clip,
        turn.current.caption,
        turn.question,
        context=turn.context,
        template=turn.template("evaluator"),
        repair=turn.template("repair"),
        draw=turn.draw(),
        sentences=turn.current.caption_sources,
        stop=stops(state),
    )
    emit(runtime, VerdictGiven(index=turn.index, verdict=judged.verdict))
    iteration: Json = {
        "index": turn.index,
        "verdict": written(judged.verdict),
        "calls": all_written(judged.asked.calls),
    }
    update: Json = {
        "iterations": [iteration, *_followed(turn, judged.verdict)],
        "scores": {str(turn.index): getattr(judged.verdict, "score", None)},
        "texts": judged.asked.texts,
        "templates": template_records(judged.asked.templates),
        "warnings": family_warnings(turn.context),
    }
    if judged.asked.failed:
        update["failure"] = judged.asked.problem
    return turn.record_changes(update)


def _followed(turn: Turn, verdict: Verdict | Unscored) -> list[Json]:
    """The earlier iterations whose complaints this pass moved on."""
    steps = turn.current.reasoning.steps if turn.current.reasoning else []
    updates: list[Json] = []
    for earlier in turn.iterations:
        if earlier.index >= turn.index or not isinstance(earlier.verdict, Verdict):
            continue
        complaints = follow_up(earlier.verdict.complaints, steps, verdict)
        if complaints != earlier.verdict.complaints:
            followed = earlier.verdict.model_copy(update={"complaints": complaints})
            updates.append({"index": earlier.index, "verdict": written(followed)})
    return updates
