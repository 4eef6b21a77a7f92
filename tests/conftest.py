"""No network, no keys, no real models; a cache that lives as long as the test session."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from aurelia.settings import forget_configuration
from aurelia.testing.guard import offline
from aurelia.testing.isolation import isolated

# How long an example takes says more about the machine than about the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


pytest_plugins = ["pytester", "aurelia.testing.plugin"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Tests and what is set up for them may talk to servers on this machine and to nothing else."""
    with offline(providers=True):
        return (yield)


@pytest.fixture(scope="session")
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for a session: clips are prepared once."""
    return tmp_path_factory.mktemp("session") / "cache"


@pytest.fixture(autouse=True)
def _own_environment(session_cache: Path) -> Iterator[None]:
    """Nothing of the developer's machine reaches a test: no files, no settings."""
    with isolated(session_cache.parent):
        yield


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
