"""Threads in a SQLite file: LangGraph's own saver, in a thread of its own that writes in batches.

A run that keeps each step writes thirty times. Where many runs go on at once, what they have to
write is gathered while the file is being written, and goes there in one transaction; each run waits
until its part is there, as it would if it were alone. The tables are LangGraph's, so that its own
savers open the file as well.
"""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite import SqliteSaver

from aurelia.models.attend import stand_still
from aurelia.models.lane import aside, is_in_lane

_BUSY_S = 30.0
"""How long another process may hold the file, seconds."""


class _Connection(sqlite3.Connection):
    """A connection that leaves it to a batch to commit, while there is one."""

    in_batch = False

    def commit(self) -> None:
        if not self.in_batch:
            super().commit()


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do with the file, and who waits for it."""

    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    done: "asyncio.Future[Any]"


class Keeper(SqliteSaver):
    """Keeps the threads of any number of runs, on any event loops, in one file.

    For `ainvoke` and `astream`; made by `open_keeper`.

    Args:
        connection: to the file.
    """

    def __init__(self, connection: _Connection) -> None:
        super().__init__(connection)
        self._connection = connection
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="aurelia-threads")
        self._jobs: list[_Job] = []
        self._guard = threading.Lock()

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """As LangGraph's savers do."""
        found: CheckpointTuple | None = await self._do(partial(self.get_tuple, config))
        return found

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """As LangGraph's savers do."""
        listed = partial(self.list, config, filter=filter, before=before, limit=limit)
        for found in await self._do(lambda: [*listed()]):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As LangGraph's savers do; it is in the file when this returns."""
        kept: RunnableConfig = await self._do(
            partial(self.put, config, checkpoint, metadata, new_versions)
        )
        return kept

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """As LangGraph's savers do; they are in the file when this returns."""
        await self._do(partial(self.put_writes, config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        """As LangGraph's savers do."""
        await self._do(partial(self.delete_thread, thread_id))

    def close(self) -> None:
        """Close the file, after all that was to be written. It waits: call it in a thread."""
        self._worker.submit(self._connection.close).result()
        self._worker.shutdown()

    async def _do(self, work: Callable[[], Any]) -> Any:
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        with self._guard:
            # The first of its loop: another loop may stand still, and its jobs with it.
            first = all(other.loop is not loop for other in self._jobs)
            self._jobs.append(job)
        if first and is_in_lane():
            # Not at once: other runs may have something to write at this very moment.
            loop.call_soon(self._work_now)
        elif first:
            self._worker.submit(self._work)
        async with aside():
            return await job.done

    def _work_now(self) -> None:
        try:
            working = self._worker.submit(self._work)
        except RuntimeError as error:  # the file was closed meanwhile
            with self._guard:
                jobs, self._jobs = self._jobs, []
            for job in jobs:
                _call(job.loop, _fail, job.done, error)
        else:
            stand_still(working)

    def _work(self) -> None:
        """Do all that has been asked for by now, in one transaction.

        Where that fails, each job is done once more and alone, so that each has its own error.
        """
        with self._guard:
            jobs, self._jobs = self._jobs, []
        results: list[Any] | None = None
        self._connection.in_batch = True
        try:
            found = [job.work() for job in jobs]
            self._connection.in_batch = False
            self._connection.commit()
            results = found
        finally:
            self._connection.in_batch = False
            if results is None:
                self._connection.rollback()
                for job in jobs:
                    self._worker.submit(job.work).add_done_callback(partial(_pass_on, job))
        for loop in {job.loop for job in jobs}:
            told = [(j.done, r) for j, r in zip(jobs, results, strict=True) if j.loop is loop]
            _call(loop, _tell, told)


def _pass_on(job: _Job, ended: "Future[Any]") -> None:
    """Hand on how a job ended that was done alone."""
    error = ended.exception()
    if error is None:
        _call(job.loop, _tell, [(job.done, ended.result())])
    else:
        _call(job.loop, _fail, job.done, error)


def _call(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the event loop was closed, and nobody waits
        loop.call_soon_threadsafe(function, *args)


def _tell(results: Sequence[tuple["asyncio.Future[Any]", Any]]) -> None:
    for done, result in results:
        if not done.done():  # whoever waited may have stopped
            done.set_result(result)


def _fail(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)


def open_keeper(path: Path) -> Keeper:
    """Open a file of threads, or make it. It reads and writes: call it in a thread.

    What was written survives the end of the process, however it ends; a machine that loses its
    power may lose the last moment's steps, never the file.

    Raises:
        sqlite3.Error: it can't be opened, or is something else.
    """
    connection = sqlite3.connect(
        path, timeout=_BUSY_S, check_same_thread=False, factory=_Connection
    )
    try:
        keeper = Keeper(connection)
        keeper.setup()
        connection.execute("PRAGMA synchronous=NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return keeper
