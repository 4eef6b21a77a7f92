"""Reads YAML together with the line on which each entry stands."""

from typing import Any

import yaml

Path = tuple[str | int, ...]


class YamlError(ValueError):
    """Text that is no YAML; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Parse `text` into plain values and a map from each entry's path to its line, from 1.

    Raises:
        YamlError: the text is not YAML, or a key stands twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = dict(_lines(node, ())) if node is not None else {}
        return yaml.safe_load(text), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(error.problem or "not valid YAML", line) from None
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0], 1) from None


def _lines(node: yaml.Node, path: Path) -> list[tuple[Path, int]]:
    found: list[tuple[Path, int]] = [(path, node.start_mark.line + 1)]
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            found += _lines(item, (*path, index))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise YamlError(f"`{key.value}` stands twice", line)
            seen.add(key.value)
            found += _lines(value, (*path, key.value))
            found.append(((*path, key.value), line))  # the key's line beats its value's
    return found
