"""How a file is opened: by its content alone, with nothing else within reach of the demuxer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream

from aurelia.errors import MediaError
from aurelia.media.roots import named, open_binary

MAX_PIXELS = 40_000_000
"""Largest picture that is decoded, pixels (8K video has 33 million)."""

_NOT_A_CLIP = {
    "hls": "a playlist",
    "dash": "a playlist",
    "concat": "a playlist",
    "imf": "a playlist",
    "sdp": "a stream description",
    "rtsp": "a stream description",
    "tty": "text",
    "bin": "text",
    "xbin": "text",
}


class _Content:
    """A file without its name.

    FFmpeg then goes by content alone: a name such as `concat:…`, `-i` or `frame%03d.jpg` means
    nothing, and a renamed copy gives the same result.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def describe(error: Exception) -> str:
    """The cause of a codec error in a few words, without file names."""
    return getattr(error, "strerror", None) or type(error).__name__


@contextmanager
def opened(path: str | Path) -> Iterator[InputContainer]:
    """Open a media file for reading.

    Everything beyond the file itself (network, playlists, referenced files) is out of reach: no
    protocol is allowed.

    Raises:
        MediaError: the file is missing, unreadable, or holds no media.
    """
    try:
        file = open_binary(path)
    except OSError as error:
        raise MediaError(f"{named(path)} can't be read: {describe(error)}.") from error
    with file:
        try:
            container = av.open(
                _Content(file),
                mode="r",
                metadata_errors="replace",
                container_options={"protocol_whitelist": "none"},
                options={"max_pixels": str(MAX_PIXELS)},
                buffer_size=1 << 17,
            )
        except (av.FFmpegError, ValueError) as error:
            raise MediaError(
                f"{named(path)} can't be read as audio or video ({describe(error)}); "
                "it is no media file, or it is damaged or cut off."
            ) from error
        with container:
            kind = next(
                (_NOT_A_CLIP[n] for n in container.format.name.split(",") if n in _NOT_A_CLIP), None
            )
            if kind:
                raise MediaError(f"{named(path)} is {kind}, not a media file; give the media.")
            yield container


def video_stream(container: InputContainer) -> "av.VideoStream | None":
    """The first real video stream: cover art and streams without a decoder don't count."""
    for stream in container.streams.video:
        if stream.codec_context and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def audio_stream(container: InputContainer) -> "av.AudioStream | None":
    """The first audio stream that has a decoder."""
    return next((s for s in container.streams.audio if s.codec_context), None)


def only(container: InputContainer, *streams: Stream | None) -> None:
    """Let the demuxer skip all other streams."""
    kept = {s.index for s in streams if s is not None}
    for stream in container.streams:
        stream.discard = Discard.default if stream.index in kept else Discard.all


def origin_s(container: InputContainer) -> float:
    """First instant of the file on its own clock, seconds; all our times count from it.

    Transport streams start their clock anywhere. A negative start is encoder priming, which no
    player shows, so it counts as 0.
    """
    return max(0.0, (container.start_time or 0) / av.time_base)
