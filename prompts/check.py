"""Everything that can be said against a prompt set before a model is paid to read it."""

from pathlib import Path
from typing import get_args

from aurelia.configuration.text_rules import Place
from aurelia.errors import PromptError
from aurelia.prompts.build import partials_of
from aurelia.prompts.cases import parse_cases, run_cases
from aurelia.prompts.front_matter import split_front_matter
from aurelia.prompts.inventory import base_name
from aurelia.prompts.inventory_controls import PAIRS
from aurelia.prompts.loader import (
    CASES_FILE,
    Inspection,
    inspect_prompts,
    read_text,
    set_directory,
    set_name,
)
from aurelia.prompts.pair import r_star_block
from aurelia.prompts.partials import SourceFile, included
from aurelia.prompts.placing import placed
from aurelia.prompts.problems import Problem
from aurelia.prompts.template import Template
from aurelia.prompts.variables import VARIABLES
from aurelia.prompts.words import PUBLISHED_MARK, forbidden_words, single_braces

EXAMPLES = {name: variable.example for name, variable in VARIABLES.items() if variable.example}
"""A value for every variable that takes one."""

_PAIRS = {"target_distilled": "target_zero_shot", **PAIRS}


def check_prompts(source: str | Path) -> list[Problem]:
    """All problems of a set or directory, by file and line; empty where there are none.

    Files are named as `source` gives them, so that an editor finds them.

    Raises:
        PromptError: there is no such set or directory, or a file can't be read.
    """
    found = inspect_prompts(source)
    problems = set(found.problems)
    for name, template in found.prompts.templates.items():
        problems.update(_word_problems(template, found))
        if other := _PAIRS.get(base_name(name)):
            problems.update(_pair_problems(template, other, found))
    problems.update(_case_problems(source, found))
    return sorted(_as_given(problem, source) for problem in problems)


def _word_problems(template: Template, found: Inspection) -> list[Problem]:
    partials = partials_of(found.files)
    own = found.files[template.name]
    files = [own, *(partials[name] for name in included(own.text, partials))]
    published = PUBLISHED_MARK in (split_front_matter(own.text)[0] or "")
    return [
        problem
        for file in files
        for problem in (
            *forbidden_words(_prompt_text(file), file.file, template.role, published),
            *single_braces(_prompt_text(file), file.file),
        )
    ]


def _prompt_text(file: SourceFile) -> str:
    """The file's text with the front matter blanked, so that line numbers stay right."""
    _, body, first_line = split_front_matter(file.text)
    return "\n" * (first_line - 1) + body


def _pair_problems(more: Template, other: str, found: Inspection) -> list[Problem]:
    """Where a prompt differs by more than one block from the one that it is a variant of."""
    task = more.name.partition(".")[2] or None
    templates = found.prompts.templates
    less = templates.get(f"{other}.{task}") or templates.get(other)
    if less is None:  # it is broken, and said so already
        return []
    without_options = {name: value for name, value in EXAMPLES.items() if name != "options"}
    for variables in (EXAMPLES, without_options):
        try:
            r_star_block(less, more, variables)
        except ValueError as error:
            message = f"`{less.name}` and `{more.name}`: {error}"
            return [Problem(more.source, 1, message)]
        if base_name(more.name) != "target_distilled":
            continue
        for place in get_args(Place):
            try:
                pair = placed(less, more, place)
                r_star_block(pair.zero_shot, pair.distilled, variables)
            except (ValueError, PromptError) as error:
                message = f"`{more.name}`, placed for a target as `{place}`: {error}"
                return [Problem(more.source, 1, message)]
    return []


def _case_problems(source: str | Path, found: Inspection) -> list[Problem]:
    path = set_directory(source) / CASES_FILE
    if not path.is_file():
        return []
    file = f"{set_name(source)}/{CASES_FILE}"
    cases, problems = parse_cases(read_text(path), file)
    # A template that could not be loaded has been reported; its cases would only repeat that.
    broken = found.files.keys() - found.prompts.templates.keys()
    cases = [case for case in cases if case.prompt not in broken]
    return problems + run_cases(cases, found.prompts, file)


def _as_given(problem: Problem, source: str | Path) -> Problem:
    label = f"{set_name(source)}/"
    if not problem.file.startswith(label):
        return problem
    shown = Path(source) / problem.file.removeprefix(label)
    return Problem(str(shown), problem.line, problem.message)
