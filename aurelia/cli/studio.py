"""`aurelia studio`: a LangGraph server on this machine, with an assistant of each prompt set."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from aurelia.errors import AureliaError, ConfigurationError, MissingExtra, RunError

HOST = "127.0.0.1"
PORT = 2024
READY_S = 90.0
"""How long a server may take until it answers."""

SERVER: dict[str, Any] = {
    "dependencies": ["."],
    "graphs": {
        "aurelia": {
            "path": "aurelia.graph.app:graph",
            "description": "Answers a question about a clip that takes both eyes and ears: an "
            "actor proposes reasoning steps, a critic checks them against the clip, and a target "
            "answers with those that were accepted. Without input it shows a demo.",
        },
        "examine_clip": {
            "path": "aurelia.graph.examine:graph",
            "description": "Watches and listens to a clip in order to answer one question about "
            "it, and checks its reasoning against the clip. Use it for what can be seen or heard, "
            "and for how the two belong together; ask one thing at a time, in full words. Returns "
            "the answer, whether it was checked, and the steps that it rests on. A call may take "
            "minutes.",
        },
    },
    "http": {"app": "aurelia.pages.app:app"},
}
"""What the server loads where the working directory has no `langgraph.json` of its own."""

QUIET = {
    "LANGGRAPH_CLI_NO_ANALYTICS": "1",
    "LANGGRAPH_NO_VERSION_CHECK": "1",
    "LANGSMITH_TRACING": "false",
}
"""Nothing is sent anywhere, unless whoever starts it says otherwise."""


def studio(
    port: Annotated[int, typer.Option("--port", help="Where it listens, on this machine.")] = PORT,
    browser: Annotated[
        bool, typer.Option("--browser", help="Open Studio's page, which is hosted elsewhere.")
    ] = False,
    reload: Annotated[
        bool, typer.Option("--reload", help="Restart when a .py file here changes.")
    ] = False,
) -> None:
    """Serve the graph for LangGraph Studio, with every prompt to be read and edited. Prompt files
    that change while it runs count at once. Ctrl-C ends it."""
    _check(port)
    url = f"http://{HOST}:{port}"
    with _config() as config, _server(config, port, browser, reload) as server:
        _wait(server, port)
        seen: dict[str, object] = {}
        while server.poll() is None:
            now = _state_of_files()
            if now != seen:
                _push(url)
                seen = now
            time.sleep(1)
        if server.returncode:
            raise RunError(f"The server ended with code {server.returncode}; see above.")


def _check(port: int) -> None:
    from importlib.util import find_spec

    if not (find_spec("langgraph_cli") and find_spec("langgraph_api")):
        raise MissingExtra(
            "`aurelia studio` needs the extra `studio`: pip install 'aurelia[studio]'."
        )
    if _answers(port):
        raise ConfigurationError(f"Port {port} is taken by another program; give another --port.")


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


@contextmanager
def _config() -> Iterator[Path]:
    """The project's `langgraph.json` where it has one, else one of our own."""
    own = Path("langgraph.json")
    if own.is_file():
        yield own
        return
    with tempfile.TemporaryDirectory(prefix="aurelia-studio-") as directory:
        path = Path(directory) / own.name
        path.write_text(json.dumps(SERVER), "utf-8")
        yield path


@contextmanager
def _server(
    config: Path, port: int, browser: bool, reload: bool
) -> Iterator[subprocess.Popen[bytes]]:
    """The server as a process of its own, which ends with this one."""
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--config", str(config)]
    command += ["--host", HOST, "--port", str(port), "--n-jobs-per-worker", "10"]
    command += [*([] if browser else ["--no-browser"]), *([] if reload else ["--no-reload"])]
    before = signal.signal(signal.SIGTERM, _leave)
    server = subprocess.Popen(command, env={**QUIET, **os.environ})
    try:
        yield server
    except KeyboardInterrupt:  # the terminal told the server as well
        typer.echo("Stopped.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)
        _end(server)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    import httpx

    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RunError("The server ended before it answered; what it said stands above.")
        try:
            if httpx.get(f"http://{HOST}:{port}/ok", timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RunError(f"The server did not answer within {READY_S:.0f} s; what it said stands above.")


def _sources() -> list[str]:
    from aurelia.graph.context import make_context
    from aurelia.prompts.loader import SETS

    return list(dict.fromkeys([*SETS, make_context().prompts]))


def _state_of_files() -> dict[str, object]:
    """What tells a prompt file that was edited from one that wasn't."""
    from aurelia.prompts.loader import set_directory

    try:
        directories = [set_directory(source) for source in _sources()]
        found = [path for folder in directories for path in folder.glob("*.md")]
        return {str(path): path.stat().st_mtime_ns for path in found}
    except (AureliaError, OSError):  # half written; looked at again in a second
        return {}


def _push(url: str) -> None:
    """Renew the assistants; a prompt that is wrong is said, and the server goes on."""
    from aurelia.cli.prompts_server import assistants, described
    from aurelia.graph.assistants import push_set

    try:
        sources = _sources()
    except AureliaError as error:
        typer.echo(f"aurelia: {error}", err=True)
        return
    for source in sources:
        try:
            with assistants(url) as client:
                pushed = push_set(client, source)
        except AureliaError as error:
            typer.echo(f"aurelia: {error}", err=True)
        else:
            if pushed.action != "unchanged":
                typer.echo(f"Assistant {described(pushed)}", err=True)
