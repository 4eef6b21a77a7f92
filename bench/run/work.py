"""All replies of a run, N items at a time, each written down before it counts."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from aurelia.bench.journal import Journal
from aurelia.bench.run.condition import Condition, Item
from aurelia.bench.run.conditions import find_condition
from aurelia.bench.run.decide import decide
from aurelia.bench.run.hall import Hall
from aurelia.bench.run.reply import Key, Reply
from aurelia.errors import RunError
from aurelia.models.faults import redact


@dataclass
class Work:
    """What is to be asked, and what of it has been.

    Attributes:
        hall: what all items share.
        journal: of the replies.
        conditions: in order.
        targets: model strings.
        retry_failed: whether replies that failed in an earlier run are asked for again.
        on_reply: told of each reply once it is on disk.
    """

    hall: Hall
    journal: Journal
    conditions: Sequence[Condition]
    targets: Sequence[str]
    retry_failed: bool = False
    on_reply: Callable[[Reply], None] = lambda _: None
    _fresh: set[Key] = field(default_factory=set)

    def keys(self) -> Iterator[Key]:
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
        if head["status"] == "failed" and self.retry_failed:
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

    async def run(self, at_once: int, stopped: Callable[[], bool] = lambda: False) -> None:
        """Ask whatever is open.

        Args:
            at_once: items under way at a time.
            stopped: looked at before each item; once it is true no further one begins.

        Raises:
            ConfigurationError: something is wrong that would be for every item.
            RunError: replies can't be written.
        """
        waiting = self.open()

        async def worker() -> None:
            for item in waiting:
                if stopped():
                    return
                await self._item(item)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(worker())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

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
        await asyncio.to_thread(partial(self.journal.append, reply, again=again))
        self._fresh.add(key)
        self.on_reply(reply)
        return reply

    async def _other(self, name: str, item: Item, above: tuple[str, ...]) -> Reply:
        return await self._reply(find_condition(name), item, above)


def _key(item: Item, condition: Condition) -> Key:
    return redact(item.target), condition.name, item.sample.id, item.repeat
