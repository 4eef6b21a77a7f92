"""The pages as an app that `langgraph.json` names under `http.app`.

/aurelia/threads              runs on this server
/aurelia/threads/{thread_id}  one run: frames, sound, passes, calls

They read threads through the server's own API, with the credentials of whoever asks, so that nobody
sees more here than there; and clips only as the server lets its clients.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from aurelia.nodes.admission import Server
from aurelia.pages.clip import show_clip
from aurelia.pages.html import policy, render
from aurelia.pages.run import read_run, read_summary
from aurelia.pages.threads import NoSuchThread, Unavailable, find_thread, list_threads

Page = Callable[[Request], Awaitable[tuple[int, str, dict[str, Any]]]]

SHOWN = 100  # runs on the list
_SERVER = Server(start=Path.cwd())  # as the graph beside it: where the server started
_AT_ONCE = asyncio.Semaphore(2)  # pages that may prepare a clip together


async def _threads(request: Request) -> tuple[int, str, dict[str, Any]]:
    found = await list_threads(request, SHOWN)
    runs = [read_summary(thread) for thread in found]
    return 200, "threads", {"runs": [run for run in runs if run], "most": SHOWN}


async def _thread(request: Request) -> tuple[int, str, dict[str, Any]]:
    named = request.path_params["thread_id"]
    try:
        thread_id = str(UUID(named))
    except ValueError:
        thread_id = ""
    if thread_id != named.lower():
        return _problem(400, "This is no thread's id: those look like a UUID.")
    try:
        thread = await find_thread(request, thread_id)
    except NoSuchThread:
        return _problem(404, "There is no such thread on this server.")
    try:
        run = read_run(thread)
    except ValueError as error:
        return _problem(422, f"The state of this thread can't be read: {error}")
    if run is None:
        return _problem(404, "This thread holds no run of AURELIA, or one that has not begun.")
    async with _AT_ONCE:
        clip = await asyncio.to_thread(show_clip, run, _SERVER)
    return 200, "thread", {"run": run, "clip": clip}


def _problem(status: int, text: str) -> tuple[int, str, dict[str, Any]]:
    return status, "problem", {"text": text}


def _page(page: Page) -> Callable[[Request], Awaitable[HTMLResponse]]:
    async def respond(request: Request) -> HTMLResponse:
        try:
            status, template, values = await page(request)
        except Unavailable as error:
            status, template, values = _problem(error.status, str(error))
        nonce = secrets.token_urlsafe(16)
        top = "." if template == "threads" else ".."
        text = await asyncio.to_thread(render, template, {**values, "nonce": nonce, "top": top})
        return HTMLResponse(text, status, headers=policy(nonce))

    return respond


# Left out of the schema: a server would read these functions' docstrings as YAML.
app = Starlette(
    routes=[
        Route("/aurelia/threads", _page(_threads), methods=["GET"], include_in_schema=False),
        Route(
            "/aurelia/threads/{thread_id}",
            _page(_thread),
            methods=["GET"],
            include_in_schema=False,
        ),
    ]
)
"""What `langgraph.json` names."""
