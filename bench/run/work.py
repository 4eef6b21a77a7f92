"""All replies of a run, N items at a time, each written down before it counts."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from aurelia.bench.journal import Journal
from aurelia.bench.run.condition import Condition, Item
from aurelia.bench.run.conditions import find_condition
from aurelia.bench.run.decide import decide
from aurelia.bench.run.hall import Hall
from aurelia.bench.run.reply import Key, Reply
from aurelia.bench.worth import in_dollars, known_sum
from aurelia.errors import AureliaError, RunError
from aurelia.models.faults import redact

Why = Literal["done", "budget", "failures"]


@dataclass
class Work:
    """What is to be asked, and what of it has been.

    Attributes:
        hall: what all items share.
        journal: of the replies.
        conditions: in order.
        targets: model strings.
        retry_failed: whether replies that failed in an earlier run, or were made without something
            that failed, are asked for again.
        give_up_after: replies in a row whose models failed; 0: never.
        max_cost: USD of all replies of the folder; None: no bound.
        on_reply: told of each reply once it is on disk.
        tally: how many replies of each status are there; those that are to be asked again are not.
        paid_usd: for them, as far as prices are known; `unpriced` calls are not in it.
    """

    hall: Hall
    journal: Journal
    conditions: Sequence[Condition]
    targets: Sequence[str]
    retry_failed: bool = False
    give_up_after: int = 50
    max_cost: float | None = None
    on_reply: Callable[[Reply], None] = lambda _: None
    tally: Counter[str] = field(default_factory=Counter)
    paid_usd: float = 0.0
    unpriced: int = 0
    _fresh: set[Key] = field(default_factory=set)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "journal"))
    _failed_in_a_row: int = 0
    _over: bool = False
    _why: Why = "done"

    def __post_init__(self) -> None:
        for item in self._items():
            for condition in self.conditions:
                if self.is_done(condition, item):
                    self._add(_key(item, condition))

    def _add(self, key: Key, reply: Reply | None = None) -> None:
        """Count a reply that is on disk; its calls are looked at where its head can't say all."""
        head = self.journal.head(key)
        self.tally[head["status"]] += 1
        paid = (head["spent"] or {}).get("paid_usd")
        if paid is None:
            made = reply or Reply.model_validate(self.journal.read(key))
            calls = [call for call in (*made.calls, *made.before) if not call.error]
            paid, unknown = known_sum(call.usage.cost_usd for call in calls)
            self.unpriced += unknown
        self.paid_usd += paid

    @property
    def cost(self) -> str:
        """What was paid, in words: `$1.20`, `$1.20 + 3 calls of unknown price`."""
        return in_dollars(self.paid_usd, self.unpriced)

    def close(self) -> None:
        """Wait until what was replied is on disk."""
        self._writer.shutdown(wait=True)

    def to_make(self) -> int:
        """How many replies are to be asked for."""
        return sum(1 for _ in self) - self.tally.total()

    def __iter__(self) -> Iterator[Key]:
        """Every reply that belongs to the run."""
        for item in self._items():
            yield from (_key(item, condition) for condition in self.conditions)

    def is_done(self, condition: Condition, item: Item) -> bool:
        """Whether a reply stands: it is there, and nothing speaks for asking again."""
        key = _key(item, condition)
        if key in self._fresh:
            return True
        if key not in self.journal:
            return False
        head = self.journal.head(key)
        if self.retry_failed and (head["status"] == "failed" or head["faults"]):
            return False
        # A rollout that came, or ended otherwise, since the reply was decided on.
        return not condition.needs_rollout or head["rollout"] == self.hall.rollout_state(
            item.sample.id, item.repeat
        )

    def open(self) -> Iterator[Item]:
        """Items with something left to ask, a sample's targets after each other."""
        for item in self._items():
            if not all(self.is_done(condition, item) for condition in self.conditions):
                yield item

    async def run(self, at_once: int) -> Why:
        """Ask whatever is open; what is under way when it ends early is finished first.

        Args:
            at_once: items under way at a time.

        Returns:
            `failures` where too many replies in a row failed, `budget` where `max_cost` is spent,
            else `done`.

        Raises:
            ConfigurationError: something is wrong that would be for every item.
            RunError: replies can't be written.
        """
        waiting = self.open()
        workers = [self._work(waiting) for _ in range(at_once)]
        # What is under way when one of them raises has been paid for: it ends first.
        for error in await asyncio.gather(*workers, return_exceptions=True):
            if error is not None:
                raise error
        return self._why

    async def _work(self, waiting: Iterator[Item]) -> None:
        for item in waiting:
            if not self._over and self.max_cost is not None and self.paid_usd >= self.max_cost:
                self._over, self._why = True, "budget"
            if self._over:
                return
            try:
                await self._item(item)
            except AureliaError:
                self._over = True
                raise

    def _items(self) -> Iterator[Item]:
        settings = self.hall.settings
        for repeat in range(settings.repeats):
            for sample in self.hall.samples.values():
                for target in self.targets:
                    yield Item(sample, None, target, repeat, settings.form or "plan")

    async def _item(self, item: Item) -> None:
        for condition in self.conditions:
            if not self.is_done(condition, item):
                await self._reply(condition, item, ())

    async def _reply(self, condition: Condition, item: Item, above: tuple[str, ...]) -> Reply:
        """The reply of a condition to an item, asked for where it is not done."""
        key = _key(item, condition)
        if self.is_done(condition, item):
            return Reply.model_validate(await asyncio.to_thread(self.journal.read, key))
        if condition.name in above:
            raise RunError(f"Conditions refer to each other: {' → '.join([*above, above[0]])}.")
        again = key in self.journal
        attempt = int(self.journal.head(key)["attempt"] or 0) + 1 if again else 0
        other = partial(self._other, item=item, above=(*above, condition.name))
        reply = await decide(condition, item, self.hall, other, attempt)
        # Shielded: once there is a reply, Ctrl-C doesn't keep it from being written.
        append = partial(self.journal.append, reply, again=again)
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._writer, append))
        self._fresh.add(key)
        if any(condition.name == chosen.name for chosen in self.conditions):
            self._add(key, reply)
        self._count(reply)
        self.on_reply(reply)
        return reply

    def _count(self, reply: Reply) -> None:
        """Whether the models still answer: what fails before one is asked says nothing of that."""
        made = [*reply.calls, *reply.before]
        if made:
            # A reply may stand because what was to be made for it failed.
            failed = reply.status in ("failed", "stands") and bool(made[-1].error)
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
        if self.give_up_after and self._failed_in_a_row >= self.give_up_after:
            self._over, self._why = True, "failures"

    async def _other(self, name: str, item: Item, above: tuple[str, ...]) -> Reply:
        return await self._reply(find_condition(name), item, above)


def _key(item: Item, condition: Condition) -> Key:
    return redact(item.target), condition.name, item.sample.id, item.repeat
