"""docs/generate.md and the files name the same things."""

import re
from pathlib import Path

import pytest

from aurelia.bench.generate.manifest import manifest_of
from aurelia.bench.generate.order import Order, make_variants
from aurelia.bench.rollouts import RolloutLine
from aurelia.bench.rstar_export.avrt import AvrtRow
from aurelia.bench.rstar_export.rows import ExportedStep, RStarRow
from aurelia.bench.sample import write_samples
from tests.bench.samples import make_sample

PAGE = (Path(__file__).parents[3] / "docs" / "generate.md").read_text("utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))


@pytest.mark.parametrize(
    "fields",
    [
        RolloutLine.model_fields,
        RStarRow.model_fields,
        ExportedStep.model_fields,
        AvrtRow.__annotations__,
    ],
)
def test_the_page_explains_every_field(fields: dict[str, object]) -> None:
    assert set(fields) <= NAMED


def test_the_page_explains_every_part_of_the_manifest(tmp_path: Path) -> None:
    write_samples(tmp_path / "s.jsonl", [make_sample()])
    order = Order(tmp_path / "s.jsonl", [make_sample()], make_variants({}, {}))
    manifest = manifest_of(order, order.samples)
    parts = {*manifest, *manifest["samples"], *manifest["samples_file"]}
    assert parts <= NAMED


def test_the_fields_of_a_line_come_in_the_order_of_the_page() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", PAGE.split("**`trajectories.jsonl`**")[1], re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert listed[: len(RolloutLine.model_fields)] == list(RolloutLine.model_fields)
