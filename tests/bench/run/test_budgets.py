"""A target that takes little text: what of r* it was sent stands in each reply, and is checked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aurelia.bench.run.score import score_run, write_results
from aurelia.bench.run.scoring import write_tables
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.verify.run import verify
from tests.bench.run.study import STEPS, Study, follower, make_study, run
from tests.models.wire.server import Wire

Write = Callable[[str], Path]
LONG = "It was seen and heard. " * 40


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One sample, whose accepted pass has long findings."""
    study = make_study(tmp_path, {"s0": [(9, True)]})
    path = study.rollouts / "trajectories.jsonl"
    text = path.read_text()
    assert '"findings":"Something."' in text
    path.write_text(text.replace('"findings":"Something."', f'"findings":"{LONG.strip()}"'))
    return study


def _small(server: Wire, budget: int) -> str:
    return (
        f'[models.small]\nbase_url = "{server.openai}"\nmodel = "m1"\nvideo = "frames"\n'
        f'audio = "off"\ntext = {{ budget = {budget}, prompt = "brief" }}\n'
    )


def test_what_was_left_out_is_recorded_noted_and_verified(study: Study, configured: Write) -> None:
    with Wire(follower) as server:
        configured(_small(server, 150))
        settings = RunSettings(form="plan_and_findings")
        run(study.order("small", settings=settings))
        sent = server.calls[-1].raw.decode()
    reply = study.replies()["distilled", "s0"]
    assert reply.injected is not None
    assert reply.injected.fit is not None
    assert LONG.strip() in reply.injected.text
    assert reply.injected.sent is not None
    assert STEPS in reply.injected.sent
    assert LONG.strip() not in sent
    assert any(LONG.strip() in part for part in reply.injected.fit.left_out)
    scored = score_run(study.out)
    write_results(study.out, scored.results)
    notes = [note for grid in write_tables(scored) for note in grid.notes]
    assert any("r* was shortened for 1 replies" in note for note in notes)
    assert [f for f in verify(study.out).findings if f.wrong] == []


def test_what_fits_is_recorded_as_whole(study: Study, configured: Write) -> None:
    with Wire(follower) as server:
        configured(_small(server, 5000))
        run(study.order("small", settings=RunSettings(form="plan_and_findings")))
        sent = server.calls[-1].raw.decode()
    reply = study.replies()["distilled", "s0"]
    assert LONG.strip() in sent
    assert reply.injected is not None
    assert reply.injected.sent is None
    assert reply.injected.fit is not None
    assert reply.injected.fit.left_out == []
