"""Rollouts, N at a time in one event loop, each kept before it counts."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

from aurelia.bench.generate.order import Order, check_variant
from aurelia.bench.generate.rollout import roll_out
from aurelia.bench.generate.tally import Tally
from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import RolloutKey, RolloutLine
from aurelia.errors import AureliaError, InputError, MediaError
from aurelia.models.attend import attended
from aurelia.models.lane import gathering

Why = Literal["done", "budget", "failures"]
"""Why a run begins no more rollouts: none is left, `max_cost` is spent, or too many in a row
failed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is done at once, and when no more is begun.

    Attributes:
        at_once: rollouts under way together.
        max_cost: USD of all rollouts of the folder, at list price or as paid, whichever is more;
            None: no bound.
        give_up_after: rollouts in a row whose models failed; 0: never.
        retry_failed: whether rollouts that failed are asked for again.
    """

    at_once: int = 8
    max_cost: float | None = None
    give_up_after: int = 50
    retry_failed: bool = False


class Pool:
    """One run over an order.

    Args:
        order: what is to be generated.
        journal: where finished rollouts are kept.
        bounds: see there.
        tell: called with each line once it is on disk; from the event loop's thread.

    Attributes:
        tally: over all rollouts of the order that are recorded.
        begun: rollouts begun by this run.
    """

    def __init__(
        self,
        order: Order,
        journal: Journal,
        bounds: Bounds,
        tell: Callable[[RolloutLine], None] = lambda line: None,
    ) -> None:
        self.tally = Tally()
        self.begun = 0
        self._order = order
        self._journal = journal
        self._bounds = bounds
        self._tell = tell
        self._samples = {sample.id: sample for sample in order.samples}
        self._variants = {variant.name: variant for variant in order.variants}
        self._writer = ThreadPoolExecutor(1, "journal")
        self._why: Why = "done"
        self._stopped = False
        self._failed_in_a_row = 0
        for key in order.rollouts():
            if key in journal:
                self.tally.add(journal.head(key))

    def pending(self) -> Iterator[RolloutKey]:
        """Rollouts that are to be made, in order."""
        for key in self._order.rollouts():
            if key not in self._journal or self._is_asked_again(key):
                yield key

    def _is_asked_again(self, key: RolloutKey) -> bool:
        return self._bounds.retry_failed and self._journal.head(key)["stop_reason"] == "failed"

    async def run(self) -> Why:
        """Make them all.

        Raises:
            AureliaError: nothing more can be made, or nothing kept; what was begun has ended.
        """
        queue = self.pending()
        workers = [self._work(queue) for _ in range(self._bounds.at_once)]
        with gathering():  # what a model takes is long beside the moment that its reply waits
            # A bug in one rollout is raised when the others have ended, and none is lost to it.
            ended = await asyncio.gather(*workers, return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return self._why

    def close(self) -> None:
        """Wait until what has ended is on disk."""
        self._writer.shutdown(wait=True)

    async def _work(self, queue: Iterator[RolloutKey]) -> None:
        for key in queue:
            if self._over():
                return
            self.begun += 1
            try:
                line = await self._roll_out(key)
                await self._keep(line)
            except AureliaError:
                self._stopped = True
                raise
            if self._stopped:
                return

    def _over(self) -> bool:
        """Whether no more is to be begun."""
        bound, patience = self._bounds.max_cost, self._bounds.give_up_after
        if self._stopped:
            return True
        if bound is not None and self.tally.charged_usd >= bound:
            self._stopped, self._why = True, "budget"
        elif patience and self._failed_in_a_row >= patience:
            self._stopped, self._why = True, "failures"
        return self._stopped

    async def _roll_out(self, key: RolloutKey) -> RolloutLine:
        """A rollout; that of a sample which can't be used is one that failed."""
        variant = self._variants[key.variant]
        before = self._journal.head(key) if key in self._journal else None
        attempt = 1 + int(before["attempt"] or 0) if before else 0
        paid = float(before["paid_usd"] or 0.0) if before else 0.0
        try:
            run = await roll_out(self._samples[key.sample_id], key, variant)
        except AureliaError as error:
            if isinstance(error, InputError) and not isinstance(error, MediaError):
                # Is it the sample, or would the next one fail as well? This raises if so.
                await asyncio.to_thread(check_variant, variant)
            return RolloutLine.failed(key, str(error), attempt, paid)
        line = partial(RolloutLine.of, key, run, attempt, paid)
        if run.totals.cached:  # its price is looked up
            return await asyncio.to_thread(line)
        return line()

    async def _keep(self, line: RolloutLine) -> None:
        again = line.key in self._journal
        if again:
            self.tally.add(self._journal.head(line.key), -1)
        # Once a rollout has ended, Ctrl-C doesn't keep it from being written.
        writing = self._writer.submit(partial(self._journal.append, line, again=again))
        key = await attended(writing)
        self.tally.add(self._journal.head(key))
        model_failed = line.stop_reason == "failed" and line.trajectory is not None
        if line.trajectory is not None:
            self._failed_in_a_row = self._failed_in_a_row + 1 if model_failed else 0
        self._tell(line)
