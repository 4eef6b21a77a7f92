"""Media of samples, probed: each file once, several at a time, remembered by content."""

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from aurelia.errors import MediaError
from aurelia.media.probe import Facts, probe

VERSION = 1
"""Part of the place of what is remembered: raise it when `probe` measures differently."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What is known of a file: facts, or why there are none. `sha256` is None for a missing one."""

    sha256: str | None
    facts: Facts | None
    problem: str = ""


def probe_all(
    paths: Iterable[Path],
    cache: Path | None,
    workers: int,
    tell: Callable[[int, int], None] | None = None,
) -> dict[Path, Probed]:
    """Probe files, `workers` at a time.

    A file is read whole to hash it; one whose content was probed before is not decoded again.

    Args:
        cache: folder to remember in; None remembers nothing.
        tell: called with files done and files in all.
    """
    wanted = list(dict.fromkeys(paths))
    found: dict[Path, Probed] = {}
    pool = ThreadPoolExecutor(max(1, workers))
    try:
        results = pool.map(lambda path: probed(path, cache), wanted)
        for path, result in zip(wanted, results, strict=True):
            found[path] = result
            if tell:
                tell(len(found), len(wanted))
    finally:
        pool.shutdown(cancel_futures=True)  # interrupted: what has not begun does not begin
    return found


def probed(path: Path, cache: Path | None) -> Probed:
    """What one file holds."""
    try:
        if path.is_dir():
            return Probed(None, None, f"{path} is a folder; it should be a file")
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device never ends
            return Probed(None, None, f"{path} is no regular file")
        with path.open("rb") as file:
            hashed = sha256()
            while block := file.read(1 << 20):
                hashed.update(block)
    except FileNotFoundError:
        return Probed(None, None, f"there is no file {path}")
    except OSError as error:
        return Probed(None, None, f"{path} can't be read: {error.strerror or error}")
    digest = hashed.hexdigest()
    if path.stat().st_size == 0:
        return Probed(digest, None, f"{path} is empty (0 bytes)")
    place = cache / f"probe-{VERSION}" / digest[:2] / f"{digest}.json" if cache else None
    known = _recalled(place, digest) if place else None
    if known:
        return known
    try:
        result = Probed(digest, probe(path))
    except MediaError as error:
        return Probed(digest, None, str(error).rstrip("."))
    if place:
        _remember(place, result)
    return result


def _recalled(place: Path, digest: str) -> Probed | None:
    try:
        content = json.loads(place.read_text("utf-8"))
        warnings = tuple(str(warning) for warning in content.pop("warnings"))
        return Probed(digest, Facts(**content, warnings=warnings))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # not there, or damaged: it is measured again


def _remember(place: Path, result: Probed) -> None:
    if result.facts is None:
        return
    scratch = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(json.dumps(asdict(result.facts)), "utf-8")
        scratch.replace(place)
    except OSError:
        return  # a cache that can't be written costs time, no result
