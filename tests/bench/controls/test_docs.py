"""docs/controls.md says what the code does."""

import re
from pathlib import Path

import pytest

from aurelia.bench.run.conditions import all_controls
from aurelia.media.altered import PROBES
from tests.clips import make_clip

PAGE = (Path(__file__).parents[3] / "docs" / "controls.md").read_text("utf-8")


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose first column is so headed."""
    lines = PAGE.split(f"| {head} |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_control_stands_there_with_its_class() -> None:
    told = {
        name: cells[1] == "yes"
        for cells in rows("control")
        for name in re.findall(r"`(\w+)`", cells[0])
    }
    assert told == {control.name: control.cheap for control in all_controls()}


def test_every_probe_stands_there() -> None:
    assert [cells[0].strip("`") for cells in rows("probe")] == list(PROBES)


def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_clip(tmp_path / "clip.mp4", 3.0, sounds=[(0.5, 1.0)])
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    probe = names["probe"]
    assert probe.parameters["shift_s"] == 1.5  # type: ignore[attr-defined]
