"""What was paid for survives: torn lines, several writers, killed processes."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from aurelia.errors import ConfigurationError
from aurelia.models.ledger import Ledger, open_ledger

WRITER = """
import sys
from pathlib import Path
from typing import BinaryIO
from aurelia.models.ledger import Ledger
ledger, name = Ledger(Path(sys.argv[1])), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for n in range(60):
    ledger.record_sent(f"{name}-{n}")
    ledger.record_reply(f"{name}-{n}", {"text": name * (n * 200)})
"""

KILLED = """
import sys
from pathlib import Path
from typing import BinaryIO
from aurelia.models.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.record_sent("answered"); ledger.record_reply("answered", {"text": "kept"})
ledger.record_sent("failed"); ledger.record_failure("failed")
ledger.record_sent("lost")
print("sent", flush=True)
sys.stdin.readline()
"""


def _start(code: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where no ledger is yet, nor its directory."""
    return tmp_path / "cache" / "ledger.jsonl"


def test_a_reply_is_found_by_its_key_alone(path: Path) -> None:
    ledger = Ledger(path)
    assert ledger.reply("k1") is None
    ledger.record_sent("k1")
    assert ledger.in_flight() == 1
    ledger.record_reply("k1", {"text": "naïve\n\u2028 \ud800", "input_tokens": None})
    for reader in (ledger, Ledger(path)):
        assert reader.reply("k1") == {"text": "naïve\n\u2028 \ud800", "input_tokens": None}
        assert reader.reply("k2") is None
        assert reader.in_flight() == 0


def test_the_first_reply_stands(path: Path) -> None:
    ledger = Ledger(path)
    ledger.record_reply("k", {"text": "first"})
    ledger.record_reply("k", {"text": "second"})
    assert ledger.reply("k") == {"text": "first"}


def test_only_its_owner_may_read_it(path: Path) -> None:
    Ledger(path).record_sent("k")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_others_append_is_seen(path: Path) -> None:
    reader = Ledger(path)
    assert reader.reply("k") is None
    Ledger(path).record_reply("k", {"text": "x"})
    assert reader.reply("k") == {"text": "x"}


def test_a_torn_last_line_costs_that_line_alone(path: Path) -> None:
    Ledger(path).record_reply("before", {"text": "x"})
    Ledger(path).record_sent("torn")
    with path.open("ab") as file:
        file.write(b'{"event": "reply", "key": "torn", "reply": {"text": "ha')
    ledger = Ledger(path)
    assert ledger.reply("before") == {"text": "x"}
    ledger.record_reply("after", {"text": "y"})
    for reader in (ledger, Ledger(path)):
        assert reader.reply("before") == {"text": "x"}
        assert reader.reply("torn") is None
        assert reader.reply("after") == {"text": "y"}
        assert reader.in_flight() == 1
    assert len(path.read_bytes().splitlines()) == 4


@pytest.mark.parametrize("line", [b"null", b"[1]", b'{"event": "reply"}', b"\xff\xfe", b"{"])
def test_lines_of_no_known_form_are_passed_over(path: Path, line: bytes) -> None:
    Ledger(path).record_reply("before", {"text": "x"})
    with path.open("ab") as file:
        file.write(line + b"\n")
    ledger = Ledger(path)
    ledger.record_reply("after", {"text": "y"})
    assert (ledger.reply("before"), ledger.reply("after")) == ({"text": "x"}, {"text": "y"})


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    writers = [_start(WRITER, path, name) for name in "abc"]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    ledger = Ledger(path)
    for name in "abc":
        for n in range(60):
            assert ledger.reply(f"{name}-{n}") == {"text": name * (n * 200)}
    assert ledger.in_flight() == 0
    lines = [line for line in path.read_bytes().split(b"\n") if line]
    assert len([json.loads(line) for line in lines]) == 3 * 120


def test_a_killed_process_leaves_its_calls_in_flight_counted(path: Path) -> None:
    process = _start(KILLED, path)
    assert process.stdout
    assert process.stdout.readline() == "sent\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    ledger = Ledger(path)
    assert ledger.in_flight() == 1
    assert ledger.reply("answered") == {"text": "kept"}
    ledger.record_sent("lost")
    ledger.record_reply("lost", {"text": "paid twice"})
    assert ledger.in_flight() == 1  # the crash did cost a call


def test_a_ledger_that_was_removed_begins_anew(path: Path) -> None:
    ledger = open_ledger(path)
    assert open_ledger(path) is ledger
    ledger.record_sent("old")
    ledger.record_reply("old", {"text": "x" * 100})
    assert ledger.reply("old")
    path.unlink()
    assert ledger.reply("old") is None
    ledger.record_reply("new", {"text": "y"})
    assert (ledger.reply("new"), ledger.reply("old")) == ({"text": "y"}, None)


