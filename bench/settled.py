"""`manifest.json`: what a folder of results was made with, so that nothing else is mixed in."""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from aurelia.bench.journal import sync_folder
from aurelia.errors import InputError
from aurelia.models.faults import redact

NAME = "manifest.json"
_SHOWN = 60
_COMMANDS = {
    "rollouts": "`aurelia generate` or `aurelia recritique`",
    "benchmark": "`aurelia bench run`",
    "imported": "`aurelia bench import-results`",
}


def settle(
    folder: Path, manifest: Mapping[str, Any], *, free: Collection[str] = ()
) -> dict[str, Any]:
    """Write the manifest of a folder of results, or compare with the one that stands there.

    Args:
        folder: made where it is missing.
        manifest: JSON values, nested as you like, that tell these results from others.
        free: top-level names that may differ on a later run; the first run's values stay.

    Returns:
        The manifest that stands there now.

    Raises:
        InputError: another one stands there (the message names what differs), or it can't be
            read or written.
    """
    wanted = json.loads(json.dumps(dict(manifest)))
    path = folder / NAME
    if _written(path, wanted):
        return dict(wanted)
    held = read_settled(folder)
    named = differences(
        {k: v for k, v in held.items() if k not in free},
        {k: v for k, v in wanted.items() if k not in free},
    )
    if named:
        raise InputError(
            f"{folder} holds results that were made with other settings: {'; '.join(named)}. "
            "Give the same settings to go on, or another folder; nothing was started."
        )
    return held


def check_kind(folder: Path, kind: str) -> None:
    """Refuse a folder of another command's results, before anything is opened in it.

    Raises:
        InputError: it is one, or its manifest can't be read.
    """
    if not (folder / NAME).exists():
        return
    held = read_settled(folder).get("kind", "")
    if held != kind:
        whose = _COMMANDS.get(str(held), "another program")
        raise InputError(
            f"{folder} holds the results of {whose}; give another folder. Nothing was started."
        )


def read_settled(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results.

    Raises:
        InputError: there is none, or it is damaged.
    """
    path = folder / NAME
    try:
        held = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder} holds no {NAME}, so it is no folder of results.") from None
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except ValueError:
        raise InputError(f"{path} is damaged: it is no JSON; give another folder.") from None
    if not isinstance(held, dict):
        raise InputError(f"{path} is no manifest of results; give another folder.")
    return held


def differences(held: Any, wanted: Any, name: str = "") -> list[str]:
    """What differs between two JSON values, a sentence part each: `threshold was 6.0, now 7.0`."""
    if isinstance(held, dict) and isinstance(wanted, dict):
        return [
            found
            for key in sorted({*held, *wanted})
            if held.get(key) != wanted.get(key) or (key in held) != (key in wanted)
            for found in differences(
                held.get(key, _Missing), wanted.get(key, _Missing), f"{name}.{key}".strip(".")
            )
        ]
    return [] if held == wanted else [f"{name} was {_shown(held)}, now {_shown(wanted)}"]


class _Missing:
    """Stands for a name that one of two manifests doesn't have."""


def _shown(value: Any) -> str:
    if value is _Missing:
        return "absent"
    text = redact(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _written(path: Path, manifest: dict[str, Any]) -> bool:
    """Whether it was written: whole, and only where there was none."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            return False
        with scratch.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(scratch, path)  # unlike a rename, it never replaces another's
        except FileExistsError:
            return False
        except PermissionError:  # a file system without links
            scratch.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return True
