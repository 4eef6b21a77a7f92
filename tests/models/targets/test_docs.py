"""docs/targets.md shows what is so, and its recipe for a target of one's own works."""

import re
import sys
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args

import pytest

import aurelia
from aurelia.configuration.text_rules import Place, Style, TextRules, TooLong
from aurelia.models.targets.page import table
from aurelia.models.targets.record import Status, Target
from aurelia.models.targets.roads import ROADS, WORDS
from tests.clips import ordinary
from tests.models.worker.running import Running

PAGE = (Path(__file__).parents[3] / "docs" / "targets.md").read_text("utf-8")
REPOSITORY = """
class Model:
    def ask(self, text, video, audio, limit):
        sizes = [len(open(path, "rb").read()) for path in (video, audio)]
        return "%s\\nAnswer: B" % sizes

    def tokenize(self, text):
        return text.split()


def pipeline(checkpoint, device):
    assert checkpoint == "WEIGHTS"
    return Model()
"""


def _block(language: str) -> str:
    recipe = PAGE.partition("## A target of your own")[2]
    found = re.search(rf"```{language}\n(.*?)```", recipe, re.S)
    assert found
    return found[1]


def test_the_table_is_that_of_the_data() -> None:
    shown = re.search(r"<!-- targets: .*? -->\n(.*?)\n<!-- end of targets -->", PAGE, re.S)
    assert shown
    assert shown[1] == table(), "print it anew: python -m aurelia.models.targets.page"


def test_every_word_of_the_table_is_used_and_explained() -> None:
    used = {word for road in ROADS.values() for word in (*road.verified, *road.needs)}
    assert used == set(WORDS)


def test_every_key_and_value_is_told() -> None:
    values = {value for kind in (Place, Style, TooLong) for value in get_args(kind)}
    for name in {*values, *TextRules.__dataclass_fields__}:
        assert f"`{name}`" in PAGE, name


def test_the_recipe_names_every_key_of_a_data_file() -> None:
    recipe = PAGE.partition("## A target of your own")[2]
    rows = re.findall(r"^\| (`.*?) \|(.*?)\|", recipe, re.M)
    told = {key: needed.strip() for keys, needed in rows for key in re.findall(r"`(.*?)`", keys)}
    known = {field.name: field for field in fields(Target)}
    assert set(told) == (set(known) - {"name", "profile", "table"}) | {"[profile]"}
    needed = {name for name, field in known.items() if field.default is MISSING}
    assert {key for key, when in told.items() if when == "yes"} == needed - {"name"}
    assert all(f"`{status}`" in recipe for status in get_args(Status))


def test_the_recipe_is_short() -> None:
    lines = [line for kind in ("python", "sh", "toml") for line in _block(kind).split("\n") if line]
    assert len(lines) < 30


@pytest.mark.parametrize(
    ("r_star", "left_out"), [("1. Look.", 0), ("1. Look.\n2. " + "x " * 99, 1)]
)
def test_the_recipe_works(
    r_star: str,
    left_out: int,
    tmp_path: Path,
    configured: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the real worker, in a process of its own, and a repository that has no model."""
    (tmp_path / "my_repository.py").write_text(REPOSITORY)
    adapter = tmp_path / "mine.py"
    adapter.write_text(_block("python"))
    clip = ordinary(tmp_path)
    asked = _block("sh").split()
    assert asked[:3] == ["python", "worker.py", "mine.py"]
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    with Running(adapter, *asked[3:5], python=sys.executable, cwd=tmp_path) as worker:
        configured(_block("toml").replace("8000", str(worker.port)))
        answer = aurelia.answer("mine", clip, "Which?", ["a tone", "a bell"], r_star, form="plan")
    assert answer.option == "B"
    assert answer.fit
    assert (answer.fit.counted_by, len(answer.fit.left_out)) == ("server", left_out)
    assert answer.raw.startswith(f"[{clip.stat().st_size}, ")
