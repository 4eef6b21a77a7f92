"""The record of what was sent to paid models and what they replied; the cache of their replies.

One JSON line an event: `{"event": "sent", "key": …}` before a call, `{"event": "reply", "key": …,
"reply": …}` after it, fsynced. A crash loses at most the calls in flight, and `in_flight` counts
them. Media never enter it: keys are hashes. Lines are only ever appended; a file above its size cap
is written anew before the next call, without its oldest replies.
"""

import contextlib
import fcntl
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from aurelia.errors import ConfigurationError

_open: dict[Path, "Ledger"] = {}
_open_guard = threading.Lock()
# Above the cap, this share of it is kept, so that the next reply doesn't bring on another clearing.
_KEPT = 0.75


def open_ledger(path: Path, max_bytes: int | None = None) -> "Ledger":
    """The ledger at `path`, one per process, so that each line is read once.

    Args:
        path: of the file, which need not exist.
        max_bytes: size above which the oldest replies go, each time that it is asked for.
    """
    with _open_guard:
        ledger = _open.setdefault(path, Ledger(path))
    if max_bytes is not None:
        ledger.shrink(max_bytes)
    return ledger


class Ledger:
    """A ledger file; several threads and processes may append to it at once.

    Its methods read and write files: in async code, call them in a thread. They raise
    `ConfigurationError` where the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._inode = -1
        self._offset = 0
        self._again = 0
        self._paid: set[str] = set()
        self._replies: dict[str, tuple[int, int]] = {}  # where the line begins, and its length
        self._sent: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()

    def reply(self, key: str) -> dict[str, Any] | None:
        """The first reply recorded under `key`, or None."""
        with self._lock, self._read() as file:
            if file is None or key not in self._replies:
                return None
            file.seek(self._replies[key][0])
            reply: dict[str, Any] = json.loads(file.read(self._replies[key][1]))["reply"]
            return reply

    def record_sent(self, key: str) -> None:
        """Note that a request goes out. Not fsynced: losing it costs a count, not a reply."""
        self._append({"event": "sent", "key": key}, sync=False)

    def record_reply(self, key: str, reply: dict[str, Any], *, anew: bool = False) -> None:
        """Keep a reply. On disk when this returns.

        Args:
            key: of the request.
            reply: what came of it.
            anew: whether it was asked for although there may have been one.
        """
        entry = {"event": "reply", "key": key, "reply": reply}
        self._append(entry | ({"anew": True} if anew else {}), sync=True)

    def record_failure(self, key: str) -> None:
        """Note that a request ended without a reply, so that it is no longer in flight."""
        self._append({"event": "failed", "key": key}, sync=False)

    def in_flight(self) -> int:
        """Requests sent and never answered: what crashes and time limits may have cost."""
        with self._lock, self._read():
            return sum(self._unanswered().values())

    def paid_again(self) -> int:
        """Replies that another process was paying for at the same moment, since the last shrink."""
        with self._lock, self._read():
            return self._again

    def shrink(self, max_bytes: int) -> None:
        """Drop the oldest replies of a file above `max_bytes`; nothing where others use it.

        What is in flight stays counted. The file is replaced at once or not at all.
        """
        if self._size() <= max_bytes:
            return
        with self._lock, self._read() as file:
            if file is None or os.fstat(file.fileno()).st_size <= max_bytes:
                return
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if not self._stands(file):
                return  # another process has just replaced it, and this is the old one
            self._take_new(file)  # what came in between
            self._rewrite(file, int(max_bytes * _KEPT))

    def _size(self) -> int:
        """Bytes of the file; 0 where there is none, or none that can be looked at."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def _stands(self, file: BinaryIO) -> bool:
        """Whether an open file is the one at the path."""
        try:
            return os.fstat(file.fileno()).st_ino == self.path.stat().st_ino
        except FileNotFoundError:
            return False

    def _rewrite(self, file: BinaryIO, room: int) -> None:
        """Write the newest replies to a new file. Whoever holds the old one open sees the change
        by its inode."""
        kept: list[tuple[int, bytes]] = []
        for key, (offset, length) in sorted(self._replies.items(), key=lambda i: -i[1][0]):
            sent = _line({"event": "sent", "key": key})
            room -= len(sent) + length
            if room < 0:
                break
            kept.append((offset, sent))
        lengths = dict(self._replies.values())
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            with new.open("wb") as target:
                new.chmod(0o600)
                for offset, sent in reversed(kept):
                    file.seek(offset)
                    target.write(sent + file.read(lengths[offset]))
                for key, count in self._unanswered().items():
                    target.write(_line({"event": "sent", "key": key}) * count)
                target.flush()
                os.fsync(target.fileno())
            new.replace(self.path)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise self._unusable("written", error) from None
        self._forget()

    def _append(self, entry: dict[str, Any], *, sync: bool) -> None:
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._write(_line(entry), sync=sync)
        except OSError as error:
            raise self._unusable("written", error) from None

    def _write(self, line: bytes, *, sync: bool) -> None:
        # One write of one line in append mode: lines of several processes don't mix. The leading
        # newline ends a line that a crash tore off; readers skip what it leaves.
        descriptor = self._open_to_append()
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

    def _open_to_append(self) -> int:
        """A descriptor of the file that stands at the path now, and that nobody is replacing."""
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH)
                if os.fstat(descriptor).st_ino == self.path.stat().st_ino:
                    return descriptor
            except FileNotFoundError:
                pass  # removed in this moment
            except OSError:
                os.close(descriptor)
                raise
            os.close(descriptor)

    @contextlib.contextmanager
    def _read(self) -> Iterator[BinaryIO | None]:
        """The file, with the lines taken in that were appended since the last look."""
        try:
            with self.path.open("rb") as file:
                self._take_new(file)
                yield file
        except FileNotFoundError:
            self._forget()
            yield None
        except OSError as error:
            raise self._unusable("read", error) from None

    def _take_new(self, file: BinaryIO) -> None:
        status = os.fstat(file.fileno())
        if status.st_ino != self._inode or status.st_size < self._offset:
            self._forget()  # somebody removed or shrank the file, and it began anew
            self._inode = status.st_ino
        file.seek(self._offset)
        for line in file:
            if not line.endswith(b"\n"):
                break  # half written: taken in when it is whole
            self._take(line, self._offset)
            self._offset += len(line)

    def _forget(self) -> None:
        self._inode = -1
        self._offset = 0
        self._again = 0
        self._paid.clear()
        self._replies.clear()
        self._sent.clear()
        self._answered.clear()

    def _unanswered(self) -> dict[str, int]:
        return {k: n - self._answered[k] for k, n in self._sent.items() if n > self._answered[k]}

    def _unusable(self, verb: str, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"The ledger of paid replies, {self.path}, can't be {verb} ({error.strerror}): free or "
            "unlock it, or set AURELIA_CACHE_DIR to another directory."
        )

    def _take(self, line: bytes, offset: int) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            return  # torn by a crash: the call it belonged to counts as in flight
        match entry:
            case {"event": "sent", "key": str(key)}:
                self._sent[key] += 1
            case {"event": "reply", "key": str(key), "reply": dict()}:
                self._answered[key] += 1
                if not entry.get("anew"):
                    self._again += key in self._paid
                    self._paid.add(key)
                self._replies.setdefault(key, (offset, len(line)))
            case {"event": "failed", "key": str(key)}:
                self._answered[key] += 1


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
