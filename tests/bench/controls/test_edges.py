"""Samples that lack something: each control says what it makes of them, and the run goes on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.controls.registry import CONTROLS
from aurelia.errors import ConfigurationError
from tests.bench.run.study import Study, follower, make_study, run, target
from tests.models.wire.server import Wire

LOOP = {"best_of_k", "blind_r_star"}  # they ask the loop's models, which are no real ones here
NAMES = [control.name for control in CONTROLS if control.name not in LOOP]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A sample as it should be and its partner, one without rollout, one without clip."""

    def change(sample: Any) -> dict[str, Any]:
        if sample.id == "partner":
            return {"ground_truth": ["A"]}
        return {"clip": "gone.mp4"} if sample.id == "broken" else {}

    marks = {"whole": [(3.0, False), (9.0, True)], "partner": [(9.0, True)], "lost": None}
    return make_study(tmp_path, {**marks, "broken": [(9.0, True)]}, change)


def test_every_reply_says_what_it_is(study: Study) -> None:
    with Wire(follower) as server:
        run(study.order(target(server), controls=",".join(NAMES)))
    replies = study.replies()
    assert {name for _, name in replies} == {"whole", "partner", "lost", "broken"}
    for (condition, name), reply in replies.items():
        if name == "broken":  # the clip can't be opened
            alone = {"text_only", "text_only_r_star", "actor_answer"}
            expected = {"answered", "given"} if condition in alone else {"failed"}
            assert reply.status in expected, condition
            assert reply.status != "failed" or "gone.mp4" in reply.why
            continue
        assert reply.status != "failed", (condition, name, reply.why)
        assert reply.why or reply.status == "answered"
    stands = {
        "target_with_answer": "zero_shot",
        "first_pass": "zero_shot",
        "text_only_r_star": "text_only",
        "muted_r_star": "muted",
        "frozen_r_star": "frozen",
    }
    for condition, other in stands.items():
        assert replies[condition, "lost"].stands_for == other
    assert replies["random_acceptance", "lost"].status == "missing"
    assert replies["actor_answer", "lost"].said[0].raw == ""  # counted, and wrong
    helped = replies["other_clip_steps", "lost"].injected
    assert helped
    assert helped.origin
    assert helped.origin.sample_id == "partner"


@pytest.mark.parametrize("name", sorted(LOOP))
def test_a_loop_whose_models_are_not_here_ends_the_run_in_a_sentence(
    name: str, study: Study
) -> None:
    with Wire(follower) as server, pytest.raises(ConfigurationError, match="x"):
        run(study.order(target(server), controls=name))


def test_controls_need_no_more_than_they_say(study: Study) -> None:
    grouped = study.order("offline:perception?modality=deaf", controls="cheap", r_star=None)
    run(replace(grouped, modes=("zero_shot",)))
    assert {condition for condition, _ in study.replies()} == {"zero_shot", "text_only"}
