"""Brings prompts that were edited on a LangGraph server back to files."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.errors import InputError
from aurelia.graph.assistants import context_of, digest, pushed_digests
from aurelia.prompts.build import partials_of
from aurelia.prompts.collapse import collapse
from aurelia.prompts.copy import copy_set
from aurelia.prompts.loader import SETS, Inspection, inspect_prompts
from aurelia.prompts.partials import SourceFile

_NAME = re.compile(r"_?[a-z][a-z_]*(\.[A-Za-z0-9_-]+)?")
"""Names come from a server, and become names of files."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of the files.

    Attributes:
        written: files that hold another text now.
        copied: whether the whole set was copied first, as the directory held no prompts.
        kept: prompts whose files were edited here alone, and stay.
    """

    written: tuple[Path, ...]
    copied: bool
    kept: tuple[str, ...]


def pull_prompts(assistant: Mapping[str, Any], directory: Path, *, force: bool = False) -> Pulled:
    """Write what the assistant's texts say and the files don't. Partials stay by their names.

    Args:
        assistant: as the server describes it.
        directory: of prompts; made where it is missing.
        force: overwrite files that were edited here since the texts were put on the server.

    Raises:
        PromptError: the assistant's texts are no prompts; nothing is written.
        InputError: a file was edited here and there, or can't be written; in the first case
            nothing is written.
    """
    context = context_of(assistant)
    theirs = context.load_prompts()
    _check_names([*theirs.templates, *context.overrides])
    pushed = pushed_digests(assistant)
    empty = not (directory.is_dir() and any(directory.glob("*.md")))
    base = context.prompts if context.prompts in SETS else SETS[0]
    # A directory lacks nothing of `default`; of another set it has to hold the files itself.
    copies = empty and base != SETS[0]
    given = {name: text for name, text in context.overrides.items() if name.startswith("_")}
    here = inspect_prompts(base if empty else directory)
    after = inspect_prompts(base if empty else directory, given)
    changed: dict[str, str] = {
        name: text
        for name, text in given.items()
        if name not in here.files or digest(here.files[name].text) != digest(text)
    }
    kept, disputed = [], _edited_partials(changed, here, base) if not empty else []
    for name, template in theirs.templates.items():
        mine = after.prompts.templates.get(name)
        if mine and digest(mine.text) == digest(template.text):
            continue
        if not empty and (directory / f"{name}.md").exists() and not force:
            now = here.prompts.templates.get(name)
            if now is None or digest(now.text) != pushed.get(name):
                if digest(template.text) == pushed.get(name):
                    kept.append(name)
                else:
                    disputed.append(name)
                continue
        changed[name] = _as_file(name, template.text, here, after, theirs.templates[name].raw)
    if disputed and not force:
        raise InputError(
            f"{directory / disputed[0]}.md was edited here as well as in the assistant "
            f"{assistant['name']!r}"
            + (f" (so were {len(disputed) - 1} more)" if len(disputed) > 1 else "")
            + "; give another directory with -o and compare, or --force to overwrite it."
        )
    if copies:  # even where nothing was edited: without it the directory says something else
        copy_set(base, directory)
    written = _write(directory, changed)
    return Pulled(tuple(written), copies, tuple(kept))


def _edited_partials(changed: Mapping[str, str], here: Inspection, base: str) -> list[str]:
    shipped = inspect_prompts(base).files
    return [
        name
        for name in changed
        if name in here.files
        and digest(here.files[name].text) != (digest(shipped[name].text) if name in shipped else "")
    ]


def _as_file(name: str, text: str, here: Inspection, after: Inspection, raw: str) -> str:
    """The text with the partials of the file that it came from."""
    file = here.files.get(name) or SourceFile("", raw)
    return collapse(text, file.text, partials_of(after.files))


def _check_names(names: list[str]) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise InputError(f"The server names a prompt {name!r}, which is no name of a file.")


def _write(directory: Path, texts: Mapping[str, str]) -> list[Path]:
    written = []
    try:
        for name, text in texts.items():
            directory.mkdir(parents=True, exist_ok=True)
            path = directory / f"{name}.md"
            part = directory / f".{name}.md.part"
            part.write_text(text.strip() + "\n", encoding="utf-8", newline="\n")
            os.replace(part, path)  # noqa: PTH105 - whole or not at all
            written.append(path)
    except OSError as error:
        raise InputError(f"{directory} can't be written: {error.strerror}.") from None
    return written
