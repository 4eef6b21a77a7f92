"""Saved runs: self-contained folders that outlive the cache and the machine they were made on.

RUN/
  trajectory.json     the record; clips and files by name alone
  templates/*.md      the prompt templates as they were used
  frames/*.jpg        the frames that were prepared for the models
  audio.wav           the sound that was prepared for them
  candidates/*.wav    candidate sounds, where there were any
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from pydantic import ValidationError

from aurelia.errors import InputError
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.media.prepared import PreparedMedia
from aurelia.types.continued import holds_all_of
from aurelia.types.trajectory import SCHEMA_VERSION, Trajectory

RECORD = "trajectory.json"

_PATH_IN_SENTENCE = re.compile(r"(?<![\w/.])(?:/[^\s/'\"`]+)+/(?=[^\s/'\"`])")
_PATH_ALONE = re.compile(r"((?:[A-Za-z][\w+.-]*:)*)/(?!/).*", re.DOTALL)
_SETTINGS = {"context", "changed", "context_changes", "targets", "requested_model"}
"""Keys below which a value that begins like a path is one, such as a model's `scripted:/a/b`."""
_VERBATIM = {
    *("question", "options", "reasoning", "caption", "caption_sources", "verdict", "feedback"),
    *("texts", "text", "raw", "leaks", "best", "actor_answer", "injected_text", "edited"),
    *("prompt_overrides", *(f"{name}{SUFFIX}" for name in PROMPT_NODES)),
}
"""Keys whose values are words of people and models; they are kept to the letter."""


def save_run(
    trajectory: Trajectory,
    directory: Path,
    media: PreparedMedia | None = None,
) -> Path:
    """Write a run to `directory`, whole or not at all.

    Args:
        trajectory: the record.
        directory: the run's own folder; made if missing.
        media: what was prepared for the models; its files are copied.

    Returns:
        `directory`.

    Raises:
        InputError: the folder holds something other than this very run, or can't be written.
    """
    check_destination(directory, trajectory)
    record = portable(trajectory)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with _staging(directory) as staging:
            _write(staging, record, media)
            _swap_in(staging, directory)
    except OSError as error:
        raise InputError(
            f"The run can't be saved to {directory}: {error.strerror or error}; "
            "give another folder with --save."
        ) from error
    return directory


def check_destination(directory: Path, run: Trajectory | None = None) -> None:
    """Make sure that saving to a folder would destroy nothing.

    Args:
        directory: where a run is to be saved.
        run: its record; a folder that holds an earlier state of this very run may be replaced.

    Raises:
        InputError: the folder holds other files, another run, or passes of this one that are not
            in `run`, is a file, or can't be made.
    """
    if not directory.exists():
        above = next(parent for parent in directory.absolute().parents if parent.exists())
        if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
            raise InputError(f"{directory} can't be made: {above} is no folder to write in.")
        return
    if not directory.is_dir():
        raise InputError(f"{directory} is a file, so no run can be saved there; give a folder.")
    if not any(directory.iterdir()):
        return
    if not (directory / RECORD).is_file():
        raise InputError(
            f"{directory} holds files that are no saved run; give a new or empty folder."
        )
    held = load_run(directory)
    if run is None or held.id != run.id:
        raise InputError(f"{directory} already holds run {held.id}; give a new or empty folder.")
    if not holds_all_of(portable(run), held):
        raise InputError(
            f"{directory} holds run {held.id} as it went before its thread was gone back in, with "
            "passes or answers that this record lacks; give another folder."
        )


def load_run(path: Path) -> Trajectory:
    """Read a saved run.

    Args:
        path: a run's folder, or its `trajectory.json`.

    Raises:
        InputError: there is none, or it is damaged, foreign, or of a newer version.
    """
    file = path / RECORD if path.is_dir() else path
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        if path.is_dir():
            raise InputError(f"{path} holds no {RECORD}, so it is no saved run.") from None
        raise InputError(f"There is no saved run at {path}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{file} is no saved run: it is not UTF-8 text.") from None
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror or error}.") from error
    try:
        return Trajectory.model_validate_json(text)
    except ValidationError as error:
        raise InputError(_why_not(file, text, error)) from None


def find_run(name: str, runs_dir: Path) -> Path:
    """Where a run is that the user named: a folder, a file, or an id below `runs_dir`.

    Raises:
        InputError: there is nothing of that name.
    """
    if not name:
        raise InputError("The run's name is empty; give its folder, its trajectory.json or its id.")
    given = Path(name)
    if given.exists():
        return given
    below = runs_dir / name
    if below.exists():
        return below
    raise InputError(
        f"There is no saved run {name!r}, neither at that path nor below {runs_dir}; "
        "`aurelia reason` prints where it saves."
    )


