"""What preparing a clip gives: frames, sound, and what was measured on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Frame:
    """One kept picture.

    Attributes:
        time_s: clip time, seconds.
        width: px, as displayed.
        height: px.
        reason: why it was kept: `start`, `cut`, `change`, `sound`, `sound and change`, `grid`,
            or `published`.
        path: the JPEG file, in the cache.
    """

    time_s: float
    width: int
    height: int
    reason: str
    path: Path

    @property
    def jpeg(self) -> bytes:
        """The picture as JPEG."""
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Onset:
    """A sound that sets in.

    Attributes:
        time_s: clip time, seconds, to 10 ms.
        strength_db: rise over the 150 ms before, dB.
    """

    time_s: float
    strength_db: float


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch between cuts, clip time in seconds."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Signals:
    """One number per decoded frame; all arrays have shape `(frames,)`.

    Attributes:
        times_s: clip time, seconds, increasing.
        luma: mean grey, 0 to 255.
        motion: mean absolute difference of the 64x36 thumbnail to the frame decoded before,
            0 to 255; 0 for the first.
    """

    times_s: NDArray[np.float64]
    luma: NDArray[np.float32]
    motion: NDArray[np.float32]


@dataclass(frozen=True)
class PreparedMedia:
    """A clip made ready for models that see frames and hear a WAV file.

    Attributes:
        key: identity of the result: content, parameters and method.
        frames: kept pictures in time order; empty without video.
        wav: 16 kHz mono 16-bit sound of the window, or None without sound. Its first sample lies
            at the start of the window.
        onsets: sounds that set in, in time order.
        shots: stretches between cuts, in time order; empty without video. Where keyframes alone
            were looked at, approximate: cuts lie up to a keyframe distance late, and what changes
            much between keyframes may pass for a cut.
        signals: per decoded frame.
        window: what was asked for, clip time in seconds.
        covered: what was really decoded, clip time in seconds.
        tier: `every frame`, `keyframes` or `sound alone`: how densely the picture was looked at.
        warnings: what a user should know, one sentence each.
        candidates: label to WAV file of each candidate track, whole, in the same form as `wav`.
    """

    key: str
    frames: tuple[Frame, ...]
    wav: Path | None
    onsets: tuple[Onset, ...]
    shots: tuple[Shot, ...]
    signals: Signals
    window: tuple[float, float]
    covered: tuple[float, float]
    tier: str
    warnings: tuple[str, ...]
    candidates: Mapping[str, Path]
    lease: object = field(default=None, repr=False, compare=False)
    """Keeps the cache from removing the files while this object lives."""

    def manifest(self) -> dict[str, Any]:
        """What was sent, as plain JSON without paths."""
        return {
            "key": self.key,
            "tier": self.tier,
            "window": list(self.window),
            "covered": list(self.covered),
            "frames": [
                {"time_s": f.time_s, "width": f.width, "height": f.height, "reason": f.reason}
                for f in self.frames
            ],
            "audio": "wav, 16 kHz, mono, 16 bit" if self.wav else None,
            "candidates": list(self.candidates),
            "decoded_frames": len(self.signals.times_s),
            "onsets": len(self.onsets),
            "shots": len(self.shots),
            "warnings": list(self.warnings),
        }
