"""A host whose name nobody can resolve, without asking a name server."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

NOWHERE = "models.invalid"


def lose(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let look-ups of `NOWHERE` fail as they do on a machine without a network; its URL."""
    resolve = socket.getaddrinfo

    def fails(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in (NOWHERE, NOWHERE.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    return f"http://{NOWHERE}"


@dataclass(slots=True)
class Names:
    """The look-ups of a host that is known until it is lost."""

    lost: bool = False
    failed: int = 0

    def resolving(self) -> Callable[..., Any]:
        """In the place of `socket.getaddrinfo`."""
        resolve = socket.getaddrinfo

        def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            if host not in (NOWHERE, NOWHERE.encode()):
                return resolve(host, *args, **kwargs)
            if self.lost:
                self.failed += 1
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return resolve("127.0.0.1", *args, **kwargs)

        return look_up
