"""A recorded panel is replayed member by member, each with what it alone was sent."""

import json
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.models.replay import script_of
from aurelia.types.reasoning import Verdict
from aurelia.types.trajectory import Trajectory
from tests.models.asking import Shown
from tests.models.loopback import Loopback, Reply, says

pytestmark = pytest.mark.usefixtures("ledger_path")

CLAIM = {"text": "A tone sounds.", "modality": "audio", "status": "supported"}
STEPS = {"steps": [{"text": "Listen for the tone."}], "findings": "A tone.", "answer": "the tone"}
CAPTION = {"sentences": [{"text": "A tone sounds.", "steps": [1]}]}


def _critic(score: float) -> Reply:
    return says(json.dumps({"score": score, "claims": [CLAIM]}))


def _run(
    shown: Shown, models: list[str], question: str = "What sounds?", **settings: Any
) -> Trajectory:
    actor, critic, *panel = models
    return aurelia.reason(
        shown.clip,
        question,
        actor=actor,
        summarizer=actor,
        critic=critic,
        panel=panel,
        max_iterations=1,
        **settings,
    )


def _recorded(shown: Shown, **settings: Any) -> Trajectory:
    """A deaf critic, a member that hears, one that neither sees nor hears, one that is grounded."""
    with (
        Loopback(says(json.dumps(STEPS)), says(json.dumps(CAPTION))) as actor,
        Loopback(_critic(7)) as deaf,
        Loopback(_critic(8)) as hearing,
        Loopback(_critic(9)) as neither,
    ):
        return _run(
            shown,
            [
                f"{actor.model}&audio=input_audio",
                deaf.model,
                f"{hearing.model}&audio=input_audio",
                f"{neither.model}&video=off&audio=off",
                f"grounded:{hearing.model}&audio=input_audio&seed=2",
            ],
            **settings,
        )


def _members(run: Trajectory) -> list[Any]:
    verdict = run.iterations[0].verdict
    assert isinstance(verdict, Verdict)
    return [member.verdict for member in verdict.members]


@pytest.mark.parametrize("evidence", ["off", "missing_modalities"])
def test_each_member_is_replayed_with_what_it_was_sent(
    shown: Shown, tmp_path: Path, evidence: str
) -> None:
    first = _recorded(shown, evidence=evidence)
    caps = [[cap.rule for cap in verdict.caps] for verdict in _members(first)]
    if evidence == "off":
        assert caps == [["unchecked"], [], ["unchecked"], []]
    else:
        assert caps == [["measured only"], [], ["measured only"], []]
    saved = f"replay:{aurelia.save_run(first, tmp_path / 'run')}"
    again = _run(shown, [saved, saved, saved, saved, f"grounded:{saved}"], evidence=evidence)
    assert again.stop_reason == first.stop_reason
    assert _members(again) == _members(first)
    assert again.iterations[0].score == first.iterations[0].score
    assert again.media["senses"] == first.media["senses"]


def test_the_script_of_a_panel_says_who_was_shown_less(shown: Shown) -> None:
    run = _recorded(shown)
    whole = ["visual", "audio"]
    assert script_of(run).shown == {
        "critic": ["visual"],
        "panel 1": whole,
        "panel 2": [],
        "panel 3": whole,
    }
    assert run.media["sent"] == {
        "summarizer": "no media",
        "actor": "frames; sound as WAV",
        "critic": "frames; no sound",
        "panel 1": "frames; sound as WAV",
        "panel 2": "no picture; no sound",
        "panel 3": "frames; sound as WAV; measured by offline:perception as well",
    }


def test_an_older_record_is_told_by_its_media(shown: Shown) -> None:
    run = _recorded(shown)
    older = run.model_copy(update={"media": {"prepared": run.media["prepared"]}})
    assert script_of(older).shown == script_of(run).shown


@pytest.mark.parametrize("evidence", ["off", "missing_modalities"])
def test_members_that_measure_are_replayed_too(shown: Shown, tmp_path: Path, evidence: str) -> None:
    settings = {"evidence": evidence, "question": "When is there sound?"}
    deaf = "offline:perception?modality=deaf"
    first = _run(shown, ["offline:perception", deaf, "offline:perception"], **settings)
    saved = f"replay:{aurelia.save_run(first, tmp_path / 'run')}"
    again = _run(shown, [saved, saved, saved], **settings)
    assert (again.stop_reason, again.stop_detail) == (first.stop_reason, first.stop_detail)
    assert _members(again) == _members(first)
    twice = f"replay:{aurelia.save_run(again, tmp_path / 'again')}"
    third = _run(shown, [twice, twice, twice], **settings)
    assert _members(third) == _members(first)
