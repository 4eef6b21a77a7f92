"""Gemini: the clip's own file and its sounds, uploaded once, or inline where used once."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage

from aurelia.errors import ModelError
from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block, Wire, encoded, standard, text, to_messages
from aurelia.models.clock import clock
from aurelia.models.registry import ResolvedModel
from aurelia.models.request import Delivery
from aurelia.models.uploads import Kept, account_of, open_uploads, upload_key
from aurelia.prompts.template import MediaPart, PromptMessage

INLINE_BYTES = 8 * 2**20
"""Most bytes of files that go with a call itself; as base64 they take a third more."""

_KEPT_S = 48 * 3600.0  # where the provider doesn't say when a file expires
_CACHE_S = 3600
_POLL_S = 1.0
_POLL_MOST_S = 10.0
_PROCESSING_S = 900.0  # longest that a file may be in processing


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


def account(chat: Any) -> str:
    """Whose files these are: a hash of the key and the host."""
    secret = getattr(chat, "google_api_key", None)
    options = getattr(getattr(chat.client, "_api_client", None), "_http_options", None)
    host = str(getattr(options, "base_url", None) or "")
    return account_of("gemini", host, secret.get_secret_value() if secret else "")


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
                block["file_uri"], key = await _uploaded(model.chat, medium)
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


async def _uploaded(chat: Any, medium: Medium) -> tuple[str, str]:
    """The provider's name of a file, and ours."""
    digest = await asyncio.to_thread(_digest, medium)
    key = upload_key(account(chat), {"file": digest, "mime": medium.mime})
    found = await open_uploads().get(key, lambda: _upload(chat, medium))
    return found.uri, key


async def _upload(chat: Any, medium: Medium) -> Kept:
    assert medium.path
    files = chat.client.aio.files
    # As an open file: with its path, the client would send its name as well.
    with medium.path.open("rb") as opened:
        file = await files.upload(file=opened, config={"mime_type": medium.mime})
    began, wait = clock().now(), _POLL_S
    while _state(file) == "PROCESSING":
        if clock().now() - began > _PROCESSING_S:
            raise ModelError(
                f"Gemini has been processing the uploaded {medium.ref} for "
                f"{_PROCESSING_S / 60:.0f} minutes; try again later, or set video=frames."
            )
        await clock().sleep(wait)
        wait = min(2 * wait, _POLL_MOST_S)
        file = await files.get(name=file.name)
    if _state(file) == "FAILED":
        raise ModelError(
            f"Gemini could not process the uploaded {medium.ref}; convert it to MP4 with H.264, "
            "or set video=frames."
        )
    expires = file.expiration_time
    until = expires.timestamp() if expires else clock().wall() + _KEPT_S
    return Kept(file.uri, medium.mime, until)


def _state(file: Any) -> str:
    state = file.state
    return str(getattr(state, "value", state) or "ACTIVE")


def _digest(medium: Medium) -> str:
    """SHA-256 of its file; a note has none."""
    if medium.sha256 or medium.path is None:
        return medium.sha256 or ""
    with medium.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
        "media": [[m.label, await asyncio.to_thread(_digest, m)] for m in media],
        "metadata": [_metadata(m, delivery) for m in media],
    }
    key = upload_key(account(chat), content)
    found = await open_uploads().get(key, lambda: _cache(chat, blocks))
    return found.uri, key


async def _cache(chat: Any, blocks: list[Block]) -> Kept:
    from google.genai.errors import ClientError
    from langchain_google_genai import create_context_cache

    messages: list[BaseMessage] = [HumanMessage(content=[*blocks])]
    try:
        name = await asyncio.to_thread(create_context_cache, chat, messages, ttl=f"{_CACHE_S}s")
    except ClientError as error:
        # Too short to be cached, or not by this model. It is then sent as without a cache.
        if error.code not in (400, 403, 404):
            raise
        name = ""
    return Kept(name, "", clock().wall() + _CACHE_S)
