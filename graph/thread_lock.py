"""One run at a time on a thread: two would pay for the same calls, and mix what they keep."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aurelia.errors import InputError


@asynccontextmanager
async def held(path: Path, thread: str) -> AsyncIterator[Path]:
    """Hold a thread for the time of a run; the lock ends with the process, however that ends.

    Yields the absolute path.

    Args:
        path: of the file of threads; the lock is a file beside it, gone when nobody holds it.
        thread: its name.

    Raises:
        InputError: another run holds it, in this process or another; or no file can be made there.
    """
    taking = asyncio.ensure_future(asyncio.to_thread(_take, path, thread))
    try:
        lock = await asyncio.shield(taking)
    except asyncio.CancelledError:  # the thread that takes it goes on; nobody would give it back
        taking.add_done_callback(_drop)
        raise
    try:
        yield lock.path
    finally:
        await asyncio.shield(asyncio.to_thread(lock.release))


@dataclass(frozen=True, slots=True)
class _Lock:
    """A thread that is held.

    Attributes:
        path: of the file of threads, absolute.
        place: of the lock.
        descriptor: by which it is locked.
    """

    path: Path
    place: Path
    descriptor: int

    def release(self) -> None:
        """Give it back. The file goes first, while nobody else can have it."""
        self.place.unlink(missing_ok=True)
        os.close(self.descriptor)


def _drop(taking: "asyncio.Future[_Lock]") -> None:
    if not taking.cancelled() and taking.exception() is None:
        taking.result().release()


def _take(path: Path, thread: str) -> _Lock:
    name = hashlib.sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    path = path.absolute()
    place = path.with_name(f"{path.name}.{name}.lock")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _stands(place, descriptor):
                    os.ftruncate(descriptor, 0)
                    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                    return _Lock(path, place, descriptor)
            except BlockingIOError:
                holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
                os.close(descriptor)
                raise InputError(_sentence(thread, holder)) from None
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # whoever had it has just removed the file
    except OSError as error:
        raise InputError(f"The thread {thread!r} can't be locked by {place}: {error}.") from error


def _stands(place: Path, descriptor: int) -> bool:
    """Whether an open file is the one at the path."""
    try:
        return os.path.samestat(os.fstat(descriptor), place.stat())
    except FileNotFoundError:
        return False


def _sentence(thread: str, holder: str) -> str:
    if holder == str(os.getpid()):
        who = "another run of this process"
    else:
        who = f"another process ({holder})" if holder.isdigit() else "another process"
    return (
        f"The thread {thread!r} is in use by {who}; wait until that has ended, or give another "
        "name."
    )
