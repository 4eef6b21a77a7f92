"""Threads become saved runs: ended or not, of a file or of a server."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from typer.testing import CliRunner

import aurelia
from aurelia.cli.main import app
from aurelia.errors import ConfigurationError
from aurelia.graph.threads import UNFINISHED
from aurelia.saved import portable
from tests.clips import ordinary
from tests.scripts import actor, caption, everyone, script, verdict

QUESTION = "What comes first?"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AURELIA_RUNS_DIR", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return ordinary(tmp_path / "clips")


@pytest.fixture
def model(tmp_path: Path) -> str:
    return script(tmp_path, [actor(), caption("A tone."), verdict(2, 1), verdict(9, 2)])


def export(*args: str | Path) -> tuple[int, str]:
    """Exit code, and what was printed on one line."""
    result = CliRunner().invoke(app, ["export-thread", *map(str, args)])
    return result.exit_code, " ".join(result.output.split())


def waits(clip: Path, model: str, thread: str = "t") -> None:
    """A thread that waits for a review of its first verdict."""
    with pytest.raises(ConfigurationError):
        aurelia.reason(clip, QUESTION, thread=thread, review="verdict", **everyone(model))


def test_an_ended_thread_is_saved_as_its_run_was(
    runs: Path, clip: Path, model: str, tmp_path: Path
) -> None:
    run = aurelia.reason(clip, QUESTION, thread="t", **everyone(model))
    code, said = export("t", "-o", tmp_path / "out")
    assert (code, said) == (0, f"Saved run {run.id} in {tmp_path / 'out'}")
    saved = aurelia.load_run(tmp_path / "out")
    assert saved == portable(run).model_copy(update={"media": saved.media})
    assert saved.stop_reason == "accepted"
    assert list((tmp_path / "out" / "frames").iterdir())
    assert (tmp_path / "out" / "audio.wav").is_file()


def test_it_goes_below_the_runs_unless_told_otherwise(runs: Path, clip: Path, model: str) -> None:
    run = aurelia.reason(clip, QUESTION, thread="t", **everyone(model))
    assert export("t")[0] == 0
    assert export("t")[0] == 0  # the same run again
    assert aurelia.load_run(runs / run.id).id == run.id


def test_a_thread_that_waits_is_saved_as_far_as_it_went(
    runs: Path, clip: Path, model: str, tmp_path: Path
) -> None:
    waits(clip, model)
    code, said = export("t", "-o", tmp_path / "out")
    assert code == 0
    assert "it waits for a person to review the verdict of pass 1" in said
    saved = aurelia.load_run(tmp_path / "out")
    assert saved.stop_reason == "failed"
    assert saved.stop_detail.startswith(UNFINISHED)
    assert (saved.totals.calls, saved.actor_answer) == (3, "the tone")
    assert saved.best is not None
    assert (saved.best.index, saved.best.why) == (1, "highest score so far, 2")
    assert CliRunner().invoke(app, ["show", str(tmp_path / "out")]).exit_code == 0


def test_exporting_changes_nothing(runs: Path, clip: Path, model: str, tmp_path: Path) -> None:
    waits(clip, model)
    file = runs / "threads.sqlite"

    def rows() -> list[Any]:
        with sqlite3.connect(file) as connection:
            found = connection.execute("select count(*), max(checkpoint_id) from checkpoints")
            return list(found)

    before = rows()
    assert export("t", "-o", tmp_path / "out")[0] == 0
    assert rows() == before
    run = aurelia.reason(
        clip,
        QUESTION,
        thread="t",
        review="verdict",
        on_review=lambda _: "approve",
        **everyone(model),
    )
    assert run.id == aurelia.load_run(tmp_path / "out").id


def test_a_clip_that_is_gone_or_another_by_now_is_left_out(
    runs: Path, clip: Path, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aurelia.reason(clip, QUESTION, thread="t", **everyone(model))
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "empty"))
    other = ordinary(tmp_path / "other")
    clip.write_bytes(other.read_bytes() + b"0")
    code, said = export("t", "-o", tmp_path / "out")
    assert code == 0
    assert "saved without frames and sound" in said
    assert "is not the file that the run was about" in said
    clip.unlink()
    code, said = export("t", "-o", tmp_path / "again")
    assert code == 0
    assert "saved without frames and sound" in said
    assert not (tmp_path / "again" / "frames").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("t",), "no file of threads"),
        (("t", "--db", "no.sqlite"), "no file of threads at no.sqlite"),
        (("t", "--db", __file__), "can't be read as a file of threads"),
        (("t", "--db", "a", "--url", "b"), "exclude each other"),
        (("t", "--url", "nonsense"), "no LangGraph server"),
        (("t", "--url", "http://127.0.0.1:9"), "No LangGraph server answers"),
    ],
)
def test_what_can_t_be_read_is_one_sentence(runs: Path, args: tuple[str, ...], words: str) -> None:
    code, said = export(*args)
    assert code == 2
    assert words.lower() in said.lower()
    assert said.startswith("aurelia: ")


def test_an_unknown_thread_is_said_to_be(runs: Path, clip: Path, model: str) -> None:
    aurelia.reason(clip, QUESTION, thread="t", **everyone(model))
    code, said = export("u")
    assert code == 2
    assert "holds no thread 'u'" in said


@contextmanager
def serving(status: int, body: Any) -> Iterator[tuple[str, list[Any]]]:
    """A server that answers everything with this; its URL, and headers that it was sent."""
    sent: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append({name.lower(): value for name, value in self.headers.items()})
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", sent
        finally:
            server.shutdown()
            thread.join()


def test_a_server_s_thread_is_saved_the_same_way_and_sent_no_key(
    runs: Path, clip: Path, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_API_KEY", "a-key")
    saver = InMemorySaver()
    run = aurelia.reason(clip, QUESTION, thread="t", checkpointer=saver, **everyone(model))
    config: Any = {"configurable": {"thread_id": "t"}}
    values = aurelia.build_graph(saver).get_state(config).values
    with serving(200, {"values": values, "next": [], "tasks": []}) as (url, sent):
        code, said = export("t", "--url", url, "-o", tmp_path / "out")
    assert code == 0, said
    assert aurelia.load_run(tmp_path / "out").iterations == portable(run).iterations
    assert not [h for headers in sent for h in headers if "key" in h or h == "authorization"]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, {"detail": "Thread not found"}, "has no thread 't'"),
        (401, {"detail": "no"}, "refuses (401)"),
        (200, {"values": None, "next": [], "tasks": []}, "holds no run"),
        (200, {"values": {"messages": []}, "next": [], "tasks": []}, "holds no run"),
        (200, {"values": {"trajectory": {"id": 1}}, "next": []}, "no run of this version"),
        (
            200,
            {"values": {"run": 1, "clip": {}, "context": {}}, "next": ["generator"]},
            "another shape",
        ),
    ],
)
def test_what_a_server_says_instead_is_one_sentence(
    runs: Path, status: int, body: Any, words: str
) -> None:
    with serving(status, body) as (url, _):
        code, said = export("t", "--url", url)
    assert code == 2
    assert words in said
