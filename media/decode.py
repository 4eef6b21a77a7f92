"""From a clip to decoded pictures and sound, inside its window, damage survived and counted."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.stream import Stream
from numpy.typing import NDArray

from aurelia.errors import MediaError
from aurelia.media.container import (
    MAX_PIXELS,
    audio_stream,
    describe,
    only,
    opened,
    origin_s,
    video_stream,
)
from aurelia.media.roots import named
from aurelia.types.clip import Clip

SAMPLE_RATE = 16_000
_GAP_S = 0.05  # a smaller jump of the audio clock is jitter, not loss
_SEEK_FROM_S = 1.0  # an earlier window start is reached as fast by decoding
_JUMP_S = 600.0  # no picture stays that long; a clock that says so is damaged
_HIDES_DAMAGE = {"ffv1"}  # decoders that patch over damage unnoticed, as their threads run
_MOST_FAILURES = 1000
_SILENCE_BLOCK = SAMPLE_RATE * 60

TimedFrame = tuple[float, av.VideoFrame]


@dataclass(slots=True)
class Damage:
    """What a decoder stumbled over; filled while decoding."""

    packets: int = 0
    first: str = ""

    def note(self, error: Exception | str) -> None:
        """Count one damaged packet."""
        self.packets += 1
        self.first = self.first or (error if isinstance(error, str) else describe(error))

    def warning(self, what: str) -> str:
        """One sentence about it."""
        packets = "1 packet" if self.packets == 1 else f"{self.packets} packets"
        return f"The {what} is damaged: {packets} could not be decoded properly ({self.first})."


@dataclass(frozen=True, slots=True)
class Sound:
    """A clip's sound.

    Attributes:
        samples: mono, float32 in [-1, 1], shape `(n,)`.
        start_s: clip time of the first sample; always the start of the clip's window.
        sample_rate: samples per second.
    """

    samples: NDArray[np.float32]
    start_s: float
    sample_rate: int = SAMPLE_RATE


def video_frames(
    clip: Clip,
    *,
    keyframes_only: bool = False,
    min_gap_s: float = 0.0,
    threads: int = 0,
    strict: bool = False,
    damage: Damage | None = None,
) -> Iterator[TimedFrame]:
    """Decode the pictures in the clip's window, in time order.

    Args:
        clip: the clip; one without video yields nothing.
        keyframes_only: decode keyframes alone.
        min_gap_s: with `keyframes_only`, leave out keyframes that follow sooner than this.
        threads: decoder threads, 0 for as many as there are processors. Several threads are not
            repeatable on damaged data: use 1 there.
        strict: count damage that the decoder could paper over as well, and drop such pictures.
        damage: counts damaged packets.

    Yields:
        `(time_s, frame)`, strictly increasing times. A picture that is still on screen when the
        window starts is yielded with the window's start as its time.

    Raises:
        MediaError: the file can't be opened any more.
    """
    if not clip.has_video:
        return
    damage = Damage() if damage is None else damage
    start, end = clip.window
    slack = 1.5 / (clip.fps or 25.0)
    with opened(clip.path) as container:
        stream = _picture(container, clip, threads, strict)
        frames = _frames_from(container, stream, start, slack, damage, keyframes_only, min_gap_s)
        held: av.VideoFrame | None = None
        started = False
        for time, frame in frames:
            if clip.end_s is not None and time >= end:
                break
            if time < start - 1e-6:
                held = frame
                continue
            if frame.is_corrupt:
                damage.note("a corrupt picture")
            if not (started or keyframes_only) and held is not None and time > start + slack:
                yield start, held
            started = True
            yield time, frame
        if not (started or keyframes_only) and held is not None:
            yield start, held


def frames_at(
    clip: Clip, times: Sequence[float], *, threads: int = 1, damage: Damage | None = None
) -> Iterator[TimedFrame]:
    """Decode the pictures at some times, jumping from keyframe to keyframe between them.

    Args:
        clip: the clip.
        times: clip times, ascending, seconds.
        threads: as in `video_frames`; one by default, for the same result every time.
        damage: counts damaged packets.

    Yields:
        The first picture at or after each time, with its own time; nothing past the end.
    """
    damage = Damage() if damage is None else damage
    with opened(clip.path) as container:
        stream = _picture(container, clip, threads, strict=False)
        slack = 1.5 / (clip.fps or 25.0)
        position = -1e9
        frames: Iterator[TimedFrame] = iter(())
        for time in times:
            if not 0 <= time - position < _SEEK_FROM_S:
                frames = _frames_from(container, stream, time, slack, damage)
            for position, frame in frames:
                if position >= time - 1e-6:
                    yield position, frame
                    break


def sound_blocks(clip: Clip, *, damage: Damage | None = None) -> Iterator[NDArray[np.int16]]:
    """Decode the clip's sound as blocks of 16 kHz mono samples, in bounded memory.

    The first sample lies at the start of the window; late or lost sound is silence, by the clock
    of the file.

    Yields:
        Arrays of shape `(n,)`, n varying.
    """
    if not clip.has_audio:
        return
    damage = Damage() if damage is None else damage
    start, end = clip.window
    skip, left = round(start * SAMPLE_RATE), round((end - start) * SAMPLE_RATE)
    for block in _gathered(_file_sound(clip.audio or clip.path, skip + left, damage)):
        if skip >= len(block):
            skip -= len(block)
            continue
        cut = block[skip : skip + left]
        skip, left = 0, left - len(cut)
        if len(cut):
            yield cut
        if left <= 0:
            return


def read_sound(clip: Clip, *, damage: Damage | None = None) -> Sound:
    """The clip's sound in one array; an empty one where there is none."""
    blocks = list(sound_blocks(clip, damage=damage))
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.int16)
    return Sound(samples.astype(np.float32) / 32768.0, clip.window[0])


