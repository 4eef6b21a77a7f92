"""Finds `{{name}}` and `{{> partial}}` in a text. Single braces are text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aurelia.prompts.problems import Problem

PLACEHOLDER = re.compile(r"\{\{[ \t]*(?P<include>>)?[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*\}\}")


@dataclass(frozen=True, slots=True)
class Placement:
    """A placeholder and where it stands; `include` tells a partial from a variable."""

    name: str
    include: bool
    file: str
    line: int
    section: str = ""

    @property
    def shown(self) -> str:
        """As a person writes it."""
        return f"`{{{{{'> ' if self.include else ''}{self.name}}}}}`"


def find_placements(text: str, file: str = "", first_line: int = 1) -> Iterator[Placement]:
    """Every well-formed placeholder of `text`, in order."""
    for match in PLACEHOLDER.finditer(text):
        line = first_line + text.count("\n", 0, match.start())
        yield Placement(match["name"], match["include"] is not None, file, line)


def find_malformed(text: str, file: str, first_line: int = 1) -> list[Problem]:
    """One problem for each line on which some `{{` starts no placeholder."""
    problems = []
    for number, line in enumerate(text.split("\n"), start=first_line):
        rest = PLACEHOLDER.sub(" ", line)
        at = rest.find("{{")
        if at >= 0:
            shown = rest[at : at + 30].strip()
            message = (
                f"`{shown}` is no placeholder; write `{{{{name}}}}` for a variable, "
                "`{{> name}}` for a partial, or put a space between literal braces"
            )
            problems.append(Problem(file, number, message))
    return problems
