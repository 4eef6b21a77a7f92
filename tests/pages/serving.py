"""The pages, in one app with as much of a server's API as they ask."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from langgraph.checkpoint.memory import InMemorySaver
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import aurelia
from aurelia.pages.app import app

THREAD = "01a1fe4d-2b69-7739-9a79-d7e5a7860ef0"


def state_of(clip: str, question: str, **context: Any) -> dict[str, Any]:
    """What a thread holds after a run of the graph, as the API tells it."""
    graph = aurelia.build_graph(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "t"}}

    async def run() -> dict[str, Any]:
        given: Any = {"clip": clip, "question": question}
        await graph.ainvoke(given, config, context=aurelia.Context(**context))
        snapshot = await graph.aget_state(config)
        waiting = [{"interrupts": [{"value": i.value} for i in snapshot.interrupts]}]
        return {"values": snapshot.values, "next": list(snapshot.next), "tasks": waiting}

    return asyncio.run(run())


@dataclass
class Server:
    """An API that knows one thread.

    Attributes:
        state: of that thread; None: the thread is not there.
        key: without it, the API answers nobody.
    """

    state: dict[str, Any] | None
    status: str = "idle"
    key: str = ""
    graph: str = "aurelia"
    searched: list[Any] = field(default_factory=list)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """A page."""
        routes = [
            *app.routes,
            Route("/threads/search", self._search, methods=["POST"]),
            Route("/threads/{thread_id}", self._thread),
            Route("/threads/{thread_id}/state", self._state),
        ]

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=Starlette(routes=routes))
            async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())

    def thread(self) -> httpx.Response:
        """The page of its thread."""
        return self.get(f"/aurelia/threads/{THREAD}")

    def _refusal(self, request: Request) -> JSONResponse | None:
        if self.key and request.headers.get("x-api-key") != self.key:
            return JSONResponse({"detail": "no"}, 401)
        if self.state is None:
            return JSONResponse({"detail": "Thread not found"}, 404)
        return None

    async def _thread(self, request: Request) -> JSONResponse:
        found = {"thread_id": THREAD, "status": self.status, "metadata": {}}
        return self._refusal(request) or JSONResponse(found)

    async def _state(self, request: Request) -> JSONResponse:
        return self._refusal(request) or JSONResponse(self.state)

    async def _search(self, request: Request) -> JSONResponse:
        self.searched.append(await request.json())
        if self.searched[-1]["metadata"]["graph_id"] != self.graph:
            return self._refusal(request) or JSONResponse([])
        values = (self.state or {"values": {}})["values"]
        said = {
            "question": values.get("question"),
            "clip": (values.get("clip") or {}).get("path"),
            "iteration": values.get("iteration"),
            "stop_reason": values.get("stop_reason"),
            "answer": values.get("answer"),
        }
        thread = {"thread_id": THREAD, "status": self.status, "extracted": said}
        thread["updated_at"] = "2026-01-02T03:04:05.678+00:00"
        return self._refusal(request) or JSONResponse([thread])


class Seen(HTMLParser):
    """Tags of a page with their attributes."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every tag of that name."""
        return [attributes for name, attributes in self.tags if name == tag]
