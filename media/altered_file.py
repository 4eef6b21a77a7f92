"""Writing a clip's file again with another sound, or with a picture that stands still.

The picture is copied as it is wherever its container allows, so that nothing but the sound
differs; where it can't be, it is encoded anew. Either way what was written is measured, and holds
the same streams for the same time.
"""

import wave
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from aurelia.errors import MediaError
from aurelia.media.altered_sound import Track
from aurelia.media.container import describe, only, opened, origin_s, video_stream
from aurelia.media.decode import Damage, frames_at, packets_of, video_frames
from aurelia.media.picture import Scaler, quarter_turns, to_rgb
from aurelia.media.probe import probe
from aurelia.media.roots import named
from aurelia.types.clip import Clip

_TICK = Fraction(1, 12_800)
_BLOCK = 1024
_WEB = {"vp8", "vp9", "libvpx", "libvpx-vp9"}
_SLACK_S = 0.15  # of a picture's and a sound frame's length
_STILL_FPS = 10.0  # a picture that never changes needs no more


def write_wav(track: Track, path: Path) -> Path:
    """A track as 16-bit WAV."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(track.channels)
        out.setsampwidth(2)
        out.setframerate(track.rate)
        out.writeframes(track.samples.astype("<i2", copy=False).tobytes())
    return path


def write_sound_alone(track: Track, folder: Path) -> Path:
    """A file of sound without picture."""
    path = folder / "clip.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        _encode_sound(out, track, "aac")
    return path


def with_sound(clip: Clip, track: Track | None, folder: Path) -> Path:
    """The clip's file with `track` as its sound; None: without.

    Raises:
        MediaError: neither copying nor encoding gives a file of the same length and size.
    """
    web = clip.video_codec in _WEB
    copy = folder / ("clip.webm" if web else "clip.mp4")
    with suppress(av.FFmpegError, ValueError, OSError, MediaError):
        _copy(clip, track, copy, "libopus" if web else "aac")
        if _same_shape(clip, track, copy):
            return copy
    copy.unlink(missing_ok=True)
    path = folder / "clip.mp4"
    encode_file(path, _moving(clip), track)
    return _checked(clip, track, path)


def standing_still(clip: Clip, track: Track | None, folder: Path) -> Path:
    """The picture in the middle of the clip's window, for all of the file's length.

    Raises:
        MediaError: no picture can be decoded there.
    """
    start, end = clip.window
    shown = next((f for _, f in frames_at(clip, [(start + end) / 2])), None)
    if shown is None:  # past the last picture
        last = deque(video_frames(clip), maxlen=1)
        shown = last[0][1] if last else None
    if shown is None:
        raise MediaError(f"{named(clip.path)} holds no picture any more; open the clip again.")
    pixels = _even(to_rgb(Scaler(_size(clip), max(_size(clip)))(shown), quarter_turns(shown)))
    fps = min(_STILL_FPS, clip.fps or _STILL_FPS)
    count = max(1, round(clip.duration_s * fps))
    path = folder / "clip.mp4"
    encode_file(path, ((n / fps, pixels) for n in range(count)), track, fps=fps)
    return _checked(clip, track, path)


def _size(clip: Clip) -> tuple[int, int]:
    return clip.width or 2, clip.height or 2


def _even(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without the last row or column of an odd number, which common encoders refuse."""
    height, width = (max(2, side - side % 2) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[:height, :width])


def _moving(clip: Clip) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    return pictures_of(clip.model_copy(update={"start_s": None, "end_s": None}))


def pictures_of(clip: Clip) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Pictures of the clip's window as they are displayed, RGB of even size, with their times."""
    scale, reformatter = Scaler(_size(clip), max(_size(clip))), VideoReformatter()
    for time, frame in video_frames(clip):
        yield time, _even(to_rgb(scale(frame), quarter_turns(frame), reformatter))


