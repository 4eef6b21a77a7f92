"""`check_prompts` and `cases.yaml`: each kind of mistake is found at its line."""

from pathlib import Path

import pytest

from aurelia.prompts.cases import parse_cases, run_cases
from aurelia.prompts.check import check_prompts
from aurelia.prompts.loader import load_prompts
from tests.prompts.sets import generator, write_set


def checked(directory: Path, files: dict[str, str]) -> list[str]:
    found = check_prompts(write_set(directory, files))
    return [str(problem).removeprefix(f"{directory}/") for problem in found]


def test_a_directory_that_only_overrides_something_right_has_no_problems(tmp_path: Path) -> None:
    assert checked(tmp_path / "x", {"generator.md": generator("{{media}}\n{{question}}")}) == []


def test_files_are_named_as_the_caller_names_the_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path / "x", {"generator.md": "nothing", "cases.yaml": "a: b"})
    monkeypatch.chdir(tmp_path)
    assert [p.file for p in check_prompts("x")] == ["x/cases.yaml", "x/generator.md"]
    monkeypatch.chdir(tmp_path / "x")
    assert [p.file for p in check_prompts("../x")] == ["../x/cases.yaml", "../x/generator.md"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Reach the threshold of 6.", "`threshold`: no role is told the threshold"),
        ("Accepted from τ on.", "`τ`: no role is told the threshold"),
        ("Your last score was low.", "`last score`: scores of earlier passes"),
        ("The ground truth is known.", "`ground truth`: the reference answer never enters"),
        ("Answer {question} now.", "`{question}` stays as it is; for the variable write {{quest"),
    ],
)
def test_words_that_a_role_must_not_read(tmp_path: Path, line: str, said: str) -> None:
    files = {"generator.md": generator("{{media}}\n{{question}}\n{{> more}}", system=line)}
    files["_more.md"] = f"Harmless.\n{line}\n"
    first, second = checked(tmp_path / "x", files)
    assert first.startswith(f"_more.md:2: {said}")
    assert second.startswith(f"generator.md:8: {said}")


def test_the_published_method_may_speak_of_scores_and_not_of_the_threshold(tmp_path: Path) -> None:
    text = generator("{{media}}\n{{question}}", system="Your last score was low.\nThe threshold.")
    marked = text.replace("role:", "# A method as published.\nrole:", 1)
    assert checked(tmp_path / "x", {"generator.md": marked}) == [
        "generator.md:10: `threshold`: no role is told the threshold"
    ]


def test_words_of_other_meaning_pass(tmp_path: Path) -> None:
    line = 'Who scored? How is the film score? {"question": 1} A scoreboard; {0}.'
    files = {"generator.md": generator("{{media}}\n{{question}}", system=line)}
    assert checked(tmp_path / "x", files) == []


def test_target_prompts_that_drift_apart(tmp_path: Path) -> None:
    shipped = load_prompts().get("target_zero_shot").text
    files = {"target_zero_shot.md": shipped.replace("Think briefly", "Think hard")}
    (problem,) = check_prompts(write_set(tmp_path / "x", files))
    assert problem.message == (
        "`target_zero_shot` and `target_distilled`: "
        "the two prompts differ by more than one inserted block"
    )


CASE = """- name: one
  prompt: generator
  variables: {question: "why?"}
  expect:
    - """


@pytest.mark.parametrize(
    "assertion",
    [
        "{contains: 'why?'}",
        "{contains: ['why?', '<question-']}",
        "{role: system, contains: Steps}",
        "{role: system, not_contains: 'why?'}",
        "{regex: '^<question-[0-9a-f]{6}>why'}",
        "{not_regex: 'colou?r'}",
        "{media_count: 1}",
        "{role: system, media_count: 0}",
        "{roles: [system, user]}",
    ],
)
def test_assertions_that_hold(assertion: str) -> None:
    cases, problems = parse_cases(CASE + assertion, "cases.yaml")
    assert problems == []
    assert run_cases(cases, load_prompts(), "cases.yaml") == []


