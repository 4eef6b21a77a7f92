"""Which rollouts of an event loop go on, where many have their replies.

What a rollout does between two calls takes a millisecond or two, in dozens of small parts. Where
all whose replies are there take turns at these, none is at its next call before nearly all of them
are: the models wait together, and then the rollouts do. So a few go on until they call their
models, and then the next few, in the order in which their replies came. A few, and not one: what
they do alike a processor does faster one after the other.

A job of many rollouts may also let replies gather for a moment, where none goes on: their code and
its data have left the processor's caches by the time that a single one wakes it.

It is a courtesy and no lock. Whoever waits for something that nobody foresaw holds the others up
for a moment, once, and what comes of a rollout doesn't turn on it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Final
from weakref import WeakKeyDictionary, ref

TOGETHER: Final = 8
"""How many go on at once."""
PATIENCE_S: Final = 0.03
"""How long the next ones wait for those before them, seconds."""
GATHER: Final = 16
"""How many go on at once where replies gather."""
GATHER_S: Final = 0.05
"""How long a reply waits for others there, seconds."""


class Lane:
    """The rollouts of one event loop; used by that loop alone.

    Attributes:
        members: rollouts that give way to each other.
        jobs: of many rollouts that are under way, for which replies gather.
        together: rollouts that go on at once.
        gather_s: how long a reply waits for others where no rollout goes on, seconds.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = ref(loop)
        self._inside: set[Pass] = set()
        self._waiting: deque[tuple[Pass, asyncio.Future[None]]] = deque()
        self._groups = 0
        self._watched = False
        self._gathering = False
        self.members = 0
        self.jobs = 0
        self.together = TOGETHER
        self.gather_s = 0.0

    def is_here(self) -> bool:
        """Whether this is the running loop's."""
        return asyncio.get_running_loop() is self._loop()

    async def enter(self, who: "Pass") -> None:
        """Go on when those are gone that came before."""
        # Where all find room, there is nobody worth waiting for.
        gathers = self.gather_s > 0 and self.members > self.together
        if who in self._inside or not (self._inside or gathers):
            self._inside.add(who)
            return
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append((who, turn))
        if self._inside:
            if not self._watched:
                self._watch()
        elif len(self._waiting) >= self.together:
            self._let_in()
        elif not self._gathering:
            self._gathering = True
            loop.call_later(self.gather_s, self._gathered)
        try:
            await turn
        except asyncio.CancelledError:
            self.leave(who)  # it may have been let in in this very moment
            raise

    def leave(self, who: "Pass") -> None:
        """Let the next ones go on, where this was the last of its group."""
        if who in self._inside:
            self._inside.remove(who)
            if not self._inside:
                self._let_in()

    def _let_in(self) -> None:
        self._inside.clear()
        self._groups += 1
        while self._waiting and len(self._inside) < self.together:
            who, turn = self._waiting.popleft()
            # Whoever was cancelled is gone, and so are all where the loop is closed.
            if not (turn.done() or turn.get_loop().is_closed()):
                self._inside.add(who)
                turn.set_result(None)

    def _gathered(self) -> None:
        self._gathering = False
        if not self._inside:
            self._let_in()

    def _watch(self) -> None:
        self._watched = True
        asyncio.get_running_loop().call_later(PATIENCE_S, self._look, self._groups)

    def _look(self, groups: int) -> None:
        self._watched = False
        if self._waiting:
            if self._groups == groups:
                self._let_in()
            self._watch()


class Pass:
    """A rollout's place in the lane of its loop.

    Args:
        lane: of the loop that the rollout runs on.
        apart: whether it goes on without regard to others, and they to it.
    """

    __slots__ = ("lane", "outside")

    def __init__(self, lane: Lane, *, apart: bool = False) -> None:
        self.lane = lane
        self.outside = int(apart)
        """How much of the rollout waits for something else: calls of a panel, a file."""


_lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, Lane] = WeakKeyDictionary()
_pass: ContextVar[Pass | None] = ContextVar("aurelia_lane", default=None)


def _here() -> Lane:
    """The lane of the running loop."""
    loop = asyncio.get_running_loop()
    lane = _lanes.get(loop)
    if lane is None:
        lane = _lanes[loop] = Lane(loop)
    return lane


def is_in_lane() -> bool:
    """Whether what runs here is (part of) a rollout on a loop where rollouts give way."""
    mine = _pass.get()
    return mine is not None and mine.lane.is_here()


@asynccontextmanager
async def in_lane(*, apart: bool = False) -> AsyncIterator[None]:
    """A rollout, or a stretch of one: within, it gives way to others wherever it is `aside`.

    Args:
        apart: for one that waits so often, or for what nobody here knows of, that turns would cost
            more than they save.
    """
    before = _pass.get()
    if before is not None and before.lane.is_here() and not before.outside:
        yield  # it is in there already
        return
    lane = _here()
    mine = Pass(lane, apart=apart)
    _pass.set(mine)
    lane.members += not apart
    try:
        if not apart:
            await lane.enter(mine)
        yield
    finally:
        lane.members -= not apart
        lane.leave(mine)
        _pass.set(before)


@contextmanager
def gathering(seconds: float = GATHER_S) -> Iterator[None]:
    """Within, replies of this loop's rollouts gather where there are many: less is computed, and
    each comes a moment later."""
    lane = _here()
    lane.jobs += 1
    lane.together, lane.gather_s = GATHER, seconds
    try:
        yield
    finally:
        lane.jobs -= 1
        if not lane.jobs:
            lane.together, lane.gather_s = TOGETHER, 0.0


class aside:  # noqa: N801  # used like a function
    """`async with aside():` around what a rollout waits for; outside of a lane it does nothing."""

    __slots__ = ("_pass",)

    async def __aenter__(self) -> None:
        """Let others go on."""
        self._pass = _pass.get() if is_in_lane() else None
        if self._pass is not None:
            self._pass.outside += 1
            self._pass.lane.leave(self._pass)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Go on in one's turn; at once after a failure, or while more of the rollout waits."""
        mine = self._pass
        if mine is None:
            return
        mine.outside -= 1
        if error is None and not mine.outside:
            await mine.lane.enter(mine)
