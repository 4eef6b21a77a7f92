"""A clip, a run and a way to type commands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aurelia.cli.main import app
from aurelia.types.trajectory import Trajectory
from tests.cli.records import make_trajectory
from tests.clips import ordinary

Typed = Callable[..., Result]


@pytest.fixture(scope="session")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A clip with picture and sound."""
    return str(ordinary(tmp_path_factory.mktemp("clips")))


@pytest.fixture
def trajectory() -> Trajectory:
    """An accepted run of two passes with a deaf target."""
    return make_trajectory()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Typed:
    """Type `aurelia …` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AURELIA_RUNS_DIR", "runs")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run
