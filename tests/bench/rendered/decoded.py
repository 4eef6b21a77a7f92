"""A clip's frames and sound as arrays, and simple measures that share nothing with the renderer."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

FPS = 25


@dataclass(frozen=True)
class Decoded:
    """Frames `(n, h, w, 3)`, and mono sound (empty: the clip has none)."""

    frames: NDArray[np.uint8]
    sound: NDArray[np.float64]
    rate: int

    def at(self, time: float) -> NDArray[np.float64]:
        """The frame shown at a time."""
        index = min(round(time * FPS), len(self.frames) - 1)
        return np.asarray(self.frames[index], np.float64)

    def level_db(self, start: float, end: float) -> float:
        """Loudness between two times, dB of full scale."""
        part = self.sound[max(0, int(start * self.rate)) : int(end * self.rate)]
        return float(10 * np.log10(np.mean(part**2) + 1e-12))


def decoded(path: Path) -> Decoded:
    """Decode a whole clip."""
    blocks, rate = [], 0
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    with av.open(str(path)) as container:
        if container.streams.audio:
            rate = container.streams.audio[0].rate
            blocks = [block.to_ndarray().mean(0) for block in container.decode(audio=0)]
    sound = np.concatenate(blocks) if blocks else np.zeros(0)
    return Decoded(np.stack(frames), sound.astype(np.float64), rate)


def standing_out(clip: Decoded, time: float) -> NDArray[np.bool_]:
    """Which pixels differ clearly from the clip's still background, by majority over time."""
    background = np.median(clip.frames[::5], axis=0)
    return np.asarray(np.abs(clip.at(time) - background).max(-1) > 40)
