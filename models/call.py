"""The only door to a model."""

import asyncio
import time
import uuid
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from aurelia.errors import ModelError
from aurelia.models.adapters import frames_messages, media_refs, structured_messages
from aurelia.models.faults import as_model_error, client_errors, provider_errors, redact
from aurelia.models.ledger import Ledger, open_ledger
from aurelia.models.registry import ResolvedModel, resolve_model
from aurelia.models.request import ModelReply, ModelRequest, describe_messages
from aurelia.settings import load_settings
from aurelia.types.hashing import json_hash, text_hash
from aurelia.types.trajectory import Call, Usage


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
        CallFailed: the model could not be asked, or failed.
        ConfigurationError: `request.model` names no model.
    """
    started = time.monotonic()
    model = await asyncio.to_thread(resolve_model, request.model)
    rendered = request.rendered()
    refs = media_refs(request.media) if not model.computes else _clip_ref(request)
    sent, texts = describe_messages(rendered, refs)
    placed = {k: v for k, v in request.variables.items() if k in request.template.variables}
    texts |= {text_hash(value): value for value in placed.values()}
    fingerprint = _fingerprint(request)
    record = Call(
        id=uuid.uuid4().hex[:12],
        iteration=request.draw.iteration,
        role=request.role,
        purpose=request.purpose,
        repeat=request.draw.repeat,
        requested_model=redact(request.model),
        parameters=_parameters(request),
        prompt=request.template.identity,
        variables={name: text_hash(value) for name, value in placed.items()},
        messages=sent,
        request=fingerprint,
    )
    key = _cache_key(request, fingerprint)
    ledger = open_ledger(load_settings().cache_dir / "ledger.jsonl") if model.paid else None
    reply = None
    if ledger and request.use_cache:
        reply = await asyncio.to_thread(ledger.reply, key)
    if reply is None:
        if model.computes:
            messages = structured_messages(rendered, request, fingerprint)
        else:
            messages = await asyncio.to_thread(frames_messages, rendered, request.media)
        try:
            reply = await _ask(model, request, messages, ledger, key)
        except ModelError as error:
            record.error = str(error)
            record.total_s = round(time.monotonic() - started, 4)
            raise CallFailed(record.error, record, texts) from error
    else:
        record.cached = True
    record.raw = text_hash(reply["text"])
    record.reported_model = reply.get("model")
    record.finish_reason = reply.get("finish_reason")
    record.usage = _usage(reply, model, cached=record.cached)
    record.total_s = round(time.monotonic() - started, 4)
    texts[record.raw] = reply["text"]
    return ModelReply(text=reply["text"], call=record, texts=texts)


async def _ask(
    model: ResolvedModel,
    request: ModelRequest,
    messages: list[BaseMessage],
    ledger: Ledger | None,
    key: str,
) -> dict[str, Any]:
    if ledger:
        await asyncio.to_thread(ledger.record_sent, key)
    chat = model.chat.bind(**request.sampling) if request.sampling else model.chat
    faults = client_errors() if model.paid else provider_errors(ModelError)
    try:
        # The run's config (tracing, callbacks) reaches the model through LangChain's context.
        message = await chat.ainvoke(messages)
    except faults as error:
        if ledger:
            await asyncio.to_thread(ledger.record_failure, key)
        if isinstance(error, ModelError):
            raise
        # Without the cause: a traceback would print the provider's words, keys and all.
        raise as_model_error(error, role=request.role, model=request.model) from None
    reply = _as_reply(message)
    if ledger:
        await asyncio.to_thread(ledger.record_reply, key, reply)
    return reply


def _as_reply(message: BaseMessage) -> dict[str, Any]:
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    return {
        # Half of a surrogate pair is a string in Python, and can't be saved as JSON.
        "text": message.text.encode("utf-8", "replace").decode("utf-8"),
        "model": _said(message, "model_name", "model"),
        "finish_reason": _said(message, "finish_reason", "stop_reason", "done_reason"),
        "input_tokens": usage["input_tokens"] if usage else None,
        "output_tokens": usage["output_tokens"] if usage else None,
    }


def _said(message: BaseMessage, *names: str) -> str | None:
    """What the client reported under the first of `names` that it uses."""
    values = (message.response_metadata.get(name) for name in names)
    return next((str(value) for value in values if value), None)


def _usage(reply: dict[str, Any], model: ResolvedModel, *, cached: bool) -> Usage:
    return Usage(
        input_tokens=reply.get("input_tokens"),
        output_tokens=reply.get("output_tokens"),
        # A registered model may well cost something; only one that computes surely doesn't.
        cost_usd=0.0 if cached or model.computes else None,
    )


def _clip_ref(request: ModelRequest) -> list[str]:
    return ["clip"] if request.clip else []


def _parameters(request: ModelRequest) -> dict[str, Any]:
    parameters = dict(request.sampling)
    if request.draw.seed:
        parameters["seed_of_draw"] = request.draw.seed
    if form := request.inputs.get("form"):
        parameters["form"] = form
    return parameters


def _fingerprint(request: ModelRequest) -> str:
    """What was asked, whoever is asked: no path, no model, no draw, no form of the media."""
    clip = request.clip
    sent, _ = describe_messages(request.rendered(), _clip_ref(request))
    return json_hash(
        {
            "messages": [message.model_dump() for message in sent],
            "inputs": dict(request.inputs),
            "clip": clip and [clip.sha256, clip.audio_sha256, clip.start_s, clip.end_s],
            "candidates": clip and [[c.label, c.sha256] for c in clip.candidates],
        }
    )[:24]


def _cache_key(request: ModelRequest, fingerprint: str) -> str:
    draw = request.draw
    return json_hash(
        {
            "request": fingerprint,
            "media": request.media.key if request.media else None,
            "model": request.model,
            "sampling": dict(request.sampling),
            "draw": [draw.seed, draw.iteration, draw.repeat, draw.attempt],
            "purpose": request.purpose,
            "role": request.role,
        }
    )
