"""Change a clip in one way: the answers change where they must and stay where they must."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from aurelia.media.open import open_clip
from aurelia.types.clip import Clip
from tests.clips import make_clip, picture, tones, write_clip
from tests.offline.loop import answer, run

MOVES, CUTS, SOUNDS = [(2.8, 4.5)], [3.4], [(1.0, 2.2), (4.0, 5.0)]
ORDER = {"A": "The movement", "B": "The sound"}
YES_NO = {"A": "Yes", "B": "No"}
COUNT = {"A": "None", "B": "One", "C": "Two", "D": "Three"}
ASKED = {
    "order": ("Which comes first, the sound or the movement?", ORDER),
    "sound": ("Is there any sound?", YES_NO),
    "motion": ("Does the picture move?", YES_NO),
    "cuts": ("How many hard cuts are there?", COUNT),
    "stretches": ("How many separate sounds are heard?", COUNT),
    "overlap": ("Do the sound and the movement overlap?", YES_NO),
    "start": ("When does the sound start?", {"A": "At 1 s", "B": "At 3 s", "C": "Never"}),
}
EXPECTED = {
    "order": "B",
    "sound": "A",
    "motion": "A",
    "cuts": "B",
    "stretches": "C",
    "overlap": "A",
    "start": "A",
}


def answers(clip: Clip) -> dict[str, str]:
    """The answer to each question, accepted or not."""
    return {name: answer(clip, question, options) for name, (question, options) in ASKED.items()}


def test_the_original(known: Clip) -> None:
    assert answers(known) == EXPECTED


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("larger.mp4", {"width": 640, "height": 360}),
        ("small.mp4", {"width": 160, "height": 90}),
        ("rate.mp4", {"fps": 15}),
        ("other.mkv", {"audio_codec": "libmp3lame", "keyframe_every": 8}),
        ("grain.mp4", {"noise": 2e-5}),
    ],
)
def test_encoding_changes_nothing(shelf: Path, name: str, options: dict[str, object]) -> None:
    path = make_clip(
        shelf / name,
        6.0,
        moves=MOVES,
        cuts=CUTS,
        sounds=SOUNDS,
        **options,  # type: ignore[arg-type]
    )
    assert answers(open_clip(path)) == EXPECTED


def test_a_name_changes_nothing(known: Clip, shelf: Path) -> None:
    renamed = shelf / "silent dark cut bël 3 s.bin"
    shutil.copy(known.path, renamed)
    question = "Describe what can be seen and heard."
    first, second = run(known, question)[-1], run(open_clip(renamed), question)[-1]
    assert first.reasoning == second.reasoning
    assert first.verdict == second.verdict


def test_muting_takes_the_sound_away_and_leaves_the_picture(shelf: Path) -> None:
    for name, sounds in (("muted.mp4", []), ("trackless.mp4", None)):
        path = make_clip(shelf / name, 6.0, moves=MOVES, cuts=CUTS, sounds=sounds)
        found = answers(open_clip(path))
        assert found["sound"] == "B"
        assert found["start"] == "C"
        assert found["overlap"] == "B"
        assert found["stretches"] == "A"
        assert found["order"] == ""  # neither option fits
        assert found["motion"] == EXPECTED["motion"]
        assert found["cuts"] == EXPECTED["cuts"]


def test_freezing_takes_the_movement_away_and_leaves_the_sound(shelf: Path) -> None:
    frames = [picture(0.0)] * 150
    path = write_clip(shelf / "frozen.mp4", frames, tones(6.0, SOUNDS))
    found = answers(open_clip(path))
    assert found["motion"] == "B"
    assert found["cuts"] == "A"
    assert found["overlap"] == "B"
    for name in ("sound", "stretches", "start"):
        assert found[name] == EXPECTED[name]


def test_another_sound_changes_what_is_heard_alone(known: Clip, shelf: Path) -> None:
    late = write_clip(shelf / "late.wav", None, tones(6.0, [(3.0, 3.9)]), audio_codec="pcm_s16le")
    found = answers(open_clip(known.path, audio=late))
    assert found["start"] == "B"
    assert found["order"] == "A"
    assert found["stretches"] == "B"
    for name in ("motion", "cuts", "sound"):
        assert found[name] == EXPECTED[name]


def test_a_window_sees_and_hears_itself_alone(known: Clip) -> None:
    begin = open_clip(known.path, end_s=2.5)
    assert answer(begin, *ASKED["motion"]) == "B"
    assert answer(begin, *ASKED["stretches"]) == "B"
    rest = open_clip(known.path, start_s=2.5)
    assert answer(rest, *ASKED["order"]) == "A"
    assert answer(rest, *ASKED["start"]) == ""  # it starts at 4 s, which no option says


def _frames(kind: str, count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    if kind == "noise":
        return [rng.integers(0, 255, (90, 160, 3), dtype=np.uint8) for _ in range(count)]
    level = {"black": 0, "white": 255, "grey": 120}[kind]
    return [np.full((90, 160, 3), level, np.uint8)] * count


@pytest.mark.parametrize("kind", ["black", "white", "grey", "noise"])
@pytest.mark.parametrize("count", [1, 10, 50])
def test_plain_and_noisy_pictures_get_true_words(kind: str, count: int, shelf: Path) -> None:
    sound = 0.2 * np.random.default_rng(4).standard_normal(count * 640).astype(np.float32)
    path = write_clip(shelf / f"{kind}{count}.mp4", _frames(kind, count), sound)
    last = run(open_clip(path), "Describe what can be seen and heard.")[-1]
    text = last.caption
    assert "The picture moves" not in text
    assert "hard cuts, at" not in text
    assert {"black": "dark", "white": "light"}.get(kind, "") in text
    assert last.verdict.score >= 6


def test_sound_without_picture_is_described(shelf: Path) -> None:
    path = write_clip(shelf / "sound.m4a", None, tones(2.0, [(0.5, 1.0)]))
    clip = open_clip(path)
    (only,) = run(clip, "Describe what can be seen and heard.")
    assert "no picture" in only.caption
    assert answer(clip, *ASKED["motion"]) == "B"
    assert answer(clip, *ASKED["sound"]) == "A"


@pytest.mark.parametrize("floor_db", [-50, -58, -65, -70, -80])
def test_a_floor_of_noise_is_neither_silence_nor_a_disagreement(floor_db: int, shelf: Path) -> None:
    path = make_clip(
        shelf / f"floor{floor_db}.mp4",
        5.0,
        moves=[(3.0, 4.0)],
        sounds=[(1.0, 2.0)],
        noise=10 ** (floor_db / 20),
    )
    first = run(open_clip(path), "Describe what can be seen and heard.")[0]
    assert first.verdict.score >= 6
    said = {-50: "Sound is heard throughout", -58: "Sound is heard throughout", -80: "It is silent"}
    assert said.get(floor_db, "too faint to call") in first.caption
    assert ("It is silent" in first.caption) is (floor_db == -80)
