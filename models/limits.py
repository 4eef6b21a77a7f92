"""How many requests a provider gets at once, and how many a minute.

Limits hold in one process, over all its event loops and threads. A request that waits here waits
in the order in which it came.
"""

import asyncio
import re
import threading
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aurelia.models.clock import Clock
from aurelia.models.profiles import spelled_out
from aurelia.settings import PerProvider, Settings

MINUTE_S = 60.0
_PORTS = {"http": 80, "https": 443}
_HAS_PORT = re.compile(r":\d+\Z")

_gates: dict[tuple[str, int | None, int | None], "Gate"] = {}
_guard = threading.Lock()


def provider_of(name: str) -> str:
    """Who answers a role's string: `openai`, a server's `host:port`, or a registered name.

    A profile counts as the provider or server that it leads to; a port that the scheme has anyway
    is left out.
    """
    name = spelled_out(name)
    if "://" not in name:
        return name.partition(":")[0]
    for scheme, port in _PORTS.items():
        if name.lower().startswith(f"{scheme}://"):
            place = name.partition("://")[2].partition("#")[0].partition("/")[0].partition("?")[0]
            return place.rpartition("@")[2].lower().removesuffix(f":{port}")
    return name.partition(":")[0]


def limited_as(name: str) -> tuple[str, ...]:
    """The names by which limits find the model `name`; the first that has a limit counts.

    `https://host/v1#m` is found as `host` and as `host:443`. Other than a model's, the names of
    limits are in small letters.
    """
    provider = provider_of(name)
    scheme = spelled_out(name).partition("://")[0].lower()
    if scheme in _PORTS and not _HAS_PORT.search(provider):
        return provider, f"{provider}:{_PORTS[scheme]}"
    return tuple(dict.fromkeys((provider, provider.lower())))


def _limit(limits: PerProvider, names: Sequence[str]) -> int | None:
    if not limits.by_provider:
        return limits.default
    named = (limits.by_provider.get(each) for each in names)
    return next((limit for limit in named if limit is not None), limits.default)


def gate_for(name: str, settings: Settings) -> "Gate":
    """The gate that requests to the model `name` pass."""
    names = limited_as(name)
    key = (names[0], _limit(settings.max_concurrency, names), _limit(settings.rpm, names))
    with _guard:
        if (gate := _gates.get(key)) is None:
            gate = _gates[key] = Gate(max_concurrency=key[1], rpm=key[2])
        return gate


@dataclass(eq=False, slots=True)
class _Waiter:
    loop: asyncio.AbstractEventLoop
    turn: "asyncio.Future[None]"
    admitted: bool = False


@dataclass(eq=False, slots=True)
class Gate:
    """Lets `max_concurrency` requests through at once, and `rpm` in any sixty seconds.

    None: no such limit. Not an `asyncio.Semaphore`, which belongs to one event loop.
    """

    max_concurrency: int | None = None
    rpm: int | None = None
    _inside: int = 0
    _waiting: "deque[_Waiter]" = field(default_factory=deque)
    _starts: "deque[float]" = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @asynccontextmanager
    async def passage(self, clock: Clock) -> AsyncIterator[float]:
        """A place inside for the length of a `with` block; gives the seconds it was waited for."""
        came = clock.now()
        await self._enter()
        try:
            if (wait := self._until_start(clock.now())) > 0:
                await clock.sleep(wait)
            yield clock.now() - came
        finally:
            self._leave()

    async def _enter(self) -> None:
        with self._lock:
            if self.max_concurrency is None or self._inside < self.max_concurrency:
                self._inside += 1
                return
            loop = asyncio.get_running_loop()
            waiter = _Waiter(loop, loop.create_future())
            self._waiting.append(waiter)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            with self._lock:
                admitted = waiter.admitted
                if not admitted:
                    self._waiting.remove(waiter)
            if admitted:
                self._leave()
            raise

    def _leave(self) -> None:
        """Hand the place to whoever waits longest, in whatever event loop that is."""
        with self._lock:
            while self._waiting:
                waiter = self._waiting.popleft()
                try:
                    waiter.loop.call_soon_threadsafe(_admit, waiter.turn)
                except RuntimeError:
                    continue  # its event loop was closed, and the request with it
                waiter.admitted = True
                return
            self._inside -= 1

    def _until_start(self, now: float) -> float:
        """Seconds until the next start is allowed; that start counts from here on."""
        if self.rpm is None:
            return 0.0
        with self._lock:
            start = now
            if len(self._starts) >= self.rpm:
                start = max(now, self._starts.popleft() + MINUTE_S)
            self._starts.append(start)
            return start - now


def _admit(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_result(None)
