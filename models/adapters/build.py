"""The one way from a rendered prompt to what a model's client takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from langchain_core.language_models.base import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable

from aurelia.media.prepared import PreparedMedia
from aurelia.models.adapters import gemini, ollama, openai, standard
from aurelia.models.adapters.check import reads_clip
from aurelia.models.adapters.held import Holder, key_of
from aurelia.models.adapters.media import Medium, media_of, refs_of, senses_of
from aurelia.models.adapters.structured import structured_messages, structured_senses
from aurelia.models.adapters.wire import Block, Wire, to_messages
from aurelia.models.attend import in_thread
from aurelia.models.deltas import Telling, gathered, streams
from aurelia.models.names import for_call
from aurelia.models.registry import ResolvedModel
from aurelia.models.request import ModelRequest
from aurelia.models.retry import fault_of
from aurelia.models.uploads import open_uploads
from aurelia.prompts.template import PromptMessage
from aurelia.types.reasoning import Modality

_holder = Holder()


async def wire_messages(
    model: ResolvedModel, rendered: Sequence[PromptMessage], request: ModelRequest
) -> Wire:
    """What to send; uploads what the provider is to keep, unless it is there already.

    Raises:
        ConfigurationError: as `media_refs`.
        ModelError: an uploaded file could not be processed.
        Exception: what the provider's client raises where an upload fails.
    """
    if model.computes:
        messages = structured_messages(rendered, request)
        return Wire(messages, media_refs(model, request), senses=received(request, model))
    if request.media is None:
        return Wire(to_messages(rendered, ()))
    if model.family == "gemini":
        media = await asyncio.to_thread(media_of, model, request)
        wire = await gemini.wire(model, rendered, media, request.delivery)
    else:
        media, blocks = await _media_and_blocks(model, request, request.media)
        wire = Wire(to_messages(rendered, blocks))
    return replace(wire, refs=refs_of(media), senses=senses_of(media))


async def invoke(
    model: ResolvedModel,
    rendered: Sequence[PromptMessage],
    request: ModelRequest,
    faults: tuple[type[Exception], ...],
    telling: Telling | None = None,
) -> BaseMessage:
    """One try of a call: the model's message.

    Where the provider has lost what it was to keep, that is uploaded and asked once more.

    Args:
        faults: what the client may raise for a failed call.
        telling: is told of the reply while it is written; None: it comes in one.

    Raises:
        Exception: as `wire_messages`, or one of `faults`.
    """
    wire = await wire_messages(model, rendered, request)
    try:
        return await _ask(model, request, wire, telling)
    except faults as error:
        if not forget_lost(wire, error):
            raise
    return await _ask(model, request, await wire_messages(model, rendered, request), telling)


def media_refs(model: ResolvedModel, request: ModelRequest) -> list[str]:
    """Names of the media that `wire_messages` would send, as the trajectory refers to them.

    Raises:
        ConfigurationError: the model can't take in what the question turns on; nothing was sent.
    """
    if model.computes:
        return ["clip"] if request.clip else []
    return refs_of(media_of(model, request))


def received(request: ModelRequest, model: ResolvedModel) -> set[Modality]:
    """Which senses of the clip reach `model` with this request."""
    if model.computes:
        return structured_senses(model, request)
    return senses_of(media_of(model, request))


def forget_lost(wire: Wire, error: Exception) -> bool:
    """Whether a call failed because the provider no longer has what it was to keep.

    That is then forgotten, and the next `wire_messages` uploads it again.
    """
    if not wire.kept or fault_of(error, 0.0).status not in (400, 403, 404):
        return False
    words = str(error).lower().replace(" ", "")
    cache = "cached_content" in wire.bind and "cachedcontent" in words
    if not cache and "file" not in words:
        return False
    for key in wire.kept[-1:] if cache else wire.kept:
        open_uploads().forget(key)
    return True


async def _ask(
    model: ResolvedModel, request: ModelRequest, wire: Wire, telling: Telling | None
) -> BaseMessage:
    told = telling is not None and streams(model.chat)
    client, sampling = model.chat, dict(request.sampling)
    if model.paid:  # one that was registered is not ours to copy
        client, sampling = for_call(client if told else _whole(client), sampling)
    bound = {**sampling, **wire.bind}
    chat: Runnable[LanguageModelInput, AIMessage] = client.bind(**bound) if bound else client
    if telling is not None and told:
        chunks = cast("AsyncIterator[AIMessageChunk]", chat.astream(wire.messages))
        return await gathered(chunks, telling, model.family)
    # The run's config (tracing, callbacks) reaches the model through LangChain's context.
    message = await chat.ainvoke(wire.messages)
    if model.family == "ollama" and not message.response_metadata.get("done"):
        raise ConnectionError("the reply broke off before its end")
    return message


def _whole(chat: BaseChatModel) -> BaseChatModel:
    """The client, told not to stream, even where somebody follows the run's messages.

    A stream that ends too early looks like a whole reply, what fails in its middle is told in no
    form that can be relied on, and a second try would follow the half of the first. A reply counts
    as a whole anyway. Ollama's client streams all the same.
    """
    off: dict[str, bool] = {"disable_streaming": True}
    if "streaming" in type(chat).model_fields:
        off["streaming"] = False
    return chat.model_copy(update=off)


async def _media_and_blocks(
    model: ResolvedModel, request: ModelRequest, prepared: PreparedMedia
) -> tuple[tuple[Medium, ...], list[Block]]:
    """As `_read`; in a thread, unless the same was sent a moment ago."""
    if reads_clip(model):
        return await in_thread(partial(_read, model, request))
    media = media_of(model, request)
    key = key_of(model, prepared, media)
    blocks = _holder.get(key)
    if blocks is None:
        blocks = await in_thread(partial(_blocks, model, media))
        _holder.put(key, blocks, prepared)
    return media, blocks


def _read(model: ResolvedModel, request: ModelRequest) -> tuple[tuple[Medium, ...], list[Block]]:
    """The media of a request, and what they are on the wire. Reads their files."""
    media = media_of(model, request)
    return media, _blocks(model, media)


def _blocks(model: ResolvedModel, media: Sequence[Medium]) -> list[Block]:
    if model.family in ("openai", "compatible"):
        return openai.blocks(media, model.takes)
    return ollama.blocks(media) if model.family == "ollama" else standard.blocks(media)
