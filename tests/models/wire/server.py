"""One server on 127.0.0.1 that speaks to all clients, and notes what they sent.

    with Wire(say("hello"), fail(503)) as wire:
        …                                # a client of wire.openai or wire.url
        wire.calls[0].body["messages"]
        wire.media(wire.calls[0])        # what the model got to see, in order

Behaviours are played in order, one a model call; the last is repeated. Uploads and the like are
served as the provider would, unless `meets` says otherwise.
"""

import contextlib
import threading
from collections import deque
from types import TracebackType
from typing import Self

from tests.models.wire.anthropic import Anthropic
from tests.models.wire.exchange import Part, Purpose, Received, Reply, Speaks
from tests.models.wire.gemini import Gemini
from tests.models.wire.gemini_store import Store
from tests.models.wire.http import HttpServer
from tests.models.wire.ollama import Ollama
from tests.models.wire.openai import OpenAI
from tests.models.wire.play import play
from tests.models.wire.script import Expired, Scripted, say

KEY = "a-key-for-tests"


class Wire:
    """The running server; a context manager.

    Attributes:
        requests: all of them, in the order of their arrival.
        store: Gemini's files and caches.
        most_at_once: the highest number of requests under way together.
        abandoned: hanging requests whose client gave up.
        asked: set once a request is there; `left` once a client has given up.
    """

    def __init__(self, *behaviours: Scripted, polls: int = 1, together: int = 1) -> None:
        """Args:
        behaviours: for model calls, in order.
        polls: how often a file must be asked for until it has been processed.
        together: how many model calls must be there at once before any of them is answered.
        """
        self.requests: list[Received] = []
        self.most_at_once = 0
        self.abandoned = 0
        self.asked = threading.Event()
        self.left = threading.Event()
        self._script = deque(behaviours or (say("hello"),))
        self._others: dict[Purpose, deque[Scripted]] = {}
        self._at_once = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(together)
        self._http = HttpServer(self)
        self.store = Store(self.url, polls)
        self.protocols: tuple[Speaks, ...] = (
            Anthropic(),
            Gemini(self.store),
            Ollama(),
            OpenAI(),
        )

    @property
    def url(self) -> str:
        """Its root, which the clients of Gemini, Anthropic and Ollama are given."""
        return f"http://127.0.0.1:{self._http.port}"

    @property
    def openai(self) -> str:
        """The base URL for clients of OpenAI."""
        return f"{self.url}/v1"

    @property
    def model(self) -> str:
        """A role's string that leads here."""
        return f"{self.openai}#m1"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead every provider's client here, with keys made up for tests."""
        return {
            "OPENAI_BASE_URL": self.openai,
            "OPENAI_API_KEY": KEY,
            "GOOGLE_GEMINI_BASE_URL": self.url,
            "GOOGLE_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_URL": self.url,
            "ANTHROPIC_API_KEY": KEY,
            "OLLAMA_HOST": self.url,
        }

    @property
    def calls(self) -> list[Received]:
        """Model calls alone."""
        return [request for request in self.requests if request.purpose == "call"]

    @property
    def uploads(self) -> int:
        """Files that were uploaded whole."""
        return len(self.store.uploads)

    @property
    def sent(self) -> int:
        """Bytes of all bodies that clients sent."""
        return sum(request.size for request in self.requests)

    def plays(self, *behaviours: Scripted) -> None:
        """What model calls meet from now on."""
        with self._lock:
            self._script = deque(behaviours)

    def meets(self, purpose: Purpose, *behaviours: Scripted) -> None:
        """What the next requests of this purpose meet; later ones are served again."""
        with self._lock:
            self._others[purpose] = deque(behaviours)

    def media(self, request: Received) -> list[Part]:
        """The prompt of a call in order, texts between media: what the model gets to see."""
        return self._speaks(request).parts(request)

    def __enter__(self) -> Self:
        self._http.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._together.abort()
        self._http.stop()

    def answer(self, request: Received) -> Reply:
        """Note a request, and say what to do about it."""
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.asked.set()
        if request.purpose == "call":
            with contextlib.suppress(threading.BrokenBarrierError):
                self._together.wait()
        return self._act(self._speaks(request), request)

    def done(self, *, abandoned: bool = False) -> None:
        """A request has been dealt with."""
        with self._lock:
            self._at_once -= 1
            self.abandoned += abandoned
        if abandoned:
            self.left.set()

    def purpose_of(self, method: str, path: str) -> tuple[str, Purpose]:
        """The protocol of a request, and what it is for."""
        for speaks in self.protocols:
            if purpose := speaks.purpose(method, path):
                return speaks.name, purpose
        return "", "other"

    def _speaks(self, request: Received) -> Speaks:
        return next((p for p in self.protocols if p.name == request.protocol), self.protocols[-1])

    def _act(self, speaks: Speaks, request: Received) -> Reply:
        if request.purpose != "call":
            planned = self._others.get(request.purpose)
            return play(speaks, request, self._take(planned)) if planned else speaks.serve(request)
        with self._lock:
            if self._script and isinstance(self._script[0], Expired):
                self._script.popleft()
                speaks.expire()
        if fault := speaks.objection(request):  # and the script waits for a call that is right
            return speaks.error(fault)
        return play(speaks, request, self._take(self._script, keep_last=True))

    def _take(self, planned: deque[Scripted], *, keep_last: bool = False) -> Scripted:
        with self._lock:
            if keep_last and not planned:
                return say("hello")
            return planned[0] if keep_last and len(planned) == 1 else planned.popleft()
