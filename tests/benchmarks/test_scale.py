"""A generation ends as its models have it, and whether targets are reached is the exit status."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aurelia.models import registry

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def scale(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, which is no module of a package."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setattr(registry, "_registered", {})
    spec = importlib.util.spec_from_file_location("benchmark_of_scale", FOLDER / "bench_scale.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_rollouts_are_generated_and_a_new_process_finds_them(scale: Any, tmp_path: Path) -> None:
    path = scale.written(scale.Plan(8, 2), tmp_path)
    settings = scale.register(0.0)
    took = scale.generated(path, tmp_path / "out", settings)
    assert list(took.memory) == [2, 4, 6, 8]
    assert took.wall > 0
    assert took.cpu > 0
    assert scale.resumed(path, tmp_path / "out", settings) > 0
    (tmp_path / "out" / "trajectories.jsonl").write_text("")
    with pytest.raises(SystemExit, match="going on went wrong"):
        scale.resumed(path, tmp_path / "out", {**settings, "critic": "nobody"})


def test_the_ideal_is_the_critical_path_alone(scale: Any) -> None:
    assert scale.Plan(64, 1).ideal_s == pytest.approx(2.7)
    assert scale.Plan(65, 1).ideal_s == pytest.approx(5.4)


@pytest.mark.parametrize(
    ("wall", "cpu", "memory", "resume", "reached"),
    [
        (1.29, 0.019, {1: 500.0, 4: 520.0}, 4.9, True),
        (1.31, 0.019, {1: 500.0, 4: 520.0}, 4.9, False),
        (1.29, 0.021, {1: 500.0, 4: 520.0}, 4.9, False),
        (1.29, 0.019, {1: 500.0, 4: 530.0}, 4.9, False),
        (1.29, 0.019, {1: 590.0, 4: 601.0}, 4.9, False),
        (1.29, 0.019, {1: 500.0, 4: 520.0}, 5.1, False),
    ],
)
def test_each_target_is_judged(
    scale: Any,
    capsys: pytest.CaptureFixture[str],
    wall: float,
    cpu: float,
    memory: dict[int, float],
    resume: float,
    reached: bool,
) -> None:
    plan = scale.Plan()
    took = scale.Generated(plan.ideal_s * wall, cpu, memory)
    assert scale.report(plan, took, [0.009, 0.011], resume, 3e8) is reached
    assert ("NOT reached" in capsys.readouterr().out) is not reached
