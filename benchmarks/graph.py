"""What the loop itself costs, beside what the models take. Part of `make bench`.

200 rollouts of three passes on distinct, prepared clips, 50 at a time, with models that answer
after 0.1 s. The ideal is the critical path alone: nine calls in sequence, four times over. It is
computed; all else is measured in turns, in one run, and judged by the median of its ratios. A
machine that does other work at the same time makes them worse; the bare LangGraph in the same table
shows by how much.

    python benchmarks/graph.py                  about five minutes
    python benchmarks/graph.py --quick          50 rollouts, once each; memory over 400
    python benchmarks/graph.py --cpu            CPU time alone, of models that answer at once
    python benchmarks/graph.py --idle           wall time computed, where the machine is busy
    python benchmarks/graph.py --server         a single run on `langgraph dev` as well
    .ci/postgres python benchmarks/graph.py     with Postgres as well (or --postgres DSN)

It ends with 1 where a target isn't reached.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from graph_cpu import cpu_times, report_cpu
from graph_idle import IdleLoop, computed, idle_times
from graph_rollouts import (
    ANSWERS_AFTER_S,
    CALLS,
    Took,
    Way,
    bare_like,
    distinct,
    postgres,
    prepared,
    register,
    sqlite,
    timed,
    tiny,
)
from graph_server import latency

import aurelia

TARGETS = {
    "no checkpointer": 1.25,
    "SQLite at the end": 1.5,
    "SQLite at every step": 2.0,
}
"""Wall time at most, as a multiple of the ideal."""

BARE = "bare LangGraph"
GROWTH = 1.05
"""Memory after the last rollout, at most, as a multiple of that after a quarter of them."""


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        rollouts: in a batch.
        at_once: of them under way.
        rounds: of all batches.
        remembered: rollouts over which memory is looked at.
    """

    rollouts: int = 200
    at_once: int = 50
    rounds: int = 3
    remembered: int = 2000

    @property
    def ideal_s(self) -> float:
        """A batch whose models alone take time, seconds."""
        return CALLS * ANSWERS_AFTER_S * self.rollouts / self.at_once


def ratios(took: Iterable[Took], ideal_s: float) -> list[float]:
    """Wall time of each batch as a multiple of the ideal."""
    return [batch.wall / ideal_s for batch in took]


def report(measured: Mapping[str, list[Took]], plan: Plan) -> bool:
    """Print the table; whether all targets are reached."""
    print(
        f"\n{plan.rollouts} rollouts of three passes, {plan.at_once} at a time, models answer "
        f"after {ANSWERS_AFTER_S} s\nideal: {plan.ideal_s:.2f} s; medians of {plan.rounds} "
        f"{'rounds' if plan.rounds > 1 else 'round'}\n"
    )
    print(
        f"  {'':26}{'wall s':>8}{'× ideal':>9}{'at most':>9}{'CPU ms a rollout':>19}{'× bare':>8}"
    )
    bare = median(batch.cpu for batch in measured[BARE])
    reached = True
    for name, batches in measured.items():
        ratio, cpu = median(ratios(batches, plan.ideal_s)), median(b.cpu for b in batches)
        most = TARGETS.get(name)
        missed = most is not None and ratio > most
        reached = reached and not missed
        print(
            f"  {name:26}{median(b.wall for b in batches):8.2f}{ratio:9.2f}"
            f"{most if most else '':>9}{cpu * 1000:19.1f}{cpu / bare:8.1f}"
            f"{'  NOT reached' if missed else ''}"
        )
    return reached


def report_memory(sizes: Mapping[int, float]) -> bool:
    """Print the memory of the process in MB after so many rollouts; whether it stays flat."""
    first, last = min(sizes), max(sizes)
    flat = sizes[last] <= GROWTH * sizes[first]
    said = ", ".join(f"{size:.0f} MB after {count}" for count, size in sizes.items())
    print(f"\nmemory: {said}: {sizes[last] / sizes[first]:.3f} times the first")
    print(f"  to reach: at most {GROWTH} times -> {'reached' if flat else 'NOT reached'}")
    return flat


def resident_mb() -> float:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def ways(scratch: Path, dsn: str | None) -> AsyncIterator[dict[str, Way]]:
    """How rollouts are kept, by name."""
    async with AsyncExitStack() as stack:
        found = {"no checkpointer": Way()}
        for name, durability in (("at the end", "exit"), ("at every step", "sync")):
            file = scratch / f"{durability}-{uuid4().hex}.sqlite"
            saver = await stack.enter_async_context(sqlite(file))
            found[f"SQLite {name}"] = Way(saver, durability)  # type: ignore[arg-type]
        if dsn:
            saver = await stack.enter_async_context(postgres(dsn))
            run = uuid4().hex
            found["Postgres at the end"] = Way(saver, "exit", f"{run}e")
            found["Postgres at every step"] = Way(saver, "sync", f"{run}s")
        yield found


