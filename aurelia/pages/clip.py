"""The clip of a run: its frames, its sound, and where on it the steps look and listen."""

import base64
import wave
from dataclasses import dataclass
from pathlib import Path

from aurelia.errors import AureliaError
from aurelia.media.prepare import prepare_media
from aurelia.media.prepared import PreparedMedia
from aurelia.media.roots import within
from aurelia.nodes.admission import Server, admitted_clip, check_unchanged
from aurelia.pages.drawing import Timeline, draw, peaks_of
from aurelia.pages.run import Run
from aurelia.types.clip import Clip

MOST_FRAMES = 32
MOST_SOUND_BYTES = 4_000_000  # two minutes of what models are sent


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame of the filmstrip."""

    time_s: float
    reason: str
    width: int
    height: int
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a clip is on the page.

    Attributes:
        pictures: frames that models are shown.
        left_out: frames that are not on the page, as there are too many.
        sounds: label to data URL of what models are given to hear; empty label: the clip's own.
        timeline: waveform, frames and steps on one axis.
        problem: why there are neither frames nor sound; empty where there are.
    """

    pictures: tuple[Picture, ...] = ()
    left_out: int = 0
    sounds: tuple[tuple[str, str], ...] = ()
    timeline: Timeline | None = None
    problem: str = ""


def show_clip(run: Run, server: Server) -> Shown:
    """The clip, if it may be read: held to the same limits as the graph's own nodes.

    Prepares it again where the cache has dropped it. Blocks: in async code, call it in a thread.
    """
    context = run.context
    try:
        reach = server.reach()
        with within(reach):
            # State is a client's to edit: where its clip lies, and what it holds, is checked anew.
            clip = admitted_clip(run.clip.model_dump(mode="json"), reach)
            check_unchanged(clip)
            media = prepare_media(
                Clip.model_validate(clip),
                context.max_frames,
                max_side=context.max_side,
                frame_rule=context.frame_rule,
                frames_per_minute=context.frames_per_minute,
            )
    except AureliaError as error:
        start, end = run.clip.window
        return Shown(timeline=draw(run, start, end), problem=str(error))
    return _shown(run, media)


def _shown(run: Run, media: PreparedMedia) -> Shown:
    start, end = media.window
    every = -(-len(media.frames) // MOST_FRAMES) or 1
    frames = media.frames[::every]
    tracks = {**({"": media.wav} if media.wav else {}), **media.candidates}
    return Shown(
        pictures=tuple(
            Picture(f.time_s, f.reason, f.width, f.height, _data_url("image/jpeg", f.path))
            for f in frames
        ),
        left_out=len(media.frames) - len(frames),
        sounds=tuple(
            (label, _data_url("audio/wav", path))
            for label, path in tracks.items()
            if path.stat().st_size <= MOST_SOUND_BYTES
        ),
        timeline=draw(
            run,
            start,
            end,
            peaks=_peaks(media.wav) if media.wav else (),
            frames=[frame.time_s for frame in media.frames],
            onsets=[onset.time_s for onset in media.onsets],
            cuts=[shot.start_s for shot in media.shots[1:]],
        ),
    )


def _peaks(path: Path) -> tuple[float, ...]:
    with wave.open(str(path)) as file:
        return peaks_of(file.readframes(file.getnframes()))


def _data_url(kind: str, path: Path) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
