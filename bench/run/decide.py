"""One reply: what a condition decides is done, and becomes a record whatever comes of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aurelia.bench.run.condition import Ask, Condition, Decision, Given, Item, Missing, Same
from aurelia.bench.run.desk import Desk
from aurelia.bench.run.hall import Hall
from aurelia.bench.run.reply import Injected, Origin, Reply, Said, Spent, Status
from aurelia.bench.run.spent import add
from aurelia.bench.run.steps import form_of
from aurelia.errors import AureliaError, ConfigurationError
from aurelia.models.call import CallFailed
from aurelia.models.faults import redact
from aurelia.models.finish import finish_problem
from aurelia.types.reasoning import Answer
from aurelia.types.trajectory import Call


@dataclass(slots=True)
class _Outcome:
    """What came of a decision, before it is a record."""

    status: Status
    said: list[Said]
    why: str = ""
    ask: Ask | None = None
    other: Reply | None = None
    origin: Origin | None = None
    answer: Answer | None = None


async def decide(
    condition: Condition,
    item: Item,
    hall: Hall,
    reply_of: Callable[[str], Awaitable[Reply]],
    attempt: int = 0,
) -> Reply:
    """Let a condition decide on an item, and do what it says.

    What fails for this item (its clip, its rollout, the target) is a reply that says so, and the
    run goes on.

    Args:
        condition: which way of asking.
        item: without its rollout, which is read here where the condition takes one.
        hall: what is shared.
        reply_of: gives the reply of another condition to the same item.
        attempt: how often this reply was asked for before.

    Raises:
        ConfigurationError: something is wrong that would be for every item.
    """
    desk = Desk(hall, item, reply_of)
    calls: list[Call] = []
    state = hall.rollout_state(item.sample.id, item.repeat) if condition.needs_rollout else ""
    try:
        if condition.needs_rollout:
            item = await _with_rollout(item, hall)
        outcome = await _done(await condition.decide(item, desk), desk, calls, reply_of)
    except ConfigurationError:
        raise
    except AureliaError as error:
        outcome = _Outcome("failed", [], redact(str(error)))
    own, elsewhere = await desk.sums(calls)
    return _record(condition, item, outcome, calls, desk.before, own).model_copy(
        update={"attempt": attempt, "rollout": state, "elsewhere": elsewhere}
    )


async def _with_rollout(item: Item, hall: Hall) -> Item:
    rollout = await hall.rollout(item.sample.id, item.repeat)
    form = hall.settings.form or (form_of(rollout) if rollout else item.form)
    return replace(item, rollout=rollout, form=form)


async def _done(
    decision: Decision,
    desk: Desk,
    calls: list[Call],
    reply_of: Callable[[str], Awaitable[Reply]],
) -> _Outcome:
    match decision:
        case Ask():
            return await _asked(decision, desk, calls)
        case Same():
            other = await reply_of(decision.condition)
            status: Status = "stands" if other.said else other.status
            why = decision.why if other.said else f"{decision.why}; {other.why}"
            return _Outcome(status, list(other.said), why, other=other)
        case Given():
            given = [Said(raw=decision.raw)]
            return _Outcome("given", given, decision.why, origin=decision.origin)
        case Missing():
            return _Outcome("missing", [], decision.why)


async def _asked(ask: Ask, desk: Desk, calls: list[Call]) -> _Outcome:
    """All draws. One that fails is left out, so that who is asked seven times doesn't fail seven
    times as often as who is asked once; where none came the item has failed."""
    said, answer, failures = [], None, list[CallFailed]()
    for number in range(ask.draws):
        try:
            answer, reply = await desk.put(ask, number, calls)
        except CallFailed as failure:
            failures.append(failure)
            continue
        problem = finish_problem(reply.call.finish_reason, reply.text)
        said.append(Said(raw=reply.text, problem=problem))
    if not said:
        raise failures[-1]
    lost = [f"{len(failures)} of {ask.draws} draws failed"] if failures else []
    why = "; ".join(filter(None, [ask.note, *lost]))
    return _Outcome("answered", said, why, ask, origin=ask.origin, answer=answer)


def _record(
    condition: Condition,
    item: Item,
    outcome: _Outcome,
    calls: list[Call],
    before: list[Call],
    own: Spent,
) -> Reply:
    ask, other = outcome.ask, outcome.other
    injected = None
    if ask and ask.r_star:
        fit = outcome.answer.fit if outcome.answer else None
        sent = outcome.answer.injected_text if outcome.answer else None
        injected = Injected(
            text=ask.r_star,
            form=ask.form,
            origin=outcome.origin,
            fit=fit,
            sent=sent if sent != ask.r_star else None,
        )
    elif outcome.origin:
        injected = Injected(text="", origin=outcome.origin)
    return Reply(
        target=redact(item.target),
        condition=condition.name,
        sample_id=item.sample.id,
        repeat=item.repeat,
        status=outcome.status,
        said=outcome.said,
        why=outcome.why,
        stands_for=other.condition if other else None,
        injected=other.injected if other else injected,
        clip=ask.clip if ask else other.clip if other else "own",
        options=ask.options if ask else other.options if other else True,
        model=redact(ask.model or "") if ask else other.model if other else "",
        prompt=calls[-1].prompt if calls else other.prompt if other else "",
        calls=calls,
        before=before,
        faults=0
        if outcome.status == "failed"
        else sum(bool(call.error) for call in (*calls, *before)),
        spent=_stands_at(other.spent, own) if other else own,
    )


def _stands_at(other: Spent, own: Spent) -> Spent:
    """What a reply takes that stands for another: what that one took, which is paid for there, and
    what led to the decision."""
    return add(other.model_copy(update={"paid_usd": 0.0}), own)
