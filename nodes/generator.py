"""Node: the actor proposes steps, findings and an answer; on later passes it revises them."""

import asyncio
from typing import Any, cast

from langgraph.runtime import Runtime

from aurelia.errors import ReplyError
from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.models.ask import ask
from aurelia.models.request import Draw, ModelRequest
from aurelia.nodes.budget import call_limits, check_prices, stops
from aurelia.nodes.evidence import NOTHING, Told, named, told
from aurelia.nodes.parsed import all_written, plain, written
from aurelia.nodes.parting import parted
from aurelia.nodes.turn import Turn, delivery_for, emit, media_for, read_turn, template_records
from aurelia.nodes.wording import options_text, previous_text
from aurelia.types.events import IterationStarted, StepsProposed
from aurelia.types.reasoning import Reasoning, Step, Verdict
from aurelia.types.replies import ReasoningReply, Reply
from aurelia.types.trajectory import Iteration


async def generator(state: State, runtime: Runtime[Context]) -> Json:
    """Ask the actor; later passes see their last try and the feedback as well.

    Raises:
        ConfigurationError: `max_cost` is set, and a model's price is not known.
    """
    turn = await read_turn(state, runtime, with_calls=False)
    if turn.index >= turn.most:  # lowered since by whoever goes on from here
        return turn.record_changes({"iterations": [{"index": turn.index}]})
    if turn.context.max_cost is not None:  # before anything is paid
        await asyncio.to_thread(check_prices, turn.context)
    index = turn.index + 1
    emit(
        runtime,
        IterationStarted(
            index=index,
            max_iterations=turn.most,
            threshold=turn.context.threshold,
        ),
    )
    last = _last_proposal(turn)
    template = turn.template("generator_revise" if last else "generator")
    context = turn.context
    evidence = await told(context.actor, turn.clip, context, "actor")
    request = ModelRequest(
        role="actor",
        model=context.actor,
        template=template,
        variables={**_variables(turn, last), "evidence": evidence.text},
        inputs=_inputs(turn, last),
        clip=turn.clip,
        media=await media_for(context.actor, turn.clip, context),
        sampling=context.sampling("actor"),
        draw=Draw(seed=context.seed, iteration=index),
        use_cache=context.use_cache,
        delivery=delivery_for(context.actor, context),
        limits=call_limits(context),
    )
    asked = await ask(request, turn.template("repair"), check=_check_steps, stop=stops(state))
    iteration: Json = {
        "index": index,
        "calls": all_written(asked.calls),
    }
    own = parted(state, turn)
    update: Json = {
        **own,
        "iteration": index,
        "iterations": [iteration],
        "texts": {**own.get("texts", {}), **asked.texts},
        "templates": {**own.get("templates", {}), **template_records(asked.templates)},
    }
    if asked.reply is None:
        iteration["error"] = asked.problem
        if asked.failed:
            update["failure"] = asked.problem
    else:
        reasoning = _reasoning(cast(ReasoningReply, asked.reply), evidence)
        iteration["reasoning"] = written(reasoning)
        emit(runtime, StepsProposed(index=index, reasoning=reasoning))
    return turn.record_changes(update)


def _check_steps(reply: Reply) -> None:
    if isinstance(reply, ReasoningReply) and not reply.steps and reply.cannot_answer is None:
        raise ReplyError("it proposes no steps and does not decline either")


def _last_proposal(turn: Turn) -> Iteration | None:
    proposals = [i for i in turn.iterations if i.index <= turn.index and i.reasoning is not None]
    return proposals[-1] if proposals else None


def _variables(turn: Turn, last: Iteration | None) -> dict[str, str]:
    options = turn.options if turn.context.actor_sees_options else None
    variables = {
        "question": turn.question,
        "options": options_text(options),
    }
    if last and last.reasoning:
        score = "" if last.score is None else f"{last.score:g}"
        variables |= {
            "previous": previous_text(last.reasoning),
            "feedback": last.feedback.text if last.feedback else "",
            "score": score,
        }
    return variables


def _inputs(turn: Turn, last: Iteration | None) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "question": turn.question,
        "options": turn.options if turn.context.actor_sees_options else None,
    }
    if last and last.reasoning:
        verdict = last.verdict if isinstance(last.verdict, Verdict) else None
        inputs |= {
            "previous": plain(last.reasoning),
            "feedback": last.feedback.text if last.feedback else "",
            "complaints": plain(verdict)["complaints"] if verdict else [],
        }
    return inputs


def _reasoning(reply: ReasoningReply, told_: Told = NOTHING) -> Reasoning:
    own = {item.id for item in reply.evidence}
    cited = named([step.evidence for step in reply.steps], told_.evidence)
    return Reasoning(
        steps=[Step(id=f"s{n}", **step.__dict__) for n, step in enumerate(reply.steps, start=1)],
        findings=reply.findings,
        answer=reply.answer,
        evidence=[*reply.evidence, *(item for item in cited if item.id not in own)],
        cannot_answer=reply.cannot_answer,
    )
