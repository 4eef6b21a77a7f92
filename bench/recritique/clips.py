"""The clip of a recorded run, found again and compared."""

from pathlib import Path

from aurelia.errors import MediaError
from aurelia.media.fetch import is_url
from aurelia.media.open import open_clip
from aurelia.types.clip import Clip


def located(clip: Clip, folder: Path | None = None) -> Clip:
    """The same clip, opened where it lies now.

    Args:
        clip: as recorded; saved runs know their files by name alone.
        folder: where the files are; None: where they were.

    Raises:
        MediaError: a file is missing, or has other content than the run was about.
    """
    opened = open_clip(
        _found(clip.path, folder),
        _found(clip.audio, folder) if clip.audio else None,
        clip.start_s,
        clip.end_s,
        {c.label: _found(c.path, folder) for c in clip.candidates} or None,
    )
    if _content(opened) != _content(clip):
        raise MediaError(
            f"{opened.path} is not the file that the run was about; name the right folder with "
            "--clips."
        )
    return opened


def _found(path: str, folder: Path | None) -> str:
    if is_url(path):
        return path
    places = [*([folder / Path(path).name] if folder else []), Path(path)]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise MediaError(
            f"The clip {Path(path).name!r} is not in {folder or Path(path).parent}; name its "
            "folder with --clips."
        )
    return str(found)


def _content(clip: Clip) -> tuple[object, ...]:
    return (
        clip.sha256,
        clip.audio_sha256,
        *((candidate.label, candidate.sha256) for candidate in clip.candidates),
    )
