"""What actor and critic go on disputing is left open; and sentences that were once not true."""

from pathlib import Path

from aurelia.media.open import open_clip
from aurelia.models.offline.claims import read
from aurelia.models.offline.intent import Intent, Outside
from aurelia.models.offline.routing import route
from aurelia.types.clip import Clip
from tests import clips
from tests.offline.loop import THRESHOLD, judge, propose, run

DESCRIBE = "Describe the clip."


def test_what_stays_disputed_is_left_open(tmp_path: Path) -> None:
    clip = open_clip(clips.damaged(tmp_path))
    passes = run(clip, DESCRIBE)
    assert [p.verdict.score < THRESHOLD for p in passes] == [True, True, False]
    last = passes[-1]
    assert "could not be settled" in last.caption
    assert last.verdict.score <= 9
    assert "contradicted" not in {c.status for c in last.verdict.claims}
    assert len({p.caption for p in passes}) == 3
    declined = run(clip, "When does the picture move?")[-1].reasoning
    assert declined.answer == ""
    assert declined.cannot_answer is not None


def test_a_caption_that_leaves_everything_open_proves_nothing(demo: Clip) -> None:
    text = "Whether there is {} between 0.00 s and 8.00 s could not be settled."
    verdict = judge(demo, f"{text.format('sound')} {text.format('movement')}")
    assert verdict.score <= 2


def test_nothing_is_said_of_the_picture_before_it_begins(tmp_path: Path) -> None:
    passes = run(open_clip(clips.edit_list(tmp_path)), DESCRIBE)
    assert len(passes) == 1
    assert "Nothing moves from 1.00 s to 1.50 s" in passes[0].caption


def test_a_silent_half_has_no_figure(tmp_path: Path) -> None:
    path = clips.make_clip(tmp_path / "late.mp4", 4.0, moves=[(1.0, 2.0)], sounds=[(3.0, 3.5)])
    (only,) = run(open_clip(path), DESCRIBE)
    assert "louder than the first, by more than 60 dB" in only.caption
    assert {c.status for c in only.verdict.claims} == {"supported"}


def test_one_sound_is_one_stretch(tmp_path: Path) -> None:
    path = clips.make_clip(tmp_path / "one.mp4", 3.0, sounds=[(1.0, 2.0)])
    last = run(open_clip(path), "How many sounds are there?")[-1]
    assert last.reasoning.answer == "1, as 1 unbroken stretch of sound"
    assert last.verdict.score >= THRESHOLD


def test_conclusions_reach_the_caption(demo: Clip) -> None:
    for question in (
        "Which comes first, the sound or the movement?",
        "How many sounds are there?",
        "How long after the movement does the sound start?",
        "Which stops first, the sound or the movement?",
    ):
        reply = propose(demo, question)
        assert reply.findings
        assert all(s.kind != "unread" for s in read(reply.findings))
        assert reply.findings.split(".")[0] in run(demo, question)[-1].caption


def test_control_codes_and_accents_are_read_as_what_they_are() -> None:
    intent = route("\x1b[1mWhen does the sound start?\x1b[0m")
    assert isinstance(intent, Intent)
    assert intent.kind == "sound_when"
    assert isinstance(route("Is there a café?"), Outside)
    assert isinstance(route("Есть ли звук?"), Outside)
