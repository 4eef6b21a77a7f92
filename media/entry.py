"""What the cache holds for one preparation: how it is built, and how it is read back."""

import json
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from av.video.reformatter import VideoReformatter

from aurelia.errors import MediaError
from aurelia.media.decode import Damage
from aurelia.media.look import Look, look_at
from aurelia.media.picture import Scaler, to_jpeg, to_rgb
from aurelia.media.plan import Plan
from aurelia.media.prepared import Frame, Onset, PreparedMedia, Shot, Signals
from aurelia.media.sound import Heard, write_candidate, write_wav
from aurelia.media.survey import Wish
from aurelia.types.clip import Clip
from aurelia.types.unchanged import Signature, signature

_FACTS = "prepared.json"
_SIGNALS = "signals.npy"
_WAV = "sound.wav"
_LONGEST_S = 6 * 3600.0  # 700 MB of sound


def build_entry(clip: Clip, plan: Plan, place: Path) -> None:
    """Prepare a clip and write all that came of it into an empty directory."""
    start, end = clip.window
    if end - start > _LONGEST_S:
        raise MediaError(
            f"The window of the clip is {(end - start) / 3600:.1f} hours long, and at most "
            f"{_LONGEST_S / 3600:.0f} are prepared; give start_s and end_s."
        )
    warnings: list[str] = []
    heard = _hear(clip, place, warnings)
    wish = Wish(
        count=plan.frames_for(end - start),
        onsets=heard.onsets if heard else (),
        scale=Scaler((clip.width or 1, clip.height or 1), plan.max_side),
    )
    look = look_at(clip, plan, wish)
    warnings += look.warnings
    covered = _covered(clip, look, heard)
    warnings += _shortfall(clip, look, covered)
    for index, candidate in enumerate(clip.candidates):
        damage = Damage()
        write_candidate(candidate, place / f"candidate{index}.wav", damage)
        if damage.packets:
            warnings.append(damage.warning(f"sound of candidate {candidate.label}"))
    survey = look.survey
    np.save(place / _SIGNALS, np.array([survey.times, survey.luma, survey.motion], np.float64))
    facts = {
        "frames": _write_frames(look, place),
        "onsets": [[o.time_s, o.strength_db] for o in heard.onsets] if heard else [],
        "shots": _shots(look, covered),
        "covered": covered,
        "tier": _tier(clip, look),
        "warnings": warnings,
    }
    (place / _FACTS).write_text(json.dumps(facts))


def read_entry(place: Path, clip: Clip, key: str, lease: object) -> PreparedMedia:
    """Read back what `build_entry` wrote; pictures and sound stay files."""
    written = signature((place / _FACTS).stat())
    labels = tuple(c.label for c in clip.candidates)
    return replace(_read(place, written, key, clip.window, labels, clip.warnings), lease=lease)


@lru_cache(maxsize=1024)
def _read(
    place: Path,
    written: Signature,
    key: str,
    window: tuple[float, float],
    labels: tuple[str, ...],
    warnings: tuple[str, ...],
) -> PreparedMedia:
    """What stands in an entry; every call of a run asks for it. `written` marks its facts."""
    facts: dict[str, Any] = json.loads((place / _FACTS).read_text())
    times, luma, motion = np.load(place / _SIGNALS)
    wav = place / _WAV
    return PreparedMedia(
        key=key,
        frames=tuple(
            Frame(f["time_s"], f["width"], f["height"], f["reason"], place / f["file"])
            for f in facts["frames"]
        ),
        wav=wav if wav.exists() else None,
        onsets=tuple(Onset(*o) for o in facts["onsets"]),
        shots=tuple(Shot(*s) for s in facts["shots"]),
        signals=Signals(times, luma.astype(np.float32), motion.astype(np.float32)),
        window=window,
        covered=(facts["covered"][0], facts["covered"][1]),
        tier=facts["tier"],
        warnings=tuple(dict.fromkeys((*warnings, *facts["warnings"]))),
        candidates={label: place / f"candidate{n}.wav" for n, label in enumerate(labels)},
    )


def _hear(clip: Clip, place: Path, warnings: list[str]) -> Heard | None:
    if not clip.has_audio:
        return None
    damage = Damage()
    heard = write_wav(clip, place / _WAV, damage)
    if damage.packets:
        warnings.append(damage.warning("sound"))
    if heard.silent:
        warnings.append("The sound is silent throughout.")
    return heard


def _covered(clip: Clip, look: Look, heard: Heard | None) -> list[float]:
    """Clip time that was really decoded; by the picture where there is one."""
    start, end = clip.window
    times = look.survey.times
    if times:
        last = times[-1] + 1.0 / (clip.fps or 25.0)
        if not look.survey.every_frame:
            last = max(last, end)
        return [round(max(start, times[0]), 6), round(min(end, last), 6)]
    return [start, round(min(end, heard.end_s), 6) if heard else start]


def _shortfall(clip: Clip, look: Look, covered: list[float]) -> list[str]:
    """Say where the picture does not fill the window."""
    if not look.survey.times:
        return []
    start, end = clip.window
    warnings = []
    if covered[0] - start > 0.25:
        warnings.append(f"The picture begins at {covered[0]:.2f} s, after the window's start.")
    if end - covered[1] > 0.25:
        warnings.append(f"The picture ends at {covered[1]:.2f} s, before the window's end.")
    return warnings


def _tier(clip: Clip, look: Look) -> str:
    if not clip.has_video:
        return "sound alone"
    return "every frame" if look.survey.every_frame else "keyframes"


def _shots(look: Look, covered: list[float]) -> list[list[float]]:
    if not look.survey.times:
        return []
    edges = [covered[0], *(round(c, 6) for c in look.survey.cuts), covered[1]]
    return [[a, b] for a, b in pairwise(edges)]


def _write_frames(look: Look, place: Path) -> list[dict[str, Any]]:
    written = []
    reformatter = VideoReformatter()
    for index, kept in enumerate(look.kept):
        pixels = to_rgb(kept.picture, kept.turns, reformatter)
        name = f"frame{index:03d}.jpg"
        (place / name).write_bytes(to_jpeg(pixels))
        written.append(
            {
                "time_s": round(kept.time_s, 6),
                "width": pixels.shape[1],
                "height": pixels.shape[0],
                "reason": kept.reason,
                "file": name,
            }
        )
    return written
