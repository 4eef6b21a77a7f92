"""One server for all tests here, started as a user starts it, with models that its owner set up."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient

from aurelia.prompts.loader import load_prompts
from tests.clips import ordinary
from tests.scripts import actor, caption, script, target, verdict

ROOT = Path(__file__).parents[2]
QUESTION = "Which comes first, the sound or the movement?"
OPTIONS = ["the sound", "the movement"]
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")


class Log:
    """What a process has said so far, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._ended = False
        self._news = threading.Condition()

    def __str__(self) -> str:
        return "".join(self._lines)

    def read(self, process: "subprocess.Popen[str]") -> None:
        """Keep what the process says until it ends."""
        for line in process.stdout or ():
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, text: str, times: int = 1, seconds: float = 90) -> None:
        """Wait until a text was said so often; fails when the process ends, or the time does."""
        with self._news:
            self._news.wait_for(
                lambda: self._ended or str(self).count(text) >= times, timeout=seconds
            )
            assert str(self).count(text) >= times, str(self)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        url: where it is.
        directory: the directory it was started in, with `clips`, `prompts` and `aurelia.toml`.
        log: what it says.
    """

    url: str
    directory: Path
    log: "Log"

    @property
    def clip(self) -> str:
        """A clip as a client names it."""
        return "clips/ordinary.mp4"

    def asks(self, question: str = QUESTION) -> dict[str, Any]:
        """The input of a run."""
        return {"clip": self.clip, "question": question, "options": OPTIONS}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them on one worker, which starts the one server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("server"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`aurelia studio` in a directory of its own, and no key in its environment."""
    pytest.importorskip("langgraph_api", reason="needs the extra `studio`")
    directory = tmp_path_factory.mktemp("server")
    _furnish(directory)
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "aurelia", "studio", "--port", str(port)],
        cwd=directory,
        env=_environment(directory),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = Log()
    reader = threading.Thread(target=log.read, args=(process,), daemon=True)
    reader.start()
    try:
        log.wait_for("Assistant operators prompts: created")  # the last that it makes
        yield Server(f"http://127.0.0.1:{port}", directory, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            reader.join(timeout=5)
            if process.stdout:
                process.stdout.close()
    # Whatever the tests did, nothing held up the server's loop, and it ended when it was told to.
    assert "BlockingError" not in str(log), str(log)
    assert process.returncode == 0


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[SyncLangGraphClient]:
    """The SDK's client."""
    with get_sync_client(url=server.url, api_key=None) as opened:
        yield opened


def template(name: str) -> str:
    """A prompt of the set `default`, partials put in."""
    return load_prompts("default").get(name).text


def _furnish(directory: Path) -> None:
    (directory / "clips").mkdir()
    ordinary(directory / "clips")
    shutil.copytree(ROOT / "prompts" / "default", directory / "operators")
    script(directory, _improving(), "improving.yaml")
    script(directory, [*_improving(), *_never()], "unused.yaml")
    script(directory, _never(), "never.yaml")
    script(directory, [verdict(9), *_improving()], "lenient.yaml")
    models = {name: f"scripted:{name}.yaml" for name in ("improving", "never", "lenient")}
    lines = [f"[models.{name}]\nmodel = {json.dumps(model)}" for name, model in models.items()]
    roles = [f'{role} = "improving"' for role in ("actor", "summarizer", "critic", "target")]
    lines += ["[run]", *roles, 'prompts = "operators"', "use_cache = false"]
    (directory / "aurelia.toml").write_text("\n".join(lines), "utf-8")


def _improving() -> list[dict[str, Any]]:
    """Scores 3, 5, 8."""
    return [
        *(actor(k, answer=f"try {k}") for k in (1, 2, 3)),
        actor(),
        caption("A tone sounds.", "A block moves."),
        *(verdict(score, k) for k, score in enumerate((3, 5, 8), start=1)),
        verdict(8),
        target("B", "zero_shot"),
        target("A", "plan"),
        target("A"),
    ]


def _never() -> list[dict[str, Any]]:
    """Nothing is ever good enough."""
    return [verdict(2)]


def _environment(directory: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "AURELIA_CONFIG": str(directory / "aurelia.toml"),
        "AURELIA_CACHE_DIR": str(directory / "cache"),
        "AURELIA_RUNS_DIR": str(directory / "runs"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
