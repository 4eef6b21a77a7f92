"""A long unattended generation: what it costs beside its models. Part of `make bench`.

4,500 samples about 450 prepared clips, three passes each, 64 rollouts at a time, with models that
answer after 0.3 s. The ideal is the critical path alone: nine calls in sequence, in as many waves
as it takes; it is computed. CPU is set beside a bare LangGraph of the same shape with the same
models, measured before and after in this process. Then a new process is given the finished folder.

    python benchmarks/bench_scale.py            about ten minutes
    python benchmarks/bench_scale.py --quick    256 samples about 32 clips; growth isn't judged

It ends with 1 where a target isn't reached. A machine that does other work at the same time makes
wall time and CPU worse.
"""

import argparse
import asyncio
import gc
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from graph_bare import Bare
from graph_rollouts import CALLS, QUESTION, ROLES, Way, distinct, register, sleeping, timed, tiny
from scale_process import alone, resident_mb

import aurelia
from aurelia.bench.generate.collector import seldom_collecting
from aurelia.bench.generate.order import Order, make_variants
from aurelia.bench.generate.pool import Bounds
from aurelia.bench.generate.run import generate
from aurelia.bench.rollouts import TRAJECTORIES, RolloutLine
from aurelia.bench.sample import Sample, read_samples, write_samples

ANSWERS_AFTER_S = 0.3
AT_ONCE = 64
BARE_ROLLOUTS = 256

WALL = 1.3
"""Wall time at most, as a multiple of the ideal."""
CPU_MS = 10.0
"""CPU of a rollout at most, beyond that of the bare graph, ms."""
MEMORY_MB = 600.0
GROWTH = 1.05
"""Memory at the end, at most, as a multiple of that after a quarter."""
RESUME_S = 5.0
"""A command on a finished folder takes so long at most, from its start to its end."""

_COMMAND = """
import sys
sys.path.append({folder!r})
from graph_rollouts import register
register()
from aurelia.cli.main import main
main()
"""


@dataclass(frozen=True)
class Plan:
    """How much is generated."""

    samples: int = 4500
    clips: int = 450

    @property
    def ideal_s(self) -> float:
        """What the models alone take, seconds."""
        return CALLS * ANSWERS_AFTER_S * math.ceil(self.samples / AT_ONCE)


@dataclass(frozen=True)
class Generated:
    """What a generation took.

    Attributes:
        wall: seconds.
        cpu: seconds of this process, all threads, for one rollout.
        memory: MB after each quarter of the rollouts.
    """

    wall: float
    cpu: float
    memory: dict[int, float]


def written(plan: Plan, scratch: Path) -> Path:
    """The samples file, its clips prepared."""
    clips = list(distinct(tiny(scratch), scratch, plan.clips))
    for clip in clips:
        aurelia.prepare_media(aurelia.open_clip(clip))
    path = scratch / "samples.jsonl"
    write_samples(path, _samples(plan, clips))
    return path


def _samples(plan: Plan, clips: list[Path]) -> Iterator[Sample]:
    for number in range(plan.samples):
        yield Sample(
            id=f"s{number}",
            task="own",
            clip=clips[number % len(clips)].name,
            question=f"{QUESTION} ({number})",
            answer_type="open",
            ground_truth=["the sound"],
        )


