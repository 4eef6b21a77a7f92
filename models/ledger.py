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

_locks: dict[Path, threading.Lock] = {}
_locks_guard = threading.Lock()


class Ledger:
    """A ledger file; several threads and processes may append to it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._replies: dict[str, dict[str, Any]] = {}
        self._sent: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._offset = 0
        with _locks_guard:
            self._lock = _locks.setdefault(path, threading.Lock())

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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            # One write of one line in append mode: lines of several processes don't mix. The
            # leading newline ends a line that a crash tore off; readers skip what it leaves.
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                os.write(descriptor, b"\n" + line if torn else line)
                if sync:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _refresh(self) -> None:
        with self._lock:
            if not self.path.exists():
                return
            with self.path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
            whole, _, _ = data.rpartition(b"\n")
            if not whole:
                return
            self._offset += len(whole) + 1
            for line in whole.split(b"\n"):
                self._take(line)

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
