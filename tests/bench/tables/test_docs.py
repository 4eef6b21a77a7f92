"""docs/scoring.md names what the code has, and its figures are the data's."""

import re
from pathlib import Path
from typing import get_args

from aurelia.bench.published.poster import COLUMNS, published
from aurelia.bench.sample import AnswerType
from aurelia.bench.scorers.scored import Outcome, Scored
from aurelia.bench.tables.results import Result

PAGE = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text("utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))


def test_types_outcomes_and_fields_are_explained() -> None:
    assert {*get_args(AnswerType), *get_args(Outcome), *Scored.model_fields} <= NAMED


def test_the_line_on_the_page_is_a_result_and_names_every_field() -> None:
    line = re.search(r"```json\n(.*)\n```", PAGE)
    assert line
    result = Result.model_validate_json(line[1])
    assert result.outcome == "right"
    shown = set(re.findall(r'"(\w+)":', line[1]))
    assert set(Result.model_fields) - shown == {"caption", "references"}
    assert {"caption", "references"} <= NAMED


def test_the_gains_that_do_not_recompute_are_listed() -> None:
    rows = re.findall(r"^\| (.+) \| (AV-\w+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.M)
    expected = {
        (
            cell.name,
            COLUMNS[cell.column].title,
            f"{cell.gain_percent:.1f}",
            f"{cell.recomputed:.1f}",
        )
        for cell in published().values()
        if cell.recomputes is False
    }
    assert set(rows) == expected
