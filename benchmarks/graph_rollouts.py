"""Rollouts of three passes whose models answer after a while, and a bare graph of the same shape.

What the models say is scripted, and turns on what they are sent: the actor counts on from the pass
that it is shown, the summarizer names it in the caption, and the critic accepts the third. So a
rollout that mixed up its passes, or another rollout's, would not end as it must.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from graph_bare import Bare
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Durability
from numpy.typing import NDArray

import aurelia
from aurelia.graph.keeping import open_keeper
from aurelia.media.render import render_clip
from aurelia.types.trajectory import Trajectory

PASSES = 3
CALLS = 3 * PASSES
ANSWERS_AFTER_S = 0.1
ROLES = ("actor", "summarizer", "critic")
QUESTION = "Which comes first, the sound or the movement, and what makes the sound?"

_PASS = re.compile(r"[Pp]ass (\d)")
_STEPS = 5


class Sleeping(ChatOpenAI):
    """A model that answers after `after_s` seconds, as a role does.

    It is sent what a server that speaks OpenAI's protocol is sent; nothing leaves the process.
    """

    role: str
    after_s: float = ANSWERS_AFTER_S

    async def _agenerate(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> ChatResult:
        await asyncio.sleep(self.after_s)
        seen = [int(n) for message in messages for n in _PASS.findall(message.text)]
        text = json.dumps(reply(self.role, max(seen, default=0)))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])


def reply(role: str, shown: int) -> dict[str, Any]:
    """What a role says that is shown pass number `shown`; as long as real models say it."""
    parts = range(1, _STEPS + 1)
    if role == "actor":
        return {
            "steps": [
                {
                    "text": f"Pass {shown + 1}, step {n}: listen for the moment at which the sound "
                    "sets in, and compare it with the picture around it.",
                    "modality": "audio" if n % 2 else "visual",
                    "start_s": n / 10,
                    "end_s": n / 5,
                }
                for n in parts
            ],
            "findings": "A tone sets in while the block rests; then the block moves.",
            "answer": "the sound",
        }
    if role == "summarizer":
        return {
            "sentences": [
                {
                    "text": f"Pass {shown}: a tone sets in before the block moves ({n}).",
                    "steps": [n],
                }
                for n in parts
            ]
        }
    return {
        "score": 9 if shown == PASSES else 4,
        "claims": [
            {
                "text": f"A tone sets in before the block moves ({n}).",
                "modality": "both",
                "status": "supported" if n % 2 or shown == PASSES else "contradicted",
                "observed": "The block moves later than the tone.",
                "confidence": 0.8,
            }
            for n in parts
        ],
        "omissions": [] if shown == PASSES else ["What makes the tone is not said."],
        "complaints": [
            {"text": f"Look again at the start of the movement ({n}).", "action": "look"}
            for n in ([] if shown == PASSES else parts)
        ],
    }


def sleeping(role: str, after_s: float = ANSWERS_AFTER_S) -> Sleeping:
    """The model of a role."""
    server = {"base_url": "http://127.0.0.1:9/v1", "api_key": "none"}
    return Sleeping(role=role, after_s=after_s, model=f"{role}-1", **server)  # type: ignore[arg-type]


def register(after_s: float = ANSWERS_AFTER_S) -> dict[str, str]:
    """Register the models; the settings that put them in their roles."""
    for role in ROLES:
        model = sleeping(role, after_s)
        aurelia.register_model(f"{role}-1", model, video="frames", audio="input_audio")
    return {role: f"{role}-1" for role in ROLES}


def tiny(directory: Path) -> Path:
    """A clip of a second: a block that moves in its second half, and a tone before that."""

    def picture(time_s: float) -> NDArray[np.uint8]:
        pixels = np.full((48, 80, 3), 60, np.uint8)
        left = 8 + round(80 * max(0.0, time_s - 0.5))
        pixels[20:32, left : left + 16] = (230, 40, 60)
        return pixels

    times = np.arange(16_000) / 16_000
    tone = 0.4 * np.sin(2 * np.pi * 700 * times) * (times > 0.2)
    return render_clip(directory / "tiny.mp4", picture, 1.0, 10, tone, 16_000)


def distinct(clip: Path, directory: Path, count: int) -> Iterator[Path]:
    """Copies of an MP4 file that differ in a box which players skip: other content, same clip."""
    content = clip.read_bytes()
    for number in range(count):
        note = f"{number:08d}".encode()
        path = directory / f"clip{number}.mp4"
        path.write_bytes(content + (8 + len(note)).to_bytes(4, "big") + b"free" + note)
        yield path


def prepared(paths: Sequence[Path]) -> list[aurelia.Clip]:
    """Clips that were opened and prepared before, as most are.

    Twice, after a moment: what has just been written is looked through once more, as it may have
    changed within a tick of the file system's clock.
    """
    clips: list[aurelia.Clip] = []
    for _ in range(2):
        time.sleep(0.3)
        clips = [aurelia.open_clip(path) for path in paths]
        for clip in clips:
            aurelia.prepare_media(clip)
    return clips


@dataclass(frozen=True)
class Took:
    """What a batch of rollouts took, seconds.

    Attributes:
        wall: by the clock, the whole batch.
        cpu: of this process, all threads, for one rollout.
    """

    wall: float
    cpu: float


async def timed(rollouts: int, at_once: int, roll_out: Callable[[int], Awaitable[object]]) -> Took:
    """Roll out `rollouts` times, `at_once` of them under way."""
    pending = iter(range(rollouts))

    async def work() -> None:
        for number in pending:
            await roll_out(number)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return Took(time.perf_counter() - began, (time.process_time() - cpu) / rollouts)


@dataclass(frozen=True)
class Way:
    """How a rollout is kept.

    Attributes:
        checkpointer: None: it is not kept.
        durability: when it is written.
        unlike: sets its threads off from those of other batches.
    """

    checkpointer: BaseCheckpointSaver[str] | None = None
    durability: Durability = "sync"
    unlike: str = ""

    async def roll_out(self, clip: Path | aurelia.Clip, number: int, **settings: Any) -> Trajectory:
        """One rollout, which must end as its models' replies have it end.

        Raises:
            SystemExit: it ended otherwise.
        """
        if self.checkpointer is not None:
            settings["checkpointer"] = self.checkpointer
            settings["thread"] = f"{self.unlike}{number}"
            settings["durability"] = self.durability
        run = await aurelia.areason(clip, QUESTION, **settings)
        if [i.score for i in run.iterations] != [4, 4, 9] or run.stop_reason != "accepted":
            raise SystemExit(
                f"rollout {number} ended wrongly: {run.stop_reason}, {run.stop_detail}"
            )
        return run


def bare_like(run: Trajectory, after_s: float = ANSWERS_AFTER_S) -> Bare:
    """The bare graph that carries as much state as `run` did; its models answer as late."""
    return Bare(run, {role: sleeping(role, after_s) for role in ROLES})


@asynccontextmanager
async def sqlite(path: Path) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """What `areason(thread=…)` keeps threads with unless it is told otherwise."""
    keeper = await asyncio.to_thread(open_keeper, path)
    try:
        yield keeper
    finally:
        await asyncio.to_thread(keeper.close)


@asynccontextmanager
async def postgres(dsn: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """LangGraph's own Postgres checkpointer, with a pool of connections as a server has it."""
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from psycopg import AsyncConnection
    from psycopg.rows import DictRow, dict_row
    from psycopg_pool import AsyncConnectionPool

    kwargs = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    opened: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        dsn, min_size=1, max_size=10, kwargs=kwargs, open=False
    )
    async with opened as pool:
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        yield saver
