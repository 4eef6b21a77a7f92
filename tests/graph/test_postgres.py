"""Threads in Postgres, by LangGraph's own checkpointer, on a real server.

`.ci/postgres pytest tests/graph/test_postgres.py` brings a server of its own; elsewhere
AURELIA_TEST_POSTGRES names one on which databases may be made, such as
postgresql://postgres@127.0.0.1:5432/postgres.
"""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command

import aurelia
from aurelia.types.trajectory import Trajectory
from tests.models.wire.script import hang, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, verdict

# Read here: tests see no such variable.
SERVER = os.environ.get("AURELIA_TEST_POSTGRES", "")
if not SERVER:
    pytest.skip(
        "needs a Postgres server: run `.ci/postgres pytest tests/graph/test_postgres.py`, or set "
        "AURELIA_TEST_POSTGRES=postgresql://USER@HOST:PORT/postgres",
        allow_module_level=True,
    )
psycopg = pytest.importorskip("psycopg", reason="needs pip install 'aurelia[postgres]'")
pytest.importorskip("psycopg_pool", reason="needs pip install 'aurelia[postgres]'")

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: E402
from psycopg import AsyncConnection  # noqa: E402
from psycopg.conninfo import make_conninfo  # noqa: E402
from psycopg.rows import DictRow, dict_row  # noqa: E402
from psycopg_pool import AsyncConnectionPool  # noqa: E402

T = TypeVar("T")
Saver = BaseCheckpointSaver[str]
QUESTION = "What comes first?"
STEPS = '{"steps": [{"text": "Listen for the tone."}], "findings": "A tone.", "answer": "it"}'
SENTENCES = '{"sentences": [{"text": "A tone.", "steps": [1]}]}'

# A process of its own, which can be killed.
PROGRAM = """
import asyncio, sys
import aurelia
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

database, clip, question, model = sys.argv[1:]

async def main():
    async with AsyncPostgresSaver.from_conn_string(database) as saver:
        run = await aurelia.areason(
            clip, question, thread="one", checkpointer=saver,
            on_event=lambda event: print("EVENT", event.type, flush=True),
            actor=model, summarizer=model, critic=model,
        )
    print(run.model_dump_json())

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database of this module alone, with LangGraph's tables."""
    name = f"aurelia_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        made = make_conninfo(SERVER, dbname=name)
        try:
            asyncio.run(_set_up(made))
            yield made
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _set_up(database: str) -> None:
    async with AsyncPostgresSaver.from_conn_string(database) as saver:
        await saver.setup()


@asynccontextmanager
async def pooled(database: str) -> AsyncIterator[Saver]:
    """A checkpointer as a server has it: fewer connections than runs."""
    kwargs = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    opened: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        database, min_size=1, max_size=4, kwargs=kwargs, open=False
    )
    async with opened as pool:
        yield AsyncPostgresSaver(pool)


def kept(database: str, work: Callable[[Saver], Awaitable[T]]) -> T:
    """What `work` does with a checkpointer that was opened for it alone."""

    async def do() -> T:
        async with pooled(database) as saver:
            return await work(saver)

    return asyncio.run(do())


def reason(database: str, clip: str, thread: str, **settings: Any) -> Trajectory:
    """A run on a thread, with connections of its own."""
    return kept(
        database,
        lambda saver: aurelia.areason(
            clip, QUESTION, thread=thread, checkpointer=saver, **settings
        ),
    )


def test_a_thread_that_has_ended_gives_its_record_again(
    database: str, tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(3, 1), verdict(9)])
    first = reason(database, clip_path, "ended", **everyone(model))
    assert [i.score for i in first.iterations] == [3, 9]
    script(tmp_path, [])  # nobody would answer
    assert reason(database, clip_path, "ended", **everyone(model)) == first


