"""From a text with its partials put in back to a file that names them."""

import pytest

from aurelia.prompts.build import partials_of
from aurelia.prompts.collapse import collapse
from aurelia.prompts.loader import SETS, inspect_prompts
from aurelia.prompts.partials import SourceFile

PARTIALS = {
    "tone": SourceFile("_tone.md", "Be brief.\n"),
    "rules": SourceFile("_rules.md", "{{> tone}}\nCite times.\n"),
}


@pytest.mark.parametrize("source", SETS)
def test_every_shipped_template_finds_back_to_its_file(source: str) -> None:
    found = inspect_prompts(source)
    partials = partials_of(found.files)
    for name, template in found.prompts.templates.items():
        assert collapse(template.text, template.raw, partials) == found.files[name].text


def test_an_edit_elsewhere_leaves_partials_named() -> None:
    model = "---\na: b\n---\n## user\nHello.\n{{> rules}}\nBye.\n"
    edited = "---\na: b\n---\n## user\nHello there.\nBe brief.\nCite times.\nBye.\n"
    assert collapse(edited, model, PARTIALS) == model.replace("Hello.", "Hello there.")


def test_an_edited_partial_stays_as_it_was_edited() -> None:
    model = "## user\n{{> rules}}\n{{> tone}}\n"
    edited = "## user\nBe brief.\nCite exact times.\nBe brief.\n"
    assert collapse(edited, model, PARTIALS).count("exact") == 1
    assert "{{> rules}}" not in collapse(edited, model, PARTIALS)


def test_a_partial_that_is_gone_by_now_is_no_matter() -> None:
    assert collapse("## user\nA\n", "## user\n{{> lost}}\n", {}) == "## user\nA\n"
