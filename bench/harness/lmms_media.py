"""The files of a task for lmms-eval: each clip once, as one file; candidate tracks as WAV."""

import shutil
from pathlib import Path

from aurelia.bench.harness.lmms_docs import Media, Sound
from aurelia.bench.sample import Sample
from aurelia.errors import MediaError
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.media.single import single_file
from aurelia.types.clip import Clip

MEDIA = "media"


def opened(sample: Sample) -> Clip:
    """A sample's clip.

    Raises:
        MediaError: it can't be opened.
    """
    return open_clip(
        sample.clip, sample.audio, sample.start_s, sample.end_s, sample.candidates or None
    )


class MediaFolder:
    """Writes clips below a folder; samples of one clip share its files.

    Args:
        folder: of the task.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done: dict[tuple[object, ...], Media] = {}

    def of(self, sample: Sample) -> Media:
        """The sample's files, written where they were not yet.

        Raises:
            MediaError: its clip can't be opened, or not written.
        """
        clip = opened(sample)
        tracks = tuple((c.label, c.sha256) for c in clip.candidates)
        key = (clip.sha256, clip.audio_sha256, clip.start_s, clip.end_s, tracks)
        if key not in self._done:
            self._done[key] = self._written(clip, f"{len(self._done):05d}")
        return self._done[key]

    def _written(self, clip: Clip, name: str) -> Media:
        place = self._folder / MEDIA
        try:
            place.mkdir(parents=True, exist_ok=True)
            video, sounds = "", []
            if clip.has_video:
                video = f"{MEDIA}/{single_file(clip, place / name).name}"
            if clip.candidates or not clip.has_video:
                sounds = _sounds(clip, place, name)
        except OSError as error:
            raise MediaError(f"{place} can't be written: {error.strerror or error}.") from error
        return Media(video=video, sounds=sounds)


def _sounds(clip: Clip, place: Path, name: str) -> list[Sound]:
    """Candidate tracks, and the sound of a clip that is nothing else, 16 kHz mono."""
    prepared = prepare_media(clip)
    files = [] if clip.has_video or prepared.wav is None else [("The sound", prepared.wav)]
    files += [(f"Candidate audio {c.label}", prepared.candidates[c.label]) for c in clip.candidates]
    found = []
    for number, (label, path) in enumerate(files):
        copy = place / f"{name}_{number}.wav"
        shutil.copyfile(path, copy)
        found.append(Sound(label=label, path=f"{MEDIA}/{copy.name}"))
    return found
