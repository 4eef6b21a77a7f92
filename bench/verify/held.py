"""What is held of each reply while a run is checked: no texts, for there may be very many."""

from collections.abc import Iterable
from dataclasses import dataclass

from aurelia.bench.lines import named
from aurelia.bench.run.reply import Key, Origin, Reply
from aurelia.models.finish import finish_problem
from aurelia.types.hashing import json_hash, text_hash
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Call

ZERO_SHOT, DISTILLED = "zero_shot", "distilled"
MODES = (ZERO_SHOT, DISTILLED)


@dataclass(frozen=True, slots=True)
class Held:
    """One reply.

    Attributes:
        said: hash of the replies as received.
        text: hash of what was injected; empty: nothing.
        form: of it.
        own: whether the sample's own clip was sent, with its options, to the target, once.
        asked: hash of the request but for the r* block; empty where there is no record of it.
        faults: what in the record contradicts itself.
        calls: asked for this reply.
    """

    key: Key
    status: str
    stands_for: str | None
    said: str
    text: str
    form: RStarForm | None
    origin: Origin | None
    own: bool
    prompt: str
    asked: str
    faults: tuple[str, ...]
    calls: int
    elsewhere: int
    worth_usd: float | None

    @property
    def name(self) -> str:
        """For messages."""
        return named(self.key)


def held(reply: Reply) -> Held:
    """What is held of a reply."""
    injected, total = reply.injected, [reply.spent.worth_usd, reply.elsewhere.worth_usd]
    return Held(
        key=reply.key,
        status=reply.status,
        stands_for=reply.stands_for,
        said=json_hash([[said.raw, said.problem] for said in reply.said]),
        text=text_hash(injected.text) if injected and injected.text else "",
        form=injected.form if injected else None,
        origin=injected.origin if injected else None,
        own=reply.clip == "own" and reply.options and not reply.model and len(reply.said) == 1,
        prompt=reply.prompt,
        asked=_asked(reply.calls[-1]) if reply.calls else "",
        faults=tuple(_faults(reply)),
        calls=reply.spent.calls,
        elsewhere=reply.elsewhere.calls,
        worth_usd=None if None in total else sum(t for t in total if t is not None),
    )


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
