"""A file's sound in its own rate, to be taken out, moved, or replaced by another's.

What models are sent is made of it later, by the same road as of any clip. Nothing is reduced to
16 kHz here, so that a model that gets the file itself hears no difference but the one meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from aurelia.errors import MediaError
from aurelia.media.container import audio_stream, only, opened, origin_s
from aurelia.media.decode import Damage, packets_of
from aurelia.media.roots import named

_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OWN_RATE_S = 3600.0  # of longer files a stereo track would fill the memory
_LONG_RATE = 16_000
_GAP_S = 0.05  # a smaller jump of the clock is jitter
_SEAM_S = 0.005  # so long a sound fades at a seam: a click would be an event of its own


@dataclass(frozen=True, slots=True)
class Track:
    """Sound from a file's first instant on: `samples` int16, shape `(n, channels)`."""

    samples: NDArray[np.int16]
    rate: int

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[1])


def read_track(
    path: str, duration_s: float, *, rate: int | None = None, channels: int | None = None
) -> Track:
    """All of a file's sound, padded by its clock and brought to a length.

    Args:
        path: of the file.
        duration_s: length of the track; what is missing is silence, what is more is cut off.
        rate: samples a second; None: the file's own, as far as encoders take it.
        channels: 1 or 2; None: the file's own.

    Raises:
        MediaError: it has no sound (any more).
    """
    with opened(path) as container:
        stream = audio_stream(container)
        if stream is None:
            raise MediaError(f"{named(path)} holds no sound any more; open the clip again.")
        long = duration_s > _OWN_RATE_S
        own = stream.codec_context.sample_rate
        rate = rate or (_LONG_RATE if long else own if own in _RATES else _RATES[-1])
        channels = channels or (1 if long else min(2, max(1, stream.codec_context.channels)))
        samples = np.zeros((round(duration_s * rate), channels), np.int16)
        only(container, stream)
        origin, done = origin_s(container), 0
        for time, block in _blocks(container, stream, rate, channels):
            at = done if time is None else round((time - origin) * rate)
            if done and abs(at - done) <= _GAP_S * rate:
                at = done
            if at < 0:  # what an encoder puts before the first instant
                block, at = block[-at:], 0
            at = max(at, done)
            part = block[: max(0, len(samples) - at)]
            samples[at : at + len(part)] = part
            done = at + len(block)
    return Track(samples, rate)


def silent(track: Track) -> Track:
    """A track of the same length, rate and channels, of digital silence."""
    return replace(track, samples=np.zeros_like(track.samples))


def shifted(track: Track, window: tuple[float, float], shift_s: float) -> Track:
    """The window's sound later by `shift_s`; what passes its end comes in at its start."""
    start, end = _bounds(track, window)
    inside = track.samples[start:end]
    by = round(shift_s * track.rate) % max(1, len(inside))
    if not by:
        return track
    moved = np.roll(_faded(inside, (0, len(inside) - by), track.rate), by, axis=0)
    return _with(track, start, moved)


def replaced(track: Track, window: tuple[float, float], other: Track) -> Track:
    """Another's sound in the window, cut or repeated to its length, and silence around it.

    Args:
        track: what gives length, rate and channels.
        window: where the other is heard.
        other: in the same rate and channels; one without samples gives silence.
    """
    start, end = _bounds(track, window)
    length, given = end - start, other.samples
    if not len(given):
        return silent(track)
    seams = tuple(range(0, length, len(given)))
    times = -(-length // len(given))
    inside = np.tile(given, (times, 1))[:length]
    return _with(silent(track), start, _faded(inside, seams[1:], track.rate))


def part(track: Track, window: tuple[float, float]) -> Track:
    """What is heard in a window, alone."""
    start, end = _bounds(track, window)
    return replace(track, samples=track.samples[start:end])


def _bounds(track: Track, window: tuple[float, float]) -> tuple[int, int]:
    start, end = (min(len(track.samples), round(time * track.rate)) for time in window)
    return start, end


def _with(track: Track, start: int, inside: NDArray[np.int16]) -> Track:
    samples = track.samples.copy()
    samples[start : start + len(inside)] = inside
    return replace(track, samples=samples)


def _faded(samples: NDArray[np.int16], seams: tuple[int, ...], rate: int) -> NDArray[np.int16]:
    """The same with a short fade out before and a fade in behind each seam."""
    width = max(1, round(_SEAM_S * rate))
    gain = np.ones(len(samples), np.float32)
    for seam in seams:
        before, behind = gain[max(0, seam - width) : seam], gain[seam : seam + width]
        before *= np.linspace(1, 0, len(before), dtype=np.float32)
        behind *= np.linspace(0, 1, len(behind), dtype=np.float32)
    return np.round(samples * gain[:, None]).astype(np.int16)


def _blocks(
    container: av.container.InputContainer, stream: av.AudioStream, rate: int, channels: int
) -> Iterator[tuple[float | None, NDArray[np.int16]]]:
    """Decoded sound as int16, shape `(n, channels)`, with the file time of each block if known."""
    layout = "stereo" if channels == 2 else "mono"
    resampler: AudioResampler | None = None
    form: object = None
    damage = Damage()
    for packet in packets_of(container, stream, damage=damage):
        try:
            frames = packet.decode()
        except (av.FFmpegError, OSError):
            continue
        for frame in frames:
            assert isinstance(frame, av.AudioFrame)
            time, now = frame.time, (frame.format.name, frame.layout.name, frame.sample_rate)
            if now != form:
                if resampler is not None:
                    yield None, _out(resampler, None, channels)
                form = now
                resampler = AudioResampler(format="s16", layout=layout, rate=rate)
            assert resampler is not None
            frame.pts = None
            yield time, _out(resampler, frame, channels)
    if resampler is not None:
        yield None, _out(resampler, None, channels)


def _out(
    resampler: AudioResampler, frame: av.AudioFrame | None, channels: int
) -> NDArray[np.int16]:
    try:
        frames = resampler.resample(frame)
    except (av.FFmpegError, ValueError):  # a frame whose form makes no sense
        frames = []
    blocks = [f.to_ndarray().reshape(-1, channels) for f in frames]
    return np.concatenate(blocks) if blocks else np.zeros((0, channels), np.int16)
