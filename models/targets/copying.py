"""The files of the worker, copied into an environment where AURELIA is not installed."""

import shutil
from pathlib import Path

from aurelia.errors import ConfigurationError, InputError
from aurelia.models.targets.record import Target

FOLDER = Path(__file__).parents[1] / "worker"
WORKER = FOLDER / "worker.py"
ADAPTERS = FOLDER / "adapters"


def worker_files(target: Target | None) -> list[Path]:
    """`worker.py`, and the adapter of a target.

    Raises:
        ConfigurationError: the target needs none.
    """
    if target is None:
        return [WORKER]
    if not target.adapter:
        raise ConfigurationError(
            f"{target.title} needs no worker: it is {target.status}; "
            f"`aurelia targets show {target.name}` has the commands."
        )
    return [WORKER, ADAPTERS / target.adapter]


def copy_files(files: list[Path], folder: Path) -> list[Path]:
    """Copy files into a folder, which is made where it is missing; one that differs is kept.

    Raises:
        InputError: a file of that name with another content is there, or it can't be written.
    """
    copies = [folder / file.name for file in files]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, copy in zip(files, copies, strict=True):
            if copy.exists() and copy.read_bytes() != file.read_bytes():
                raise InputError(
                    f"{copy} is there with another content; move it, or name another folder."
                )
            shutil.copyfile(file, copy)
    except OSError as error:
        raise InputError(f"{folder} can't be written: {error.strerror}.") from None
    return copies
