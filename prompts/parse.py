"""Takes a template file apart, and says what is wrong with its form and where.

    ---
    role: actor
    version: "1"
    required: [question]
    output: reasoning
    ---
    ## system
    …
    ## user
    {{media}}
    {{question}}

A line that starts with `## ` is a section heading and nothing else; headings inside a prompt use
`#` or `###`.
"""

from dataclasses import dataclass

from aurelia.prompts.front_matter import FrontMatter, parse_front_matter, split_front_matter
from aurelia.prompts.placeholders import find_malformed
from aurelia.prompts.problems import Problem

SECTIONS = ("system", "user")
HEADING = "## "


@dataclass(frozen=True, slots=True)
class Section:
    """One message of a template; `line` is the file's line on which `body` starts."""

    role: str
    body: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A template file taken apart."""

    front_matter: FrontMatter
    sections: tuple[Section, ...]


def parse_document(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Take a template file apart; the document is None where its front matter can't be read."""
    front, body, first_line = split_front_matter(text)
    if front is None:
        message = "a template starts with front matter between two `---` lines"
        return None, [Problem(file, 1, message)]
    matter, problems = parse_front_matter(front, file)
    sections, section_problems = _split_sections(body, first_line, file)
    problems += section_problems + find_malformed(body, file, first_line)
    return (Document(matter, sections) if matter else None), problems


def _split_sections(
    body: str, first_line: int, file: str
) -> tuple[tuple[Section, ...], list[Problem]]:
    lines = body.split("\n")
    headings = [index for index, line in enumerate(lines) if line.startswith(HEADING)]
    preamble = lines[: headings[0]] if headings else lines
    problems = [
        Problem(file, number, "text before the first section heading, `## system` or `## user`")
        for number, line in enumerate(preamble, start=first_line)
        if line.strip()
    ][:1]
    sections: list[Section] = []
    for start, end in zip(headings, [*headings[1:], len(lines)], strict=False):
        role = lines[start].removeprefix(HEADING).strip()
        heading_line = first_line + start
        if role in SECTIONS:
            body = "\n".join(lines[start + 1 : end])
            sections.append(Section(role, body, heading_line + 1))
        else:
            message = (
                f"unknown section `## {role}`; sections are `## system` and `## user`, "
                "and headings inside a prompt use `#` or `###`"
            )
            problems.append(Problem(file, heading_line, message))
    return tuple(sections), problems + _order_problems(sections, first_line, file)


def _order_problems(sections: list[Section], first_line: int, file: str) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for section in sections:
        heading_line = section.line - 1
        if section.role in seen:
            message = f"section `## {section.role}` stands twice"
            problems.append(Problem(file, heading_line, message))
        elif section.role == "system" and "user" in seen:
            problems.append(Problem(file, heading_line, "`## system` must precede `## user`"))
        seen.add(section.role)
    if "user" not in seen:
        problems.append(Problem(file, first_line, "the section `## user` is missing"))
    return problems
