"""Real clips for tests: small, quick to render, with known content at known times.

`make_clip` renders a scene from a few spans of time; the other functions make the odd files that
users have. Each returns the path it wrote. Everything is deterministic.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Span = tuple[float, float]
Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]

RATE = 16_000
_TICK = Fraction(1, 12_800)


def picture(
    time: float,
    *,
    moves: Sequence[Span] = (),
    cuts: Sequence[float] = (),
    flashes: Sequence[Span] = (),
    width: int = 320,
    height: int = 180,
) -> Pixels:
    """The scene at a time: a checked backdrop that changes at `cuts`, and a block on it.

    The block travels during each span of `moves` and rests otherwise; during `flashes` a bright
    disc is shown as well.
    """
    scene = sum(time >= cut - 1e-6 for cut in cuts)
    rows, columns = np.mgrid[:height, :width]
    checks = (rows * 8 // height + columns * (8 + 2 * scene) // width + scene) % 2
    level = (50, 190, 110, 20, 150)[scene % 5]
    tint = ((1.0, 0.9, 0.8), (0.8, 1.0, 0.9), (0.7, 0.8, 1.1))[scene % 3]
    frame: Pixels = np.clip((level + 25 * checks)[..., None] * np.array(tint), 0, 255).astype(
        np.uint8
    )
    travelled = sum(min(1.0, max(0.0, (time - a) / (b - a))) for a, b in moves)
    reach = travelled % 2.0
    x = round((0.1 + 0.6 * (reach if reach <= 1 else 2 - reach)) * width)
    frame[round(0.55 * height) : round(0.8 * height), x : x + width // 7] = (230, 40, 60)
    if any(a <= time < b for a, b in flashes):
        disc = (rows - 0.3 * height) ** 2 + (columns - 0.5 * width) ** 2 <= (0.2 * height) ** 2
        frame[disc] = (255, 250, 240)
    return frame


def tones(
    duration_s: float,
    spans: Sequence[Span],
    *,
    hertz: float = 700.0,
    level: float = 0.5,
    noise: float = 0.0,
    rate: int = RATE,
) -> Samples:
    """Sound that is silent but for tones during `spans`, with a floor of noise if wanted."""
    times = np.arange(round(duration_s * rate)) / rate
    sound = noise * np.random.default_rng(7).standard_normal(len(times))
    for start, end in spans:
        ramp = np.clip(np.minimum(times - start, end - times) / 0.005, 0, 1)
        sound += level * ramp * np.sin(2 * np.pi * hertz * times)
    return sound.astype(np.float32)


def write_clip(
    path: Path,
    frames: Sequence[Pixels] | None = None,
    sound: Samples | None = None,
    *,
    fps: int = 25,
    times: Sequence[float] | None = None,
    rate: int = RATE,
    rotation: int = 0,
    pixel_aspect: Fraction | None = None,
    keyframe_every: int = 50,
    codec: str = "libx264",
    audio_codec: str = "aac",
    video_start_s: float = 0.0,
    audio_start_s: float = 0.0,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Encode pictures and sound with PyAV.

    Args:
        path: where to; the suffix chooses the container.
        frames: RGB pictures of one size, or None for no picture.
        sound: mono samples in [-1, 1], or None for no sound.
        fps: picture rate where `times` is not given.
        times: time of each picture, for a variable rate.
        rate: sample rate of `sound`.
        rotation: degrees by which a player turns the stored picture counter-clockwise.
        pixel_aspect: width to height of one pixel.
        keyframe_every: largest distance of keyframes, in pictures.
        codec: video encoder.
        audio_codec: audio encoder.
        video_start_s: time of the first picture.
        audio_start_s: time of the first sample.
        container_options: options of the muxer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", container_options=container_options or {}) as container:
        video: Any = None
        audio: Any = None
        if frames is not None:
            height, width = frames[0].shape[:2]
            even = width % 2 == 0 and height % 2 == 0
            video = container.add_stream(codec, rate=fps)
            video.width, video.height = width, height
            if codec != "mjpeg":
                video.pix_fmt = "yuv420p" if even else "yuv444p"
            else:
                video.pix_fmt = "yuvj420p"
            video.codec_context.time_base = _TICK
            if pixel_aspect is not None:
                video.codec_context.sample_aspect_ratio = pixel_aspect
            if codec == "libx264":
                video.options = {"preset": "ultrafast", "crf": "20"}
                video.codec_context.gop_size = keyframe_every
            video.codec_context.thread_count = 1
            if rotation:
                video.set_display_rotation(rotation)
        if sound is not None:
            audio = container.add_stream(audio_codec, rate=rate, layout="mono")
        if video is not None and frames is not None:
            for index, pixels in enumerate(frames):
                at = video_start_s + (times[index] if times is not None else index / fps)
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
                frame.pts, frame.time_base = round(at / _TICK), _TICK
                container.mux(video.encode(frame))
            container.mux(video.encode())
        if audio is not None and sound is not None:
            block = 1024
            for start in range(0, len(sound), block):
                part = np.ascontiguousarray(sound[None, start : start + block], dtype=np.float32)
                piece = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
                piece.sample_rate = rate
                piece.time_base = Fraction(1, rate)
                piece.pts = start + round(audio_start_s * rate)
                container.mux(audio.encode(piece))
            container.mux(audio.encode())
    return path


def make_clip(
    path: Path,
    duration_s: float = 4.0,
    *,
    moves: Sequence[Span] = (),
    cuts: Sequence[float] = (),
    flashes: Sequence[Span] = (),
    sounds: Sequence[Span] | None = (),
    width: int = 320,
    height: int = 180,
    fps: int = 25,
    hertz: float = 700.0,
    level: float = 0.5,
    noise: float = 0.0,
    **options: Any,
) -> Path:
    """Render a scene: see `picture` and `tones`; `sounds=None` leaves out the sound stream."""
    times = [i / fps for i in range(round(duration_s * fps))]
    scene = {"moves": moves, "cuts": cuts, "flashes": flashes, "width": width, "height": height}
    frames = [picture(t, **scene) for t in times]  # type: ignore[arg-type]
    sound = None
    if sounds is not None:
        sound = tones(duration_s, sounds, hertz=hertz, level=level, noise=noise)
    return write_clip(path, frames, sound, fps=fps, **options)


def ordinary(directory: Path) -> Path:
    """4 s: the block moves 0.5-1.5 s in silence, a tone 2.0-2.5 s, a cut at 3.0 s."""
    return make_clip(
        directory / "ordinary.mp4", moves=[(0.5, 1.5)], cuts=[3.0], sounds=[(2.0, 2.5)]
    )


def no_audio(directory: Path) -> Path:
    """3 s, a moving block, no sound stream."""
    return make_clip(directory / "no_audio.mp4", 3.0, moves=[(0.5, 2.5)], sounds=None)


def silent_audio(directory: Path) -> Path:
    """3 s, a moving block, a sound stream that holds digital silence."""
    return make_clip(directory / "silent.mp4", 3.0, moves=[(0.5, 2.5)], sounds=[])


def audio_only(directory: Path) -> Path:
    """2 s of sound without picture: a tone 0.5-1.0 s."""
    return write_clip(directory / "audio_only.m4a", None, tones(2.0, [(0.5, 1.0)]))


def wav(directory: Path, name: str = "sound.wav", spans: Sequence[Span] = ((0.5, 1.0),)) -> Path:
    """2 s of PCM in a WAV file, tones during `spans`."""
    return write_clip(directory / name, None, tones(2.0, spans), audio_codec="pcm_s16le")


def one_frame(directory: Path) -> Path:
    """A video of one picture, no sound."""
    return make_clip(directory / "one_frame.mp4", 0.04, sounds=None)


def still_picture(directory: Path) -> Path:
    """A PNG file."""
    return _png(directory / "still.png")


def rotated(directory: Path, degrees: int = 90) -> Path:
    """A landscape picture that players turn by `degrees` counter-clockwise."""
    return make_clip(
        directory / f"rotated_{degrees}.mp4", 1.0, moves=[(0, 1)], rotation=degrees, sounds=None
    )


def wide_pixels(directory: Path) -> Path:
    """320x180 stored, pixels twice as wide as high: 640x180 on screen."""
    return make_clip(
        directory / "wide_pixels.mp4", 1.0, moves=[(0, 1)], pixel_aspect=Fraction(2), sounds=None
    )


def odd_size(directory: Path) -> Path:
    """321x181 pixels."""
    return make_clip(directory / "odd_size.mp4", 1.0, moves=[(0, 1)], width=321, height=181)


def variable_rate(directory: Path) -> Path:
    """3 s: 25 pictures a second up to 1 s, then 5 a second; a tone at 2.0-2.4 s."""
    times = [i / 25 for i in range(25)] + [1.0 + i / 5 for i in range(11)]
    frames = [picture(t, moves=[(0.2, 2.8)]) for t in times]
    return write_clip(
        directory / "variable_rate.mkv", frames, tones(3.0, [(2.0, 2.4)]), times=times
    )


def late_start(directory: Path) -> Path:
    """MPEG-TS whose clock starts at 10 s; within the file a tone at 1.0-1.5 s of 3 s."""
    return make_clip(
        directory / "late_start.ts",
        3.0,
        moves=[(0.5, 2.5)],
        sounds=[(1.0, 1.5)],
        video_start_s=10.0,
        audio_start_s=10.0,
    )


def late_sound(directory: Path) -> Path:
    """3 s of picture; the sound stream begins at 1 s, with a tone at 1.5-2.0 s of the clip."""
    frames = [picture(i / 25, moves=[(0.5, 2.5)]) for i in range(75)]
    return write_clip(
        directory / "late_sound.mkv", frames, tones(2.0, [(0.5, 1.0)]), audio_start_s=1.0
    )


def edit_list(directory: Path) -> Path:
    """MP4 whose picture begins at 1 s by an edit list, while the sound begins at 0."""
    frames = [picture(i / 25, moves=[(0.5, 1.5)]) for i in range(50)]
    return write_clip(
        directory / "edit_list.mp4", frames, tones(3.0, [(2.0, 2.5)]), video_start_s=1.0
    )


def attached_picture(directory: Path) -> Path:
    """2 s of music with a cover picture: there is no video."""
    path = directory / "cover.m4a"
    plain = audio_only(directory)
    cover = _png(directory / "cover.png")
    with (
        av.open(str(plain)) as source,
        av.open(str(cover)) as art,
        av.open(str(path), "w", format="mp4") as out,
    ):
        sound = out.add_stream_from_template(source.streams.audio[0])
        image = out.add_stream_from_template(art.streams.video[0])
        image.disposition = av.stream.Disposition.attached_pic
        for stream, container in ((image, art), (sound, source)):
            for packet in container.demux(container.streams[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    return path


def truncated(directory: Path, share: float = 0.6) -> Path:
    """The ordinary clip with its index in front, cut off after `share` of its bytes."""
    whole = make_clip(
        directory / "whole.mp4",
        moves=[(0.5, 3.5)],
        sounds=[(2.0, 2.5)],
        noise=0.05,
        container_options={"movflags": "faststart"},
    )
    data = whole.read_bytes()
    path = directory / "truncated.mp4"
    path.write_bytes(data[: int(len(data) * share)])
    return path


def no_index(directory: Path) -> Path:
    """An MP4 cut off before its index: nothing can be read."""
    data = ordinary(directory).read_bytes()
    path = directory / "no_index.mp4"
    path.write_bytes(data[: len(data) // 2])
    return path


def damaged(directory: Path, seed: int = 3, share: float = 0.0005) -> Path:
    """The ordinary clip with random bytes overwritten in the middle of its media data."""
    data = bytearray(ordinary(directory).read_bytes())
    random = np.random.default_rng(seed)
    start = data.find(b"mdat") + 4096
    end = data.find(b"moov") if data.find(b"moov") > start else len(data)
    for at in random.integers(start, end, max(8, int((end - start) * share))):
        data[at] = int(random.integers(0, 256))
    path = directory / "damaged.mp4"
    path.write_bytes(bytes(data))
    return path


def text_file(directory: Path) -> Path:
    """No media at all, by a name that claims otherwise."""
    path = directory / "text.mp4"
    path.write_text("This is no video.\n" * 200)
    return path


def empty_file(directory: Path) -> Path:
    """0 bytes."""
    path = directory / "empty.mp4"
    path.touch()
    return path


def playlist(directory: Path) -> Path:
    """An HLS playlist that names a remote part."""
    path = directory / "list.m3u8"
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://192.0.2.1/a.ts\n#EXT-X-ENDLIST\n"
    )
    return path


def _png(path: Path) -> Path:
    with av.open(str(path), "w", format="image2", container_options={"update": "1"}) as container:
        stream: Any = container.add_stream("png", rate=25)
        frame = av.VideoFrame.from_ndarray(picture(0.0), format="rgb24")
        stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "rgb24"
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
