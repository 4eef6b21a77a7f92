"""What FFmpeg's own filters say about a clip: a second opinion that shares no code with ours."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray


def _run(path: Path, *arguments: str) -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-i", str(path)]
    done = subprocess.run(
        [*command, *arguments, "-f", "null", "-"], capture_output=True, text=True, check=True
    )
    return done.stderr + done.stdout


@dataclass(frozen=True)
class Levels:
    """Root mean square of each 20 ms of the 16 kHz mono mix, dBFS, shape `(n,)`."""

    db: NDArray[np.float64]

    def over(self, start_s: float, end_s: float) -> float:
        """Level over a stretch."""
        part = self.db[max(0, round(start_s * 50)) : max(1, round(end_s * 50))]
        return float(10 * np.log10(np.mean(10 ** (part / 10)) + 1e-12))


@cache
def levels(path: Path) -> Levels:
    """`astats` over blocks of 20 ms."""
    chain = (
        "aformat=sample_rates=16000:channel_layouts=mono,asetnsamples=320,"
        "astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-"
    )
    out = _run(path, "-vn", "-af", chain)
    values = re.findall(r"RMS_level=(\S+)", out)
    return Levels(np.array([max(float(v), -120.0) for v in values]))


@cache
def silences(path: Path, least_s: float) -> list[tuple[float, float]]:
    """`silencedetect` at -60 dBFS."""
    out = _run(path, "-vn", "-af", f"aformat=channel_layouts=mono,silencedetect=-60dB:{least_s}")
    starts = [float(v) for v in re.findall(r"silence_start: (\S+)", out)]
    ends = [float(v) for v in re.findall(r"silence_end: (\S+)", out)]
    return list(zip(starts, ends, strict=False))


@cache
def cuts(path: Path, least: float) -> list[float]:
    """Times at which the `scene` score exceeds `least` (0 to 1)."""
    out = _run(path, "-an", "-vf", f"select='gt(scene,{least})',showinfo")
    return [float(v) for v in re.findall(r"pts_time:(\S+)", out)]


@cache
def freezes(path: Path, least_s: float) -> int:
    """How many stills of that length `freezedetect` finds."""
    return _run(path, "-an", "-vf", f"freezedetect=n=0.0005:d={least_s}").count("freeze_start")


@cache
def luma(path: Path) -> NDArray[np.float64]:
    """Mean luma of each picture, full range 0 to 255, by `signalstats`, shape `(n,)`."""
    chain = "scale=out_range=full,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-"
    out = _run(path, "-an", "-vf", chain)
    return np.array([float(v) for v in re.findall(r"YAVG=(\S+)", out)])
