"""A target's profile as a block of `aurelia.toml`, to paste and to edit."""

import json
from collections.abc import Mapping
from typing import Any

from aurelia.models.targets.record import Target

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def profile_block(target: Target) -> str:
    """`[models.NAME]` with all that the shipped profile says; empty where it can't be asked."""
    if target.table is None:
        return ""
    lines = [f"[models.{_key(target.name)}]"]
    lines += [f"{_key(key)} = {_value(value)}" for key, value in target.table.items()]
    return "\n".join(lines)


def _key(name: str) -> str:
    return name if name and set(name) <= _BARE else json.dumps(name)


def _value(value: Any) -> str:
    """A value on one line, tables as inline tables."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)  # texts, numbers and truth values as TOML has them
