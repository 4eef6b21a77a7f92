"""Gemini: the clip's own file and its sounds, uploaded once, or inline where used once."""

import asyncio
import base64
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage

from aurelia.errors import ModelError
from aurelia.models.adapters.gemini_client import upload_client
from aurelia.models.adapters.gemini_files import account, digest_of, uploaded
from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block, Wire, encoded, standard, text, to_messages
from aurelia.models.clock import clock
from aurelia.models.registry import ResolvedModel
from aurelia.models.request import Delivery
from aurelia.models.uploads import Kept, open_uploads, upload_key
from aurelia.prompts.template import MediaPart, PromptMessage

INLINE_BYTES = 8 * 2**20
"""Most bytes of files that go with a call itself; as base64 they take a third more."""

_CACHE_S = 3600


async def wire(
    model: ResolvedModel,
    rendered: Sequence[PromptMessage],
    media: Sequence[Medium],
    delivery: Delivery,
) -> Wire:
    """Messages for Gemini; uploads what isn't there yet.

    Raises:
        ModelError: an uploaded file could not be processed, or can't be sent to this service.
    """
    blocks, kept = await _blocks(model, media, delivery)
    if delivery.context_cache and media and _media_first(rendered):
        name, key = await _cached(model, media, blocks, delivery)
        if name:
            return Wire(_after(rendered), bind={"cached_content": name}, kept=(*kept, key))
    return Wire(to_messages(rendered, blocks), kept=tuple(kept))


async def _blocks(
    model: ResolvedModel, media: Sequence[Medium], delivery: Delivery
) -> tuple[list[Block], list[str]]:
    size = sum(medium.path.stat().st_size for medium in media if medium.path)
    used_again = delivery.uses > 1 or delivery.context_cache
    inline = size <= INLINE_BYTES and not used_again
    if getattr(model.chat, "_use_vertexai", False):  # which has no such store
        if size > 2 * INLINE_BYTES:
            raise ModelError(
                f"The clip is too large for {model.name} ({size / 1e6:.0f} MB in one request); use "
                "google_genai with an API key, which uploads it, or set video=frames."
            )
        inline = True
    blocks: list[Block] = []
    kept: list[str] = []
    for medium in media:
        blocks.append(text(medium.label))
        if medium.kind == "frame":
            blocks.append(await asyncio.to_thread(standard, medium))
        elif medium.kind != "note":
            block: Block = {"type": "media", "mime_type": medium.mime}
            if inline:
                block["data"] = await asyncio.to_thread(encoded, medium)
            else:
                block["file_uri"], key = await uploaded(model.chat, medium)
                kept.append(key)
            blocks.append(block | _metadata(medium, delivery))
    return blocks, kept


def _metadata(medium: Medium, delivery: Delivery) -> Block:
    """What of a video is meant, and how densely; sound files are cut already."""
    if medium.kind != "video":
        return {}
    meant: dict[str, Any] = {}
    if delivery.video_fps:
        meant["fps"] = delivery.video_fps
    if medium.window:
        start, end = medium.window
        meant |= {"start_offset": f"{start:.3f}s", "end_offset": f"{end:.3f}s"}
    return {"video_metadata": meant} if meant else {}


def _media_first(rendered: Sequence[PromptMessage]) -> bool:
    """Whether the clip is what a provider could keep: a cache holds the beginning of a prompt."""
    users = [message for message in rendered if message.role == "user"]
    places = [isinstance(part, MediaPart) for message in users for part in message.parts]
    return sum(places) == 1 and places[0]


def _after(rendered: Sequence[PromptMessage]) -> list[BaseMessage]:
    """What follows the cached clip. System texts join the user's: a cache allows no others."""
    system = [text(message.text) for message in rendered if message.role == "system"]
    bare = [message for message in rendered if message.role != "system"]
    blocks: list[str | dict[Any, Any]] = [*system]
    blocks += [text(m.text) for m in bare if m.text]
    return [HumanMessage(content=blocks)]


async def _cached(
    model: ResolvedModel, media: Sequence[Medium], blocks: list[Block], delivery: Delivery
) -> tuple[str, str]:
    """Name of the provider's cache of the clip, empty where it keeps none, and ours."""
    chat: Any = model.chat
    content = {
        "cache": chat.model,
        "media": [[m.label, await asyncio.to_thread(digest_of, m)] for m in media],
        "metadata": [_metadata(m, delivery) for m in media],
    }
    key = upload_key(account(chat), content)
    found = await open_uploads().get(key, lambda: _cache(chat, blocks))
    return found.uri, key


async def _cache(chat: Any, blocks: list[Block]) -> Kept:
    from google.genai.errors import ClientError

    config = {"contents": [{"role": "user", "parts": _parts(blocks)}], "ttl": f"{_CACHE_S}s"}
    try:
        async with upload_client(chat) as client:
            name = (await client.caches.create(model=chat.model, config=config)).name
    except ClientError as error:
        # Too short to be cached, or not by this model. It is then sent as without a cache.
        if error.code not in (400, 403, 404):
            raise
        name = ""
    return Kept(name or "", "", clock().wall() + _CACHE_S)


def _parts(blocks: list[Block]) -> list[dict[str, Any]]:
    """Content as Google's own client takes it: LangChain would create a cache in a thread that
    can't be cancelled."""
    parts: list[dict[str, Any]] = []
    for block in blocks:
        mime = block.get("mime_type")
        if "file_uri" in block:
            part = {"file_data": {"file_uri": block["file_uri"], "mime_type": mime}}
        elif data := block.get("data") or block.get("base64"):
            part = {"inline_data": {"data": base64.b64decode(data), "mime_type": mime}}
        else:
            part = {"text": block["text"]}
        if "video_metadata" in block:
            part["video_metadata"] = block["video_metadata"]
        parts.append(part)
    return parts
