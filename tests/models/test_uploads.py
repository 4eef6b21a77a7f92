"""The store of what providers keep: made once, whoever asks, and anew when it is gone."""

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aurelia.errors import ConfigurationError
from aurelia.models.uploads import MARGIN_S, Kept, Uploads, account_of, upload_key
from tests.ticking import ticking

KEY = upload_key(account_of("gemini", "host", "a-key-of-tests"), {"file": "abc"})
HOURS_48 = 48 * 3600.0


class Provider:
    """Counts what it is asked to keep."""

    def __init__(self, now: float = 0.0) -> None:
        self.made = 0
        self.now = now
        self.slow = asyncio.Event()
        self.slow.set()

    async def make(self) -> Kept:
        self.made += 1
        uri = f"files/{self.made}"
        await self.slow.wait()
        return Kept(uri, "video/mp4", self.now + HOURS_48)


def test_what_was_kept_is_found_by_another_process(tmp_path: Path) -> None:
    with ticking() as clock:
        provider = Provider(clock.wall())
        first = asyncio.run(Uploads(tmp_path / "u").get(KEY, provider.make))
        again = asyncio.run(Uploads(tmp_path / "u").get(KEY, provider.make))
    assert (first, again, provider.made) == (first, first, 1)


def test_what_expires_within_a_call_is_made_anew(tmp_path: Path) -> None:
    store = Uploads(tmp_path)
    with ticking() as clock:
        provider = Provider(clock.wall())
        asyncio.run(store.get(KEY, provider.make))
        clock.time += HOURS_48 - MARGIN_S - 1
        assert asyncio.run(store.get(KEY, provider.make)).uri == "files/1"
        clock.time += 2
        provider.now = clock.wall()
        assert asyncio.run(store.get(KEY, provider.make)).uri == "files/2"


def test_what_the_provider_lost_is_made_anew(tmp_path: Path) -> None:
    store = Uploads(tmp_path)
    with ticking() as clock:
        provider = Provider(clock.wall())
        asyncio.run(store.get(KEY, provider.make))
        store.forget(KEY)
        store.forget(KEY)  # by another call that failed as well
        assert asyncio.run(store.get(KEY, provider.make)).uri == "files/2"


def test_tasks_that_ask_at_once_share_one_upload(tmp_path: Path) -> None:
    async def both(provider: Provider) -> list[Kept]:
        provider.slow.clear()
        store = Uploads(tmp_path)
        tasks = [asyncio.create_task(store.get(KEY, provider.make)) for _ in range(8)]
        while not provider.made:
            await asyncio.sleep(0)
        provider.slow.set()
        return await asyncio.gather(*tasks)

    with ticking() as clock:
        provider = Provider(clock.wall())
        found = asyncio.run(both(provider))
    assert (provider.made, {kept.uri for kept in found}) == (1, {"files/1"})


def test_a_failed_upload_is_tried_again_by_whoever_asks_next(tmp_path: Path) -> None:
    async def fail() -> Kept:
        raise ConnectionError("gone")

    store = Uploads(tmp_path)
    with ticking() as clock:
        with pytest.raises(ConnectionError, match="gone"):
            asyncio.run(store.get(KEY, fail))
        assert asyncio.run(store.get(KEY, Provider(clock.wall()).make)).uri == "files/1"


def test_another_process_waits_for_an_upload_under_way(tmp_path: Path) -> None:
    """A second process holds the lock, and writes the entry before it lets go."""
    code = f"""
import fcntl, json, os, pathlib, sys
place = pathlib.Path({str(tmp_path)!r})
lock = os.open(place / "{KEY}.lock", os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.readline()
entry = {{"uri": "files/theirs", "mime": "video/mp4", "expires_at": 9e9}}
(place / "{KEY}.json").write_text(json.dumps(entry))
"""
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    provider = Provider()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "locked\n"
        found: list[Kept] = []
        ours = threading.Thread(
            target=lambda: found.append(asyncio.run(Uploads(tmp_path).get(KEY, provider.make)))
        )
        ours.start()
        other.stdin.write("go on\n")
        other.stdin.flush()
        ours.join()
    assert (provider.made, found[0].uri) == (0, "files/theirs")


@pytest.mark.parametrize("text", ["", "[]", '{"uri": 1}', "{}", "no JSON"])
def test_an_entry_that_can_not_be_read_is_made_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / f"{KEY}.json").write_text(text)
    with ticking() as clock:
        kept = asyncio.run(Uploads(tmp_path).get(KEY, Provider(clock.wall()).make))
    assert kept.uri == "files/1"


def test_entries_hold_no_key_and_those_that_expired_go(tmp_path: Path) -> None:
    other = upload_key(account_of("gemini", "host", "another-key"), {"file": "abc"})
    with ticking() as clock:
        provider = Provider(clock.wall())
        asyncio.run(Uploads(tmp_path).get(KEY, provider.make))
        clock.time += HOURS_48
        provider.now = clock.wall()
        asyncio.run(Uploads(tmp_path).get(other, provider.make))
    (left,) = tmp_path.glob("*.json")
    assert left.name == f"{other}.json"
    assert json.loads(left.read_text("utf-8"))["uri"] == "files/2"
    assert "key" not in left.name + left.read_text("utf-8")
    assert left.stat().st_mode & 0o077 == 0  # nobody else's business


def test_accounts_and_contents_are_told_apart() -> None:
    names = {
        upload_key(account_of("gemini", host, key), {"file": file})
        for host in ("a", "b")
        for key in ("k", "l")
        for file in ("x", "y")
    }
    assert len(names) == 8


def test_a_place_that_can_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="set AURELIA_CACHE_DIR to one that can"):
        asyncio.run(Uploads(tmp_path / "file" / "u").get(KEY, Provider().make))
