"""Node: keep the best pass, hand its steps r* to the target, and write the record."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from langgraph.runtime import Runtime
from langgraph.types import Overwrite

from aurelia.evaluators.leak import find_leaks
from aurelia.evaluators.selection import conclude
from aurelia.graph.context import Context
from aurelia.graph.known import forget_settings
from aurelia.graph.state import Json, State
from aurelia.models.call import CallFailed
from aurelia.nodes.answering import Question, ask_target, shortened_note
from aurelia.nodes.budget import budget_spent, stops
from aurelia.nodes.injecting import target_prompts
from aurelia.nodes.parsed import ended, let_go
from aurelia.nodes.record import assemble, inherited
from aurelia.nodes.rescored import rescored
from aurelia.nodes.rstar import r_star_text
from aurelia.nodes.turn import Turn, emit, read_turn, release_media, template_records
from aurelia.types.events import Stopped
from aurelia.types.reasoning import Answer
from aurelia.types.trajectory import Best, Call, Iteration, LeakSpan, StopReason, TargetRecord


async def distill(state: State, runtime: Runtime[Context]) -> Json:
    """Conclude the loop; ask the target without and with r* when one is set."""
    turn = await read_turn(state, runtime)
    passes, noted = rescored(state, turn.iterations, inherited(state))
    turn = replace(turn, iterations=passes)
    best, stop_reason, detail = _outcome(
        turn,
        failure=state.get("failure", ""),
        spent=budget_spent(state),
        rejected=state.get("rejected", ""),
        approved=state.get("approved", 0),
        kept_from_parent=inherited(state),
    )
    kept = next((i for i in turn.iterations if best and i.index == best.index), None)
    leaks = _leaks(turn, kept)
    emit(
        runtime,
        Stopped(stop_reason=stop_reason, best=best.index if best else None, detail=detail),
    )
    targets: dict[str, TargetRecord] = {}
    texts: Json = {}
    if turn.context.target:
        r_star = _r_star(turn, kept, stop_reason, leaks)
        targets[turn.context.target], texts = await _ask(turn, r_star, stop_reason, stops(state))
    trajectory = assemble(
        state,
        turn.context,
        iterations=turn.iterations,
        best=best,
        stop_reason=stop_reason,
        stop_detail=detail,
        leaks=leaks,
        targets=targets,
        texts=texts,
        templates=await _templates(turn),
    )
    trajectory.warnings.extend(noted)
    release_media(turn.clip)
    forget_settings(state["context"])
    distilled = next((t.distilled for t in targets.values() if t.distilled), None)
    if distilled and (shortened := shortened_note(distilled.fit)):
        trajectory.warnings.append(f"{turn.context.target}: {shortened}.")
    record = ended(trajectory)
    let_go(trajectory.id)
    return {
        "trajectory": record,
        # Held once: the record has them now.
        "texts": Overwrite({}),
        "templates": Overwrite({}),
        "answer": distilled.text if distilled else trajectory.actor_answer,
        "stop_reason": stop_reason,
    }


def _outcome(
    turn: Turn,
    *,
    failure: str,
    spent: str,
    kept_from_parent: int,
    rejected: str,
    approved: int,
) -> tuple[Best | None, StopReason, str]:
    context = turn.context
    best, reason = conclude(
        turn.iterations,
        threshold=context.threshold,
        keep_best=context.keep_best,
        inherited=kept_from_parent,
    )
    if rejected:
        return best, "rejected", rejected
    if approved:
        return Best(index=approved, why="approved by a person"), "accepted", "approved by a person"
    last = turn.iterations[-1] if turn.iterations else None
    if last and last.reasoning and (declined := last.reasoning.cannot_answer):
        needed = f" Needed: {', '.join(declined.needed)}." if declined.needed else ""
        return None, "cannot_answer", f"{declined.reason}{needed}"
    if failure:
        return best, "failed", failure
    if spent and _cut_short(turn, accepted=reason == "accepted"):
        if reason == "accepted" and best:  # stop_when="never": accepted, but not the whole log
            return best, reason, f"{best.why}; then {spent}"
        return best, "budget", spent
    if reason == "failed" and last:
        return None, "failed", f"No pass gave readable steps; the last: {last.error}"
    return best, reason, best.why if best else "no pass reached the threshold"


def _cut_short(turn: Turn, *, accepted: bool) -> bool:
    """Whether there were passes left, or the last one was not scored."""
    if accepted and turn.context.stop_when == "accepted":
        return False
    scored = bool(turn.iterations) and turn.iterations[-1].verdict is not None
    return turn.index < turn.most or not scored


def _leaks(turn: Turn, kept: Iteration | None) -> list[LeakSpan]:
    if kept is None or kept.reasoning is None:
        return []
    return find_leaks(kept.reasoning.steps, kept.reasoning.answer, turn.options)


def _r_star(
    turn: Turn, kept: Iteration | None, stop_reason: StopReason, leaks: list[LeakSpan]
) -> str | None:
    """What is injected: nothing, unless the pass was accepted or the settings allow the best."""
    if kept is None or kept.reasoning is None:
        return None
    if stop_reason != "accepted" and not turn.context.inject_unaccepted:
        return None
    drop = {leak.step_id for leak in leaks} if turn.context.leak_policy == "drop" else set()
    return r_star_text(kept.reasoning, turn.context.r_star, drop) or None


async def _ask(
    turn: Turn,
    r_star: str | None,
    stop_reason: StopReason,
    stop: Callable[[Sequence[Call]], str],
) -> tuple[TargetRecord, Json]:
    context = turn.context
    name = context.target or ""
    question = Question(turn.clip, turn.question, turn.options, turn.task)
    record = TargetRecord()
    texts: Json = {}
    for injected in (None, r_star) if r_star else (None,):
        if spent := stop(record.calls):
            record.error = f"The target was not asked: {spent}."
            return record, texts
        try:
            answer, reply = await ask_target(
                question,
                target=name,
                context=context,
                prompts=turn.prompts,
                r_star=injected,
                form=context.r_star if injected else None,
            )
        except CallFailed as failure:
            record.error = str(failure)
            record.calls.append(failure.call)
            texts |= failure.texts
            return record, texts
        record.calls.append(reply.call)
        texts |= reply.texts
        if injected:
            record.distilled = answer
            record.form = context.r_star
            record.injected_text = answer.injected_text  # what its text budget left of it
        else:
            record.zero_shot = answer
    if r_star is None and record.zero_shot:
        record.distilled = _zero_shot_stands(record.zero_shot, stop_reason)
    return record, texts


def _zero_shot_stands(zero_shot: Answer, stop_reason: StopReason) -> Answer:
    """Without an accepted r* the distilled answer is the zero-shot answer, and counted so."""
    return zero_shot.model_copy(
        update={"note": f"no steps were accepted ({stop_reason}): the zero-shot answer stands"}
    )


async def _templates(turn: Turn) -> Json:
    if not turn.context.target:
        return {}
    used = await target_prompts(turn.context.target, turn.context, turn.prompts, turn.task)
    return template_records([used.zero_shot, used.distilled])
