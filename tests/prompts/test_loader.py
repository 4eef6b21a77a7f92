"""Where a prompt comes from: sets, directories, overrides, task variants; and its identity."""

import hashlib
from pathlib import Path

import pytest

from aurelia.errors import PromptError
from aurelia.prompts.inventory import INVENTORY
from aurelia.prompts.loader import load_prompts
from aurelia.prompts.template import schema_text
from tests.prompts.sets import EXAMPLES, GENERATOR, generator, write_set


@pytest.mark.parametrize("name", ["default", "published"])
def test_a_set_holds_the_whole_inventory(name: str) -> None:
    prompts = load_prompts(name)
    assert prompts.name == name
    assert prompts.names == tuple(INVENTORY)
    assert {t.source for t in prompts.templates.values()} == {f"{name}/{n}.md" for n in INVENTORY}


def test_a_directory_may_hold_some_prompts_only(tmp_path: Path) -> None:
    prompts = load_prompts(write_set(tmp_path / "mine", {"generator.md": GENERATOR}))
    shipped = load_prompts("default")
    assert prompts.name == "mine"
    assert prompts.get("generator").source == "mine/generator.md"
    assert prompts.get("evaluator") == shipped.get("evaluator")


def test_a_directory_may_change_a_partial_of_the_default_prompts(tmp_path: Path) -> None:
    prompts = load_prompts(str(write_set(tmp_path / "mine", {"_data.md": "Mind the tags."})))
    system = prompts.get("evaluator").render(EXAMPLES)[0].text
    assert "Mind the tags." in system
    assert prompts.get("evaluator").identity != load_prompts().get("evaluator").identity


def test_a_file_counts_when_it_is_read_not_when_it_is_imported(tmp_path: Path) -> None:
    write_set(tmp_path / "mine", {"generator.md": GENERATOR})
    before = load_prompts(tmp_path / "mine").get("generator")
    write_set(tmp_path / "mine", {"generator.md": GENERATOR.replace("Look", "Gaze")})
    after = load_prompts(tmp_path / "mine").get("generator")
    assert "Gaze" in after.text
    assert before.hash != after.hash


def test_a_task_variant_is_looked_up_before_its_base(tmp_path: Path) -> None:
    files = {"generator.av_meme.md": generator("{{media}}\nWhy is it funny?\n{{question}}")}
    prompts = load_prompts(write_set(tmp_path / "mine", files))
    assert prompts.get("generator", "av_meme").name == "generator.av_meme"
    assert prompts.get("generator", "music").name == "generator"
    assert prompts.get("generator").name == "generator"
    assert prompts.get("evaluator", "av_meme").name == "evaluator"
    assert prompts.names[:2] == ("generator", "generator.av_meme")


def test_an_override_of_the_base_hides_its_variants(tmp_path: Path) -> None:
    files = {"generator.av_meme.md": generator("{{media}}\nWhy?\n{{question}}")}
    mine = write_set(tmp_path / "mine", files)
    prompts = load_prompts(mine, {"generator": GENERATOR})
    assert prompts.get("generator", "av_meme").text == GENERATOR


def test_overrides_are_checked_like_files() -> None:
    with pytest.raises(PromptError, match=r"override generator:11: unknown placeholder `\{\{qu}}`"):
        load_prompts(overrides={"generator": generator("{{media}}\n{{qu}}\n{{question}}")})
    with pytest.raises(PromptError, match="no prompt `genrator`; did you mean `generator`"):
        load_prompts(overrides={"genrator": GENERATOR})


def test_an_unknown_source_or_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="neither a prompt set nor a directory"):
        load_prompts("nonesuch")
    with pytest.raises(PromptError, match="neither a prompt set nor a directory"):
        load_prompts(write_set(tmp_path, {"a.txt": ""}) / "a.txt")
    with pytest.raises(PromptError, match="no prompt `sumarizer`; did you mean `summarizer`"):
        load_prompts().get("sumarizer")


def test_a_path_is_a_directory_even_where_it_is_named_like_a_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path / "published", {"generator.md": GENERATOR})
    monkeypatch.chdir(tmp_path)
    assert load_prompts(Path("published")).get("generator").text == GENERATOR
    assert load_prompts("./published").get("generator").text == GENERATOR
    assert load_prompts("published").get("generator").text != GENERATOR


def test_the_identity_covers_text_and_schema() -> None:
    made = load_prompts(overrides={"generator": GENERATOR}).get("generator")
    digest = hashlib.sha256(GENERATOR.encode() + b"\0" + schema_text("reasoning").encode())
    assert made.identity == f"generator@{digest.hexdigest()[:12]}"


@pytest.mark.parametrize("name", ["default", "published"])
def test_a_stored_text_given_back_has_the_same_identity(name: str) -> None:
    """What a saved run stores is enough to run it again, whatever becomes of the partials."""
    shipped = load_prompts(name)
    stored = {template.name: template.text for template in shipped.templates.values()}
    again = load_prompts("default", {**stored, "_data": "changed", "_rules": "changed"})
    for template in shipped.templates.values():
        assert again.get(template.name).identity == template.identity
        assert again.get(template.name).render(EXAMPLES) == template.render(EXAMPLES)
