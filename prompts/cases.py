"""Cases: variables in, assertions on the rendered messages. One `cases.yaml` a set.

    - name: options vanish when there are none
      prompt: generator
      variables: {question: "What rings?"}
      expect:
        - {role: user, contains: "What rings?"}
        - {not_contains: "<options-"}
        - {media_count: 1}

`docs/prompts.md` lists the kinds of assertion.
"""

import re
from dataclasses import dataclass
from typing import Any

from aurelia.errors import PromptError
from aurelia.prompts.expect import KINDS, ROLES, failure
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.problems import Problem, suggest
from aurelia.prompts.variables import VARIABLES
from aurelia.prompts.yaml_lines import Path, YamlError, read_yaml

KEYS = ("name", "prompt", "task", "variables", "expect")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One assertion; `role` restricts it to the messages of that role."""

    kind: str
    values: tuple[str, ...]
    role: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One rendering of one prompt and what must hold of it."""

    name: str
    prompt: str
    task: str | None
    variables: dict[str, str]
    expect: tuple[Expectation, ...]
    line: int


def parse_cases(text: str, file: str) -> tuple[list[Case], list[Problem]]:
    """Read a `cases.yaml`: the cases that are right, and what is wrong with the others."""
    try:
        data, lines = read_yaml(text)
    except YamlError as error:
        return [], [Problem(file, error.line, str(error))]
    if data is None:
        return [], []
    if not isinstance(data, list):
        return [], [Problem(file, 1, "a list of cases is expected, each starting with `- name:`")]
    cases: list[Case] = []
    problems: list[Problem] = []
    for index, entry in enumerate(data):
        found = _form_problems(entry, (index,), lines)
        problems += [Problem(file, line, message) for line, message in found]
        if not found:
            cases.append(_case(entry, index, lines))
    return cases, problems


def run_cases(cases: list[Case], prompts: PromptSet, file: str) -> list[Problem]:
    """Render each case with `prompts`; one problem for each assertion that does not hold."""
    problems: list[Problem] = []
    for case in cases:
        try:
            template = prompts.get(case.prompt, case.task)
        except PromptError as error:
            problems.append(Problem(file, case.line, f"case `{case.name}`: {error}"))
            continue
        for expected in case.expect:
            said = failure(template, case.variables, expected.kind, expected.values, expected.role)
            if said:
                problems.append(Problem(file, expected.line, f"case `{case.name}`: {said}"))
    return problems


def _case(entry: dict[str, Any], index: int, lines: dict[Path, int]) -> Case:
    return Case(
        name=entry["name"],
        prompt=entry["prompt"],
        task=entry.get("task") or None,
        variables=entry.get("variables") or {},
        expect=tuple(
            _expectation(item, lines[(index, "expect", number)])
            for number, item in enumerate(entry["expect"])
        ),
        line=lines[(index,)],
    )


def _expectation(item: dict[str, Any], line: int) -> Expectation:
    kind = next(key for key in item if key != "role")
    values = item[kind]
    listed = tuple(values) if isinstance(values, list) else (values,)
    return Expectation(kind, listed, item.get("role"), line)


def _form_problems(entry: Any, path: Path, lines: dict[Path, int]) -> list[tuple[int, str]]:
    """What is wrong with the form of one case, each with its line."""
    here = lines[path]
    if not isinstance(entry, dict):
        return [(here, "a case is a mapping with `name`, `prompt`, `variables` and `expect`")]
    found = [
        (lines[(*path, key)], f"unknown key `{key}` in a case{suggest(key, KEYS)}")
        for key in entry
        if key not in KEYS
    ]
    found += [
        (lines.get((*path, key), here), f"a case needs `{key}` as plain text")
        for key in ("name", "prompt")
        if not isinstance(entry.get(key), str) or not entry[key]
    ]
    found += _variable_problems(entry.get("variables") or {}, (*path, "variables"), lines)
    expect = entry.get("expect")
    if not isinstance(expect, list) or not expect:
        line = lines.get((*path, "expect"), here)
        return [*found, (line, "a case needs `expect`, a list of assertions")]
    for number, item in enumerate(expect):
        message = _expectation_problem(item)
        if message:
            found.append((lines[(*path, "expect", number)], message))
    return found


def _variable_problems(variables: Any, path: Path, lines: dict[Path, int]) -> list[tuple[int, str]]:
    if not isinstance(variables, dict):
        return [(lines[path], "`variables` is a mapping from names to texts")]
    unknown = [name for name in variables if name not in VARIABLES]
    found = [
        (lines[(*path, name)], f"unknown variable `{name}`{suggest(name, VARIABLES)}")
        for name in unknown
    ]
    found += [
        (lines[(*path, name)], f"the value of `{name}` must be a text")
        for name, value in variables.items()
        if not isinstance(value, str)
    ]
    return found


def _expectation_problem(item: Any) -> str:
    """Why an entry of `expect` can't be used; empty where it can."""
    if not isinstance(item, dict):
        return "an assertion is a mapping such as {contains: text}"
    kinds = [key for key in item if key != "role"]
    if len(kinds) != 1:
        return f"an assertion has exactly one of {', '.join(KINDS)}"
    kind = kinds[0]
    if kind not in KINDS:
        return f"unknown assertion `{kind}`{suggest(kind, KINDS)}"
    if "role" in item and item["role"] not in ROLES:
        return f"`role` is {' or '.join(ROLES)}, not `{item['role']}`"
    values = item[kind] if isinstance(item[kind], list) else [item[kind]]
    if not values or not all(isinstance(value, str) and value for value in values):
        return f"`{kind}` needs a text or a list of texts"
    if kind in ("regex", "not_regex"):
        return next((bad for bad in map(_regex_problem, values) if bad), "")
    if kind == "media_count" and not (len(values) == 1 and values[0].isdecimal()):
        return "`media_count` needs a number"
    return ""


def _regex_problem(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"`{pattern}` is no regular expression: {error}"
    return ""
