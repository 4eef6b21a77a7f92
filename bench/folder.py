"""A folder to write results in."""

import os
from pathlib import Path

from aurelia.errors import InputError


def made(folder: Path) -> Path:
    """The folder, made where it was missing, with its full path.

    Raises:
        InputError: it can't be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} can't be made: {error.strerror or error}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{folder} can't be written to; give another folder.")
    return folder.resolve()
