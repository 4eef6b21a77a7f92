"""Google's client for uploads, which tries each request once.

By itself it sends a piece of a file up to three times where the reply lacks the protocol's header,
as every error does, and sleeps in between for seven seconds, in the event loop's own thread. It
takes an HTTP client from us, and that one raises before the reply is looked at. With such a client
it doesn't turn to `aiohttp` either, which it prefers where that is installed, and which repeats
requests that break off.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any


def host_of(chat: Any) -> str:
    """Where its requests go; empty where that isn't told."""
    options = getattr(getattr(chat.client, "_api_client", None), "_http_options", None)
    return str(getattr(options, "base_url", None) or "")


@asynccontextmanager
async def upload_client(chat: Any) -> AsyncIterator[Any]:
    """Google's asynchronous client for the account, host and settings of `chat`."""
    import httpx
    from google import genai
    from google.genai.types import HttpOptions

    if getattr(chat, "_use_vertexai", False):  # other credentials; it has caches and no uploads
        yield chat.client.aio
        return
    arguments = {"follow_redirects": True, **(chat.client_args or {})}
    hooks = {"response": [_raise_at_once]}
    async with httpx.AsyncClient(**arguments, event_hooks=hooks) as http:
        options = HttpOptions(
            base_url=host_of(chat) or None,
            api_version=chat.api_version,
            headers=dict(chat.additional_headers or {}),
            httpx_async_client=http,
        )
        key = chat.google_api_key.get_secret_value() if chat.google_api_key else None
        client = await asyncio.to_thread(partial(genai.Client, api_key=key, http_options=options))
        try:
            yield client.aio
        finally:
            client.close()


async def _raise_at_once(response: Any) -> None:
    """Raise for a failure, and for a reply to a piece of a file that is none.

    Raises:
        APIError: a status other than 200.
        ValueError: the reply doesn't say how the upload stands.
    """
    from google.genai.errors import APIError

    await APIError.raise_for_async_response(response)
    is_piece = "x-goog-upload-offset" in response.request.headers
    if is_piece and not response.headers.get("x-goog-upload-status"):
        raise ValueError("the reply to an upload does not say how the upload stands")
