"""The append-only record of what was sent to paid models and what they replied.

One JSON line an event: `{"event": "sent", "key": …}` before a call, `{"event": "reply", "key": …,
"reply": …}` after it, fsynced. A crash loses at most the calls in flight, and `in_flight` counts
them. Media never enter it: keys are hashes.
"""

import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from aurelia.errors import ConfigurationError

_open: dict[Path, "Ledger"] = {}
_open_guard = threading.Lock()


def open_ledger(path: Path) -> "Ledger":
    """The ledger at `path`, one per process, so that each line is read once."""
    with _open_guard:
        return _open.setdefault(path, Ledger(path))


class Ledger:
    """A ledger file; several threads and processes may append to it at once.

    Its methods read and write files: in async code, call them in a thread. They raise
    `ConfigurationError` where the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._replies: dict[str, dict[str, Any]] = {}
        self._sent: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._offset = 0
        self._lock = threading.Lock()

    def reply(self, key: str) -> dict[str, Any] | None:
        """The first reply recorded under `key`, or None."""
        self._refresh()
        return self._replies.get(key)

    def record_sent(self, key: str) -> None:
        """Note that a request goes out. Not fsynced: losing it costs a count, not a reply."""
        self._append({"event": "sent", "key": key}, sync=False)

    def record_reply(self, key: str, reply: dict[str, Any]) -> None:
        """Keep a reply. On disk when this returns."""
        self._append({"event": "reply", "key": key, "reply": reply}, sync=True)

    def record_failure(self, key: str) -> None:
        """Note that a request ended without a reply, so that it is no longer in flight."""
        self._append({"event": "failed", "key": key}, sync=False)

    def in_flight(self) -> int:
        """Requests sent and never answered: what crashes may have cost."""
        self._refresh()
        return sum(max(0, n - self._answered[key]) for key, n in self._sent.items())

    def _append(self, entry: dict[str, Any], *, sync: bool) -> None:
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._write(line, sync=sync)
        except OSError as error:
            raise self._unusable("written", error) from None

    def _write(self, line: bytes, *, sync: bool) -> None:
        # One write of one line in append mode: lines of several processes don't mix. The leading
        # newline ends a line that a crash tore off; readers skip what it leaves.
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            rest = b"\n" + line if torn else line
            while rest:  # a full disk takes a part; the next write says why
                rest = rest[os.write(descriptor, rest) :]
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _refresh(self) -> None:
        """Take in the lines that were appended since the last look."""
        with self._lock:
            try:
                with self.path.open("rb") as file:
                    if os.fstat(file.fileno()).st_size < self._offset:
                        self._forget()  # somebody removed the file, and it began anew
                    file.seek(self._offset)
                    data = file.read()
            except FileNotFoundError:
                self._forget()
                return
            except OSError as error:
                raise self._unusable("read", error) from None
            whole, end, _ = data.rpartition(b"\n")
            self._offset += len(whole) + len(end)
            for line in whole.split(b"\n"):
                self._take(line)

    def _forget(self) -> None:
        self._offset = 0
        self._replies.clear()
        self._sent.clear()
        self._answered.clear()

    def _unusable(self, verb: str, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"The ledger of paid replies, {self.path}, can't be {verb} ({error.strerror}): free or "
            "unlock it, or set AURELIA_CACHE_DIR to another directory."
        )

    def _take(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            return  # torn by a crash: the call it belonged to counts as in flight
        match entry:
            case {"event": "sent", "key": str(key)}:
                self._sent[key] += 1
            case {"event": "reply", "key": str(key), "reply": dict(reply)}:
                self._answered[key] += 1
                self._replies.setdefault(key, reply)
            case {"event": "failed", "key": str(key)}:
                self._answered[key] += 1