def packets_of(
    container: InputContainer, *streams: Stream, damage: Damage
) -> "Iterator[av.Packet[Any]]":
    """Demux to the end of what can be read; damage ends or shortens the stream, no more."""
    packets = container.demux(*streams)
    failures = 0
    while failures < _MOST_FAILURES:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.FFmpegError, OSError, IndexError) as error:
            # IndexError: PyAV meets a stream that a damaged file grew on the way.
            damage.note(error)
            failures += 1
            packets = container.demux(*streams)
            continue
        yield packet


def _picture(container: InputContainer, clip: Clip, threads: int, strict: bool) -> av.VideoStream:
    stream = video_stream(container)
    if stream is None:
        raise MediaError(f"{named(clip.path)} holds no picture any more; open the clip again.")
    only(container, stream)
    if stream.codec_context.name in _HIDES_DAMAGE:
        threads = 1
    stream.thread_type = "NONE" if threads == 1 else "AUTO"
    stream.codec_context.thread_count = threads
    options = {"max_pixels": str(MAX_PIXELS)}
    if strict:
        options["err_detect"] = "crccheck+explode"
    stream.codec_context.options = options
    return stream


def _frames_from(
    container: InputContainer,
    stream: av.VideoStream,
    time: float,
    slack: float,
    damage: Damage,
    keyframes_only: bool = False,
    min_gap_s: float = 0.0,
) -> Iterator[TimedFrame]:
    """Frames from one that is on screen at `time` on, reached by the container's index.

    Some containers can't seek, or overshoot by more than `slack`: then from further back, and in
    the end from the start.
    """
    if time <= _SEEK_FROM_S:
        return _picture_frames(container, stream, damage, keyframes_only, min_gap_s)
    base = stream.time_base or Fraction(1, av.time_base)
    for back in (0.0, 5.0, time):
        # Where seeking fails altogether, we are still at the start, which will do.
        with suppress(av.FFmpegError, OSError):
            target = max(0.0, time - back) + origin_s(container)
            container.seek(int(target / base), stream=stream, backward=True)
        frames = _picture_frames(container, stream, damage, keyframes_only, min_gap_s)
        first = next(frames, None)
        if first is not None and (first[0] <= time + slack or back == time):
            return chain((first,), frames)
    return iter(())


