"""Writing clips: moviepy behind one function, and the demo clip that it renders."""

import importlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aurelia.errors import MediaError

DEMO_NAME = "aurelia-demo-v1.mp4"
"""File name of the demo clip; the version changes with the scene."""

_FPS = 25
_SIZE = (360, 640)
_RATE = 32_000


def _moviepy() -> ModuleType:
    """Import moviepy without its side effect: it would load the nearest `.env` file.

    With python-dotenv out of sight, moviepy skips that step; the process's environment stays as
    it is.
    """
    if "moviepy" in sys.modules:
        return sys.modules["moviepy"]
    hidden = sys.modules.get("dotenv")
    sys.modules["dotenv"] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("moviepy")
    finally:
        del sys.modules["dotenv"]
        if hidden is not None:
            sys.modules["dotenv"] = hidden


def render_clip(
    path: str | Path,
    frame_at: Callable[[float], NDArray[np.uint8]],
    duration_s: float,
    fps: float = _FPS,
    sound: NDArray[np.floating[Any]] | None = None,
    sample_rate: int = _RATE,
    *,
    preset: str = "veryfast",
    bitrate: str | None = None,
    keyframe_every: int | None = None,
) -> Path:
    """Render a clip as H.264 and AAC.

    Args:
        path: where to write it; an existing file is replaced once the new one is complete.
        frame_at: clip time in seconds to RGB pixels, shape `(height, width, 3)`.
        duration_s: length, seconds.
        fps: frames per second.
        sound: samples in [-1, 1], shape `(n,)` or `(n, 2)`; None for no sound.
        sample_rate: of `sound`.
        preset: x264 preset.
        bitrate: video bit rate such as `"800k"`; None for constant quality.
        keyframe_every: largest distance of keyframes, in frames.

    Returns:
        The path.

    Raises:
        MediaError: the encoder failed, or the place can't be written.
    """
    moviepy = _moviepy()
    path = Path(path)
    options = ["-bitexact"]
    if keyframe_every is not None:
        options += ["-g", str(keyframe_every)]
    clip = moviepy.VideoClip(frame_function=frame_at, duration=duration_s)
    if sound is not None:
        samples = np.clip(np.asarray(sound, dtype=np.float64), -1.0, 1.0)
        stereo = samples if samples.ndim == 2 else np.stack([samples, samples], axis=1)
        clip = clip.with_audio(moviepy.AudioArrayClip(stereo, fps=sample_rate))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".render-") as scratch:
            out = Path(scratch) / f"clip{path.suffix or '.mp4'}"
            clip.write_videofile(
                str(out),
                fps=fps,
                codec="libx264",
                audio=sound is not None,
                audio_fps=sample_rate,
                audio_codec="aac",
                preset=preset,
                bitrate=bitrate,
                threads=2,  # the same bytes on any number of processors
                ffmpeg_params=options,
                temp_audiofile_path=scratch,
                logger=None,
            )
            out.replace(path)
    except OSError as error:
        raise MediaError(f"The clip {str(path)!r} could not be written: {error}.") from error
    finally:
        clip.close()
    return path


def demo_clip(directory: str | Path) -> Path:
    """The demo clip: 8 s, 640x360, 25 fps, rendered once into `directory`.

    A dark scene with a ball that moves silently from 1.0 to 2.2 s; a loud tone from 3.0 to
    3.6 s while nothing moves; a hard cut to a bright scene at 4.5 s; from 5.5 to 6.5 s the ball
    moves again, now together with a sound.
    """
    path = Path(directory) / DEMO_NAME
    if path.exists():
        return path
    return render_clip(path, _demo_frame, 8.0, _FPS, _demo_sound(), _RATE)


def _backdrop(low: int, high: int, tint: tuple[float, float, float]) -> NDArray[np.uint8]:
    """A static checked pattern between two grey levels, tinted."""
    rows, columns = np.mgrid[: _SIZE[0], : _SIZE[1]]
    checks = ((rows // 45 + columns // 80) % 2).astype(np.float64)
    grey = low + (high - low) * (0.7 * checks + 0.3 * columns / _SIZE[1])
    pixels: NDArray[np.uint8] = np.clip(grey[..., None] * np.array(tint), 0, 255).astype(np.uint8)
    return pixels


_DARK = _backdrop(28, 60, (0.9, 0.95, 1.1))
_BRIGHT = _backdrop(170, 215, (1.05, 1.0, 0.9))
_ROWS, _COLUMNS = np.ogrid[: _SIZE[0], : _SIZE[1]]


def _between(time: float, start: float, end: float) -> float:
    """How much of a span has passed, 0 to 1."""
    return min(1.0, max(0.0, (time - start) / (end - start)))


def _demo_frame(time: float) -> NDArray[np.uint8]:
    if time < 4.5 - 1e-6:
        scene, colour = _DARK, (230, 90, 60)
        x, y = 120 + 400 * _between(time, 1.0, 2.2), 200.0
    else:
        scene, colour = _BRIGHT, (40, 70, 200)
        x, y = 500 - 360 * _between(time, 5.5, 6.5), 160.0
    frame = scene.copy()
    frame[(_COLUMNS - x) ** 2 + (_ROWS - y) ** 2 <= 42**2] = colour
    return frame


def _demo_sound() -> NDArray[np.float64]:
    times = np.arange(8 * _RATE) / _RATE

    def tone(start: float, end: float, hertz: float, level: float) -> NDArray[np.float64]:
        ramp = np.clip(np.minimum(times - start, end - times) / 0.01, 0, 1)
        return level * ramp * np.sin(2 * np.pi * hertz * times)

    return tone(3.0, 3.6, 880.0, 0.6) + tone(5.5, 6.5, 330.0, 0.35)
