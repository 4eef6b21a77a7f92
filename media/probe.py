"""What a file holds, measured: which streams, how long really, how large on screen."""

from dataclasses import dataclass, field
from pathlib import Path

import av
from av.container import InputContainer

from aurelia.errors import MediaError
from aurelia.media.container import (
    MAX_PIXELS,
    audio_stream,
    only,
    opened,
    origin_s,
    video_stream,
)
from aurelia.media.decode import Damage, packets_of
from aurelia.media.picture import displayed_size
from aurelia.media.roots import named

_JUMP_S = 600.0


@dataclass(frozen=True, slots=True)
class Facts:
    """Measured facts of one file; times in seconds from its first instant."""

    duration_s: float
    has_video: bool
    has_audio: bool
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Extent:
    """What demuxing one stream shows."""

    packets: int = 0
    start: float | None = None
    end: float = 0.0
    first_frame: av.VideoFrame | av.AudioFrame | None = field(default=None)

    @property
    def length(self) -> float:
        return self.end - (self.start or 0.0)


def probe(path: str | Path) -> Facts:
    """Demux a file once, decode the first picture and the first sound, and say what is there.

    Containers declare lengths that their data may not have (truncated files) or none at all, so
    the length is where the last packet ends.

    Raises:
        MediaError: neither picture nor sound can be decoded, or the picture is too large.
    """
    with opened(path) as container:
        video, audio = video_stream(container), audio_stream(container)
        if video is not None and video.width * video.height > MAX_PIXELS:
            raise MediaError(
                f"{named(path)} has pictures of {video.width}x{video.height} pixels, more than "
                f"the {MAX_PIXELS // 10**6} megapixels that are decoded; scale it down first."
            )
        damage = Damage()
        extents = _measure(container, video, audio, damage)
        seen = extents.get(video.index) if video else None
        heard = extents.get(audio.index) if audio else None
        first = seen.first_frame if seen else None
        has_video = isinstance(first, av.VideoFrame)
        has_audio = heard is not None and heard.first_frame is not None
        if not has_audio and video is not None and not has_video and not video.width:
            raise MediaError(
                f"{named(path)} has pictures of unknown size or of more than the "
                f"{MAX_PIXELS // 10**6} megapixels that are decoded; check it, or scale it down."
            )
        if not has_video and not has_audio:
            raise MediaError(
                f"{named(path)} holds neither a picture nor sound that can be decoded; "
                "check that it is a complete audio or video file."
            )
        warnings = []
        if video is not None and not has_video:
            warnings.append("No picture could be decoded; the clip is treated as sound alone.")
        if audio is not None and not has_audio:
            warnings.append("No sound could be decoded; the clip is treated as silent film.")
        for stream, extent, what in ((video, seen, "picture"), (audio, heard, "sound")):
            if stream is not None and extent is not None and extent.first_frame is not None:
                warnings += _too_short(container, stream, extent, what)
        size: tuple[int, int] | tuple[None, None] = (None, None)
        if isinstance(first, av.VideoFrame) and video is not None:
            size = displayed_size(first, video.sample_aspect_ratio)
        return Facts(
            duration_s=round(max(e.end for e in extents.values() if e.first_frame), 6),
            has_video=has_video,
            has_audio=has_audio,
            width=size[0],
            height=size[1],
            fps=_fps(video, seen) if video and seen and has_video else None,
            video_codec=video.codec_context.name if video and has_video else None,
            audio_codec=audio.codec_context.name if audio and has_audio else None,
            warnings=tuple(warnings),
        )


def _measure(
    container: InputContainer,
    video: av.VideoStream | None,
    audio: av.AudioStream | None,
    damage: Damage,
) -> dict[int, _Extent]:
    streams = [s for s in (video, audio) if s is not None]
    if not streams:
        return {}
    only(container, *streams)
    origin = origin_s(container)
    steps = {s.index: 0.0 for s in streams}
    bases = {s.index: float(s.time_base or 0) for s in streams}
    if video is not None:
        video.thread_type = "NONE"
        video.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        steps[video.index] = 1.0 / float(video.average_rate or video.guessed_rate or 25)
    extents = {s.index: _Extent() for s in streams}
    for packet in packets_of(container, *streams, damage=damage):
        index = packet.stream_index
        if index not in extents:  # a damaged file may grow streams on the way
            continue
        extent, step = extents[index], steps[index]
        if extent.first_frame is None:
            try:
                extent.first_frame = next(iter(packet.decode()), None)
            except (av.FFmpegError, OSError) as error:
                damage.note(error)
        if not packet.size:
            continue
        extent.packets += 1
        stamp, base = packet.pts if packet.pts is not None else packet.dts, bases[index]
        if stamp is None:
            extent.end += step
            continue
        start = stamp * base - origin
        if extent.packets > 1 and start > extent.end + _JUMP_S:
            continue  # a damaged clock
        length = packet.duration * base if packet.duration else step
        extent.start = start if extent.start is None else min(extent.start, start)
        extent.end = max(extent.end, start + length)
    return extents


def _too_short(
    container: InputContainer,
    stream: av.VideoStream | av.AudioStream,
    extent: _Extent,
    what: str,
) -> list[str]:
    if stream.duration and stream.time_base:
        declared = float(stream.duration * stream.time_base)
    elif container.duration and len(container.streams) == 1:
        declared = container.duration / av.time_base
    else:
        return []
    if declared - extent.length <= max(0.25, 0.02 * declared):
        return []
    return [
        f"The file declares {declared:.1f} s of {what} but holds {extent.length:.1f} s; "
        "it may be cut off."
    ]


def _fps(stream: av.VideoStream, extent: _Extent) -> float | None:
    declared = float(stream.average_rate or stream.guessed_rate or 0)
    if extent.packets < 2 or extent.length <= 0:
        return round(declared, 3) or None
    measured = extent.packets / extent.length
    close = declared and abs(measured - declared) < 0.02 * declared
    return round(declared if close else measured, 3)
