"""Rendered samples whose files were changed in ways that leave everything asked about true."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from aurelia.bench.mechanism.plan import Difficulty, Rendered, Split
from aurelia.bench.sample import Fact, Sample

Change = Literal["none", "recoded", "renamed", "pitched", "delayed"]
CHANGES: tuple[Change, ...] = get_args(Change)
DELAY_S = 0.7
PITCH = 1.03

_PICTURE: Mapping[Change, list[str]] = {
    "recoded": ["-vf", "scale=trunc(iw*0.45)*2:-2", "-c:v", "libx264", "-crf", "30", "-r", "20"],
    "delayed": ["-vf", f"tpad=start_duration={DELAY_S}:start_mode=clone", "-c:v", "libx264"],
}
_SOUND: Mapping[Change, str] = {
    "pitched": f"asetrate=24000*{PITCH},atempo={1 / PITCH},aresample=24000",
    "delayed": f"adelay={DELAY_S * 1000:.0f}:all=1",
}


@cache
def _ffmpeg() -> str:
    from moviepy.config import FFMPEG_BINARY

    return str(FFMPEG_BINARY)


def _changed(path: Path, change: Change, *, track: bool) -> None:
    """Rewrite one file. A candidate track begins when it begins, whatever the clip does."""
    sound = "" if track and change == "delayed" else _SOUND.get(change, "")
    picture = [] if track else _PICTURE.get(change, ["-c:v", "copy"])
    new = path.with_stem(f"{path.stem}-changed")
    lossless = path.suffix == ".wav"
    codec = ["-c:a", "pcm_s16le"] if lossless else ["-c:a", "aac", "-b:a", "72k"]
    command = [_ffmpeg(), "-v", "error", "-nostdin", "-i", str(path), *picture]
    command += (["-af", sound] if sound else []) + codec
    subprocess.run([*command, str(new)], check=True, timeout=120)
    new.replace(path)


def _begin(fact: Fact) -> float | None:
    """When a fact begins after a delay. The first picture stands still until then, so what it shows
    still begins with the clip."""
    held = fact.modality == "visual" and fact.start_s == 0
    return fact.start_s if fact.start_s is None or held else fact.start_s + DELAY_S


@dataclass(frozen=True, slots=True)
class Altered(Rendered):
    """The renderer's samples, each file changed in one way; times of facts move with a delay."""

    change: Change = "none"

    def sample(
        self,
        family: str,
        index: int,
        seed: int,
        folder: Path,
        *,
        difficulty: Difficulty,
        split: Split,
    ) -> Sample:
        """Render one sample, then change its files."""
        sample = Rendered.sample(
            self, family, index, seed, folder, difficulty=difficulty, split=split
        )
        if self.change == "renamed":
            other = f"holiday {index}{Path(sample.clip).suffix}"
            (folder / sample.clip).replace(folder / other)
            return sample.model_copy(update={"clip": other, "id": f"other-{sample.id}"})
        if self.change == "none":
            return sample
        _changed(folder / sample.clip, self.change, track=False)
        for track in sample.candidates.values():
            _changed(folder / track, self.change, track=True)
        if self.change != "delayed":
            return sample
        moved = [
            fact.model_copy(
                update={
                    "start_s": _begin(fact),
                    "end_s": None if fact.end_s is None else fact.end_s + DELAY_S,
                }
            )
            for fact in sample.true_facts
        ]
        return sample.model_copy(update={"true_facts": moved})
