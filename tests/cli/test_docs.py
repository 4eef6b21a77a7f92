"""docs/cli.md and the real command line name the same commands and options."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from aurelia.cli.main import app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
EVERYWHERE = {"--help", "-h", "--version"}
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z_-]*")


def _commands(group: Any, name: str) -> dict[str, Any]:
    context = typer.Context(group)
    found: dict[str, Any] = {}
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        path = f"{name} {word}"
        if hasattr(command, "list_commands"):
            found |= _commands(command, path)
        else:
            found[path] = command
    return found


COMMANDS = _commands(typer.main.get_command(app), "aurelia")


def _sections() -> dict[str, str]:
    """Text below each heading that names a command, up to the next heading of its level."""
    text = PAGE.read_text("utf-8")
    parts = re.split(r"^#{2,3} (aurelia [a-z -]+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_has_a_section_for_each_command_and_no_other() -> None:
    assert set(_sections()) - {"aurelia prompts"} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_exactly_the_options_of_a_command(name: str) -> None:
    section = re.split(r"^### (?!aurelia)", _sections()[name], flags=re.MULTILINE)[0]
    options = {
        option
        for parameter in COMMANDS[name].params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    in_code = " ".join(re.findall(r"`[^`\n]+`", section))
    named = set(OPTION.findall(in_code)) - EVERYWHERE
    if name == "aurelia gen-data":
        named -= {"--preset"}  # of `aurelia reason`, which this command is compared with
    assert named == options - EVERYWHERE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_has_a_help_text(name: str) -> None:
    parameters = [p for p in COMMANDS[name].params if "--help" not in p.opts]
    assert [p.name for p in parameters if not getattr(p, "help", None)] == []
