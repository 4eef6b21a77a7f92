"""How the worker starts, what it refuses to start with, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from aurelia.models.worker.worker import Adapter, Unfit
from tests.models.worker.running import BODY, COUNTED, ECHO, WORKER, Running, entered

FINE = """
NAME = "m"
CAPABILITIES = {}
def load(checkpoint, device): ...
def answer(model, *, text, max_new_tokens): return text
"""


def start(adapter: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A worker that is not to come as far as serving."""
    return subprocess.run(
        [sys.executable, str(WORKER), str(adapter), "--port", "0", *arguments],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('NAME = "m"', "", "has no NAME"),
        ("def answer", "def reply", "has no answer"),
        ("= {}", '= {"vidio": 1}', "vidio, which means nothing"),
        ("= {}", '= {"audio": 1}', "CAPABILITIES has audio, and no parameter of answer() brings"),
        ("= {}\ndef", '= {"video": 2}\nvideo = 1\ndef', "CAPABILITIES has video"),
        ("= {}", '= {"text_budget": 9}', "there is no count_tokens"),
        ("text, max", "max", "takes neither text nor parts"),
        ("max_new_tokens)", "max_new_tokens, **rest)", "would swallow what it can't do"),
        ("device)", "device, *, llama)", "load() of m: missing a required"),
        ("device): ...", "device): raise Refused('no')\nclass Refused(Exception): ...", "of m: no"),
    ],
)
def test_an_adapter_that_is_not_as_the_contract_says_is_not_started(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    adapter = tmp_path / "m.py"
    assert old in FINE
    adapter.write_text(FINE.replace(old, new), "utf-8")
    done = start(adapter)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("= {}", "= None", "CAPABILITIES is to be a dict, not NoneType"),
        ("= {}", '= {3: "x"}', "CAPABILITIES has 3, which means nothing"),
        ("= {}", '= {"video": "many"}', "video is 'many'; it is to be a number, or True"),
        ("= {}", '= {"image": -1}', "image is -1; it is to be a number"),
        ("= {}", '= {"audio": 1.5}', "audio is 1.5; it is to be a number"),
        ("= {}", '= {"audio": None}', "audio is None; it is to be a number"),
        ("= {}", '= {"media": True}', "media is True; it is to be a number from 1 on"),
        ("= {}", '= {"text_budget": "10"}', "text_budget is '10'; it is to be a number from 1 on"),
        ("= {}", '= {"text_budget": 0}', "text_budget is 0; it is to be a number from 1 on"),
        ("= {}", '= {"audio_in_video": "no"}', "audio_in_video is 'no'; it is to be True or False"),
        ("= {}", '= {}\ndef capabilities(model): return {"media": "2"}', "media is '2'"),
        ("= {}", '= {}\nRESERVED = "<image>"', "RESERVED is to be a tuple of texts"),
        ("= {}", '= {}\nRESERVED = ("<image>", "")', "RESERVED is to be a tuple of texts"),
        ("= {}", "= {}\ncount_tokens = 3", "count_tokens is no function"),
        ("= {}", "= {}\nRefused = 'no'", "Refused is no class of exceptions"),
        ('"m"', "None", "NAME is None; it is to be a text"),
        ('"m"', '"a\\nb"', "NAME is 'a\\nb'; it is to be a text"),
    ],
)
def test_an_adapter_with_values_of_another_kind_is_refused_before_it_serves(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    adapter = tmp_path / "m.py"
    adapter.write_text(FINE.replace(old, new), "utf-8")
    with pytest.raises(Unfit, match=re.escape(says)):
        Adapter(adapter).load(None, "cpu", {})


def test_one_video_of_two_would_be_left_out(tmp_path: Path) -> None:
    adapter = tmp_path / "m.py"
    adapter.write_text(FINE.replace("{}", '{"video": 2}').replace("*, text", "*, text, video"))
    assert "CAPABILITIES has video" in start(adapter).stderr
    adapter.write_text(FINE.replace("{}", '{"video": 1}').replace("*, text", "*, text, video"))
    with Running(adapter) as worker:
        assert worker.get("/health").status == 200


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--host", "0.0.0.0"), "open to others: name a token with --token-env"),
        (("--host", "::"), "open to others"),
        (("--token-env", "MISSING"), "the variable MISSING is empty or not set"),
        (("--token-env", "BLANK"), "the variable BLANK is empty"),
        (("--media-root", "/nowhere"), "--media-root /nowhere is no folder"),
        (("--option", "extra"), "--option extra is not NAME=VALUE"),
        (("--option", "other=1"), "unexpected keyword argument 'other'; see --option"),
        (("--queue", "0"), "--queue is to be more than 0"),
        (("--timeout", "nan"), "--timeout is to be more than 0, and a million at most"),
        (("--grace", "1e300"), "--grace is to be more than 0, and a million at most"),
        (("--max-body-mb", "inf"), "--max-body-mb is to be more than 0, and a million at most"),
        (("--host", "192.0.2.1", "--token-env", "SET"), "192.0.2.1:0 can't be listened on"),
    ],
)
def test_arguments_that_can_not_be_kept_to_are_refused(
    arguments: tuple[str, ...], says: str
) -> None:
    done = start(ECHO, *arguments, BLANK=" ", SET="token")
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_adapter_and_a_taken_port_are_said_at_once(tmp_path: Path) -> None:
    assert "is no Python file" in start(tmp_path / "none.py").stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} can't be listened on" in start(ECHO, "--port", str(port)).stderr


