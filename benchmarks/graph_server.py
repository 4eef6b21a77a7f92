"""A single run on LangGraph's own server, `langgraph dev`, beside the same run in this process."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from graph_rollouts import ANSWERS_AFTER_S, CALLS, QUESTION, Way

import aurelia

RUNS = 5
_READY_S = 90

# What the server loads: the graph as ever, and the models that answer after a while.
_MODULE = """
import sys
sys.path.append({folder!r})
from graph_rollouts import register
register()
from aurelia.graph.app import graph
"""


def latency(clip: aurelia.Clip, settings: dict[str, Any], scratch: Path) -> str:
    """A sentence: what a run takes beyond its models, on the server and here, medians.

    Raises:
        SystemExit: the server did not start, or a run went wrong.
    """
    ideal = CALLS * ANSWERS_AFTER_S
    with served(scratch, list(settings.values())) as url:
        there = median(_on_server(url, clip, settings))
    here = median(_in_process(clip, settings))
    return (
        f"a single run beyond its models' {ideal:.1f} s: {1000 * (here - ideal):.0f} ms in this "
        f"process, {1000 * (there - ideal):.0f} ms on the server (medians of {RUNS})"
    )


def _in_process(clip: aurelia.Clip, settings: dict[str, Any]) -> list[float]:
    def run(number: int) -> float:
        began = time.perf_counter()
        asyncio.run(Way().roll_out(clip, number, **settings))
        return time.perf_counter() - began

    return [run(number) for number in range(RUNS + 1)][1:]


def _on_server(url: str, clip: aurelia.Clip, settings: dict[str, Any]) -> list[float]:
    from langgraph_sdk import get_sync_client

    client = get_sync_client(url=url)
    took = []
    for _ in range(RUNS + 1):
        thread = client.threads.create()
        began = time.perf_counter()
        state: Any = client.runs.wait(
            thread["thread_id"],
            "aurelia",
            input={"clip": clip.path, "question": QUESTION},
            context=settings,
        )
        took.append(time.perf_counter() - began)
        if state.get("stop_reason") != "accepted":
            raise SystemExit(f"the run on the server went wrong: {state}")
    return took[1:]


@contextmanager
def served(scratch: Path, models: list[Any]) -> Iterator[str]:
    """The address of a server that was started for this."""
    folder = scratch / "server"
    folder.mkdir()
    here = Path(__file__).parent
    (folder / "sleeping_graph.py").write_text(_MODULE.format(folder=str(here)), "utf-8")
    graphs = {"dependencies": ["."], "graphs": {"aurelia": "sleeping_graph:graph"}}
    (folder / "langgraph.json").write_text(json.dumps(graphs), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "AURELIA_MEDIA_ROOTS": str(scratch),
        "AURELIA_ALLOWED_MODELS": ",".join(str(name) for name in models if isinstance(name, str)),
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "1",
        "PYTHONPATH": os.pathsep.join([str(folder), str(here.parent)]),
    }
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--n-jobs-per-worker", "10"]
    with (scratch / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_up(process, port, scratch / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_up(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(_READY_S * 10):
        if process.poll() is None:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
    raise SystemExit(f"langgraph dev did not start:\n{log.read_text('utf-8')[-2000:]}")
