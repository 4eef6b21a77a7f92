"""docs/bench.md and the reports name the same things."""

import re
from pathlib import Path

import pytest

from aurelia.bench.cases import CriticCase
from aurelia.bench.mechanism.report import Cell, CriticShares

PAGE = (Path(__file__).parents[2] / "docs" / "bench.md").read_text("utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))


@pytest.mark.parametrize("field", sorted(set(Cell.model_fields) - {"n"}))
def test_the_page_explains_every_column(field: str) -> None:
    assert field in NAMED


def test_the_page_explains_the_critics_numbers() -> None:
    assert set(CriticShares.model_fields) == {
        *("true_rejected", "true_n", "corrupted_rejected", "by_kind", "by_kind_n"),
        *("true", "corrupted", "kinds"),
        *("wrong_given_actor_wrong", "wrong_given_actor_wrong_n"),
    }
    for kind in (
        *("sound_swapped", "count_off", "modality_dropped"),
        *("order_reversed", "path_reversed", "place_moved", "unscored", "failed"),
    ):
        assert kind in NAMED


def test_the_case_on_the_page_is_one() -> None:
    line = re.search(r"```json\n(.*)\n```", PAGE)
    assert line
    case = CriticCase.model_validate_json(line[1])
    optional = {n for n, f in CriticCase.model_fields.items() if not f.is_required()}
    assert optional <= NAMED
    assert case.truth == "lie"