async def measure(
    plan: Plan, clips: list[aurelia.Clip], settings: dict[str, Any], scratch: Path, dsn: str | None
) -> dict[str, list[Took]]:
    """Each way in turn, as often as there are rounds."""
    measured: dict[str, list[Took]] = {}
    # What is imported and connected at first use is no part of any batch.
    bare = bare_like(await Way().roll_out(clips[0], -1, **settings))
    for _ in range(plan.rounds):
        async with ways(scratch, dsn) as found:
            batches: dict[str, Callable[[int], Awaitable[object]]] = {BARE: bare.roll_out}
            for name, way in found.items():
                await way.roll_out(clips[0], -1, **settings)
                batches[name] = lambda n, way=way: way.roll_out(  # type: ignore[misc]
                    clips[n], n, **settings
                )
            for name, roll_out in batches.items():
                gc.collect()
                took = await timed(plan.rollouts, plan.at_once, roll_out)
                measured.setdefault(name, []).append(took)
    return measured


async def remember(
    plan: Plan, clips: list[aurelia.Clip], settings: dict[str, Any]
) -> dict[int, float]:
    """Memory in MB after each quarter of many rollouts, whose models answer at once."""
    sizes: dict[int, float] = {}
    quarter = plan.remembered // 4
    for done in range(quarter, 4 * quarter + 1, quarter):
        await timed(
            quarter, plan.at_once, lambda n: Way().roll_out(clips[n % len(clips)], n, **settings)
        )
        gc.collect()
        sizes[done] = resident_mb()
    return sizes


async def cpu(clips: list[aurelia.Clip], scratch: Path, dsn: str | None) -> None:
    """Print what a rollout takes of a processor."""
    async with ways(scratch, dsn) as found:
        settings = {**register(0.0), "max_iterations": 3}
        report_cpu(await cpu_times(found, clips, settings, BARE), BARE)


def idle(plan: Plan, clips: list[aurelia.Clip], settings: dict[str, Any], scratch: Path) -> None:
    """Print what batches would take on a machine that does nothing else."""
    numbers = count()

    async def measured(loop: IdleLoop) -> dict[str, list[float]]:
        bare = bare_like(await Way().roll_out(clips[0], -1, **settings))
        rolls: dict[str, Callable[[int], Awaitable[object]]] = {BARE: bare.roll_out}
        async with ways(scratch, None) as found:
            for name, way in found.items():
                rolls[name] = lambda n, way=way: way.roll_out(  # type: ignore[misc]
                    clips[n], next(numbers), **settings
                )
            return await idle_times(loop, rolls, BARE, plan.rollouts, plan.at_once, plan.rounds)

    took = computed(measured)
    print(f"\n{plan.rollouts} rollouts, {plan.at_once} at a time; × ideal as computed, at most\n")
    for name, seconds in took.items():
        all_ = ", ".join(f"{each / plan.ideal_s:.2f}" for each in seconds)
        ratio = median(seconds) / plan.ideal_s
        print(f"  {name:26}{ratio:8.2f}{TARGETS.get(name, ''):>9}   ({all_})")


def alone(scratch: Path) -> None:
    """Keep what this machine has set up, and tracing, out of what is measured."""
    for name in [name for name in os.environ if name.startswith("AURELIA_")]:
        del os.environ[name]
    nothing = scratch / "nothing.toml"
    nothing.write_text("", "utf-8")
    os.environ |= {
        "AURELIA_CONFIG": str(nothing),
        "AURELIA_CACHE_DIR": str(scratch / "cache"),
        "AURELIA_RUNS_DIR": str(scratch / "runs"),
        "AURELIA_MAX_CONCURRENCY": "1000",
        "LANGSMITH_TRACING": "false",
        "LANGCHAIN_TRACING_V2": "false",
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rollouts, once each")
    parser.add_argument("--cpu", action="store_true", help="CPU time alone, and no targets")
    parser.add_argument("--idle", action="store_true", help="compute wall time; see graph_idle.py")
    parser.add_argument("--server", action="store_true", help="a run on `langgraph dev` as well")
    parser.add_argument(
        "--postgres", metavar="DSN", default=os.environ.get("AURELIA_TEST_POSTGRES")
    )
    given = parser.parse_args()
    quick = given.quick or given.cpu
    plan = Plan(rollouts=50, rounds=1, remembered=400) if quick else Plan()
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        alone(scratch)
        clips = prepared([*distinct(tiny(scratch), scratch, plan.rollouts)])
        # As a server does well to, for both sides: what stays is then not looked through again
        # and again, and what comes and goes not after each 700 objects.
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 20, 100)
        if given.cpu:
            asyncio.run(cpu(clips, scratch, given.postgres))
            return
        settings = {**register(), "max_iterations": 3}
        if given.idle:
            idle(plan, clips, settings, scratch)
            return
        measured = asyncio.run(measure(plan, clips, settings, scratch, given.postgres))
        reached = report(measured, plan)
        if given.server:
            print(f"\n{latency(clips[0], settings, scratch)}")
        sizes = asyncio.run(remember(plan, clips, {**register(0.0), "max_iterations": 3}))
        reached = report_memory(sizes) and reached
    sys.exit(not reached)


if __name__ == "__main__":
    main()
