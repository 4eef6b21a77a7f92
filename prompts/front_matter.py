"""The head of a template file: who reads it, its version, what it requires, what it asks for."""

from dataclasses import dataclass
from typing import Any

from aurelia.prompts.problems import Problem, suggest
from aurelia.prompts.yaml_lines import YamlError, read_yaml

KEYS = ("role", "version", "required", "output")
OPTIONAL = ("values",)
VALUES = ("tagged", "bare")
"""How values that are not ours stand in the text: between tags, or as they are."""
_RULE = "---"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the `---` lines; `lines` says where each key stands in the file."""

    role: str
    version: str
    required: tuple[str, ...]
    output: str
    lines: dict[str, int]
    values: str = "tagged"


def split_front_matter(text: str) -> tuple[str | None, str, int]:
    """Front matter (None where there is none), body, and the line on which the body starts."""
    lines = text.split("\n")
    if lines[0].rstrip() == _RULE:
        for index, line in enumerate(lines[1:], start=1):
            if line.rstrip() == _RULE:
                front = "".join(f"{part}\n" for part in lines[1:index])
                return front, "\n".join(lines[index + 1 :]), index + 2
    return None, text, 1


def join_front_matter(front: str, body: str) -> str:
    """The inverse of `split_front_matter`."""
    return f"{_RULE}\n{front}{_RULE}\n{body}"


def parse_front_matter(front: str, file: str) -> tuple[FrontMatter | None, list[Problem]]:
    """Read what `split_front_matter` cut off; None where something is wrong with it."""
    try:
        data, places = read_yaml(front)
    except YamlError as error:
        return None, [Problem(file, error.line + 1, f"front matter: {error}")]
    if not isinstance(data, dict):
        return None, [Problem(file, 1, "front matter must be `key: value` lines")]
    # The first `---` is line 1 of the file, so that front matter is one line further down.
    lines = {str(path[0]): line + 1 for path, line in places.items() if len(path) == 1}
    problems = [
        Problem(file, lines[key], f"unknown key `{key}` in the front matter{suggest(key, KEYS)}")
        for key in data
        if key not in (*KEYS, *OPTIONAL)
    ]
    problems += [
        Problem(file, 1, f"the front matter lacks `{key}`") for key in KEYS if key not in data
    ]
    problems += [
        Problem(file, lines[key], f"`{key}` must be {_wanted(key)}")
        for key, value in data.items()
        if key in (*KEYS, *OPTIONAL) and not _has_type(key, value)
    ]
    if problems:
        return None, problems
    required = tuple(data["required"])
    values = data.get("values", "tagged")
    return FrontMatter(data["role"], data["version"], required, data["output"], lines, values), []


def _has_type(key: str, value: Any) -> bool:
    if key == "required":
        return isinstance(value, list) and all(isinstance(name, str) for name in value)
    if key == "values":
        return value in VALUES
    return isinstance(value, str) and bool(value)


def _wanted(key: str) -> str:
    if key == "values":
        return f"{' or '.join(VALUES)}"
    return "a list of names, such as [question]" if key == "required" else "a plain text"
