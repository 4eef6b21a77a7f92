"""What the critic accepts and what it must reject."""

import re

import pytest

from aurelia.types.clip import Clip
from tests.offline.loop import THRESHOLD, judge

SOUND = "Sound is heard from 1.0 s to 2.2 s and from 4.0 s to 5.0 s."
MOTION = "The picture moves from 2.8 s to 4.5 s."
ORDER = "Which comes first, the sound or the movement?"


@pytest.mark.parametrize(
    "caption",
    [
        f"{SOUND} {MOTION} There is a cut at 3.4 s.",
        "It is silent until about 1 s. The movement stops around 4.5 seconds.",
        "The audio starts one second in, at 1.0 s; nothing moves until 2.8 seconds.",
        "Nothing can be heard after 5 seconds. The image is static for the first 2.8 seconds.",
        "Sound occurs in two separate stretches. The video has one cut.",
        "The sound begins before the movement, and they overlap.",
        "There is noise between 1.0 and 2.2 seconds. Movement is visible from 2.8 s to 4.5 s.",
    ],
)
def test_true_captions_are_accepted(known: Clip, caption: str) -> None:
    verdict = judge(known, caption)
    assert verdict.score >= THRESHOLD
    assert all(claim.status == "supported" for claim in verdict.claims)


@pytest.mark.parametrize(
    ("kind", "caption"),
    [
        ("shifted later", f"Sound is heard from 1.5 s to 2.7 s and from 4.5 s to 5.5 s. {MOTION}"),
        (
            "shifted earlier",
            f"Sound is heard from 0.5 s to 1.7 s and from 3.5 s to 4.5 s. {MOTION}",
        ),
        ("start shifted", f"The sound starts at 0.5 s. {MOTION}"),
        ("motion shifted", f"{SOUND} The picture moves from 3.3 s to 5.0 s."),
        ("silent", f"The clip is silent. {MOTION}"),
        ("no track", f"The clip has no sound track. {MOTION}"),
        ("order", f"{SOUND} {MOTION} The sound starts after the movement."),
        ("count of cuts", f"{SOUND} {MOTION} There are 2 hard cuts."),
        ("count of sounds", f"Sound is heard in 3 separate stretches. {MOTION}"),
        ("cut denied", f"{SOUND} {MOTION} No cut is seen."),
        ("motion denied", f"{SOUND} Nothing moves in the picture."),
        ("motion invented", f"{SOUND} The picture moves throughout."),
        ("loudness", f"{SOUND} The sound averages -2 dBFS. {MOTION}"),
        ("overlap denied", f"{SOUND} {MOTION} Sound and movement never overlap."),
        ("brightness", f"{SOUND} {MOTION} The picture is dark (luma 10 of 255)."),
    ],
)
def test_lies_are_rejected_and_named(known: Clip, kind: str, caption: str) -> None:
    verdict = judge(known, caption)
    assert verdict.score < THRESHOLD, kind
    assert any(claim.status == "contradicted" for claim in verdict.claims)
    assert any(cap.rule == "contradicted" for cap in verdict.caps)
    assert verdict.complaints
    wrong = [n for n, claim in enumerate(verdict.claims, 1) if claim.status == "contradicted"]
    assert {c.claim for c in verdict.complaints} >= set(wrong)


@pytest.mark.parametrize("caption", [SOUND, MOTION])
@pytest.mark.parametrize("question", [None, ORDER, "Who is speaking?"])
def test_a_missing_sense_is_rejected(known: Clip, caption: str, question: str | None) -> None:
    verdict = judge(known, caption, question)
    assert verdict.score < THRESHOLD
    assert verdict.omissions
    assert "missing modality" in {cap.rule for cap in verdict.caps}
    assert any(c.claim is None and c.modality for c in verdict.complaints)


def test_what_a_question_needs_must_not_be_left_out(known: Clip) -> None:
    both = f"{SOUND} {MOTION}"
    assert judge(known, both, ORDER).score >= THRESHOLD
    verdict = judge(known, both, "How many hard cuts are there?")
    assert verdict.score < THRESHOLD
    assert "omission" in {cap.rule for cap in verdict.caps}
    half = f"Sound is heard from 1.0 s to 2.2 s. {MOTION}"
    verdict = judge(known, half, ORDER)
    assert verdict.score < THRESHOLD
    assert any("4.0" in omission for omission in verdict.omissions)


def test_what_cannot_be_verified_never_gets_full_marks(known: Clip) -> None:
    verdict = judge(known, f"{SOUND} {MOTION} A man greets a woman.")
    assert verdict.score <= 9
    assert [c.status for c in verdict.claims if "man" in c.text] == ["unverifiable"]
    assert judge(known, "A man greets a woman in a garden.").score <= 2
    assert judge(known, "").score <= 2


def test_a_claim_about_a_sense_that_is_not_there_is_contradicted(
    known: Clip, silent_picture: Clip
) -> None:
    assert judge(silent_picture, "Sound is heard throughout. Nothing moves at any time.").score < 6
    verdict = judge(silent_picture, "The clip has no sound track. The image is still.")
    assert verdict.score >= THRESHOLD
    assert verdict.score <= 9  # the container's word is all there is


def test_the_critic_says_what_it_perceived(known: Clip) -> None:
    verdict = judge(known, MOTION)
    assert set(verdict.perceived) == {"audio", "visual"}
    assert re.match(r"Sound [01]\.\d\d-2\.2\d s, ", verdict.perceived["audio"])
    assert "1 cut" in verdict.perceived["visual"]
