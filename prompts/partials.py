"""Texts that templates share: `{{> name}}` puts in the file `_name.md`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aurelia.prompts.parse import HEADING
from aurelia.prompts.placeholders import (
    PLACEHOLDER,
    Placement,
    find_malformed,
    find_placements,
)
from aurelia.prompts.problems import Problem, suggest
from aurelia.prompts.variables import VARIABLES


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a set: what messages call it, and its text."""

    file: str
    text: str


Partials = Mapping[str, SourceFile]
"""Partials by name, without the underscore of their files."""


def expand(text: str, partials: Partials) -> str:
    """Put every partial in. Names must exist and must not include themselves."""
    return PLACEHOLDER.sub(
        lambda match: (
            expand(partials[match["name"]].text.strip("\n"), partials)
            if match["include"]
            else match[0]
        ),
        text,
    )


def included(text: str, partials: Partials) -> list[str]:
    """Names of the partials that `text` includes, directly or through others, that exist."""
    found: list[str] = []
    pending = [text]
    while pending:
        for placement in find_placements(pending.pop()):
            name = placement.name
            if placement.include and name in partials and name not in found:
                found.append(name)
                pending.append(partials[name].text)
    return found


def with_included(placement: Placement, partials: Partials) -> Iterator[Placement]:
    """`placement`, and if it is a partial, the placeholders of all that it brings in."""
    yield placement
    if placement.include and placement.name in partials:
        names = [placement.name, *included(partials[placement.name].text, partials)]
        for name in dict.fromkeys(names):
            yield from find_placements(partials[name].text, partials[name].file)


def check_partial(name: str, partials: Partials) -> list[Problem]:
    """What is wrong with a partial by itself, whichever template includes it."""
    partial = partials[name]
    problems = find_malformed(partial.text, partial.file)
    problems += [
        Problem(partial.file, number, "a partial has no `## ` sections; use `#` or `###`")
        for number, line in enumerate(partial.text.split("\n"), start=1)
        if line.startswith(HEADING)
    ]
    for placement in find_placements(partial.text, partial.file):
        if placement.include:
            problems += include_problems(placement, partials)
        elif placement.name not in VARIABLES:
            problems.append(unknown_placeholder(placement))
    if name in included(partial.text, partials):
        problems.append(Problem(partial.file, 1, f"the partial `{name}` includes itself"))
    return problems


def include_problems(placement: Placement, partials: Partials) -> list[Problem]:
    """A `{{> name}}` whose file is missing."""
    if placement.name in partials:
        return []
    message = f"there is no partial `_{placement.name}.md`{suggest(placement.name, partials)}"
    return [Problem(placement.file, placement.line, f"{placement.shown}: {message}")]


def unknown_placeholder(placement: Placement) -> Problem:
    """A `{{name}}` that no prompt knows."""
    message = f"unknown placeholder {placement.shown}{suggest(placement.name, VARIABLES)}"
    return Problem(placement.file, placement.line, message)