def portable(trajectory: Trajectory) -> Trajectory:
    """The same record without paths of this machine: files are known by name and content hash."""
    clip = trajectory.clip
    roots = {str(PurePath(p).parent) for p in (clip.path, clip.audio or "") if p.startswith("/")}
    roots |= {str(PurePath(c.path).parent) for c in clip.candidates if c.path.startswith("/")}
    data = _scrub(trajectory.model_dump(mode="json"), sorted(roots - {"/"}, key=len, reverse=True))
    data["clip"]["path"] = PurePath(clip.path).name
    data["clip"]["audio"] = PurePath(clip.audio).name if clip.audio else None
    for candidate, source in zip(data["clip"]["candidates"], clip.candidates, strict=True):
        candidate["path"] = PurePath(source.path).name
    return Trajectory.model_validate(data)


def _scrub(value: Any, roots: list[str], setting: bool = False) -> Any:
    """Reduce paths in a JSON value to file names, leaving words of people and models alone."""
    if isinstance(value, dict):
        return {
            _without_paths(key, roots, setting): item
            if key in _VERBATIM
            else _scrub(item, roots, setting or key in _SETTINGS)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_scrub(item, roots, setting) for item in value]
    return _without_paths(value, roots, setting) if isinstance(value, str) else value


def _without_paths(text: str, roots: list[str], setting: bool) -> str:
    for root in roots:
        text = text.replace(f"{root}/", "")
    alone = _PATH_ALONE.fullmatch(text) if setting else None
    return alone[1] + PurePath(text).name if alone else _PATH_IN_SENTENCE.sub("", text)


def _why_not(file: Path, text: str, error: ValidationError) -> str:
    """One sentence on what is wrong with a record."""
    newer = re.search(r'"schema_version"\s*:\s*(\d+)', text[:10_000])
    if newer and int(newer[1]) > SCHEMA_VERSION:
        return (
            f"{file} was written by a newer version (record version {newer[1]}, this one reads "
            f"up to {SCHEMA_VERSION}); upgrade aurelia."
        )
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    at = f" at {place}" if place else ""
    return f"{file} is damaged or no saved run{at}: {first['msg'].rstrip('.')}."


@contextmanager
def _staging(directory: Path) -> Iterator[Path]:
    """A folder beside the destination, gone afterwards whatever happens."""
    path = Path(
        tempfile.mkdtemp(prefix=f".{directory.name}.", suffix=".part", dir=directory.parent)
    )
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _write(staging: Path, record: Trajectory, media: PreparedMedia | None) -> None:
    staging.chmod(0o755)  # mkdtemp made it private; a run is meant to be shared
    if media is not None:
        files = _copy_media(staging, media)
        record = record.model_copy(update={"media": {**record.media, "files": files}})
    if record.templates:
        (staging / "templates").mkdir()
    for digest, template in record.templates.items():
        name = _file_name(template.name) + f".{_file_name(digest)[:12]}"
        (staging / "templates" / f"{name}.md").write_text(template.text, "utf-8")
    (staging / RECORD).write_text(record.model_dump_json(indent=2) + "\n", "utf-8")


def _copy_media(staging: Path, media: PreparedMedia) -> dict[str, Any]:
    """Copy frames and sounds; returns their names within the run."""
    copies = {
        f"frames/{position:03d}_{frame.time_s:.2f}s.jpg": frame.path
        for position, frame in enumerate(media.frames, 1)
    }
    files: dict[str, Any] = {"frames": list(copies), "audio": None, "candidates": {}}
    if media.wav is not None:
        files["audio"] = "audio.wav"
        copies["audio.wav"] = media.wav
    for position, (label, path) in enumerate(media.candidates.items(), 1):
        name = f"candidates/{position:02d}_{_file_name(label)}.wav"
        files["candidates"][label] = name
        copies[name] = path
    for name, source in copies.items():
        (staging / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(source, staging / name)
    return files


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.-]", "_", text)[:60]


def _swap_in(staging: Path, directory: Path) -> None:
    """Put the finished folder in place. A folder can't replace a full one in a single step, so the
    earlier state of the same run is moved aside first and brought back if the swap fails."""
    aside: Path | None = None
    if directory.exists() and any(directory.iterdir()):
        aside = staging.with_suffix(".old")
        directory.replace(aside)
    try:
        staging.replace(directory)
    except OSError:
        if aside is not None:
            aside.replace(directory)
        raise
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)
