"""Takes a template file apart: front matter, sections, placeholders; says what is wrong and where.

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
`#` or `###`. `{{name}}` is a variable, `{{> name}}` the partial `_name.md`; single braces are text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aurelia.prompts.yaml_lines import YamlError, read_yaml

PLACEHOLDER = re.compile(r"\{\{[ \t]*(?P<include>>)?[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*\}\}")
SECTIONS = ("system", "user")
FRONT_MATTER_KEYS = ("role", "version", "required", "output")
_FENCE = "---"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong with a prompt set, at a line (from 1) of one of its files."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Placement:
    """A `{{name}}` or `{{> name}}` and where it stands."""

    name: str
    include: bool
    file: str
    line: int
    section: str = ""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the `---` lines."""

    role: str
    version: str
    required: tuple[str, ...]
    output: str
    lines: dict[str, int]


@dataclass(frozen=True, slots=True)
class Section:
    """One message of a template; `line` is the file's line of the first line of `body`."""

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
    front, body, first = _split_front_matter(text)
    if front is None:
        return None, [
            Problem(file, 1, "a template starts with front matter between two `---` lines")
        ]
    matter, problems = _parse_front_matter(front, file)
    sections, section_problems = _split_sections(body, first, file)
    problems += section_problems
    return (Document(matter, sections) if matter else None), problems


def find_placements(text: str, file: str, first_line: int = 1) -> Iterator[Placement]:
    """Every well-formed placeholder of `text`, in order."""
    for match in PLACEHOLDER.finditer(text):
        line = first_line + text.count("\n", 0, match.start())
        yield Placement(match["name"], match["include"] is not None, file, line)


def find_malformed(text: str, file: str, first_line: int = 1) -> list[Problem]:
    """Every `{{` that starts no placeholder."""
    problems = []
    for offset, line in enumerate(text.split("\n")):
        rest = PLACEHOLDER.sub(" ", line)
        at = rest.find("{{")
        if at >= 0:
            shown = rest[at : at + 30].strip()
            message = (
                f"`{shown}` is no placeholder; write `{{{{name}}}}` for a variable, "
                "`{{> name}}` for a partial, or put a space between literal braces"
            )
            problems.append(Problem(file, first_line + offset, message))
    return problems


def front_matter_text(text: str) -> str:
    """The front matter with both its `---` lines, or an empty string."""
    front, _, _ = _split_front_matter(text)
    return "" if front is None else f"{_FENCE}\n{front}{_FENCE}\n"


def body_text(text: str) -> str:
    """What follows the front matter."""
    return _split_front_matter(text)[1]


def _split_front_matter(text: str) -> tuple[str | None, str, int]:
    """Front matter (None where there is none), body, and the line on which the body starts."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text, 1
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            front = "".join(f"{part}\n" for part in lines[1:index])
            return front, "\n".join(lines[index + 1 :]), index + 2
    return None, text, 1


def _parse_front_matter(front: str, file: str) -> tuple[FrontMatter | None, list[Problem]]:
    try:
        data, places = read_yaml(front)
    except YamlError as error:
        return None, [Problem(file, error.line + 1, f"front matter: {error}")]
    if not isinstance(data, dict):
        return None, [Problem(file, 1, "front matter must be `key: value` lines")]
    lines = {str(path[0]): line + 1 for path, line in places.items() if len(path) == 1}
    problems = [
        Problem(
            file,
            lines.get(str(key), 1),
            f"unknown key `{key}` in the front matter; known: {', '.join(FRONT_MATTER_KEYS)}",
        )
        for key in data
        if key not in FRONT_MATTER_KEYS
    ]
    problems += [
        Problem(file, 1, f"the front matter lacks `{key}`")
        for key in FRONT_MATTER_KEYS
        if key not in data
    ]
    if not problems:
        problems += _type_problems(data, lines, file)
    if problems:
        return None, problems
    matter = FrontMatter(
        role=data["role"],
        version=str(data["version"]),
        required=tuple(data["required"]),
        output=data["output"],
        lines=lines,
    )
    return matter, []


def _type_problems(data: dict[Any, Any], lines: dict[str, int], file: str) -> list[Problem]:
    required = data["required"]
    wrong = {
        "role": not isinstance(data["role"], str),
        "version": not isinstance(data["version"], str | int | float),
        "required": not isinstance(required, list)
        or not all(isinstance(name, str) for name in required),
        "output": not isinstance(data["output"], str),
    }
    wanted = {"required": "a list of names"}
    return [
        Problem(file, lines[key], f"`{key}` must be {wanted.get(key, 'a plain text')}")
        for key, is_wrong in wrong.items()
        if is_wrong
    ]


def _split_sections(
    body: str, first_line: int, file: str
) -> tuple[tuple[Section, ...], list[Problem]]:
    problems: list[Problem] = []
    lines = body.split("\n")
    headings = [index for index, line in enumerate(lines) if line.startswith("## ")]
    preamble = lines[: headings[0]] if headings else lines
    stray = next((index for index, line in enumerate(preamble) if line.strip()), None)
    if stray is not None:
        problems.append(Problem(file, first_line + stray, "text before the first section heading"))
    sections: list[Section] = []
    for start, end in zip(headings, [*headings[1:], len(lines)], strict=True):
        role = lines[start][3:].strip()
        sections.append(Section(role, "\n".join(lines[start + 1 : end]), first_line + start + 1))
        if role not in SECTIONS:
            message = (
                f"unknown section `## {role}`; sections are `## system` and `## user`, "
                "and headings inside a prompt use `#` or `###`"
            )
            problems.append(Problem(file, first_line + start, message))
    problems += _order_problems(sections, first_line, file)
    return tuple(section for section in sections if section.role in SECTIONS), problems


def _order_problems(sections: list[Section], first_line: int, file: str) -> list[Problem]:
    problems = []
    seen: list[str] = []
    for section in sections:
        if section.role in seen:
            problems.append(
                Problem(file, section.line - 1, f"section `## {section.role}` stands twice")
            )
        if section.role == "system" and "user" in seen:
            problems.append(Problem(file, section.line - 1, "`## system` must precede `## user`"))
        seen.append(section.role)
    if "user" not in seen:
        problems.append(Problem(file, first_line, "the section `## user` is missing"))
    return problems