def generated(path: Path, folder: Path, settings: dict[str, str]) -> Generated:
    """Generate all of it.

    Raises:
        SystemExit: a rollout ended otherwise than its models' replies have it.
    """
    began, cpu = time.perf_counter(), time.process_time()
    listed = read_samples(path)
    order = Order(path, listed, make_variants({}, settings))
    sizes: dict[int, float] = {}
    made = 0

    def on_rollout(line: RolloutLine) -> None:
        nonlocal made
        made += 1
        if made % (len(order) // 4) == 0:
            gc.collect()
            sizes[made] = resident_mb()

    ended = generate(order, listed, folder, Bounds(AT_ONCE), on_rollout=on_rollout)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    if ended.tally.outcomes["accepted"] != len(order) or ended.tally.passes != 3 * len(order):
        raise SystemExit(f"rollouts ended wrongly: {ended.tally}")
    return Generated(wall, cpu / len(order), sizes)


async def bare_cpu(bare: Bare) -> float:
    """CPU seconds of a rollout of the bare graph."""
    with seldom_collecting():  # as the generation does
        return (await timed(BARE_ROLLOUTS, AT_ONCE, bare.roll_out)).cpu


def resumed(path: Path, folder: Path, settings: dict[str, str]) -> float:
    """Seconds that a new process takes to see that there is nothing to do."""
    here = Path(__file__).parent
    roles = [word for role, name in settings.items() for word in (f"--{role}", name)]
    code = _COMMAND.format(folder=str(here))
    words = ["generate", str(path), "-o", str(folder), "-j", str(AT_ONCE), *roles]
    paths = os.pathsep.join(filter(None, [str(here.parent), os.environ.get("PYTHONPATH")]))
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - began
    if done.returncode or "0 to make" not in done.stderr:
        raise SystemExit(f"going on went wrong: {done.stderr}")
    return took


def report(plan: Plan, took: Generated, bare: list[float], resume_s: float, size: float) -> bool:
    """Print what was measured beside what is to be reached; whether all is."""
    ratio = took.wall / plan.ideal_s
    above = 1000 * (took.cpu - mean(bare))
    quarter, last = took.memory[min(took.memory)], took.memory[max(took.memory)]
    highest = max(took.memory.values())
    print(
        f"\n{plan.samples:,} rollouts of three passes, {AT_ONCE} at a time, models answer after "
        f"{ANSWERS_AFTER_S} s\nideal: {plan.ideal_s:.1f} s; trajectories: {size / 1e6:.0f} MB\n"
    )
    rows = [
        ("wall time, × ideal", ratio, WALL, f"{took.wall:.1f} s"),
        (
            "CPU a rollout above bare, ms",
            above,
            CPU_MS,
            f"{1000 * took.cpu:.1f} against {', '.join(f'{1000 * b:.1f}' for b in bare)}",
        ),
        ("memory, MB", highest, MEMORY_MB, ""),
        (
            "memory, × after a quarter",
            last / quarter,
            # Of so few rollouts a quarter has not yet been all that is ever under way.
            GROWTH if plan.samples >= Plan.samples else math.inf,
            ", ".join(f"{mb:.0f} after {n}" for n, mb in took.memory.items()),
        ),
        ("resume of a finished run, s", resume_s, RESUME_S, "a new process, start to end"),
    ]
    reached = True
    for name, value, most, how in rows:
        missed = value > most
        reached = reached and not missed
        print(
            f"  {name:32}{value:9.2f}  at most {most:7.2f}  "
            f"{'NOT reached' if missed else 'reached':12}{how}"
        )
    return reached


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="256 samples about 32 clips")
    plan = Plan(256, 32) if parser.parse_args().quick else Plan()
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        alone(scratch)
        path = written(plan, scratch)
        settings = register(ANSWERS_AFTER_S)
        clip = aurelia.open_clip(scratch / "clip0.mp4")
        # What is imported and connected at first use is no part of what is measured.
        run = asyncio.run(Way().roll_out(clip, -1, **settings))
        bare = Bare(run, {role: sleeping(role, ANSWERS_AFTER_S) for role in ROLES})
        before = asyncio.run(bare_cpu(bare))
        folder = scratch / "out"
        took = generated(path, folder, settings)
        after = asyncio.run(bare_cpu(bare))
        resume_s = resumed(path, folder, settings)
        size = (folder / TRAJECTORIES).stat().st_size
    sys.exit(not report(plan, took, [before, after], resume_s, size))


if __name__ == "__main__":
    main()
