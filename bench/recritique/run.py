"""A folder of rollouts from another, with captions judged anew: durable, N runs at a time."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from aurelia.bench.folder import made
from aurelia.bench.generate.manifest import FREE, SCHEMA_VERSION, versions
from aurelia.bench.generate.sessions import Begun, Sessions
from aurelia.bench.generate.tally import Tally
from aurelia.bench.journal import Journal
from aurelia.bench.recritique.rejudge import rejudge
from aurelia.bench.recritique.sources import Source
from aurelia.bench.recritique.wish import RECRITIQUED, Wish, summarizes_again
from aurelia.bench.rollouts import HEAD, KEY, TRAJECTORIES, RolloutKey, RolloutLine
from aurelia.bench.settled import settle
from aurelia.errors import AureliaError
from aurelia.graph.sync import run_sync
from aurelia.nodes.budget import check_prices
from aurelia.nodes.judging import critic_models

Why = Literal["done", "budget", "failures"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is done at once, and when no more is begun.

    Attributes:
        at_once: runs under way together.
        max_cost: USD of everything this folder has cost; None: no bound.
        give_up_after: runs in a row whose models failed; 0: never.
        retry_failed: whether runs that failed are judged again.
    """

    at_once: int = 8
    max_cost: float | None = None
    give_up_after: int = 50
    retry_failed: bool = False


@dataclass(slots=True)
class Ended:
    """How it ended.

    Attributes:
        why: no more was begun.
        tally: of the new records, with what the new calls took alone.
        wanted: records of a finished folder.
        session: number, and what became of the command before.
        lost_calls: requests of this command that were sent and not answered.
        changed: runs whose outcome differs from the recorded one, as `accepted → exhausted`.
    """

    why: Why
    tally: Tally
    wanted: int
    session: Begun
    lost_calls: int
    changed: dict[str, int]


def recritique(
    source: Source,
    wish: Wish,
    folder: Path,
    bounds: Bounds,
    *,
    clips: Path | None = None,
    on_line: Callable[[RolloutLine, int, int], None] = lambda line, done, total: None,
) -> Ended:
    """Judge recorded runs anew, those that the folder does not hold yet.

    A record is kept once its line is on disk; the same call goes on after a kill, and replies that
    were paid for come from the ledger.

    Args:
        source: what is judged.
        wish: by whom, with which prompts.
        folder: made where it is missing.
        bounds: see there.
        clips: where clips are, where they lie elsewhere by now.
        on_line: told of each record once it is on disk, with how many are done of how many.

    Raises:
        InputError: the wish can't be fulfilled, or the folder holds other results.
        ConfigurationError: there is a bound on the cost, and a model's price is not known.
    """
    wish.check()
    if bounds.max_cost is not None:
        _check_prices(source, wish, bounds.max_cost)
    folder = made(folder)
    with Journal(folder / TRAJECTORIES, KEY, HEAD) as journal:
        settle(folder, manifest_of(source, wish), free=FREE)
        sessions = Sessions(folder)
        pool = _Pool(source, wish, journal, bounds, clips, on_line)
        why, lost = "interrupted", 0
        try:
            begun = sessions.begin(versions=versions(), aurelia=metadata.version("aurelia"))
            why = ended = run_sync(pool.run())
        finally:
            pool.close()
            lost = sessions.end(why=why, done=pool.tally.done)
            sessions.close()
        changed = _changed(source, journal)
        return Ended(ended, pool.tally, len(source.keys), begun, lost, changed)


def _check_prices(source: Source, wish: Wish, max_cost: float) -> None:
    """Refuse a bound that could not be kept; the first run stands for all."""
    lines = (source.line(key) for key in source.keys)
    run = next((line.trajectory for line in lines if line.trajectory is not None), None)
    if run is not None:
        settings = wish.settings(run)
        context = settings.context.model_copy(update={"max_cost": max_cost})
        asked = critic_models(context)
        if summarizes_again(wish, run, settings):
            asked.append(context.summarizer)
        check_prices(context, asked)


def _changed(source: Source, journal: Journal) -> dict[str, int]:
    """How many runs end otherwise than they did, by how."""
    changed: dict[str, int] = {}
    for key in source.keys:
        before = source.outcome(key)
        after = str(journal.head(key)["stop_reason"]) if key in journal else before
        if before != after:
            name = f"{before} → {after}"
            changed[name] = changed.get(name, 0) + 1
    return changed


