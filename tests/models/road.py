"""Rollouts that say when they go on, for what is said of lanes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from aurelia.models import lane


class Road:
    """Rollouts that say when they go on."""

    def __init__(self) -> None:
        self.on_it: set[int] = set()
        self.most = 0
        self.order: list[int] = []

    async def work(self, number: int, parts: int = 3) -> None:
        """Something in several parts, at each of which others may run."""
        self.on_it.add(number)
        self.most = max(self.most, len(self.on_it))
        self.order.append(number)
        for _ in range(parts):
            await asyncio.sleep(0)
        self.on_it.remove(number)


async def together(count: int, rollout: Callable[[int], Awaitable[None]]) -> None:
    """So many rollouts, begun at once."""
    await asyncio.gather(*(rollout(number) for number in range(count)))


@contextmanager
def patience() -> Iterator[None]:
    """For what is said of groups: on a busy machine one of them may well take 30 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane, "PATIENCE_S", 3600.0)
        yield
