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

    Whoever waits is let in by the last of those inside as it leaves, or by a timer: there is always
    one set.

    Attributes:
        members: rollouts that give way to each other.
        jobs: of many rollouts, for which replies gather.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = ref(loop)
        self._inside: set[Pass] = set()
        self._waiting: deque[tuple[Pass, asyncio.Future[None]]] = deque()
        self._groups = 0
        self._timed = False
        self.members = 0
        self.jobs = 0

    @property
    def together(self) -> int:
        """Rollouts that go on at once."""
        return GATHER if self.jobs else TOGETHER

    def is_here(self) -> bool:
        """Whether this is the running loop's."""
        return asyncio.get_running_loop() is self._loop()

    async def enter(self, who: "Pass") -> None:
        """Go on when those are gone that came before."""
        # Where all find room, there is nobody worth waiting for.
        gathers = self.jobs > 0 and self.members > GATHER
        if who in self._inside or not (self._inside or self._waiting or gathers):
            self._inside.add(who)
            return
        turn = asyncio.get_running_loop().create_future()
        mine = (who, turn)
        self._waiting.append(mine)
        if not self._inside and (not gathers or len(self._waiting) >= GATHER):
            self._let_in()
        elif not self._timed:
            self._set_timer(PATIENCE_S if self._inside else GATHER_S)
        try:
            await turn
        except asyncio.CancelledError:
            if mine in self._waiting:  # a future that is left there would keep its loop alive
                self._waiting.remove(mine)
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
        self._timed = False
        while self._waiting and len(self._inside) < self.together:
            who, turn = self._waiting.popleft()
            # Whoever was cancelled is gone, and so are all where the loop is closed.
            if not (turn.done() or turn.get_loop().is_closed()):
                self._inside.add(who)
                turn.set_result(None)
        if self._waiting:
            self._set_timer(PATIENCE_S)

    def _set_timer(self, seconds: float) -> None:
        if (loop := self._loop()) is not None:
            self._timed = True
            # Its handle isn't kept: it holds the loop.
            loop.call_later(seconds, self._time_is_up, self._groups)

    def _time_is_up(self, groups: int) -> None:
        if self._groups == groups:
            self._timed = False
            if self._waiting:
                self._let_in()


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
    # What goes on within a call of a rollout is a part of that rollout.
    counts = not apart and (before is None or before.lane is not lane)
    _pass.set(mine)
    lane.members += counts
    try:
        if not apart:
            await lane.enter(mine)
        yield
    finally:
        lane.members -= counts
        lane.leave(mine)
        _pass.set(before)


@contextmanager
def gathering() -> Iterator[None]:
    """Within, replies of this loop's rollouts gather where there are many: less is computed, and
    each comes a moment later."""
    lane = _here()
    lane.jobs += 1
    try:
        yield
    finally:
        lane.jobs -= 1


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
