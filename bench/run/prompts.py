"""Texts of prompts beside the results that they led to."""

from collections.abc import Iterable
from pathlib import Path

from aurelia.errors import InputError
from aurelia.prompts.template import Template

PROMPTS = "prompts"


def keep_prompts(folder: Path, templates: Iterable[Template]) -> None:
    """Write each template's whole text to `prompts/<name>@<hash>.md`, once.

    Raises:
        InputError: a file can't be written.
    """
    for template in templates:
        path = folder / PROMPTS / f"{template.identity}.md"
        if path.exists():
            continue
        scratch = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_text(template.text, "utf-8")
            scratch.replace(path)
        except OSError as error:
            raise InputError(f"{path} can't be written: {error.strerror or error}.") from error
