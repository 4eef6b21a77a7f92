"""What a worker process does with one job."""

import os
import signal
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

from aurelia.bench.mechanism.arms import (
    Asked,
    ask_with_steps_of,
    judge_captions,
    run_sample,
    score_arms,
)
from aurelia.bench.mechanism.outcome import Outcome
from aurelia.bench.mechanism.plan import Job, Plan
from aurelia.errors import AureliaError


@dataclass(slots=True)
class _Worker:
    stop: Event | None = None
    done: "Synchronized[int] | None" = None


_worker = _Worker()


def start_worker(cache: Path, stop: Event, done: "Synchronized[int]") -> None:
    """Set a process up: a cache of the run's own, and Ctrl-C left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["AURELIA_CACHE_DIR"] = str(cache)
    _worker.stop, _worker.done = stop, done


def work(plan: Plan, job: Job) -> list[Outcome]:
    """Run the samples of a job. One that fails is an outcome as well; when the parent says stop,
    what has been done is returned.

    Raises:
        Exception: a bug, in whatever the job calls; the parent then tries the samples one by one.
    """
    outcomes: list[Outcome] = []
    through: list[tuple[Outcome, Asked]] = []
    with ExitStack() as stack:
        folder = plan.folder / job.difficulty
        if not plan.keep:
            scratch = tempfile.TemporaryDirectory(dir=plan.folder, prefix="clips-")
            folder = Path(stack.enter_context(scratch))
        for index in job.indices:
            if _worker.stop and _worker.stop.is_set():
                break
            outcome = Outcome(job.family, job.difficulty, index)
            outcomes.append(outcome)
            try:
                through.append((outcome, _one(plan, job, index, folder, outcome)))
            except AureliaError as error:
                outcome.failed = f"{job.name} {index}: {error}"
            if _worker.done:
                with _worker.done.get_lock():
                    _worker.done.value += 1
        _swap_steps(through)
    return outcomes


def _one(plan: Plan, job: Job, index: int, folder: Path, outcome: Outcome) -> Asked:
    sample = plan.source.sample(
        job.family,
        index,
        plan.seed,
        folder,
        difficulty=job.difficulty,
        split=plan.split,
    )
    outcome.sample = sample
    asked = run_sample(sample.located(folder), plan.models)
    score_arms(asked, outcome)
    judge_captions(asked, plan.source.captions(sample, plan.seed), outcome)
    return asked


def _swap_steps(through: list[tuple[Outcome, Asked]]) -> None:
    """Ask each target once more with the steps of the next sample that fits, round the job."""
    for place, (outcome, asked) in enumerate(through):
        others = [other for _, other in (*through[place + 1 :], *through[:place])]
        try:
            score = ask_with_steps_of(asked, others, outcome)
        except AureliaError as error:
            outcome.failed = f"{outcome.family}, {outcome.difficulty} {outcome.index}: {error}"
            continue
        if score is not None:
            outcome.scores["other_clip"] = score
