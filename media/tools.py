"""Whether clips can be decoded and written here: tried, not looked up."""

import tempfile
from importlib.metadata import version
from pathlib import Path

import av
import numpy as np

from aurelia.errors import MediaError
from aurelia.media.decode import Damage, read_sound, video_frames
from aurelia.media.open import open_clip
from aurelia.media.render import render_clip
from aurelia.types.finding import Finding

DECODING = "reading clips"
WRITING = "writing clips"
CODECS = ("h264", "aac")

_FRAMES = 5
_FPS = 10
_RATE = 16_000
_AGAIN = "pip install --force-reinstall"


def check_media_tools() -> list[Finding]:
    """Write a clip of half a second with moviepy, and decode it with PyAV. Takes about a second."""
    with tempfile.TemporaryDirectory(prefix="aurelia-doctor-") as folder:
        path = Path(folder) / "clip.mp4"
        writing = _write(path)
        return [_decode(path if path.exists() else None), writing]


def _write(path: Path) -> Finding:
    length = _FRAMES / _FPS
    times = np.arange(int(length * _RATE)) / _RATE
    tone = 0.5 * np.sin(2 * np.pi * 440 * times)
    try:
        render_clip(path, _picture, length, _FPS, tone, _RATE)
    except (ImportError, RuntimeError, MediaError) as error:  # RuntimeError: no ffmpeg is found
        said = " ".join(str(error).split()).rstrip(".")
        return Finding(
            WRITING,
            "missing",
            f"moviepy could not write a clip, so the demonstration and rendered clips fail: {said}",
            f"{_AGAIN} moviepy imageio-ffmpeg",
        )
    return Finding(WRITING, "ok", f"moviepy {version('moviepy')} with ffmpeg writes H.264 and AAC")


def _decode(path: Path | None) -> Finding:
    name = f"PyAV {version('av')}"
    unknown = [codec for codec in CODECS if codec not in av.codecs_available]
    problem = f"has no decoder for {' and '.join(unknown)}" if unknown else ""
    if path and not problem:
        problem = _problem(path)
    if problem:
        return Finding(DECODING, "missing", f"{name} {problem}", f"{_AGAIN} av", blocks=True)
    if path is None:
        text = f"{name} has decoders for H.264 and AAC; they were not tried, as no clip was written"
        return Finding(DECODING, "warning", text)
    return Finding(DECODING, "ok", f"{name} decodes H.264 and AAC")


def _problem(path: Path) -> str:
    """What does not come out of the clip that was written; empty where all does."""
    damage = Damage()
    try:
        clip = open_clip(path)
        frames = sum(1 for _ in video_frames(clip, damage=damage))
        samples = read_sound(clip, damage=damage).samples
    except MediaError as error:
        return f"can't read a clip that was just written: {str(error).rstrip('.')}"
    heard = bool(len(samples)) and float(np.abs(samples).max()) > 0.1
    if frames != _FRAMES:
        return f"decodes {frames} of {_FRAMES} pictures of a clip that was just written"
    return "" if heard else "decodes no sound of a clip that was just written"


def _picture(time: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((64, 64, 3), int(40 + 300 * time) % 256, np.uint8)
