"""A run over processes: what it reports, what it survives, what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.mechanism.run import run_mechanism
from aurelia.errors import InputError
from tests.bench.fakes import Fake


def test_a_dead_process_and_a_bug_cost_their_sample_alone(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = run_mechanism(
        3,
        7,
        difficulties=("clean",),
        split="dev",
        workers=1,
        folder=tmp_path / "kept",
        source=Fake(deadly=(1,), buggy=(2,)),
        on_progress=lambda done, total: seen.append((done, total)),
    )
    cell = report.families["order"]["clean"]
    assert (cell.n, cell.failed) == (3, 2)
    assert cell.accepted == pytest.approx(1 / 3)
    assert cell.distilled == pytest.approx(1 / 3)
    assert set(report.failures) == {
        "order, clean 1: its process died",
        "order, clean 2: ZeroDivisionError: nobody foresaw this",
    }
    assert not report.interrupted
    assert {total for _, total in seen} == {3}
    assert max(done for done, _ in seen) <= 3
    assert (tmp_path / "kept" / "clean" / "order-0.mp4").is_file()
    text = json.loads(report.model_dump_json())
    assert list(text) == [
        *("schema_version", "count", "n", "interrupted", "seed", "split", "difficulties"),
        *("target", "models", "threshold", "max_iterations", "versions", "configured", "note"),
        *("families", "pooled", "critic", "seconds_per_clip", "workers"),
    ]
    assert (text["n"], text["interrupted"], text["difficulties"]) == (3, False, ["clean"])
    assert text["models"]["actor"] == text["models"]["critic"] == "offline:perception"
    assert (text["threshold"], text["max_iterations"]) == (6.0, 5)
    assert {"aurelia", "python", "numpy"} <= text["versions"].keys()
    assert "no evidence of the paper's gains" in text["note"]
    assert "evidence, the target deaf" in text["note"]


def test_an_interrupted_run_gives_what_was_done() -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    report = run_mechanism(
        9, 0, difficulties=("clean",), workers=1, source=Fake(), on_progress=stop
    )
    assert report.interrupted
    assert 1 <= report.families["order"]["clean"].n == report.n < 9
    assert json.loads(report.model_dump_json())["interrupted"] is True


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"count": 0}, "count is 0"),
        ({"families": ["weather"]}, "no family 'weather'; there are: order"),
        ({"workers": 0}, "workers is 0"),
        ({"threshold": 11}, "threshold"),
        ({"target": "nothing"}, "names no model"),
        ({"critic": "grounded:nothing"}, "'nothing' names no model"),
        ({"panel": ["nothing"]}, "names no model"),
        ({"folder": Path(__file__)}, "can't be made"),
    ],
)
def test_what_can_not_be_used_is_refused_before_anything_runs(
    wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        run_mechanism(**{"count": 1, "seed": 0, "source": Fake(), **wrong})
