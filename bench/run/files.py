"""Small files of a run, written whole or not at all."""

from pathlib import Path

from aurelia.errors import InputError


def write_file(path: Path, text: str) -> Path:
    """Write a text file, whole or not at all.

    Raises:
        InputError: it can't be written.
    """
    scratch = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, "utf-8", errors="backslashreplace")
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error
    return path
