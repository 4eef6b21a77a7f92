"""docs/prompts.md says what the code does."""

import re
from pathlib import Path

from aurelia.prompts.cases import KEYS as CASE_KEYS
from aurelia.prompts.cases import parse_cases, run_cases
from aurelia.prompts.expect import KINDS
from aurelia.prompts.front_matter import KEYS
from aurelia.prompts.inventory import INVENTORY
from aurelia.prompts.inventory_controls import CONTROLS
from aurelia.prompts.loader import load_prompts
from aurelia.prompts.variables import VARIABLES

DOCS = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")


def rows(header: str) -> list[list[str]]:
    """Cells of the table whose first column is `header`."""
    table = DOCS.split(f"\n| {header} |", 1)[1].split("\n\n", 1)[0]
    lines = table.strip("\n").split("\n")[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def test_the_table_of_variables_is_the_registry() -> None:
    assert rows("variable") == [
        [f"`{name}`", "no" if variable.trusted else "yes", variable.description]
        for name, variable in VARIABLES.items()
    ]


def test_the_table_of_prompts_is_the_inventory() -> None:
    found = {
        cells[0].strip("`"): (cells[1], cells[2], names(cells[3]), names(cells[4]))
        for cells in rows("prompt")
    }
    assert found == {
        name: (spec.role, "yes" if spec.media else "no", set(spec.required), set(spec.optional))
        for name, spec in INVENTORY.items()
    }


def test_the_table_of_controls_is_theirs() -> None:
    found = {
        cells[0].strip("`"): (cells[1], cells[2], names(cells[3]), names(cells[4]))
        for cells in rows("control")
    }
    assert found == {
        name: (spec.role, "yes" if spec.media else "no", set(spec.required), set(spec.optional))
        for name, spec in CONTROLS.items()
    }


def test_the_table_of_assertions_is_what_cases_know() -> None:
    assert {cells[0].strip("`") for cells in rows("assertion")} == set(KINDS)


def test_every_key_of_front_matter_and_cases_is_explained() -> None:
    front = DOCS.split("**Front matter**")[1].split("\n")[0]
    assert set(KEYS) <= names(front)
    example = DOCS.split("```yaml\n", 1)[1].split("```", 1)[0]
    assert all(f"{key}:" in example for key in CASE_KEYS)


def test_the_case_in_the_documentation_holds() -> None:
    example = DOCS.split("```yaml\n", 1)[1].split("```", 1)[0]
    cases, problems = parse_cases(example.replace("          # optional", " # optional"), "docs")
    assert problems == []
    assert run_cases(cases, load_prompts(), "docs") == []


def test_every_variable_that_takes_a_value_has_an_example() -> None:
    assert {name for name, variable in VARIABLES.items() if not variable.example} == {"media"}
