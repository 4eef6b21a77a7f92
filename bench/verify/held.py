"""What is held of each reply while a run is checked: no texts, for there may be very many."""

from collections.abc import Iterable
from dataclasses import dataclass

from aurelia.bench.lines import named
from aurelia.bench.run.reply import Key, Origin, Reply, Spent
from aurelia.bench.run.spent import add, spent_by
from aurelia.models.finish import finish_problem
from aurelia.types.hashing import json_hash, text_hash
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Call

_CENT = 1e-9  # sums of the same numbers in another order

ZERO_SHOT, DISTILLED = "zero_shot", "distilled"
MODES = (ZERO_SHOT, DISTILLED)


@dataclass(frozen=True, slots=True)
class Held:
    """One reply.

    Attributes:
        said: hash of the replies as received.
        text: hash of what was injected; empty: nothing.
        form: of it.
        rollout: how the rollout had ended that it was decided on; empty: there was none.
        own: whether the sample's own clip was sent, with its options, to the target, once.
        asked: hash of the request but for the r* block; empty where there is no record of it.
        faults: what in the record contradicts itself.
        calls: asked for this reply.
        spent: what it says that it took.
        counted: what its own calls took, by their records; None: another harness made them.
        booked: what it says that was made before, and is used here.
    """

    key: Key
    status: str
    stands_for: str | None
    said: str
    text: str
    form: RStarForm | None
    origin: Origin | None
    rollout: str
    own: bool
    prompt: str
    asked: str
    faults: tuple[str, ...]
    calls: int
    elsewhere: int
    worth_usd: float | None
    spent: Spent
    counted: Spent | None
    booked: Spent

    @property
    def name(self) -> str:
        """For messages."""
        return named(self.key)


def held(reply: Reply, logged: bool = False) -> Held:
    """What is held of a reply.

    Args:
        reply: of a run.
        logged: whether another harness asked for it, which leaves no record of calls.
    """
    injected, total = reply.injected, [reply.spent.worth_usd, reply.elsewhere.worth_usd]
    return Held(
        key=reply.key,
        status=reply.status,
        stands_for=reply.stands_for,
        said=said_hash((said.raw, said.problem) for said in reply.said),
        text=text_hash(injected.text) if injected and injected.text else "",
        form=injected.form if injected else None,
        origin=injected.origin if injected else None,
        rollout=reply.rollout,
        own=reply.clip == "own" and reply.options and not reply.model and len(reply.said) == 1,
        prompt=reply.prompt,
        asked=_asked(reply.calls[-1]) if reply.calls else "",
        faults=(*_faults(reply), *_untold(reply, logged)),
        calls=reply.spent.calls,
        elsewhere=reply.elsewhere.calls,
        worth_usd=None if None in total else sum(t for t in total if t is not None),
        spent=reply.spent,
        counted=None if logged else counted([*reply.calls, *reply.before]),
        booked=reply.elsewhere,
    )


def said_hash(said: Iterable[tuple[str, str]]) -> str:
    """Of replies as received, each with why it can't be accepted."""
    return json_hash([[raw, problem] for raw, problem in said])


def counted(calls: Iterable[Call]) -> Spent:
    """What calls took, by their records. Of served ones no list price is looked up (it may have
    moved since), so that their worth is unknown."""
    asked, served = list[Call](), list[Call]()
    for call in calls:
        (served if call.cached and not call.error else asked).append(call)
    total = spent_by(asked)
    for call in served:
        usage = call.usage
        one = Spent(
            calls=1,
            cached=1,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            paid_usd=usage.cost_usd,
            worth_usd=None,
        )
        total = add(total, one)
    return total


def took_same(one: Spent, other: Spent) -> bool:
    """Whether two sums are the same, as far as what they are worth is known."""
    return (
        (one.calls, one.cached) == (other.calls, other.cached)
        and (one.input_tokens, one.output_tokens) == (other.input_tokens, other.output_tokens)
        and _close(one.paid_usd, other.paid_usd)
        and (None in (one.worth_usd, other.worth_usd) or _close(one.worth_usd, other.worth_usd))
    )


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _CENT * max(1.0, abs(one))


def _asked(call: Call) -> str:
    """The request but for the r* block and the prompt that holds it."""
    parts = [
        [message.role, [part.media for part in message.parts if part.media]]
        for message in call.messages
    ]
    return json_hash(
        {
            "model": call.requested_model,
            "parameters": {k: v for k, v in call.parameters.items() if k != "form"},
            "variables": {k: v for k, v in call.variables.items() if k != "r_star"},
            "media": parts,
            "repeat": call.repeat,
        }
    )


def _faults(reply: Reply) -> Iterable[str]:
    """What the parts of a record say against each other."""
    answered = [call for call in reply.calls if not call.error]
    if reply.status != "answered" or not reply.calls:
        if reply.calls and not reply.calls[-1].error:
            yield f"it says {reply.status!r}, and its last call was answered"
        return
    if len(answered) != len(reply.said):
        yield f"it holds {len(reply.said)} replies of {len(answered)} calls"
        return
    for said, call in zip(reply.said, answered, strict=True):
        if text_hash(said.raw) != call.raw:
            yield "its text is not the one that its call received"
        elif finish_problem(call.finish_reason, said.raw) != said.problem:
            yield "whether it was cut off or refused is not what its call says"
    injected = (reply.injected.sent or reply.injected.text) if reply.injected else ""
    placed = {call.variables.get("r_star") for call in answered} - {None}
    if placed and placed != {text_hash(injected)}:
        yield "what was injected is not the text that it names"
    if injected and not placed:
        yield "it names an injected text that its request did not hold"
    if reply.prompt != answered[-1].prompt:
        yield "it names another prompt than its call"


def _untold(reply: Reply, logged: bool) -> Iterable[str]:
    """What a record says of its status and its cost, against what it holds."""
    has_reply = reply.status in ("answered", "given", "stands")
    if has_reply != bool(reply.said):
        yield f"it says {reply.status!r}, and holds {len(reply.said)} replies"
    if (reply.status == "stands") > bool(reply.stands_for):
        yield "it stands for another reply, and doesn't say for which"
    if reply.stands_for and reply.status in ("answered", "given"):
        yield f"it stands for another reply, and says {reply.status!r}"
    if logged:
        return
    if reply.status == "answered" and not reply.calls:
        yield "it says 'answered', and holds no record of a call"
    if not reply.stands_for and not took_same(reply.spent, counted([*reply.calls, *reply.before])):
        yield "what it took is not what its calls took"
