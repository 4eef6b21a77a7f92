"""The only door to a model."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from aurelia.errors import ConfigurationError, ModelError
from aurelia.models.adapters.build import media_refs
from aurelia.models.adapters.check import reads_clip
from aurelia.models.clock import clock
from aurelia.models.deltas import telling
from aurelia.models.faults import redact
from aurelia.models.flight import Flights
from aurelia.models.lane import aside
from aurelia.models.ledger import Ledger, open_ledger
from aurelia.models.prices import cost_usd
from aurelia.models.registry import ResolvedModel, find_model
from aurelia.models.request import ModelReply, ModelRequest, describe_messages, fingerprint, hashed
from aurelia.models.retry import Effort
from aurelia.models.send import send
from aurelia.prompts.template import PromptMessage
from aurelia.settings import load_settings
from aurelia.types.hashing import json_hash, text_hash
from aurelia.types.trajectory import Call, Usage

_flights: Flights[tuple[dict[str, Any], bool]] = Flights()


class CallFailed(ModelError):
    """A call failed; `call` and `texts` are its record, so that the trajectory keeps it."""

    def __init__(self, message: str, call: Call, texts: dict[str, str]) -> None:
        super().__init__(message)
        self.call = call
        self.texts = texts


async def call(request: ModelRequest) -> ModelReply:
    """Ask a model once, or serve the reply that was already paid for.

    Args:
        request: what to ask.

    Raises:
        CallFailed: the model could not be asked, or failed, or the time was up.
        ConfigurationError: `request.model` names no model, or the ledger can't be used.
    """
    now = clock()
    began = now.now()
    model = await find_model(request.model)
    rendered = request.rendered()
    if reads_clip(model):  # to say in which form it is sent
        record, texts = await asyncio.to_thread(_record, model, request, rendered)
    else:
        record, texts = _record(model, request, rendered)
    record.started_at = round(now.wall(), 3)
    effort = Effort()
    async with aside():
        try:
            reply, record.cached = await _reply(model, request, rendered, record, effort)
        except ModelError as error:
            record.error = str(error)
            record.usage = Usage(cost_usd=0.0 if model.computes else None)
            raise CallFailed(record.error, record, texts) from error
        finally:  # before others go on: their time is none of this call's
            record.retries = effort.retries
            record.queue_s = round(effort.queue_s, 4)
            record.total_s = round(now.now() - began, 4)
    record.raw = text_hash(reply["text"])
    record.reported_model = reply.get("model")
    record.finish_reason = reply.get("finish_reason")
    record.usage = _usage(reply, model, cached=record.cached)
    texts[record.raw] = reply["text"]
    return ModelReply(text=reply["text"], call=record, texts=texts)


async def refused(request: ModelRequest, why: str) -> CallFailed:
    """The failure of a call that is not made, with its record.

    Args:
        request: what would have been asked.
        why: one sentence.

    Raises:
        ConfigurationError: `request.model` names no model.
    """
    model = await find_model(request.model)
    record, texts = await asyncio.to_thread(_record, model, request, request.rendered())
    record.error = why
    record.usage = Usage(cost_usd=0.0)
    return CallFailed(why, record, texts)


async def _reply(
    model: ResolvedModel,
    request: ModelRequest,
    rendered: list[PromptMessage],
    record: Call,
    effort: Effort,
) -> tuple[dict[str, Any], bool]:
    """The reply, and whether it was paid for before, or by an equal call at the same moment."""

    try:  # a run has looked at it before; here it is a call that failed, and has its record
        model.check_sampling(request.sampling)
    except ConfigurationError as error:
        raise ModelError(str(error)) from None

    async def ask(ledger: Ledger | None, key: str) -> dict[str, Any]:
        return await send(model, request, rendered, ledger, key, effort, telling(record))

    if not model.paid:
        return await ask(None, ""), False
    settings = load_settings()
    path = settings.cache_dir / "ledger.jsonl"
    key = _cache_key(model, request, record)
    if not request.use_cache:
        ledger = await asyncio.to_thread(open_ledger, path, settings.cache_max_bytes)
        return await ask(ledger, key), False

    async def serve() -> tuple[dict[str, Any], bool]:
        # Looked up under way: an equal call may have ended a moment ago.
        ledger, kept = await asyncio.to_thread(_look_up, path, settings.cache_max_bytes, key)
        return (kept, True) if kept is not None else (await ask(ledger, key), False)

    (reply, served), shared = await _flights.share(f"{path}\n{key}", serve)
    return reply, served or shared


def _look_up(path: Path, max_bytes: int, key: str) -> tuple[Ledger, dict[str, Any] | None]:
    """The ledger, and what it holds under `key`; in one go, as each change of threads takes its
    time."""
    ledger = open_ledger(path, max_bytes)
    return ledger, ledger.reply(key)


def _record(
    model: ResolvedModel, request: ModelRequest, rendered: list[PromptMessage]
) -> tuple[Call, dict[str, str]]:
    """The record of a call that is still to be made, and the texts that it refers to."""
    texts: dict[str, str] = {}
    hashes: dict[str, str] = {}
    sent = describe_messages(rendered, media_refs(model, request), texts, hashes)
    placed = request.template.variables
    variables = {
        name: hashed(value, texts, hashes)
        for name, value in request.variables.items()
        if name in placed
    }
    record = Call(
        id=os.urandom(6).hex(),
        iteration=request.draw.iteration,
        role=request.role,
        purpose=request.purpose,
        repeat=request.draw.repeat,
        requested_model=redact(request.model),
        parameters=_parameters(model, request),
        prompt=request.template.identity,
        variables=variables,
        messages=sent,  # type: ignore[arg-type]  # validated with the record, in one go
        request=fingerprint(request, rendered, hashes),
    )
    return record, texts


def _usage(reply: dict[str, Any], model: ResolvedModel, *, cached: bool) -> Usage:
    usage = Usage(
        input_tokens=reply.get("input_tokens"),
        output_tokens=reply.get("output_tokens"),
        input_details=reply.get("input_details") or {},
        output_details=reply.get("output_details") or {},
    )
    if cached or model.computes:
        usage.cost_usd = 0.0
    else:  # a registered model may well cost something; only one that computes surely doesn't
        usage.cost_usd = cost_usd(usage, model.identity, reply.get("model"), model.price)
    return usage


def _parameters(model: ResolvedModel, request: ModelRequest) -> dict[str, Any]:
    parameters = dict(request.sampling)
    if model.profile:
        parameters["profile"] = json.loads(redact(json.dumps(model.settings, default=str)))
    if request.draw.seed:
        parameters["seed_of_draw"] = request.draw.seed
    if form := request.inputs.get("form"):
        parameters["form"] = form
    return parameters


def _cache_key(model: ResolvedModel, request: ModelRequest, record: Call) -> str:
    """What makes a reply another reply: the form of the media and the draw included."""
    draw = request.draw
    # Only where it is not the usual one, so that what was kept before stays valid.
    host = {"host": model.host} if model.host else {}
    return json_hash(
        host
        | {
            "request": record.request,
            "media": request.media.key if request.media else None,
            "sent": [part.media for message in record.messages for part in message.parts],
            "video_fps": request.delivery.video_fps,
            "model": model.identity,
            "sampling": dict(request.sampling),
            "draw": [draw.seed, draw.iteration, draw.repeat, draw.attempt],
            "purpose": request.purpose,
            "role": request.role,
        }
    )
