"""A folder of rollouts, begun or gone on with: lock, manifest, session, pool."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from aurelia.bench.folder import made
from aurelia.bench.generate.collector import seldom_collecting
from aurelia.bench.generate.manifest import FREE, manifest_of, versions
from aurelia.bench.generate.order import Order
from aurelia.bench.generate.pool import Bounds, Pool, Why
from aurelia.bench.generate.sessions import Begun, Sessions
from aurelia.bench.generate.tally import Tally
from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import HEAD, KEY, TRAJECTORIES, RolloutLine
from aurelia.bench.sample import Sample
from aurelia.bench.settled import NAME, check_kind, settle
from aurelia.errors import InputError
from aurelia.graph.sync import run_sync


@dataclass(frozen=True, slots=True)
class Started:
    """What was found when a run began.

    Attributes:
        session: number, and what became of the one before.
        tally: of the rollouts that are there already; it goes on changing.
        to_make: rollouts that are to be made.
        torn: bytes of a line that was cut off as it was written.
        reconstruction: whether the samples were imported.
    """

    session: Begun
    tally: Tally
    to_make: int
    torn: int
    reconstruction: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Attributes:
        why: no more was begun.
        tally: over all rollouts of the order that are recorded.
        missing: rollouts of the order that are not.
        begun: rollouts begun by this run.
        lost_calls: requests of this run that were sent and not answered.
    """

    why: Why
    tally: Tally
    missing: int
    begun: int
    lost_calls: int


def generate(
    order: Order,
    samples: Sequence[Sample],
    folder: Path,
    bounds: Bounds,
    *,
    on_start: Callable[[Started], None] = lambda started: None,
    on_rollout: Callable[[RolloutLine], None] = lambda line: None,
) -> Ended:
    """Make the rollouts of an order that a folder does not hold yet.

    A rollout is kept once its line is on disk. After a crash, a kill or Ctrl-C the same call goes
    on: finished rollouts stand, and replies that were paid for come from the ledger.

    Args:
        order: what is to be generated.
        samples: all of the samples file, those beyond a limit included.
        folder: made where it is missing.
        bounds: see there.
        on_start: called once, before the first rollout.
        on_rollout: called with each line once it is on disk, from another thread.

    Raises:
        InputError: the folder holds other results, another process writes it, or it can't be used.
        AureliaError: nothing more can be made or kept; what was finished stands.
    """
    folder = made(folder)
    check_kind(folder, "rollouts")
    with Journal(folder / TRAJECTORIES, KEY, HEAD) as journal:
        if len(journal) and not (folder / NAME).exists():
            raise InputError(
                f"{folder} holds {TRAJECTORIES} and no {NAME}, so that nobody knows what it was "
                "made with; give another folder."
            )
        manifest = settle(folder, manifest_of(order, samples), free=FREE)
        sessions = Sessions(folder)
        pool = Pool(order, journal, bounds, on_rollout)
        try:
            begun = sessions.begin(
                versions=versions(),
                aurelia=metadata.version("aurelia"),
                repeats=order.repeats,
                samples=len(order.samples),
                at_once=bounds.at_once,
            )
            to_make = sum(1 for _ in pool.pending())
            on_start(
                Started(
                    session=begun,
                    tally=pool.tally,
                    to_make=to_make,
                    torn=journal.torn,
                    reconstruction=manifest["samples"]["kind"] == "reconstruction",
                )
            )
            with seldom_collecting() if to_make else nullcontext():
                return _run(pool, sessions, len(order))
        finally:
            pool.close()
            sessions.close()


def _run(pool: Pool, sessions: Sessions, wanted: int) -> Ended:
    why: str = "interrupted"
    lost = 0
    try:
        why = ended = run_sync(pool.run())
    finally:
        pool.close()
        lost = sessions.end(why=why, begun=pool.begun, done=pool.tally.done)
    return Ended(ended, pool.tally, wanted - pool.tally.done, pool.begun, lost)
