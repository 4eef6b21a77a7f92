"""Gemini's Files API: what a call refers to goes up once, and is waited for."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

from aurelia.errors import ModelError
from aurelia.models.adapters.gemini_client import host_of, upload_client
from aurelia.models.adapters.media import Medium
from aurelia.models.clock import clock
from aurelia.models.uploads import Kept, account_of, open_uploads, upload_key

_KEPT_S = 48 * 3600.0  # where the provider doesn't say when a file expires
_POLL_S = 1.0
_POLL_MOST_S = 10.0
_PROCESSING_S = 900.0  # longest that a file may be in processing

# By key in the store: files that went up, and of which it isn't known yet whether they can be used.
_processing: dict[str, str] = {}


def account(chat: Any) -> str:
    """Whose files these are: a hash of the key and the host."""
    secret = getattr(chat, "google_api_key", None)
    return account_of("gemini", host_of(chat), secret.get_secret_value() if secret else "")


async def uploaded(chat: Any, medium: Medium) -> tuple[str, str]:
    """The provider's name of a file, and ours."""
    digest = await asyncio.to_thread(digest_of, medium)
    key = upload_key(account(chat), {"file": digest, "mime": medium.mime})
    found = await open_uploads().get(key, lambda: _upload(chat, medium, digest, key))
    return found.uri, key


async def _upload(chat: Any, medium: Medium, digest: str, key: str) -> Kept:
    # Later runs would be given this file for the one that it was.
    if await asyncio.to_thread(digest_of, replace(medium, sha256=None)) != digest:
        raise ModelError(f"The file of the {medium.ref} has changed since the run began.")
    async with upload_client(chat) as client:
        file = await _begun(client.files, medium, key)
        file = await _processed(client.files, file, medium)
    del _processing[key]
    if _state(file) == "FAILED":
        raise ModelError(
            f"Gemini could not process the uploaded {medium.ref}; convert it to MP4 with H.264, "
            "or set video=frames."
        )
    expires = file.expiration_time
    until = expires.timestamp() if expires else clock().wall() + _KEPT_S
    return Kept(file.uri, medium.mime, until)


async def _begun(files: Any, medium: Medium, key: str) -> Any:
    """The file as the provider has it; one that a failed try has left in processing serves."""
    from google.genai.errors import ClientError

    if name := _processing.get(key):
        try:
            return await files.get(name=name)
        except ClientError as error:
            if error.code not in (403, 404):
                raise
    assert medium.path
    # As an open file: with its path, the client would send its name as well.
    with medium.path.open("rb") as opened:
        file = await files.upload(file=opened, config={"mime_type": medium.mime})
    _processing[key] = file.name
    return file


async def _processed(files: Any, file: Any, medium: Medium) -> Any:
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
    return file


def _state(file: Any) -> str:
    state = file.state
    return str(getattr(state, "value", state) or "ACTIVE")


def digest_of(medium: Medium) -> str:
    """SHA-256 of its file; a note has none."""
    if medium.sha256 or medium.path is None:
        return medium.sha256 or ""
    with medium.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
