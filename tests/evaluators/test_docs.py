"""docs/critics.md says what the code does."""

import re
from pathlib import Path

from aurelia.evaluators.verdict import CONTRADICTED_LIMIT, MEASURED_LIMIT, UNCHECKED_LIMIT
from aurelia.types.reasoning import Grounding, Member, Verdict

DOCS = (Path(__file__).parents[2] / "docs" / "critics.md").read_text("utf-8")


def test_the_table_of_bounds_is_the_one_in_force() -> None:
    rows = dict(re.findall(r"^\| `([a-z ]+)`: [^|]+ \| ([\d.]+) \|$", DOCS, re.M))
    assert {rule: float(limit) for rule, limit in rows.items()} == {
        "contradicted": CONTRADICTED_LIMIT,
        "grounded": CONTRADICTED_LIMIT,
        "unchecked": UNCHECKED_LIMIT,
        "measured only": MEASURED_LIMIT,
    }


def test_every_new_field_of_a_verdict_is_explained() -> None:
    for name in ("members", "disagreement", "spread", "grounded", "raw_score", "perceived"):
        assert f"`{name}`" in DOCS
        assert name in Verdict.model_fields
    assert "`grounded.problem`" in DOCS
    assert "problem" in Grounding.model_fields
    assert set(Member.model_fields) == {"critic", "verdict"}
