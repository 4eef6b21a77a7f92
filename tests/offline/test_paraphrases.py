"""Free paraphrases, as a language model writes them: true ones pass, false ones don't."""

from pathlib import Path

import pytest

from aurelia.media.open import open_clip
from aurelia.types.clip import Clip
from tests.clips import make_clip
from tests.offline.loop import THRESHOLD, judge

TRUE = [
    (
        "The sound stops around 3.6 seconds and returns at 5.5 seconds. "
        "The picture moves early on, from 1 to 2.2 s."
    ),
    "It is silent until 3 s. There is a cut at 4.5 s, after which the picture is much brighter.",
    "At the start there is no sound. Something moves between 1.0 s and 2.2 s in complete silence.",
    "The movement comes first, followed by the sound about two seconds later.",
    "A sound is heard for roughly 0.6 seconds starting at 3.0 s while nothing moves.",
    "From 5.5 s to 6.5 s sound and movement occur simultaneously.",
    "The video gets brighter at 4.5 seconds. The audio consists of two separate sounds.",
    "The second sound, from 5.5 s to 6.5 s, coincides with movement.",
    "After 6.5 seconds, the clip is silent and motionless.",
    (
        "There are two periods of movement: 1.0-2.2 s and 5.5-6.5 s. "
        "There are two sounds: 3.0-3.6 s and 5.5-6.5 s."
    ),
    (
        "The first sound starts at 3.0 s and the second at 5.5 s. "
        "The picture moves from 1.0 s to 2.2 s."
    ),
    "There is motion before any sound is heard.",
    "The picture is still between 2.2 s and 5.5 s, apart from a cut. It is silent until 3 s.",
]
FALSE = [
    "The sound stops around 4.2 seconds. The picture moves from 1 to 2.2 s.",
    "It is silent until 2 s. There is a cut at 4.5 s.",
    "The video has no sound. Something moves between 1.0 s and 2.2 s.",
    "The sound comes first, followed by the movement.",
    "From 3.0 s to 3.6 s sound and movement occur simultaneously.",
    "There is a cut at 5.0 s. Sound is heard at 3.2 s.",
    "The picture gets darker at 4.5 seconds. Sound is heard at 3.2 s.",
    "There are three separate sounds. The picture moves from 1.0 s to 2.2 s.",
    "The movement is accompanied by sound from 1.0 s to 2.2 s.",
    "The clip is silent throughout, and the picture moves at 1.5 s.",
    "The sound continues until the end. The picture moves from 1.0 s to 2.2 s.",
    "The picture keeps moving all the time; sound is heard at 3.3 s.",
    "Sound and movement never occur together.",
]


@pytest.fixture(scope="module")
def scene(shelf: Path) -> Clip:
    """8 s: moves 1.0-2.2 and 5.5-6.5, sound 3.0-3.6 and 5.5-6.5, a cut to light at 4.5."""
    path = make_clip(
        shelf / "scene.mp4",
        8.0,
        moves=[(1.0, 2.2), (5.5, 6.5)],
        cuts=[4.5],
        sounds=[(3.0, 3.6), (5.5, 6.5)],
    )
    return open_clip(path)


@pytest.mark.parametrize("caption", TRUE)
def test_true_paraphrases_pass(scene: Clip, caption: str) -> None:
    verdict = judge(scene, caption)
    assert [c.text for c in verdict.claims if c.status == "contradicted"] == []
    assert verdict.score >= THRESHOLD


@pytest.mark.parametrize("caption", FALSE)
def test_false_paraphrases_do_not(scene: Clip, caption: str) -> None:
    verdict = judge(scene, caption)
    assert "contradicted" in {c.status for c in verdict.claims}
    assert verdict.score < THRESHOLD


def test_what_has_two_readings_is_not_guessed(scene: Clip) -> None:
    caption = "The sound begins during the movement from 1.0 s to 2.2 s."
    verdict = judge(scene, caption)
    assert {c.status for c in verdict.claims} == {"unverifiable"}
    assert verdict.score < THRESHOLD
