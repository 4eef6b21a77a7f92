"""Helpers of the prompt tests: small templates and directories that hold them."""

from collections.abc import Mapping
from pathlib import Path

from aurelia.prompts.variables import VARIABLES

EXAMPLES = {name: variable.example for name, variable in VARIABLES.items() if variable.example}

GENERATOR = """---
role: actor
version: "1"
required: [question]
output: reasoning
---
## system
Look and listen.
## user
{{media}}

{{question}}
"""


def generator(user: str, *, system: str = "Look and listen.", required: str = "[question]") -> str:
    """A generator template with these sections."""
    head = f'---\nrole: actor\nversion: "1"\nrequired: {required}\noutput: reasoning\n---\n'
    return f"{head}## system\n{system}\n## user\n{user}\n"


def write_set(directory: Path, files: Mapping[str, str]) -> Path:
    """Write `files` by name into `directory`."""
    directory.mkdir(exist_ok=True)
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory
