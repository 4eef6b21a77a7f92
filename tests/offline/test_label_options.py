"""Which option an order of events stands for: names, order, path, and nothing beside."""

import pytest

from aurelia.media.measure_spans import Span
from aurelia.models.offline.found import Found
from aurelia.models.offline.options import choose

ORDER = Found(
    "sequence",
    [("heard", "bell", 0.7, ""), ("seen", "red square", 2.6, "left to right")],
    "First a bell is heard, then a red square moves",
)


@pytest.mark.parametrize(
    ("options", "letter"),
    [
        (
            {
                "A": "A red square moves, then a bell rings.",
                "B": "A bell rings, then a red square moves.",
            },
            "B",
        ),
        (
            {
                "A": "A red square moves; after that a bell rings.",
                "B": "A red square moves; before that, a bell rings.",
            },
            "B",
        ),
        (
            {
                "A": "After a bell rings, a red square passes.",
                "B": "After a siren wails, a red square passes.",
                "C": "Before a bell rings, a red square passes.",
            },
            "A",
        ),
        (
            {
                "A": "A bell rings, then a red square moves from right to left.",
                "B": "A bell rings, then a red square moves from left to right.",
            },
            "B",
        ),
        (
            {
                "A": "A bell rings twice, then a red square moves.",
                "B": "A bell rings, then a red square moves.",
            },
            "B",
        ),
        (
            {
                "A": "A bell rings, then a red square moves.",
                "B": "A bell rings, and a red square moves later.",
            },
            None,
        ),
    ],
)
def test_the_one_description_that_fits(options: dict[str, str], letter: str | None) -> None:
    assert choose(ORDER, options, Span(0.0, 9.0)) == letter