def manifest_of(source: Source, wish: Wish) -> dict[str, Any]:
    """That of the recorded runs, with what is judged anew."""
    before = {k: v for k, v in source.manifest.items() if k != RECRITIQUED}
    return {
        **before,
        "kind": "rollouts",
        "schema_version": SCHEMA_VERSION,
        RECRITIQUED: {
            "manifest_sha256": source.sha256,
            "changed": wish.manifest(),
            "before": source.manifest.get(RECRITIQUED),
        },
        "aurelia": metadata.version("aurelia"),
        "versions": versions(),
    }


class _Pool:
    """One go over a source."""

    def __init__(
        self,
        source: Source,
        wish: Wish,
        journal: Journal,
        bounds: Bounds,
        clips: Path | None,
        tell: Callable[[RolloutLine, int, int], None],
    ) -> None:
        self.tally = Tally()
        self._source, self._wish, self._journal = source, wish, journal
        self._bounds, self._clips, self._tell = bounds, clips, tell
        self._writer = ThreadPoolExecutor(1, "journal")
        self._failed_in_a_row = 0
        self._why: Why = "done"
        self._stopped = False
        for key in source.keys:
            if key in journal:
                self.tally.add(journal.head(key))

    def close(self) -> None:
        """Wait until what has been judged is on disk."""
        self._writer.shutdown(wait=True)

    async def run(self) -> Why:
        """Judge them all; what is under way when one raises ends first, for it was paid for."""
        waiting = self._pending()
        workers = [self._work(waiting) for _ in range(self._bounds.at_once)]
        for error in await asyncio.gather(*workers, return_exceptions=True):
            if error is not None:
                raise error
        return self._why

    def _pending(self) -> Iterator[RolloutKey]:
        for key in self._source.keys:
            head = self._journal.head(key) if key in self._journal else None
            if head is None or (self._bounds.retry_failed and head["stop_reason"] == "failed"):
                yield key

    async def _work(self, waiting: Iterator[RolloutKey]) -> None:
        for key in waiting:
            if self._over():
                return
            try:
                await self._one(key)
            except AureliaError:
                self._stopped = True
                raise

    def _over(self) -> bool:
        bound, patience = self._bounds.max_cost, self._bounds.give_up_after
        if not self._stopped and bound is not None and self.tally.charged_usd >= bound:
            self._stopped, self._why = True, "budget"
        elif not self._stopped and patience and self._failed_in_a_row >= patience:
            self._stopped, self._why = True, "failures"
        return self._stopped

    async def _one(self, key: RolloutKey) -> None:
        old = await asyncio.to_thread(self._source.line, key)
        before = self._journal.head(key) if key in self._journal else None
        attempt = 1 + int(before["attempt"] or 0) if before else 0
        paid = float(before["paid_usd"] or 0.0) if before else 0.0
        line = await self._line(old, attempt, paid)
        again = before is not None
        loop = asyncio.get_running_loop()
        # Shielded: once it has been judged, Ctrl-C doesn't keep it from being written.
        await asyncio.shield(
            loop.run_in_executor(self._writer, partial(self._journal.append, line, again=again))
        )
        if before is not None:
            self.tally.add(before, -1)
        self.tally.add(self._journal.head(key))
        if line.trajectory is not None:
            failed = line.stop_reason == "failed" and old.stop_reason != "failed"
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
        self._tell(line, self.tally.done, len(self._source.keys))

    async def _line(self, old: RolloutLine, attempt: int, paid: float) -> RolloutLine:
        """A record; one that can't be judged, for lack of its clip say, is one that failed."""
        if old.trajectory is None:
            return RolloutLine.failed(old.key, old.error, attempt, paid)
        try:
            run = await rejudge(old.trajectory, self._wish, self._clips)
        except AureliaError as error:
            return RolloutLine.failed(old.key, str(error), attempt, paid)
        before = {call.id for i in old.trajectory.iterations for call in i.calls}
        # What the recorded calls took was paid elsewhere.
        new = [c for i in run.iterations for c in i.calls if c.id not in before]
        return await asyncio.to_thread(RolloutLine.of, old.key, run, attempt, paid, new)
