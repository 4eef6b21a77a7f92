"""From a decoded frame to what a viewer sees: square pixels, upright, scaled, as JPEG."""

import io
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray
from PIL import Image

_JPEG_QUALITY = 88

Image.preinit()  # Pillow would otherwise load its formats at the first picture


def quarter_turns(frame: av.VideoFrame) -> int:
    """How often the stored picture is turned by 90° counter-clockwise for display, 0 to 3."""
    return round((frame.rotation or 0) / 90) % 4


def _square_pixels(frame: av.VideoFrame, aspect: Fraction | None) -> tuple[int, int]:
    """Stored size with pixels made square; the shorter side is stretched, never shrunk."""
    if not aspect or aspect <= 0 or aspect == 1 or not Fraction(1, 8) <= aspect <= 8:
        return frame.width, frame.height
    if aspect > 1:
        return round(frame.width * aspect), frame.height
    return frame.width, round(frame.height / aspect)


def displayed_size(frame: av.VideoFrame, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height on screen, px, after pixel aspect and rotation."""
    width, height = _square_pixels(frame, aspect)
    return (height, width) if quarter_turns(frame) % 2 else (width, height)


class Scaler:
    """Scales frames to their size on screen, within limits. Reuses its set-up between frames.

    Args:
        shown: width and height on screen, px.
        max_side: limit of the longer side, px; nothing is enlarged beyond `shown`.
    """

    def __init__(self, shown: tuple[int, int], max_side: int) -> None:
        factor = min(1.0, max_side / max(shown))
        self._size = (max(1, round(shown[0] * factor)), max(1, round(shown[1] * factor)))
        self._reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """A copy with square pixels, not yet turned.

        Kept in the decoder's colour form, which takes half the memory of RGB.
        """
        width, height = self._size[::-1] if quarter_turns(frame) % 2 else self._size
        name = frame.format.name
        return self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="yuv420p" if name.startswith(("yuv", "nv", "p0")) else "rgb24",
            interpolation="AREA",
            threads=1,
        )


def to_rgb(
    frame: av.VideoFrame,
    turns: int | None = None,
    reformatter: VideoReformatter | None = None,
) -> NDArray[np.uint8]:
    """Upright RGB pixels, shape `(height, width, 3)`.

    Args:
        frame: as decoded or scaled.
        turns: quarter turns counter-clockwise; None for what the frame itself says.
        reformatter: keeps its set-up between frames of one size, which saves half the time.
    """
    reformatter = reformatter or VideoReformatter()
    pixels = reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray()
    turns = quarter_turns(frame) if turns is None else turns
    upright: NDArray[np.uint8] = np.ascontiguousarray(np.rot90(pixels, turns))
    return upright


def to_jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Encode RGB pixels; the same pixels give the same bytes."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()
