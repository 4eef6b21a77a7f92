"""Words that a prompt must not say to its reader, with the published method as the exception."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aurelia.prompts.problems import Problem
from aurelia.prompts.variables import VARIABLES

PUBLISHED_MARK = "as published"
"""A template whose front matter says this, in a comment, may speak of scores to the actor."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that prompts of some roles must not match."""

    roles: frozenset[str]
    pattern: re.Pattern[str]
    message: str
    published_may: bool = False


_LOOP = frozenset({"actor", "summarizer", "critic", "target"})

RULES = (
    Rule(
        _LOOP,
        re.compile(r"τ|\b(?:tau|thresholds?|cut-?offs?|pass mark)\b", re.IGNORECASE),
        "no role is told the threshold",
    ),
    Rule(
        frozenset({"actor", "critic"}),
        re.compile(
            r"\{\{\s*score\s*\}\}|\b(?:last|previous|prior|earlier|former) scores?\b"
            r"|\byour scores?\b|\bscored? (?:of )?\d",
            re.IGNORECASE,
        ),
        f"scores of earlier passes are for the method {PUBLISHED_MARK} alone",
        published_may=True,
    ),
    Rule(
        _LOOP,
        re.compile(r"\bground[ -]truth\b|\bgold answer\b", re.IGNORECASE),
        "the reference answer never enters the graph",
    ),
)

_SINGLE = re.compile(r"(?<!\{)\{[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*\}(?!\})")


def forbidden_words(text: str, file: str, role: str, published: bool) -> list[Problem]:
    """Every line of `text` that tells `role` what it must not know."""
    rules = [r for r in RULES if role in r.roles and not (published and r.published_may)]
    return [
        Problem(file, number, f"`{match[0]}`: {rule.message}")
        for number, line in _prompt_lines(text)
        for rule in rules
        if (match := rule.pattern.search(line))
    ]


def single_braces(text: str, file: str) -> list[Problem]:
    """Every `{question}` that looks like a variable with a pair of braces left out."""
    return [
        Problem(file, number, f"`{match[0]}` stays as it is; for the variable write {{{match[0]}}}")
        for number, line in _prompt_lines(text)
        for match in _SINGLE.finditer(line)
        if match["name"] in VARIABLES
    ]


def _prompt_lines(text: str) -> Iterable[tuple[int, str]]:
    return enumerate(text.split("\n"), start=1)
