"""Copies a prompt set to a directory of the user's own."""

from pathlib import Path

from aurelia.errors import InputError
from aurelia.prompts.loader import CASES_FILE, read_text, set_directory


def copy_set(source: str | Path, directory: Path) -> list[Path]:
    """Write the files of `source` into `directory`, which is made where it is missing.

    Returns:
        The files written.

    Raises:
        InputError: one of the files is there already, or can't be written; in the first case
            nothing is written.
    """
    origin = set_directory(source)
    files = sorted(
        path for path in origin.iterdir() if path.suffix == ".md" or path.name == CASES_FILE
    )
    in_the_way = [path.name for path in files if (directory / path.name).exists()]
    if in_the_way:
        raise InputError(
            f"{directory} already holds {in_the_way[0]}; name a directory without prompts, "
            "so that no edit of yours is lost."
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path in files:
            with (directory / path.name).open("x", encoding="utf-8", newline="\n") as copy:
                copy.write(read_text(path))
    except OSError as error:
        raise InputError(f"{directory} can't be written: {error.strerror}.") from None
    return [directory / path.name for path in files]
