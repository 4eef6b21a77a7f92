"""An HTTP connection to a given address, all of which must be over by a deadline."""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any


class _Timed(io.RawIOBase):
    """A socket's bytes: each wait is as long as what is left, so that a drip can't stretch it."""

    def __init__(
        self, sock: socket.socket, held: io.BufferedIOBase, left: Callable[[], float]
    ) -> None:
        self._sock = sock
        self._held = held  # keeps the socket open when the connection lets go of it
        self._left = left

    def close(self) -> None:
        self._held.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._left())
        return self._sock.recv_into(buffer)


class _Reply(http.client.HTTPResponse):
    """A reply read through `_Timed`."""

    def __init__(self, sock: Any, *args: Any, left: Callable[[], float], **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Timed(sock, self.fp, left))


def connect(
    host: str,
    port: int,
    addresses: Sequence[str],
    tls: ssl.SSLContext | None,
    deadline: float,
    now: Callable[[], float],
) -> http.client.HTTPConnection:
    """Connect to the first of `addresses` that answers; `host` is what is asked for there.

    Args:
        host: for the Host header and the certificate.
        port: of the addresses.
        addresses: that may be gone to; nothing is resolved here.
        tls: how to check the certificate; None: no TLS.
        deadline: when all must be over, on the clock `now`.
        now: seconds.

    Raises:
        OSError: none of them answers in time, or the certificate is not the host's.
    """

    def left() -> float:
        seconds = deadline - now()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    connection = http.client.HTTPConnection(host, port)
    connection.response_class = lambda sock, *args, **options: _Reply(  # type: ignore[assignment]
        sock, *args, left=left, **options
    )
    failed: OSError = ConnectionError()
    for address in addresses:
        try:
            connection.sock = socket.create_connection((address, port), timeout=left())
            break
        except OSError as error:
            failed = error
    else:
        raise failed
    if tls is not None:
        try:
            connection.sock = tls.wrap_socket(connection.sock, server_hostname=host)
        except OSError:
            connection.close()
            raise
        connection.default_port = 443
    return connection