def test_after_a_kill_another_process_goes_on(
    database: str, tmp_path: Path, clip_path: str
) -> None:
    """No paid reply is asked for again; only the call in flight may be."""
    environment = {
        **os.environ,
        "AURELIA_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with Wire(say(STEPS), say(SENTENCES), say('{"score": 3}'), hang()) as wire:
        words = [database, clip_path, QUESTION, wire.model]
        command = [sys.executable, "-c", PROGRAM, *words]
        begun = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert begun.stdout is not None
        while "EVENT feedback" not in (line := begun.stdout.readline()):  # the first pass is over
            assert line, begun.communicate()[1]
        begun.send_signal(signal.SIGKILL)
        begun.communicate()
        paid = len(wire.calls)
        assert paid in (3, 4)  # the fourth may be under way

        wire.plays(say(STEPS), say(SENTENCES), say('{"score": 9}'))
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert len(wire.calls) - paid == 3
    run = Trajectory.model_validate_json(done.stdout.splitlines()[-1])
    assert ([i.score for i in run.iterations], run.stop_reason) == ([3, 9], "accepted")


def test_a_review_waits_in_the_database(database: str, tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    context = aurelia.Context(review="steps", **everyone(model))
    thread: Any = {"configurable": {"thread_id": "reviewed"}}

    async def go(saver: Saver, given: Any) -> dict[str, Any]:
        return dict(await aurelia.build_graph(saver).ainvoke(given, thread, context=context))

    asked = kept(database, lambda saver: go(saver, {"clip": clip_path, "question": QUESTION}))
    assert asked["__interrupt__"][0].value["kind"] == "steps"
    decision = {"action": "edit", "answer": "the tone, surely"}
    ended = kept(database, lambda saver: go(saver, Command(resume=decision)))
    run = Trajectory.model_validate(ended["trajectory"])
    assert (run.stop_reason, run.actor_answer) == ("accepted", "the tone, surely")
    assert sum(call.role == "actor" for call in run.iterations[0].calls) == 1


def test_a_fork_goes_on_from_the_pass_it_kept(
    database: str, tmp_path: Path, clip_path: str
) -> None:
    replies = [actor(), caption("A tone."), verdict(2, 1), verdict(3, 2), verdict(9)]
    model = script(tmp_path, replies)
    strict = script(tmp_path, [verdict(5)], "strict.yaml")
    thread: Any = {"configurable": {"thread_id": "forked"}}

    async def first(saver: Saver) -> dict[str, Any]:
        given: Any = {"clip": clip_path, "question": QUESTION}
        context = aurelia.Context(max_iterations=3, **everyone(model))
        return dict(await aurelia.build_graph(saver).ainvoke(given, thread, context=context))

    async def fork(saver: Saver) -> dict[str, Any]:
        graph = aurelia.build_graph(saver)
        async for snapshot in graph.aget_state_history(thread):
            if snapshot.next == ("feedback",) and snapshot.values["iteration"] == 1:
                context = aurelia.Context(critic=strict)
                return dict(await graph.ainvoke(None, snapshot.config, context=context))
        raise AssertionError("no such checkpoint")

    before = Trajectory.model_validate(kept(database, first)["trajectory"])
    after = Trajectory.model_validate(kept(database, fork)["trajectory"])
    assert [i.score for i in before.iterations] == [2, 3, 9]
    assert [(i.index, i.score) for i in after.iterations] == [(1, 2), (2, 5), (3, 5)]
    assert after.iterations[0] == before.iterations[0]
    assert after.iterations[1].context_changes["critic"] == strict


def test_twenty_at_once_share_a_few_connections(
    database: str, tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(3, 1), verdict(9)])

    async def all_of_them(saver: Saver) -> list[Trajectory]:
        runs = (
            aurelia.areason(
                clip_path, QUESTION, thread=f"t{n}", checkpointer=saver, **everyone(model)
            )
            for n in range(20)
        )
        return await asyncio.gather(*runs)

    runs = kept(database, all_of_them)
    assert len({run.id for run in runs}) == 20
    assert {tuple(i.score for i in run.iterations) for run in runs} == {(3.0, 9.0)}
