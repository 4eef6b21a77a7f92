"""CPU time of a rollout whose models answer at once, beside a bare LangGraph in the same minute.

Small batches, each way in turn, many times over: what else the machine does falls on all of them
alike, and the median of the ratios tells more than any time.
"""

from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from statistics import median
from typing import Any

from graph_rollouts import Took, Way, bare_like, timed

import aurelia

ROUNDS = 25
BATCH = 10


async def cpu_times(
    ways: Mapping[str, Way], clips: list[aurelia.Clip], settings: dict[str, Any], bare_name: str
) -> dict[str, list[Took]]:
    """What each way took, round by round; the bare graph first.

    Args:
        ways: how rollouts are kept, by name.
        clips: as many as a batch has rollouts, or more.
        settings: of the rollouts; their models answer at once.
        bare_name: what the bare graph is called.
    """
    numbers = count()
    bare = bare_like(await Way().roll_out(clips[0], -1, **settings), after_s=0.0)
    batches: dict[str, Callable[[int], Awaitable[object]]] = {bare_name: bare.roll_out}
    for name, way in ways.items():
        batches[name] = lambda n, way=way: way.roll_out(  # type: ignore[misc]
            clips[n], next(numbers), **settings
        )
    took: dict[str, list[Took]] = {name: [] for name in batches}
    for _ in range(ROUNDS + 1):
        for name, roll_out in batches.items():
            took[name].append(await timed(BATCH, BATCH, roll_out))
    return {name: each[1:] for name, each in took.items()}  # the first was to warm up


def report_cpu(took: Mapping[str, list[Took]], bare_name: str) -> None:
    """Print the table."""
    bare = [batch.cpu for batch in took[bare_name]]
    print(
        f"\nCPU a rollout, models answer at once; medians of {ROUNDS} rounds of {BATCH}\n"
        f"\n  {'':26}{'ms':>8}{'least':>8}{'× bare':>9}"
    )
    for name, batches in took.items():
        times = [batch.cpu for batch in batches]
        ratio = median(a / b for a, b in zip(times, bare, strict=True))
        print(f"  {name:26}{median(times) * 1000:8.1f}{min(times) * 1000:8.1f}{ratio:9.2f}")