def _picture_frames(
    container: InputContainer,
    stream: av.VideoStream,
    damage: Damage,
    keyframes_only: bool = False,
    min_gap_s: float = 0.0,
) -> Iterator[TimedFrame]:
    """Decode packet by packet, so that one damaged packet costs one packet, not the file.

    Other than keyframes are left out here and not by the demuxer: told to discard them, FFmpeg's
    MP4 demuxer gives the rest the wrong times (seen with FFmpeg 8).
    """
    origin = origin_s(container)
    step = 1.0 / float(stream.average_rate or stream.guessed_rate or 25)
    base = float(stream.time_base or 0)
    last, last_key = -1e9, -1e9
    for packet in packets_of(container, stream, damage=damage):
        if keyframes_only and packet.size:
            time = (packet.pts or 0) * base
            if not packet.is_keyframe or (packet.pts is not None and time < last_key + min_gap_s):
                continue
            last_key = time
        try:
            frames = packet.decode()
        except (av.FFmpegError, OSError) as error:
            if packet.size:
                damage.note(error)
            continue
        for frame in frames:
            assert isinstance(frame, av.VideoFrame)
            time = frame.time - origin if frame.time is not None else max(last + step, 0.0)
            if time <= last or (last >= 0 and time > last + _JUMP_S):
                time = last + step  # the clock stands still or jumps: keep counting
            last = time
            yield time, frame


def _gathered(blocks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    """The same samples in blocks of a second or more: codec frames are only 20 ms long."""
    held: list[NDArray[np.int16]] = []
    for block in blocks:
        held.append(block)
        if sum(map(len, held)) >= SAMPLE_RATE:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)


def _file_sound(path: str, needed: int, damage: Damage) -> Iterator[NDArray[np.int16]]:
    """A whole file's sound from its first instant on, padded by its clock, `needed` samples."""
    with opened(path) as container:
        stream = audio_stream(container)
        if stream is None:
            raise MediaError(f"{named(path)} holds no sound any more; open the clip again.")
        only(container, stream)
        origin, done = origin_s(container), 0
        for time, block in _resampled(container, stream, damage):
            at = done if time is None else round((time - origin) * SAMPLE_RATE)
            if at < 0 and done == 0:
                block = block[-at:]
            gap = min(at, needed) - done
            if gap > _GAP_S * SAMPLE_RATE or (done == 0 and gap > 0):
                for size in range(gap, 0, -_SILENCE_BLOCK):
                    yield np.zeros(min(size, _SILENCE_BLOCK), np.int16)
                done += gap
            yield block
            done += len(block)


def _resampled(
    container: InputContainer, stream: av.AudioStream, damage: Damage
) -> Iterator[tuple[float | None, NDArray[np.int16]]]:
    """Decoded sound as 16 kHz mono, with the file time of each block where it is known."""
    resampler: AudioResampler | None = None
    form: object = None
    for packet in packets_of(container, stream, damage=damage):
        try:
            frames = packet.decode()
        except (av.FFmpegError, OSError) as error:
            if packet.size:
                damage.note(error)
            continue
        for frame in frames:
            assert isinstance(frame, av.AudioFrame)
            time = frame.time
            if (frame.format.name, frame.layout.name, frame.sample_rate) != form:
                if resampler is not None:
                    yield None, _resample(resampler, None, damage)
                form = (frame.format.name, frame.layout.name, frame.sample_rate)
                resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
            assert resampler is not None
            frame.pts = None
            yield time, _resample(resampler, frame, damage)
    if resampler is not None:
        yield None, _resample(resampler, None, damage)


def _resample(
    resampler: AudioResampler, frame: av.AudioFrame | None, damage: Damage
) -> NDArray[np.int16]:
    """What comes out of the resampler; nothing for a frame whose form makes no sense."""
    try:
        frames = resampler.resample(frame)
    except (av.FFmpegError, ValueError) as error:
        damage.note(error)
        return np.zeros(0, np.int16)
    if not frames:
        return np.zeros(0, np.int16)
    blocks = [f.to_ndarray().reshape(-1) for f in frames]
    return np.concatenate(blocks).astype(np.int16, copy=False)
