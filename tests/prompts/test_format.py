"""A bad template is refused with file, line and placeholder."""

from pathlib import Path

import pytest

from aurelia.errors import PromptError
from aurelia.prompts.loader import inspect_prompts, load_prompts
from tests.prompts.sets import GENERATOR, generator, write_set


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{question}}\n", "x/generator.md:1: a template starts with front matter"),
        ("---\nrole: actor\n", "x/generator.md:1: a template starts with front matter"),
        (
            GENERATOR.replace("output: reasoning", "output: reasoning\nmodel: gpt"),
            "x/generator.md:6: unknown key `model`",
        ),
        (
            GENERATOR.replace("output:", "ouput:"),
            "x/generator.md:5: unknown key `ouput` in the front matter; did you mean `output`?",
        ),
        (GENERATOR.replace("role: actor\n", ""), "x/generator.md:1: the front matter lacks `role`"),
        (
            GENERATOR.replace("role: actor", "role: actor\nrole: critic"),
            "x/generator.md:3: front matter: `role` stands twice",
        ),
        (
            GENERATOR.replace("[question]", "question"),
            "x/generator.md:4: `required` must be a list",
        ),
        (GENERATOR.replace("[question]", "[question"), "x/generator.md:5: front matter: "),
        (GENERATOR.replace('"1"', ""), "x/generator.md:3: `version` must be a plain text"),
        (GENERATOR.replace('"1"', "&a 1\nx: *a"), "x/generator.md:4: front matter: `*name`"),
        (GENERATOR.replace("role: actor", "role: critic"), "x/generator.md:2: the role of"),
        (
            GENERATOR.replace("output: reasoning", "output: verdict"),
            "x/generator.md:5: the output of `generator` is `reasoning`, not `verdict`",
        ),
        (
            GENERATOR.replace("[question]", "[question, options]"),
            "x/generator.md:4: `options` is required, but `{{options}}` stands nowhere",
        ),
        (GENERATOR.replace("[question]", "[]"), "x/generator.md:4: `generator` can't do without"),
        (GENERATOR.replace("## user", "## User"), "x/generator.md:9: unknown section `## User`"),
        (GENERATOR.replace("## user", "### user"), "the section `## user` is missing"),
        (GENERATOR + "## user\nagain\n", "x/generator.md:13: section `## user` stands twice"),
        (GENERATOR + "## system\nlate\n", "x/generator.md:13: section `## system` stands twice"),
        (
            GENERATOR.replace("## system\nLook and listen.\n", "") + "## system\nlate\n",
            "x/generator.md:11: `## system` must precede `## user`",
        ),
        (
            GENERATOR.replace("## system", "Hi\n## system"),
            "x/generator.md:7: text before the first section heading",
        ),
        (
            generator("{{media}}\n{{quesiton}}\n{{question}}"),
            "x/generator.md:11: unknown placeholder `{{quesiton}}`; did you mean `question`?",
        ),
        (
            generator("{{media}}\n{{question}}\n{{ground_truth}}"),
            "x/generator.md:12: `{{ground_truth}}` is not given to `generator`",
        ),
        (
            generator("{{media}}\n{{question}}\n{{#if options}}"),
            "x/generator.md:12: `{{#if options}}` is no placeholder",
        ),
        (generator("{{media}}\n{{question}\n{{question}}"), "x/generator.md:11: `{{question}`"),
        (generator("{{question}}"), "`{{media}}` stands nowhere"),
        (
            generator("{{media}}{{question}}\n{{media}}"),
            "x/generator.md:11: `{{media}}` stands twi",
        ),
        (
            generator("{{question}}", system="{{media}}"),
            "x/generator.md:8: `{{media}}` belongs in the section `## user`",
        ),
        (
            generator("{{media}}\n{{question}}\n{{> reply_rules}}"),
            "x/generator.md:12: `{{> reply_rules}}`: there is no partial `_reply_rules.md`",
        ),
    ],
)
def test_a_bad_template_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    write_set(tmp_path / "x", {"generator.md": text})
    with pytest.raises(PromptError) as caught:
        load_prompts(tmp_path / "x")
    listed = [str(problem) for problem in inspect_prompts(tmp_path / "x").problems]
    assert any(said in line for line in listed), listed
    assert str(caught.value).startswith(listed[0])
    assert str(tmp_path) not in str(caught.value)


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    text = generator("{{media}}\n{{question}}\n{{one}}\n{{two}}")
    write_set(tmp_path / "x", {"generator.md": text, "evaluator.md": "nothing"})
    lines = [(p.file, p.line) for p in inspect_prompts(tmp_path / "x").problems]
    assert lines == [("x/evaluator.md", 1), ("x/generator.md", 12), ("x/generator.md", 13)]
    with pytest.raises(PromptError, match=r"and 2 more; `aurelia prompts check` lists them"):
        load_prompts(tmp_path / "x")


