"""`aurelia prompts …` as a user types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aurelia.cli.prompts import app
from aurelia.errors import InputError, PromptError
from aurelia.prompts.inventory import INVENTORY
from aurelia.prompts.loader import load_prompts
from tests.prompts.sets import GENERATOR, write_set


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_list_shows_every_prompt_of_both_sets() -> None:
    result = run("list")
    assert result.exit_code == 0
    for name in ("default", "published"):
        for template in load_prompts(name).templates.values():
            assert template.identity in result.output


def test_list_shows_one_set_or_directory(tmp_path: Path) -> None:
    write_set(tmp_path / "mine", {"generator.md": GENERATOR})
    result = run("list", "--set", tmp_path / "mine")
    assert load_prompts(tmp_path / "mine").get("generator").identity in result.output
    assert result.output.count("generator@") == 1


def test_show_prints_the_file_with_its_partials() -> None:
    result = run("show", "evaluator")
    assert result.output == load_prompts().get("evaluator").text.rstrip("\n") + "\n"


@pytest.mark.parametrize("name", INVENTORY)
@pytest.mark.parametrize("source", ["default", "published"])
def test_show_rendered_leaves_no_placeholder(name: str, source: str) -> None:
    result = run("show", name, "--set", source, "--rendered")
    assert result.exit_code == 0
    assert "── user ──" in result.output
    assert "{{" not in result.output
    assert ("[the clip: its frames and sound" in result.output) is INVENTORY[name].media


def test_show_names_an_unknown_prompt() -> None:
    assert isinstance(run("show", "evaluater").exception, PromptError)


def test_init_copies_a_set_that_is_right_and_equal(tmp_path: Path) -> None:
    for source in ("default", "published"):
        copy = tmp_path / "new" / source
        assert run("init", copy, "--set", source).exit_code == 0
        assert run("check", copy).exit_code == 0
        for template in load_prompts(source).templates.values():
            assert load_prompts(copy).get(template.name).identity == template.identity
        assert "hold the same prompts" in run("diff", source, copy).output


def test_init_never_overwrites(tmp_path: Path) -> None:
    write_set(tmp_path / "x", {"generator.md": "mine"})
    result = run("init", tmp_path / "x")
    assert isinstance(result.exception, InputError)
    assert "already holds generator.md" in str(result.exception)
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["generator.md"]
    assert (tmp_path / "x" / "generator.md").read_text() == "mine"


def test_init_names_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("init", tmp_path / "file" / "x")
    assert isinstance(result.exception, InputError)


def test_check_says_so_when_all_is_right() -> None:
    result = run("check", "default")
    assert result.exit_code == 0
    assert result.output == "default: nothing to complain about.\n"


def test_check_lists_each_problem_and_exits_with_2(tmp_path: Path) -> None:
    write_set(
        tmp_path / "x",
        {
            "generator.md": GENERATOR.replace("{{question}}", "{{qestion}}"),
            "cases.yaml": "- name: one\n  prompt: evaluator\n  variables: {caption: a}\n"
            "  expect:\n    - {contains: nonesuch}\n",
        },
    )
    result = run("check", tmp_path / "x")
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"{tmp_path}/x/cases.yaml:5: case `one`: does not contain `nonesuch`",
        f"{tmp_path}/x/generator.md:4: `question` is required, but `{{{{question}}}}` stands "
        "nowhere",
        f"{tmp_path}/x/generator.md:12: unknown placeholder `{{{{qestion}}}}`; "
        "did you mean `question`?",
    ]
    assert "3 problems" in result.stderr


def test_check_names_an_unknown_set() -> None:
    assert isinstance(run("check", "nonesuch").exception, PromptError)


def test_diff_marks_words_where_there_is_no_terminal(tmp_path: Path) -> None:
    run("init", tmp_path / "x")
    summarizer = tmp_path / "x" / "summarizer.md"
    text = summarizer.read_text(encoding="utf-8")
    summarizer.write_text(text.replace("in the present tense", "in the past tense"))
    result = run("diff", "default", tmp_path / "x")
    assert "── summarizer ──" in result.output
    assert "in the [-present-]{+past+} tense" in result.output
    assert "── generator ──" not in result.output


def test_diff_names_a_prompt_that_one_side_lacks(tmp_path: Path) -> None:
    write_set(tmp_path / "x", {"generator.av_meme.md": GENERATOR})
    result = run("diff", "default", tmp_path / "x")
    assert f"── generator.av_meme ──\nonly in {tmp_path / 'x'}\n" in result.output


@pytest.mark.parametrize("files", [{}, {"README.md": "Ours."}, {"notes.txt": "Ours."}])
def test_a_folder_without_prompts_is_not_pushed(tmp_path: Path, files: dict[str, str]) -> None:
    """Its assistant would show the default texts under the folder's name."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    result = run("push", tmp_path, "--url", "http://127.0.0.1:9")
    assert isinstance(result.exception, PromptError)
    assert "holds no prompts" in str(result.exception)