@pytest.mark.parametrize(
    ("assertion", "said"),
    [
        ("{contains: bells}", "does not contain `bells`"),
        ("{contains: ['why?', bells]}", "does not contain `bells`"),
        ("{not_contains: 'why?'}", "contains `why?`"),
        ("{role: system, contains: 'why?'}", "does not contain `why?`"),
        ("{regex: '^why'}", "does not match `^why`"),
        ("{not_regex: 'w.y'}", "matches `w.y` with `why`"),
        ("{media_count: 2}", "places the clip 1 times, not 2"),
        ("{roles: [user]}", "has the messages ['system', 'user'], not ['user']"),
        ("{missing: question}", "lacks nothing, not ['question']"),
    ],
)
def test_assertions_that_fail_are_placed_at_their_line(assertion: str, said: str) -> None:
    cases, _ = parse_cases(CASE + assertion, "x/cases.yaml")
    (problem,) = run_cases(cases, load_prompts(), "x/cases.yaml")
    assert str(problem) == f"x/cases.yaml:5: case `one`: {said}"


def test_missing_variables_can_be_asserted_and_otherwise_fail_a_case() -> None:
    text = "- name: none\n  prompt: target_distilled\n  expect:\n    - {missing: %s}\n"
    cases, _ = parse_cases(text % "[r_star, question]", "c")
    assert run_cases(cases, load_prompts(), "c") == []
    cases, _ = parse_cases(text.replace("missing", "contains") % "x", "c")
    (problem,) = run_cases(cases, load_prompts(), "c")
    assert "was not given `question`, `r_star`" in problem.message


def test_a_case_may_name_a_task_variant() -> None:
    variant = generator("{{media}}\nWhy is it funny?\n{{question}}")
    prompts = load_prompts(overrides={"generator.av_meme": variant})
    text = CASE.replace("prompt:", "task: av_meme\n  prompt:") + "{contains: funny}"
    cases, _ = parse_cases(text, "c")
    assert run_cases(cases, prompts, "c") == []
    assert run_cases(cases, load_prompts(), "c") != []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: b", 1, "a list of cases is expected"),
        ("- a\n- [", 2, "expected the node content"),
        ("- just text", 1, "a case is a mapping"),
        (CASE.replace("prompt:", "promt:") + "{contains: a}", 2, "unknown key `promt`"),
        (CASE.replace("name: one", "task: t") + "{contains: a}", 1, "a case needs `name`"),
        (CASE.replace("question:", "qestion:") + "{contains: a}", 3, "unknown variable `qestion`"),
        (CASE.replace('"why?"', "[a]") + "{contains: a}", 3, "the value of `question` must be"),
        (CASE.replace('{question: "why?"}', "[a]") + "{contains: a}", 3, "`variables` is a map"),
        (CASE.replace("    - ", ""), 4, "a case needs `expect`"),
        (CASE + "text", 5, "an assertion is a mapping"),
        (CASE + "{contians: a}", 5, "unknown assertion `contians`; did you mean `contains`"),
        (CASE + "{contains: a, regex: b}", 5, "an assertion has exactly one of"),
        (CASE + "{role: user}", 5, "an assertion has exactly one of"),
        (CASE + "{role: actor, contains: a}", 5, "`role` is system or user, not `actor`"),
        (CASE + "{contains: []}", 5, "`contains` needs a text or a list of texts"),
        (CASE + "{regex: '('}", 5, "`(` is no regular expression"),
        (CASE + "{media_count: many}", 5, "`media_count` needs a number"),
    ],
)
def test_a_case_of_the_wrong_form_is_named_with_its_line(text: str, line: int, said: str) -> None:
    _, problems = parse_cases(text, "c")
    assert [problem.line for problem in problems if said in problem.message] == [line], problems


def test_a_case_for_a_prompt_that_does_not_exist(tmp_path: Path) -> None:
    text = CASE.replace("generator", "genrator") + "{contains: a}"
    (line,) = checked(tmp_path / "x", {"cases.yaml": text})
    assert line.startswith("cases.yaml:1: case `one`: Prompt set `x` has no prompt `genrator`")


def test_the_cases_of_a_broken_template_do_not_repeat_its_problem(tmp_path: Path) -> None:
    files = {"generator.md": "nothing", "cases.yaml": CASE + "{contains: a}"}
    (line,) = checked(tmp_path / "x", files)
    assert line.startswith("generator.md:1: ")


def test_an_empty_cases_file_is_no_mistake(tmp_path: Path) -> None:
    assert checked(tmp_path / "x", {"cases.yaml": "# none yet\n"}) == []
