"""Reads YAML together with the line on which each entry stands.

Every scalar stays the text that was written: `version: 1.10` is "1.10" and `answer: no` is "no".
Anchors and tags have no use here; anchors are refused, tags ignored.
"""

from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Keys and indices that lead from the top to an entry."""


class YamlError(ValueError):
    """Text that is no YAML of the kind read here; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Parse `text` into dicts, lists and texts, and a map from each entry's path to its line.

    Raises:
        YamlError: the text is not YAML, a key stands twice or is no plain text, or an anchor is
            used.
    """
    lines: dict[Path, int] = {}
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise YamlError("`*name` references are not supported", _line(event))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(error.problem or "not valid YAML", line) from None
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0], 1) from None
    return (None if node is None else _value(node, (), lines)), lines


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, _line(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    result: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError("a key must be plain text", _line(key))
        if key.value in result:
            raise YamlError(f"`{key.value}` stands twice", _line(key))
        lines[(*path, key.value)] = _line(key)
        result[key.value] = _value(value, (*path, key.value), lines)
    return result


def _line(at: yaml.Node | yaml.Event) -> int:
    mark = at.start_mark
    return int(mark.line) + 1 if mark else 1