def _copy(clip: Clip, track: Track | None, path: Path, codec: str) -> None:
    """Packets of the picture as they are, beside another sound."""
    with opened(clip.path) as source, av.open(str(path), "w") as out:
        stream = video_stream(source)
        if stream is None:
            raise MediaError(f"{named(clip.path)} holds no picture any more; open the clip again.")
        only(source, stream)
        copied = out.add_stream_from_template(stream)
        sound = _sound_stream(out, track, codec) if track else None
        base = stream.time_base or Fraction(1, av.time_base)
        origin = round(origin_s(source) / base)
        damage = Damage()
        for packet in packets_of(source, stream, damage=damage):
            if not packet.size:  # the end
                continue
            if packet.dts is None or packet.pts is None:
                raise MediaError("A picture has no time; it has to be encoded anew.")
            packet.pts -= origin
            packet.dts -= origin
            packet.stream = copied
            out.mux(packet)
        if track and sound:
            _fill(out, sound, track)


def encode_file(
    path: Path,
    pictures: Iterator[tuple[float, NDArray[np.uint8]]],
    track: Track | None,
    fps: float = 25.0,
) -> None:
    """Pictures and sound as H.264 and AAC.

    Args:
        path: of an MP4 file.
        pictures: RGB with their times, seconds from the file's start.
        track: the sound; None: without.
        fps: the rate that the file names.

    Raises:
        MediaError: there is no picture, or it can't be encoded.
    """
    try:
        with av.open(str(path), "w", format="mp4") as out:
            video: Any = None
            for time, pixels in pictures:
                if video is None:
                    video = out.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
                    video.height, video.width = pixels.shape[:2]
                    video.pix_fmt = "yuv420p"
                    video.options = {"preset": "veryfast", "crf": "18"}
                    video.codec_context.time_base = _TICK
                    video.codec_context.thread_count = 2  # the same bytes on any machine
                    sound = _sound_stream(out, track, "aac") if track else None
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts, frame.time_base = round(time / _TICK), _TICK
                out.mux(video.encode(frame))
            if video is None:
                raise MediaError("No picture could be decoded; check the clip.")
            out.mux(video.encode())
            if track and sound:
                _fill(out, sound, track)
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"The clip could not be encoded anew: {describe(error)}.") from error


def _encode_sound(out: Any, track: Track, codec: str) -> None:
    _fill(out, _sound_stream(out, track, codec), track)


def _sound_stream(out: Any, track: Track, codec: str) -> Any:
    layout = "stereo" if track.channels == 2 else "mono"
    rate = 48_000 if codec == "libopus" else track.rate
    stream = out.add_stream(codec, rate=rate, layout=layout)
    stream.bit_rate = 96_000 * track.channels
    return stream


def _fill(out: Any, stream: Any, track: Track) -> None:
    """Encode a track."""
    layout = "stereo" if track.channels == 2 else "mono"
    resampler = av.AudioResampler(format=stream.format, layout=layout, rate=stream.rate)
    for start in range(0, len(track.samples), _BLOCK):
        part = np.ascontiguousarray(track.samples[start : start + _BLOCK]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
        frame.sample_rate = track.rate
        frame.time_base = Fraction(1, track.rate)
        frame.pts = start
        for ready in resampler.resample(frame):
            out.mux(stream.encode(ready))
    for ready in resampler.resample(None):
        out.mux(stream.encode(ready))
    out.mux(stream.encode())


def _checked(clip: Clip, track: Track | None, path: Path) -> Path:
    if not _same_shape(clip, track, path):
        raise MediaError(
            f"{named(clip.path)} can't be written again in the same length and size; convert "
            "it to MP4 with H.264 and AAC."
        )
    return path


def _same_shape(clip: Clip, track: Track | None, path: Path) -> bool:
    """Whether a file has the clip's streams, as long and as large as they were."""
    found = probe(path)
    sizes = zip(_size(clip), (found.width or 0, found.height or 0), strict=True)
    length = max(clip.duration_s, 1 / _STILL_FPS)
    return (
        found.has_video
        and found.has_audio is (track is not None)
        and all(0 <= before - now <= 1 for before, now in sizes)
        and abs(found.duration_s - length) <= _SLACK_S
    )
