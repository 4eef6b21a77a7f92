"""What of a clip goes to a model, in order, each medium with its label. Nothing is read here."""

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import Literal

from aurelia.media.prepared import PreparedMedia
from aurelia.media.roots import open_binary
from aurelia.models.adapters.check import check_media, sends_file, video_mime, window_of
from aurelia.models.registry import ResolvedModel
from aurelia.models.request import ModelRequest
from aurelia.prompts.variables import MEDIA
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Modality

WAV = "audio/wav"
JPEG = "image/jpeg"
_BOTH: frozenset[Modality] = frozenset(("visual", "audio"))


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium of a prompt.

    Attributes:
        kind: `note` is its label alone: a fact about the clip in place of a medium.
        label: text before it, so that the prompt can speak of it.
        ref: its name in the trajectory; empty for a note.
        senses: what of the clip a model perceives through it.
        path: its file; None for a note.
        sha256: of the file's content, where it is known already.
        window: what of the file is meant, seconds; None: the whole.
    """

    kind: Literal["frame", "video", "sound", "note"]
    label: str
    ref: str = ""
    senses: frozenset[Modality] = frozenset()
    path: Path | None = None
    mime: str = ""
    sha256: str | None = None
    window: tuple[float, float] | None = None

    def read(self) -> bytes:
        """Its bytes; a note has none."""
        if self.path is None:
            return b""
        with self.open() as file:
            return file.read()

    def open(self) -> BufferedReader:
        """Its file; the clip's own through the door that keeps to what may be read."""
        assert self.path
        return open_binary(self.path) if self.kind == "video" else self.path.open("rb")


def media_of(model: ResolvedModel, request: ModelRequest) -> tuple[Medium, ...]:
    """The media of a request in the form that `model` takes, nothing where the prompt has no place.

    Raises:
        ConfigurationError: the model can't take in what the question turns on, or the clip's file
            can't be sent in the form that is configured.
    """
    clip, media = request.clip, request.media
    if model.computes or clip is None or MEDIA not in request.template.variables:
        return ()
    if media is None:
        return ()
    placed = "evidence" in request.template.variables
    evidence = placed and bool(request.variables.get("evidence", "").strip())
    check_media(model, clip, who=request.role, evidence=evidence)
    takes = model.takes
    found: list[Medium] = []
    if sends_file(model, clip):
        found.append(_video(model, clip))
    elif takes.sight != "off":
        found += _frames(media)
    if takes.hearing != "off":
        heard = {sense for medium in found for sense in medium.senses}
        if "audio" not in heard:
            found += _sound(clip, media)
        found += _candidates(clip, media)
    return tuple(found)


def refs_of(media: Sequence[Medium]) -> list[str]:
    """Names of media, as the trajectory refers to them."""
    return [medium.ref for medium in media if medium.ref]


def senses_of(media: Sequence[Medium]) -> set[Modality]:
    """What of the clip is perceived through `media`."""
    return {sense for medium in media for sense in medium.senses}


def _frames(media: PreparedMedia) -> tuple[Medium, ...]:
    """Made once for the same prepared media: each call of a run asks, and several times."""
    key = id(media)
    known = _made.get(key)
    if known is not None and known[0]() is media:
        return known[1]
    made = tuple(
        Medium(
            kind="frame",
            label=f"Frame at {frame.time_s:.2f} s:",
            ref=f"frame@{frame.time_s:.2f}s",
            senses=frozenset(("visual",)),
            path=frame.path,
            mime=JPEG,
        )
        for frame in media.frames
    )
    _made[key] = (weakref.ref(media, lambda _: _made.pop(key, None)), made)
    return made


_made: "dict[int, tuple[weakref.ref[PreparedMedia], tuple[Medium, ...]]]" = {}


def _video(model: ResolvedModel, clip: Clip) -> Medium:
    takes = model.takes
    # A file without a sound track can be heard to have none.
    heard = takes.hearing == "in_video" or (takes.hearing == "native" and clip.audio is None)
    part = window_of(clip)
    what = "The clip" if heard else "The picture of the clip"
    return Medium(
        kind="video",
        label=f"{what}{f', {_span(part)} of the file' if part else ''}:",
        ref="video",
        senses=_BOTH if heard else frozenset(("visual",)),
        path=Path(clip.path),
        mime=video_mime(clip) or "",
        sha256=clip.sha256,
        window=part,
    )


def _sound(clip: Clip, media: PreparedMedia) -> tuple[Medium, ...]:
    wav = media.wav if clip.has_audio else None
    return (_medium_of_sound(wav, window_of(clip)),)


@lru_cache(maxsize=1024)
def _medium_of_sound(wav: Path | None, part: tuple[float, float] | None) -> Medium:
    heard: frozenset[Modality] = frozenset(("audio",))
    if wav is None:
        # Told so, it can tell that a sound which is claimed is not there.
        return Medium("note", "The clip has no sound.", senses=heard)
    label = f"The sound of the clip{f', {_span(part)} of the file' if part else ''}:"
    return Medium("sound", label, "audio", heard, wav, WAV)


def _candidates(clip: Clip, media: PreparedMedia) -> list[Medium]:
    return [
        Medium(
            kind="sound",
            label=f"Candidate audio {candidate.label}:",
            ref=f"candidate {candidate.label}",
            senses=frozenset(("audio",)),
            path=media.candidates[candidate.label],
            mime=WAV,
        )
        for candidate in clip.candidates
    ]


def _span(part: tuple[float, float]) -> str:
    return f"{part[0]:.2f} to {part[1]:.2f} s"
