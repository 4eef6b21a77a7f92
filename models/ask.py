"""Ask for a structured reply, and once more where the first can't be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from aurelia.errors import ReplyError
from aurelia.models.call import CallFailed, call
from aurelia.models.finish import finish_problem
from aurelia.models.request import ModelReply, ModelRequest
from aurelia.models.structured import read_reply
from aurelia.prompts.template import Template
from aurelia.types.replies import Reply
from aurelia.types.trajectory import Call


@dataclass(slots=True)
class Asked:
    """What came of a question.

    Attributes:
        reply: the validated reply; None where nothing readable came, or the call failed.
        problem: why there is no reply, in words; empty otherwise.
        raw: the last text that the model gave.
        failed: whether the model failed, as opposed to replying something unreadable.
        stopped: which budget kept the model from being asked once more; empty where none did.
    """

    reply: Reply | None = None
    problem: str = ""
    raw: str = ""
    failed: bool = False
    stopped: str = ""
    templates: list[Template] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def _accept(reply: Reply) -> None:
    """Accept whatever fits the schema."""


def _never(_calls: Sequence[Call]) -> str:
    """No budget."""
    return ""


async def ask(
    request: ModelRequest,
    repair: Template,
    check: Callable[[Reply], None] = _accept,
    stop: Callable[[Sequence[Call]], str] = _never,
) -> Asked:
    """Ask, read, and give the model one chance to repair what could not be read.

    Args:
        request: what to ask; its template's `output` names the schema.
        repair: the template of the second request.
        check: raises `ReplyError` for a reply that fits the schema and is still unusable.
        stop: given the calls made so far, says which budget is spent; then nothing is repaired.
    """
    asked = Asked()
    output = request.template.output
    # What a model quotes back of these is no statement of its own.
    quoted = tuple(request.variables.values())
    attempt: ModelRequest = request
    for last in (False, True):
        asked.templates.append(attempt.template)
        try:
            reply = await call(attempt)
        except CallFailed as failure:
            asked.calls.append(failure.call)
            asked.texts |= failure.texts
            asked.problem, asked.failed = str(failure), True
            return asked
        asked.calls.append(reply.call)
        asked.texts |= reply.texts
        asked.raw = reply.text
        try:
            asked.reply, reply.call.parsed_as = _read(reply, output, check, quoted)
        except ReplyError as error:
            reply.call.parsed_as = f"failed: {error}"
            asked.problem = str(error)
            if not last and (spent := stop(asked.calls)):
                asked.stopped = spent
                return asked
            if not last:
                attempt = _repair_request(request, repair, reply, str(error))
        else:
            asked.problem = ""
            return asked
    return asked


def _read(
    reply: ModelReply, output: str, check: Callable[[Reply], None], quoted: tuple[str, ...]
) -> tuple[Reply, str]:
    if problem := finish_problem(reply.call.finish_reason, reply.text):
        raise ReplyError(problem, raw=reply.text)
    value, how = read_reply(reply.text, output, quoted)
    check(value)
    return value, how


def _repair_request(
    request: ModelRequest, repair: Template, reply: ModelReply, error: str
) -> ModelRequest:
    variables = {"error": error, "reply": reply.text}
    return replace(
        request,
        template=replace(repair, output=request.template.output),
        variables=variables,
        draw=replace(request.draw, attempt=request.draw.attempt + 1),
        purpose="repair",
    )
