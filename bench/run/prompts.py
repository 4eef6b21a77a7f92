"""Texts of prompts beside the results that they led to."""

from collections.abc import Iterable
from pathlib import Path

from aurelia.bench.run.files import write_file
from aurelia.prompts.template import Template

PROMPTS = "prompts"


def keep_prompts(folder: Path, templates: Iterable[Template]) -> None:
    """Write each template's whole text to `prompts/<name>@<hash>.md`, once.

    Raises:
        InputError: a file can't be written.
    """
    for template in templates:
        path = folder / PROMPTS / f"{template.identity}.md"
        if not path.exists():
            write_file(path, template.text)
