"""Rollouts end as their models have it, and whether targets are reached is the exit status."""

import asyncio
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import aurelia
from aurelia.models import registry

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, which is no module of a package, and must not pass for the folder `graph`."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setattr(registry, "_registered", {})
    spec = importlib.util.spec_from_file_location("benchmark_of_the_graph", FOLDER / "graph.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_every_way_and_the_bare_graph_end_as_they_must(graph: Any, tmp_path: Path) -> None:
    rollouts = sys.modules["graph_rollouts"]
    paths = list(rollouts.distinct(rollouts.tiny(tmp_path), tmp_path, 2))
    clips = [aurelia.open_clip(path) for path in paths]
    assert clips[0].sha256 != clips[1].sha256
    settings = {**rollouts.register(0.0), "max_iterations": 3}
    plan = graph.Plan(rollouts=2, at_once=2, rounds=1, remembered=4)
    measured = asyncio.run(graph.measure(plan, clips, settings, tmp_path, None))
    assert set(measured) == {graph.BARE, *graph.TARGETS}
    assert all(took.wall > 0 and took.cpu > 0 for batches in measured.values() for took in batches)
    sizes = asyncio.run(graph.remember(plan, clips, settings))
    assert list(sizes) == [1, 2, 3, 4]


def test_a_rollout_that_ends_otherwise_ends_the_benchmark(graph: Any, tmp_path: Path) -> None:
    rollouts = sys.modules["graph_rollouts"]
    clip = rollouts.tiny(tmp_path)
    settings = {**rollouts.register(0.0), "max_iterations": 2}
    with pytest.raises(SystemExit, match="rollout 0 ended wrongly: exhausted"):
        asyncio.run(rollouts.Way().roll_out(clip, 0, **settings))


@pytest.mark.parametrize(
    ("factor", "reached"), [(1.0, True), (1.6, False)], ids=["reached", "missed"]
)
def test_the_median_of_the_ratios_is_judged(
    graph: Any, capsys: pytest.CaptureFixture[str], factor: float, reached: bool
) -> None:
    plan = graph.Plan()
    assert plan.ideal_s == pytest.approx(3.6)
    walls = [3.6, 3.6 * factor, 3.6 * 9]  # one bad round makes no difference
    took = [graph.Took(wall, 0.02) for wall in walls]
    measured = dict.fromkeys((graph.BARE, *graph.TARGETS), took)
    assert graph.report(measured, plan) is reached
    assert ("NOT reached" in capsys.readouterr().out) is not reached


@pytest.mark.parametrize(("last", "flat"), [(104.0, True), (106.0, False)])
def test_memory_may_grow_by_a_twentieth(graph: Any, last: float, flat: bool) -> None:
    assert graph.report_memory({500: 100.0, 1000: 200.0, 2000: last}) is flat
