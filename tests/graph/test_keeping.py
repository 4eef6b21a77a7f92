"""Threads in a file: written in batches, whole, and readable by LangGraph's own savers."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import Checkpoint, empty_checkpoint
from langgraph.checkpoint.sqlite import SqliteSaver

import aurelia
from aurelia.graph.keeping import Keeper, open_keeper
from aurelia.graph.rollout import THREADS
from aurelia.graph.sync import run_sync
from aurelia.models.lane import in_lane
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What makes the sound?"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "threads.sqlite"


def config(thread: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}


def holding(value: Any) -> Checkpoint:
    checkpoint = empty_checkpoint()
    checkpoint["channel_values"] = {"answer": value}
    return checkpoint


async def put(keeper: Keeper, thread: str, value: Any) -> RunnableConfig:
    return await keeper.aput(config(thread), holding(value), {"source": "loop"}, {})


def test_what_many_write_at_once_is_all_there(path: Path) -> None:
    keeper = open_keeper(path)

    async def many() -> None:
        kept = await asyncio.gather(*(put(keeper, str(n), n) for n in range(100)))
        await asyncio.gather(
            *(keeper.aput_writes(each, [("answer", n)], "task") for n, each in enumerate(kept))
        )
        for n in range(100):
            found = await keeper.aget_tuple(config(str(n)))
            assert found is not None
            assert found.checkpoint["channel_values"] == {"answer": n}
            assert found.pending_writes == [("task", "answer", n)]
        assert len([each async for each in keeper.alist(config("7"))]) == 1
        await keeper.adelete_thread("7")
        assert await keeper.aget_tuple(config("7")) is None

    asyncio.run(many())
    keeper.close()
    with SqliteSaver.from_conn_string(str(path)) as theirs:
        found = theirs.get_tuple(config("8"))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"answer": 8}


def test_what_was_put_is_committed_when_that_returns(path: Path) -> None:
    """Another process would find it at once, whatever becomes of this one."""
    keeper = open_keeper(path)
    asyncio.run(put(keeper, "one", 1))
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)
    other.close()
    keeper.close()


def test_one_that_can_not_be_written_keeps_no_other_from_it(path: Path) -> None:
    keeper = open_keeper(path)

    async def mixed() -> list[Any]:
        values = [1, lambda: None, 3]  # a function is no JSON, and nothing LangGraph could keep
        jobs = (put(keeper, str(n), value) for n, value in enumerate(values))
        results = await asyncio.gather(*jobs, return_exceptions=True)
        return [*results, *[await keeper.aget_tuple(config(str(n))) for n in range(3)]]

    first, wrong, third, *found = asyncio.run(mixed())
    keeper.close()
    assert isinstance(first, dict)
    assert isinstance(third, dict)
    assert isinstance(wrong, TypeError)
    assert [each is not None for each in found] == [True, False, True]


def test_who_stops_waiting_stops_no_one_else(path: Path) -> None:
    keeper = open_keeper(path)

    async def cancelled() -> None:
        jobs = [asyncio.ensure_future(put(keeper, str(n), n)) for n in range(3)]
        await asyncio.sleep(0)
        jobs[1].cancel()
        done = await asyncio.gather(*jobs, return_exceptions=True)
        assert isinstance(done[1], asyncio.CancelledError)
        assert await keeper.aget_tuple(config("2")) is not None

    asyncio.run(cancelled())
    keeper.close()


def test_it_serves_several_event_loops(path: Path) -> None:
    keeper = open_keeper(path)
    for n in range(3):
        asyncio.run(put(keeper, str(n), n))
    found = asyncio.run(keeper.aget_tuple(config("0")))
    keeper.close()
    assert found is not None


def test_a_loop_that_stands_still_keeps_no_other_from_writing(path: Path) -> None:
    """A callback of one loop may wait for a run on another, as sync calls do."""
    keeper = open_keeper(path)

    async def main() -> None:
        async def waiting() -> None:
            run_sync(put(keeper, "theirs", 2))  # while what this loop has to write is not begun

        async with in_lane():
            await asyncio.gather(put(keeper, "ours", 1), waiting())

    asyncio.run(asyncio.wait_for(main(), 30))
    found = [asyncio.run(keeper.aget_tuple(config(name))) for name in ("ours", "theirs")]
    keeper.close()
    assert all(found)


def test_a_file_that_was_closed_is_an_error_for_all_who_wait(path: Path) -> None:
    keeper = open_keeper(path)
    keeper.close()

    async def main() -> list[Any]:
        async with in_lane():
            both = (put(keeper, name, 1) for name in ("a", "b"))
            return [*await asyncio.gather(*both, return_exceptions=True)]

    ended = asyncio.run(asyncio.wait_for(main(), 30))
    assert [type(end) for end in ended] == [RuntimeError, RuntimeError]


def test_a_file_that_is_none_of_threads_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(sqlite3.Error):
        open_keeper(path)


def test_runs_at_the_same_time_share_a_file(
    tmp_path: Path, clip_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is closed when the last of them ends: nothing of it is left beside it."""
    monkeypatch.setenv("AURELIA_RUNS_DIR", str(tmp_path / "runs"))
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])

    async def several() -> list[aurelia.Trajectory]:
        return await asyncio.gather(
            *(
                aurelia.areason(clip_path, QUESTION, thread=str(n), **everyone(model))
                for n in range(5)
            )
        )

    runs = asyncio.run(several())
    assert len({run.id for run in runs}) == 5
    again = aurelia.reason(clip_path, QUESTION, thread="3", **everyone(model))
    assert again == runs[3]
    kept = sorted(each.name for each in (tmp_path / "runs").iterdir())
    assert kept == [THREADS]
