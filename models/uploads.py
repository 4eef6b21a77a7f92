"""What a provider keeps for us: uploaded files and cached contexts, remembered between runs.

One small JSON file an entry, below `uploads` in the cache directory. Its name is a hash of the
account and of what is kept, so another key or another host never finds it; it holds the provider's
name of the file, its type and when it expires, and neither media nor keys.
"""

import asyncio
import fcntl
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from aurelia.errors import ConfigurationError
from aurelia.models.clock import clock
from aurelia.models.flight import Flights
from aurelia.settings import load_settings
from aurelia.types.hashing import json_hash

MARGIN_S = 600.0
"""An entry that expires sooner is made anew: a call that begins now may last that long."""

_WAIT_S = 0.05  # between two looks at whether another process has finished the same upload


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that a provider keeps.

    Attributes:
        uri: how requests refer to it.
        mime: its type.
        expires_at: seconds since 1970.
    """

    uri: str
    mime: str
    expires_at: float


_flights: "Flights[Kept]" = Flights()


@dataclass(frozen=True, slots=True)
class Uploads:
    """The store below the directory `root`."""

    root: Path

    async def get(self, key: str, make: Callable[[], Awaitable[Kept]]) -> Kept:
        """What is kept under `key`; made where it isn't there, or expires soon.

        Several tasks, threads and processes may ask at once: one makes it, the others wait.

        Raises:
            ConfigurationError: the cache directory can't be written.
        """

        async def look_or_make() -> Kept:
            async with self._lock(key):
                found = self._read(key)
                if found is None:
                    found = await make()
                    self._write(key, found)
                return found

        found = self._read(key)
        if found is None:
            found, _ = await _flights.share(str(self._file(key)), look_or_make)
        return found

    def forget(self, key: str) -> None:
        """Have it made anew: the provider says that it isn't there."""
        self._file(key).unlink(missing_ok=True)

    def _read(self, key: str) -> Kept | None:
        return _kept(self._file(key))

    def _write(self, key: str, kept: Kept) -> None:
        handle, name = tempfile.mkstemp(dir=self.root, prefix=".new-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(kept), file)
        Path(name).replace(self._file(key))
        for other in self.root.glob("*.json"):
            if _kept(other) is None:
                other.unlink(missing_ok=True)

    @asynccontextmanager
    async def _lock(self, key: str) -> AsyncIterator[None]:
        """One process at a time."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.root / f"{key}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"The cache directory {str(self.root)!r} can't be written ({error.strerror}); set "
                "AURELIA_CACHE_DIR to one that can."
            ) from error
        try:
            while not _taken(handle):
                await asyncio.sleep(_WAIT_S)
            yield
        finally:
            os.close(handle)

    def _file(self, key: str) -> Path:
        return self.root / f"{key}.json"


def open_uploads() -> Uploads:
    """The store in the cache directory of the settings."""
    return Uploads(load_settings().cache_dir / "uploads")


def account_of(*identity: str) -> str:
    """An account's name in the store: a hash of key and host, which gives neither away."""
    return sha256("\0".join(("aurelia upload", *identity)).encode()).hexdigest()[:16]


def upload_key(account: str, content: Any) -> str:
    """Name of an entry: of an account, and of what is kept as plain JSON."""
    return f"{account}-{json_hash(content)[:32]}"


def _kept(file: Path) -> Kept | None:
    """What an entry holds, unless it expires soon, or isn't one."""
    try:
        kept = Kept(**json.loads(file.read_text("utf-8")))
        return kept if kept.expires_at - MARGIN_S > clock().wall() else None
    except (OSError, ValueError, TypeError):
        return None


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
