"""The sound of a clip as a WAV file, and what sets in when."""

import wave
from pathlib import Path
from typing import NamedTuple

from aurelia.media.decode import SAMPLE_RATE, Damage, sound_blocks
from aurelia.media.onsets import EnergyMeter, find_onsets
from aurelia.media.prepared import Onset
from aurelia.types.clip import Candidate, Clip

_QUIET_DB = 23.0  # 3 dB above the meter's own floor


class Heard(NamedTuple):
    """What one pass over the sound gave.

    Attributes:
        onsets: in time order, clip time.
        end_s: clip time at which the sound ends.
        silent: whether nothing rises above digital silence.
    """

    onsets: tuple[Onset, ...]
    end_s: float
    silent: bool


def write_wav(clip: Clip, path: Path, damage: Damage) -> Heard:
    """Write the sound of the clip's window as 16 kHz mono 16-bit WAV, measuring as it passes."""
    start = clip.window[0]
    meter, count = EnergyMeter(), 0
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        for block in sound_blocks(clip, damage=damage):
            out.writeframesraw(block.astype("<i2", copy=False).tobytes())
            meter.feed(block)
            count += len(block)
    levels = meter.levels_db()
    silent = not len(levels) or float(levels.max()) < _QUIET_DB
    return Heard(find_onsets(levels, start), start + count / SAMPLE_RATE, silent)


def write_candidate(candidate: Candidate, path: Path, damage: Damage) -> None:
    """Write a whole candidate track in the same form."""
    track = Clip(
        path=candidate.path,
        sha256=candidate.sha256,
        size_bytes=0,
        duration_s=candidate.duration_s,
        has_video=False,
        has_audio=True,
    )
    write_wav(track, path, damage)