def test_an_unknown_prompt_file_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    write_set(tmp_path / "x", {"generater.md": GENERATOR})
    with pytest.raises(PromptError, match="no prompt `generater`; did you mean `generator`"):
        load_prompts(tmp_path / "x")


@pytest.mark.parametrize(
    ("partial", "said"),
    [
        ("Fine.\n{{colour}}\n", "x/_rules.md:2: unknown placeholder `{{colour}}`"),
        ("{{> rules}}\n", "x/_rules.md:1: the partial `rules` includes itself"),
        ("{{> other}}\n", "x/_rules.md:1: `{{> other}}`: there is no partial `_other.md`"),
        ("a\n## user\nb\n", "x/_rules.md:2: a partial has no `## ` sections"),
        ("{{answer}}\n", "x/_rules.md:1: `{{answer}}` is not given to `generator`"),
        ("a {{ b\n", "x/_rules.md:1: `{{ b` is no placeholder"),
    ],
)
def test_a_problem_in_a_partial_is_placed_in_the_partial(
    tmp_path: Path, partial: str, said: str
) -> None:
    text = generator("{{media}}\n{{question}}\n{{> rules}}")
    write_set(tmp_path / "x", {"generator.md": text, "_rules.md": partial})
    found = inspect_prompts(tmp_path / "x")
    assert any(str(problem).startswith(said) for problem in found.problems), found.problems
    assert "generator" not in found.prompts.templates


def test_what_a_partial_of_a_partial_places_counts(tmp_path: Path) -> None:
    text = generator("{{> outer}}")
    files = {"generator.md": text, "_outer.md": "{{> inner}}"}
    right = write_set(tmp_path / "x", files | {"_inner.md": "{{media}} {{question}}"})
    assert inspect_prompts(right).problems == []
    wrong = write_set(tmp_path / "x", {"_inner.md": "{{media}} {{question}}\n{{caption}}"})
    (problem,) = inspect_prompts(wrong).problems
    assert str(problem).startswith("x/_inner.md:2: `{{caption}}` is not given to `generator`")


def test_partials_that_include_each_other_are_refused(tmp_path: Path) -> None:
    text = generator("{{media}}\n{{question}}\n{{> one}}")
    files = {"generator.md": text, "_one.md": "{{> two}}", "_two.md": "{{> one}}"}
    problems = inspect_prompts(write_set(tmp_path / "x", files)).problems
    assert [str(problem) for problem in problems] == [
        "x/_one.md:1: the partial `one` includes itself",
        "x/_two.md:1: the partial `two` includes itself",
    ]


def test_a_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "generator.md").write_bytes(b"---\n\xff\xfe")
    with pytest.raises(PromptError, match=r"generator\.md is not UTF-8 text \(byte 4\)"):
        load_prompts(tmp_path)


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    (tmp_path / "generator.md").write_bytes(
        b"\xef\xbb\xbf" + GENERATOR.replace("\n", "\r\n").encode()
    )
    same = load_prompts(overrides={"generator": GENERATOR}).get("generator")
    assert load_prompts(tmp_path).get("generator").identity == same.identity
