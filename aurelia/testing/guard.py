"""Keeps tests on this machine: no connection to the outside, no model of a provider."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

KEYS = ("OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "ANTHROPIC_API_KEY")
"""Variables that hold a provider's key; taken out meanwhile."""

TRACING = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2")
"""Variables that send what models are asked to somebody; switched off meanwhile."""


class NetworkForbidden(RuntimeError):
    """A test reaches for another machine. No OSError: nobody is to try that again."""


@contextmanager
def offline(*, providers: bool = False) -> Iterator[None]:
    """Only this machine can be reached in this block, and no name is looked up elsewhere.

    Sockets of Python are guarded, in all threads; those of C extensions with a network of their own
    (uvloop, gRPC) and of other processes are not.

    Args:
        providers: whether models such as `openai:gpt-4o` can be had, for tests that lead their
            clients to a server on this machine. Otherwise they are refused by name, as are servers
            elsewhere: in one sentence, before anything is tried.
    """
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, look_up = socket.socket.sendto, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _check(self, rest[-1])
        return sendto(self, data, *rest)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        own = name in (None, "", "localhost", socket.gethostname())
        if not own and not _is_number(name) and not _is_address(name):
            raise NetworkForbidden(_sentence(name))
        return look_up(host, *args, **kwargs)

    with (
        mock.patch.object(socket.socket, "connect", guarded_connect),
        mock.patch.object(socket.socket, "connect_ex", guarded_connect_ex),
        mock.patch.object(socket.socket, "sendto", guarded_sendto),
        mock.patch.object(socket, "getaddrinfo", guarded_look_up),
        mock.patch.dict(os.environ, dict.fromkeys(TRACING, "false")),
        _no_providers(allowed=providers),
    ):
        for name in KEYS:
            os.environ.pop(name, None)  # `patch.dict` brings it back
        yield


@contextmanager
def _no_providers(*, allowed: bool) -> Iterator[None]:
    if allowed:
        yield
        return
    from aurelia.errors import ConfigurationError
    from aurelia.models import registry
    from aurelia.models.providers import server, server_client

    def refuse(name: str, *args: Any) -> Any:
        raise ConfigurationError(
            f"{name.partition('?')[0]!r} is a provider's model, and this test is offline "
            "(aurelia_offline); use a model of aurelia_script, or offline:perception."
        )

    def check_server(name: str, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if host != "localhost" and not (_is_address(host) and _is_own(host)):
            raise ConfigurationError(
                f"The model {name.partition('#')[0]!r} is on another machine, and this test is "
                "offline (aurelia_offline); use a server on 127.0.0.1, or a model of "
                "aurelia_script."
            )

    def own_server(name: str) -> Any:
        check_server(name, name)
        return server(name)

    def own_server_client(name: str, url: str, *args: Any) -> Any:
        check_server(name, url)
        return server_client(name, url, *args)

    with (
        mock.patch.object(registry, "provider", refuse),
        mock.patch.object(registry, "provider_client", refuse),
        mock.patch.object(registry, "server", own_server),
        mock.patch.object(registry, "server_client", own_server_client),
        mock.patch.object(registry, "_built", {}),
        mock.patch.object(registry, "_profiled", {}),
    ):
        yield


def _check(sock: socket.socket, address: Any) -> None:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return  # a socket of this machine
    host = address[0] if isinstance(address, tuple) and address else ""
    if host in ("", "localhost") or (_is_address(host) and _is_own(host)):
        return
    raise NetworkForbidden(_sentence(f"{host}:{address[1]}"))


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _is_number(host: Any) -> bool:
    """Whether this is an address as `127.1` or `0x7f000001`, which nobody is asked about."""
    try:
        socket.inet_aton(str(host))
    except OSError:
        return False
    return True


def _is_own(host: str) -> bool:
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or address.is_unspecified


def _sentence(where: str) -> str:
    return (
        f"This test reaches for {where}, and it is offline (aurelia_offline): only this machine "
        "can be reached. Use a model of aurelia_script, or a server on 127.0.0.1."
    )
