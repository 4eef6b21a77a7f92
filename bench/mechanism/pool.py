"""Jobs over processes: a worker that dies costs the sample that killed it, and nothing else."""

import multiprocessing
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from aurelia.bench.mechanism.outcome import Outcome
from aurelia.bench.mechanism.plan import Job, Plan
from aurelia.bench.mechanism.work import start_worker, work

_LOOK_S = 0.5  # how often progress is looked at
_Failed = list[tuple[Job, BaseException]]


class Pool:
    """Runs jobs in processes, in several rounds where some die.

    Args:
        plan: what to do.
        workers: number of processes.
        cache: the cache directory of all processes.
        on_done: called now and then with the number of samples done.

    Attributes:
        outcomes: of all samples done so far, in no order.
    """

    def __init__(
        self, plan: Plan, workers: int, cache: Path, on_done: Callable[[int], None]
    ) -> None:
        self.outcomes: list[Outcome] = []
        self._plan, self._workers, self._cache, self._on_done = plan, workers, cache, on_done
        # Spawned: a fork of a process with threads, as decoders and provider clients start them,
        # may hang.
        self._context = multiprocessing.get_context("spawn")
        self._stop, self._done = self._context.Event(), self._context.Value("i", 0)

    def run(self, jobs: list[Job]) -> bool:
        """Run all jobs; False where Ctrl-C cut it short, then `outcomes` holds what was done.

        A job that fails as a whole is tried again, each of its samples by itself.
        """
        try:
            suspects = self._rounds(jobs, self._workers)
            singles = [single for job, _ in suspects for single in job.singles]
            for job, error in self._rounds(singles, 1):
                died = isinstance(error, BrokenProcessPool)
                said = "its process died" if died else f"{type(error).__name__}: {error}"
                self.outcomes += [
                    Outcome(job.family, job.difficulty, i, failed=f"{job.name} {i}: {said}")
                    for i in job.indices
                ]
        except KeyboardInterrupt:
            return False
        return True

    def _rounds(self, jobs: list[Job], workers: int) -> _Failed:
        """All jobs, with new processes whenever one has died; returns the jobs that failed."""
        waiting, failed = deque(jobs), list[tuple[Job, BaseException]]()
        while waiting:
            with ProcessPoolExecutor(
                min(workers, len(waiting)),
                self._context,
                initializer=start_worker,
                initargs=(self._cache, self._stop, self._done),
            ) as pool:
                failed += self._round(pool, waiting, workers)
        return failed

    def _round(self, pool: ProcessPoolExecutor, waiting: deque[Job], workers: int) -> _Failed:
        """Work through `waiting` until it is empty or a process dies.

        No more jobs are handed out than there are processes: when one dies, the jobs under way
        are those that may have killed it.
        """
        running: dict[Future[list[Outcome]], Job] = {}
        failed, broken = list[tuple[Job, BaseException]](), False
        try:
            while running or (waiting and not broken):
                while waiting and not broken and len(running) < workers:
                    try:
                        running[pool.submit(work, self._plan, waiting[0])] = waiting[0]
                    except BrokenProcessPool:
                        broken = True
                    else:
                        waiting.popleft()
                for future in wait(running, _LOOK_S, FIRST_COMPLETED).done:
                    job = running.pop(future)
                    if error := future.exception():
                        failed.append((job, error))
                        broken = broken or isinstance(error, BrokenProcessPool)
                    else:
                        self.outcomes += future.result()
                self._on_done(self._done.value)
        except KeyboardInterrupt:
            self._stop.set()
            for future in wait(running).done:
                if not future.exception():
                    self.outcomes += future.result()
            raise
        return failed
