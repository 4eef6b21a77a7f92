"""Claims that say more than was read: checked if that is possible, else never supported."""

import pytest

from aurelia.types.clip import Clip
from tests.offline.loop import THRESHOLD, judge

BESIDE = "The picture moves from 1.0 s to 2.2 s and from 5.5 s to 6.5 s."


@pytest.mark.parametrize(
    "claim",
    [
        "The movement starts 2 s before the sound.",
        "The sound begins two seconds after the movement.",
        "Sound and movement overlap for 1.0 s in all.",
        "Both sound and movement occur from 5.5 s to 6.5 s.",
        "Sound starts at 3.0 s, stops at 3.6 s, starts again at 5.5 s and ends at 6.5 s.",
        "The sound and movement do not start together.",
        "The first sound lasts 0.6 s.",
        "The second sound starts at 5.5 s.",
        "The clip is 8 s long.",
        "At the start there is no sound.",
        "At the end it is silent.",
        "There is sound in the second half.",
        "The second sound, from 5.5 s to 6.5 s, coincides with movement.",
        "There are two sounds: 3.0-3.6 s and 5.5-6.5 s.",
        "The sound is heard for 0.6 s starting at 3.0 s.",
    ],
)
def test_what_is_true_is_supported(demo: Clip, claim: str) -> None:
    verdict = judge(demo, f"{claim} {BESIDE}")
    assert {c.status for c in verdict.claims} == {"supported"}


@pytest.mark.parametrize(
    "claim",
    [
        "The movement starts 10 s before the sound.",
        "The movement starts 0.2 s before the sound.",
        "The sound and the movement start together.",
        "Sound and movement overlap for 2.0 s in all.",
        "Sound starts at 3.0 s, stops at 4.6 s, starts again at 5.5 s and ends at 6.5 s.",
        "The first sound lasts 3 s.",
        "The sound lasts 7.5 s.",
        "The second sound starts at 3 s.",
        "The third sound starts at 5.5 s.",
        "The clip is 50 s long.",
        "Sound is heard from 3 s to 60 s.",
        "The movement goes on until 40 s.",
        "At the end there is sound.",
        "In the second half it is silent.",
    ],
)
def test_what_is_false_is_contradicted(demo: Clip, claim: str) -> None:
    verdict = judge(demo, f"{claim} {BESIDE}")
    assert "contradicted" in {c.status for c in verdict.claims}
    assert verdict.score < THRESHOLD


@pytest.mark.parametrize(
    "claim",
    [
        "The movement always comes with sound.",
        "Every movement comes with sound.",
        "The first sound is longer than the second.",
        "The first sound is shorter than the second.",
        "The movement ends after the sound begins.",
        "Nothing moves before the sound starts.",
        "The sound never starts before the movement.",
        "The movement is strongest at about 1.5 s.",
        "The picture moves most at the end.",
        "In the second half the sound stops.",
        "The picture moves only in the second half.",
        "There is only one short sound.",
        "Nothing else is a lie except that it is silent.",
        "The sound is a strong one.",
    ],
)
def test_what_is_not_understood_is_neither(demo: Clip, claim: str) -> None:
    assert "supported" not in {c.status for c in judge(demo, claim).claims}
    assert judge(demo, claim).score < THRESHOLD
    assert judge(demo, f"{claim} {BESIDE}").score <= 9


@pytest.mark.parametrize("claim", ["The movement ends after the sound begins."])
def test_a_true_claim_that_is_not_understood_is_not_contradicted(demo: Clip, claim: str) -> None:
    assert "contradicted" not in {c.status for c in judge(demo, claim).claims}
