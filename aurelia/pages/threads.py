"""Threads as the server's own API tells them to whoever asks for a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from langgraph_sdk.client import LangGraphClient
from starlette.requests import Request

GRAPHS = ("aurelia", "examine_clip")
"""Whose threads are shown."""
_CREDENTIALS = ("authorization", "x-api-key", "cookie")
_LISTED = ["thread_id", "status", "updated_at"]
_EXTRACTED = {
    "question": "values.question",
    "clip": "values.clip.path",
    "iteration": "values.iteration",
    "stop_reason": "values.stop_reason",
    "answer": "values.answer",
}


class NoSuchThread(Exception):
    """The server knows no thread of that id, or doesn't show it to this client."""


class Unavailable(Exception):
    """The server's API says no; `status` is its own."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


async def find_thread(request: Request, thread_id: str) -> dict[str, Any]:
    """State of a thread: `values`, `next`, `tasks`, and `status`.

    Of a graph that holds the loop, that of the loop while it is under way.

    Raises:
        NoSuchThread: there is none.
        Unavailable: the client may not see it.
    """
    async with _client(request) as client:
        thread = await client.threads.get(thread_id)
        state = await client.threads.get_state(thread_id, subgraphs=True)
    inner = [task.get("state") for task in state.get("tasks") or ()]
    found = next((i for i in inner if i and "run" in (i.get("values") or {})), state)
    return {**found, "thread_id": thread_id, "status": thread["status"]}


async def list_threads(request: Request, limit: int) -> list[dict[str, Any]]:
    """The latest threads of our graphs, in short.

    Raises:
        Unavailable: the client may not see them.
    """
    async with _client(request) as client:
        found = [
            dict(thread)
            for graph in GRAPHS
            for thread in await client.threads.search(
                metadata={"graph_id": graph},
                limit=limit,
                sort_by="updated_at",
                sort_order="desc",
                select=_LISTED,  # type: ignore[arg-type]
                extract=_EXTRACTED,
            )
        ]
    return sorted(found, key=lambda thread: str(thread.get("updated_at")), reverse=True)[:limit]


@asynccontextmanager
async def _client(request: Request) -> AsyncIterator[LangGraphClient]:
    """A client of the app that serves this very request, in its process."""
    known = {name: request.headers[name] for name in _CREDENTIALS if name in request.headers}
    transport = httpx.ASGITransport(app=request.app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://pages", headers=known
    ) as http:
        try:
            yield LangGraphClient(http)
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status in (404, 422):
                raise NoSuchThread from None
            allowed = "You may not see this." if status in (401, 403) else "The server can't say."
            raise Unavailable(
                status, f"{allowed} (Its API answered with status {status}.)"
            ) from None