def test_a_full_disk_is_said_in_one_sentence(path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(ConfigurationError, match=r"written \(No space left on device\)"):
        Ledger(full).record_reply("k", {"text": "x"})


def test_a_full_ledger_loses_its_oldest_replies_when_it_is_opened(path: Path) -> None:
    writer = Ledger(path)
    for n in range(100):
        writer.record_sent(f"k{n}")
        writer.record_reply(f"k{n}", {"text": str(n) * 500})
    size = path.stat().st_size
    ledger = open_ledger(path, size // 2)
    assert path.stat().st_size <= size // 2
    assert path.stat().st_mode & 0o777 == 0o600
    kept = [n for n in range(100) if ledger.reply(f"k{n}")]
    assert kept == list(range(100 - len(kept), 100))
    assert len(kept) > 30
    assert ledger.reply("k99") == {"text": "99" * 500}
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    # Whoever had it open goes on with what there is now.
    assert writer.reply("k0") is None
    writer.record_reply("new", {"text": "x"})
    assert ledger.reply("new") == writer.reply("new") == {"text": "x"}


def test_what_is_in_flight_stays_counted_in_a_smaller_ledger(path: Path) -> None:
    ledger = Ledger(path)
    for _ in range(2):
        ledger.record_sent("lost")
    ledger.record_sent("failed")
    ledger.record_failure("failed")
    for n in range(50):
        ledger.record_sent(f"k{n}")
        ledger.record_reply(f"k{n}", {"text": "x" * 200})
    ledger.shrink(2000)
    assert ledger.in_flight() == Ledger(path).in_flight() == 2
    ledger.record_sent("k49")  # asked anew, and the process is killed
    assert ledger.in_flight() == 3


def test_a_ledger_below_its_cap_is_left_as_it_is(path: Path) -> None:
    ledger = Ledger(path)
    ledger.record_reply("k", {"text": "x"})
    before = path.read_bytes()
    ledger.shrink(len(before))
    assert path.read_bytes() == before
    Ledger(path.with_name("none.jsonl")).shrink(0)


def test_a_ledger_that_another_process_is_writing_to_is_not_replaced(path: Path) -> None:
    ledger = Ledger(path)
    ledger.record_reply("k", {"text": "x" * 500})
    with path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        ledger.shrink(10)
        assert ledger.reply("k")
    ledger.shrink(10)
    assert ledger.reply("k") is None


def test_processes_lose_nothing_new_while_another_makes_room(path: Path) -> None:
    """Replies that come while the file is replaced are in the new one."""
    Ledger(path).record_reply("old", {"text": "x" * 900_000})
    writers = [_start(WRITER, path, name) for name in "ab"]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("\n")
        writer.stdin.flush()
    while any(writer.poll() is None for writer in writers):
        Ledger(path).shrink(890_000)
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    ledger = Ledger(path)
    ledger.shrink(890_000)
    assert ledger.reply("old") is None
    for name in "ab":
        assert ledger.reply(f"{name}-59") == {"text": name * (59 * 200)}
    assert ledger.in_flight() == 0


def test_what_two_processes_paid_for_at_once_is_counted(path: Path) -> None:
    ledger, other = Ledger(path), Ledger(path)
    ledger.record_reply("k", {"text": "first"})
    other.record_reply("k", {"text": "second"})
    other.record_reply("k", {"text": "third"}, anew=True)  # wished for
    assert ledger.paid_again() == 1
    assert other.reply("k") == {"text": "first"}


def test_a_reply_of_an_older_ledger_is_served(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"event": "reply", "key": "k", "reply": {"text": "x"}}\n')
    assert Ledger(path).reply("k") == {"text": "x"}


def test_a_full_ledger_loses_its_oldest_replies_in_a_long_process_too(path: Path) -> None:
    for n in range(100):
        ledger = open_ledger(path, 5000)
        ledger.record_sent(f"k{n}")
        ledger.record_reply(f"k{n}", {"text": "x" * 100})
        assert path.stat().st_size < 5500
    assert ledger.reply("k0") is None
    assert ledger.reply("k99") == {"text": "x" * 100}
    assert ledger.in_flight() == 0


def test_a_ledger_that_another_process_replaced_meanwhile_is_not_written_from_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, other = Ledger(path), Ledger(path)
    for n in range(50):
        ledger.record_reply(f"k{n}", {"text": "x" * 100})
    take = Ledger._take_new

    def slowly(self: Ledger, file: BinaryIO) -> None:
        """Between opening the file and locking it, another shrinks it and goes on."""
        take(self, file)
        if self is ledger:
            monkeypatch.setattr(Ledger, "_take_new", take)
            other.shrink(2000)
            other.record_reply("new", {"text": "paid for"})

    monkeypatch.setattr(Ledger, "_take_new", slowly)
    ledger.shrink(2000)
    assert ledger.reply("new") == {"text": "paid for"}
