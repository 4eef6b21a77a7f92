"""Who sees what: sentinels in each input, looked for in every request."""

from pathlib import Path

import pytest

import aurelia
from aurelia.types.trajectory import Call, Trajectory
from tests.scripts import actor, caption, everyone, script, target, verdict

OPTION = "zebra-option-sentinel"
ANSWER = "actor-answer-sentinel"
THRESHOLD = 6.789
SCORE = 3.4567


@pytest.fixture
def run(tmp_path: Path, clip_path: str) -> Trajectory:
    model = script(
        tmp_path,
        [
            actor(answer=ANSWER),
            caption("A tone is heard."),
            verdict(SCORE, 1),
            verdict(9, 2),
            target("Answer: A"),
        ],
    )
    return aurelia.reason(
        clip_path,
        "question-sentinel?",
        [OPTION, "another choice"],
        target=model,
        threshold=THRESHOLD,
        sample={"id": "sample-sentinel", "task": "av_meme"},
        **everyone(model),
    )


def requests(run: Trajectory, role: str) -> list[str]:
    """Everything that a role was sent, a text a call."""
    calls: list[Call] = [c for i in run.iterations for c in i.calls if c.role == role]
    calls += [c for t in run.targets.values() for c in t.calls if c.role == role]
    assert calls
    return [
        " ".join(run.texts[p.text] for m in call.messages for p in m.parts if p.text)
        for call in calls
    ]


def test_nobody_in_the_loop_sees_the_options(run: Trajectory) -> None:
    for role in ("actor", "summarizer", "critic"):
        assert not any(OPTION in text for text in requests(run, role))
    assert all(OPTION in text for text in requests(run, "target"))


def test_the_actor_sees_the_options_when_told_to(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    run = aurelia.reason(clip_path, "q?", [OPTION, "b"], actor_sees_options=True, **everyone(model))
    assert all(OPTION in text for text in requests(run, "actor"))
    assert not any(OPTION in text for text in requests(run, "critic"))


def test_nobody_sees_the_threshold_an_earlier_score_or_the_sample(run: Trajectory) -> None:
    for role in ("actor", "summarizer", "critic", "target"):
        for text in requests(run, role):
            assert "6.789" not in text
            assert "3.4567" not in text
            assert "sample-sentinel" not in text


def test_the_critic_never_sees_the_actors_answer_as_such(run: Trajectory) -> None:
    assert not any(ANSWER in text for text in requests(run, "critic"))
    assert not any(ANSWER in text for text in requests(run, "target"))


def test_the_summarizer_gets_no_media(run: Trajectory) -> None:
    calls = [c for i in run.iterations for c in i.calls if c.role == "summarizer"]
    assert not any(p.media for c in calls for m in c.messages for p in m.parts)


def test_the_published_critic_does_not_see_the_question(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    run = aurelia.reason(clip_path, "question-sentinel?", preset="published", **everyone(model))
    assert not any("question-sentinel" in text for text in requests(run, "critic"))


def test_published_revisions_get_the_score_and_no_critique(tmp_path: Path, clip_path: str) -> None:
    complaint = {"action": "complaint-sentinel", "modality": "audio"}
    model = script(
        tmp_path, [actor(), caption("A."), verdict(2.5, 1, complaints=[complaint]), verdict(9, 2)]
    )
    run = aurelia.reason(clip_path, "q?", preset="published", **everyone(model))
    revision = requests(run, "actor")[1]
    assert "2.5" in revision
    assert "complaint-sentinel" not in revision


def test_ground_truth_has_no_way_in(clip_path: str) -> None:
    with pytest.raises(aurelia.ConfigurationError, match="ground_truth"):
        aurelia.reason(clip_path, "q?", ground_truth="A")
