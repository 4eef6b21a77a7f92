"""A host whose name nobody can resolve, without asking a name server."""

import socket
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
