"""No network, no keys, no real models; a cache that lives as long as the test session."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from aurelia.settings import forget_configuration

# How long an example takes says more about the machine than about the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_runtest_setup() -> None:
    """Tests may talk to loopback servers of their own and to nothing else."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for a session: clips are prepared once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, session_cache: Path) -> None:
    """Nothing of the developer's machine reaches a test: no keys, files or settings."""
    for name in ("OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "false")
    for name in [name for name in os.environ if name.startswith("AURELIA_")]:
        monkeypatch.delenv(name)
    nothing = session_cache / "nothing.toml"
    nothing.touch()
    monkeypatch.setenv("AURELIA_CONFIG", str(nothing))
    forget_configuration()
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(session_cache))
    monkeypatch.setenv("AURELIA_RUNS_DIR", str(session_cache / "runs"))


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write a configuration file that is in force from then on."""

    def write(text: str) -> Path:
        file = tmp_path / "aurelia.toml"
        file.write_text(text, "utf-8")
        monkeypatch.setenv("AURELIA_CONFIG", str(file))
        forget_configuration()
        return file

    return write