def test_a_model_that_does_not_load_ends_it_with_its_own_words(tmp_path: Path) -> None:
    adapter = tmp_path / "m.py"
    adapter.write_text(FINE.replace("): ...", "): raise OSError('no config.json')"), "utf-8")
    done = start(adapter)
    assert done.returncode == 1
    assert "OSError: no config.json" in done.stderr


def test_modules_of_the_repository_are_found_and_neighbours_of_the_worker_are_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "of_the_repository.py").write_text("WORD = 'found'\n", "utf-8")
    adapter = tmp_path / "m.py"
    loads = "import of_the_repository, importlib.util as u; return of_the_repository.WORD + str("
    adapter.write_text(FINE.replace("...", f"{loads}u.find_spec('adapters'))"), "utf-8")
    adapter.write_text(adapter.read_text("utf-8").replace("return text", "return model"), "utf-8")
    with Running(adapter, cwd=tmp_path) as worker:
        assert worker.ask("hi", model="m").text == "foundNone"


def test_an_adapter_named_as_a_package_does_not_hide_it(tmp_path: Path) -> None:
    adapter = tmp_path / "wave.py"
    adapter.write_text(FINE, "utf-8")
    done = subprocess.run(
        [sys.executable, str(WORKER), "wave.py", "--port", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "would stand for the package wave: rename it" in done.stderr


def test_while_it_loads_it_says_so(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    adapter = tmp_path / "m.py"
    adapter.write_text(FINE.replace("...", f"return open({str(gate)!r}).read()"), "utf-8")
    worker = Running(adapter)
    try:
        with ThreadPoolExecutor(1) as pool:
            started = pool.submit(worker.__enter__)
            assert worker.listening.wait(20)
            with gate.open("w", encoding="utf-8"):  # it is loading
                for told in (worker.get("/health"), worker.get("/v1/models"), worker.ask("hi")):
                    assert (told.status, told.headers["retry-after"]) == (503, "5")
                    assert "is loading its model" in told.error
            started.result()
        assert worker.get("/health").status == 200
    finally:
        assert worker.stop() == 0


def refuses(worker: Running) -> bool:
    """Whether nothing listens there any more."""
    try:
        worker.connect().close()
    except ConnectionRefusedError:
        return True
    except ConnectionError:  # the door is just being closed
        pass
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_finishes_what_runs_and_closes_its_door(tmp_path: Path, number: int) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with Running(ECHO) as worker, ThreadPoolExecutor(2) as pool:
        running = pool.submit(worker.ask, f"!gate {gate}")
        with gate.open("w", encoding="utf-8") as opened:
            worker.signal(number)
            while not refuses(worker):
                pass
            opened.write("the end")
        assert running.result().text == "the end"
        assert worker.ended() == 0
    assert "Traceback" not in worker.log


def test_a_question_that_waits_when_it_is_stopped_is_not_begun(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with Running(ECHO) as worker, ThreadPoolExecutor(1) as pool:
        running = pool.submit(worker.ask, f"!gate {gate}")
        with gate.open("w", encoding="utf-8") as opened, entered(worker) as waiting:
            waiting.sendall(BODY)
            assert worker.get("/health").status == 200  # it had time to come in
            worker.signal()
            while not refuses(worker):
                pass
            opened.write("done")
            opened.close()
            answer = HTTPResponse(waiting)
            answer.begin()
            assert (answer.status, b"is stopping" in answer.read()) == (503, True)
        assert running.result().text == "done"
        assert worker.ended() == 0


def test_a_question_that_comes_while_it_stops_is_told_so() -> None:
    with Running(ECHO) as worker, entered(worker) as connection:
        worker.signal()
        while not refuses(worker):
            pass
        connection.sendall(BODY)
        answer = HTTPResponse(connection)
        answer.begin()
        assert (answer.status, b"is stopping" in answer.read()) == (503, True)
        assert worker.ended() == 0


def test_an_answer_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    given = ("--grace", "0.2")
    with Running(ECHO, *given, env={"TMPDIR": str(tmp_path)}) as worker, ThreadPoolExecutor(1) as p:
        running = p.submit(worker.ask, f"!gate {gate}")
        with gate.open("w", encoding="utf-8"):
            worker.signal()
            told = running.result()
            assert (told.status, "was stopped before" in told.error) == (503, True)
            assert worker.ended() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["gate"]


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with Running(ECHO) as worker, ThreadPoolExecutor(1) as pool:
        running = pool.submit(worker.ask, f"!gate {gate}")
        with gate.open("w", encoding="utf-8"):
            worker.signal()
            while not refuses(worker):
                pass
            worker.signal(signal.SIGINT)
            assert worker.ended() == 1
        assert running.result().status == 503


def test_an_interrupt_that_an_adapter_raises_is_none_and_a_real_one_ends_it() -> None:
    with Running(ECHO) as worker:
        assert worker.ask("!raise interrupt").status == 500
        assert worker.ask("hi").status == 200
        worker.signal(signal.SIGINT)
        assert worker.ended() == 0


def test_nobody_needs_to_read_its_log() -> None:
    command = [sys.executable, str(WORKER), str(ECHO), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    port = process.stderr.readline().rpartition(":")[2].removesuffix("/v1\n")
    assert process.stderr.readline().startswith("worker: serving")
    process.stderr.close()  # as where the terminal is closed
    for path, status in (("/health", 200), ("/nowhere", 404)):
        connection = HTTPConnection("127.0.0.1", int(port), timeout=20)
        connection.request("GET", path)
        assert connection.getresponse().status == status
        connection.close()
    process.terminate()
    assert process.wait(20) == 0


def test_the_token_is_not_left_in_the_environment(tmp_path: Path) -> None:
    adapter = tmp_path / "m.py"
    looks = "import os; return str(os.environ.get('WORKER_TOKEN'))"
    adapter.write_text(FINE.replace("return text", looks), "utf-8")
    with Running(adapter, "--token-env", "WORKER_TOKEN", env={"WORKER_TOKEN": "secret"}) as worker:
        body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
        told = worker.post("/v1/chat/completions", body, authorization="Bearer secret")
    assert told.text == "None"


def test_one_adapter_serves_under_another_name() -> None:
    with Running(COUNTED, "--name", "org/counted-13b") as worker:
        assert worker.get("/v1/models/org/counted-13b").json["id"] == "org/counted-13b"
