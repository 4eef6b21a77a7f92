"""One request to a client: let through, sent, tried again, and what it cost noted down."""

import asyncio
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from aurelia.errors import AureliaError, ModelError
from aurelia.models.adapters.build import invoke
from aurelia.models.clock import OutOfTime
from aurelia.models.deltas import Telling
from aurelia.models.faults import as_model_error, client_errors, out_of_time, provider_errors
from aurelia.models.finish import PROMPT_BLOCKED, blocked_by, finish_of
from aurelia.models.ledger import Ledger
from aurelia.models.limits import gate_for
from aurelia.models.registry import ResolvedModel
from aurelia.models.request import ModelRequest
from aurelia.models.retry import Effort, persist
from aurelia.models.usage import counted
from aurelia.prompts.template import PromptMessage
from aurelia.settings import load_settings


async def send(
    model: ResolvedModel,
    request: ModelRequest,
    rendered: list[PromptMessage],
    ledger: Ledger | None,
    key: str,
    effort: Effort,
    telling: Telling | None = None,
) -> dict[str, Any]:
    """The model's reply as the ledger keeps it: text, reported model, how it ended, tokens.

    Args:
        model: who is asked.
        request: what was asked; its sampling, limits and role are used here.
        rendered: the same as messages, before an adapter makes them the client's.
        ledger: where what is paid for is kept; None: nowhere.
        key: of the request in the ledger.
        effort: counts retries and queueing.
        telling: is told of the reply while it is written.

    Raises:
        ModelError: the call failed, in one sentence without secrets.
    """
    faults = client_errors() if model.paid else provider_errors(ModelError)
    noted = False

    async def attempt() -> BaseMessage:
        nonlocal noted
        if ledger and not noted:
            await asyncio.to_thread(ledger.record_sent, key)
            noted = True
        try:
            return await invoke(model, rendered, request, faults, telling)
        except faults as error:
            if code := blocked_by(error):
                return AIMessage(
                    "", response_metadata={"finish_reason": f"{PROMPT_BLOCKED}: {code}"}
                )
            raise

    try:
        if model.computes:  # work on this machine: nothing to queue for, nor to try again
            message = await attempt()
        else:
            message = await persist(
                attempt,
                limits=request.limits,
                gate=gate_for(model.identity, load_settings()),
                faults=faults,
                effort=effort,
            )
    except OutOfTime:
        # It stays in flight in the ledger: the provider may have gone on, and bill it.
        raise out_of_time(request.limits.timeout_s, request.role, request.model) from None
    except faults as error:
        if ledger and noted:
            await asyncio.to_thread(ledger.record_failure, key)
        if isinstance(error, AureliaError):
            raise
        # Without the cause: a traceback would print the provider's words, keys and all.
        raise as_model_error(
            error, role=request.role, model=request.model, retries=effort.retries
        ) from None
    reply = _as_reply(message)
    if ledger:
        anew = not request.use_cache
        await asyncio.to_thread(ledger.record_reply, key, reply, anew=anew)
    return reply


def _as_reply(message: BaseMessage) -> dict[str, Any]:
    # What a model says in refusing stands in a field of its own.
    text = message.text or str(message.additional_kwargs.get("refusal") or "")
    named = (message.response_metadata.get(name) for name in ("model_name", "model"))
    return {
        # Half of a surrogate pair is a string in Python, and can't be saved as JSON.
        "text": text.encode("utf-8", "replace").decode("utf-8"),
        "model": next((str(name) for name in named if name), None),
        "finish_reason": finish_of(message),
        **counted(message),
    }
