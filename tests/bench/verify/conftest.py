"""A finished run with two modes, two controls and a judge; a copy of it to be tampered with."""

import shutil
from pathlib import Path

import pytest

from tests.bench.run.study import Study, make_study, run, target
from tests.bench.verify.test_verify import MARKS, answer, open_ones, score
from tests.models.wire.server import Wire

CONTROLS = "actor_answer,first_pass"


@pytest.fixture(scope="package")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Scored."""
    folder = tmp_path_factory.mktemp("controlled")
    study = make_study(folder, {**MARKS, "s5": [(8, True)]}, open_ones)
    with pytest.MonkeyPatch.context() as patched, Wire(answer) as server:
        patched.setenv("AURELIA_CACHE_DIR", str(folder / "cache"))
        run(study.order(target(server), controls=CONTROLS))
        score(study.out, f"{server.openai}#judge")
    return study


@pytest.fixture
def forged(controlled: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run's folder, to be tampered with."""
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(controlled.folder / "cache"))
    return Path(shutil.copytree(controlled.out, tmp_path / "forged"))
