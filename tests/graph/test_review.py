"""A person in the loop: what they are shown, what they may answer, and what it does."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

import aurelia
from aurelia.errors import ConfigurationError
from aurelia.graph.build import AureliaGraph
from aurelia.types.review import ReviewRequest
from aurelia.types.trajectory import Trajectory
from tests.scripts import actor, caption, everyone, script, target, verdict

QUESTION = "What comes first?"
OPTIONS = {"A": "the tone", "B": "the block"}


class Reviewed:
    """A run on a thread that waits for a person."""

    def __init__(self, clip: str, **settings: Any) -> None:
        self.graph: AureliaGraph = aurelia.build_graph(InMemorySaver())
        self.config: Any = {"configurable": {"thread_id": "t"}}
        self.context = aurelia.Context(**settings)
        self.given: Any = {"clip": clip, "question": QUESTION, "options": OPTIONS}

    def go(self, given: Any = None) -> dict[str, Any]:
        """Begin, or go on with a person's reply."""
        given = self.given if given is None else Command(resume=given)
        return dict(asyncio.run(self.graph.ainvoke(given, self.config, context=self.context)))


def asked(result: dict[str, Any]) -> ReviewRequest:
    """What the person is shown."""
    return ReviewRequest.model_validate(result["__interrupt__"][0].value)


def record(result: dict[str, Any]) -> Trajectory:
    """The trajectory of a run that ended."""
    return Trajectory.model_validate(result["trajectory"])


@pytest.fixture
def model(tmp_path: Path) -> str:
    return script(
        tmp_path,
        [
            actor(),
            caption("A tone, then a block."),
            verdict(4, 1),
            verdict(5, 2),
            verdict(3, 3),
            target("A"),
        ],
    )


def test_steps_are_shown_before_anything_is_made_of_them(model: str, clip_path: str) -> None:
    run = Reviewed(clip_path, review="steps", max_iterations=1, **everyone(model))
    shown = asked(run.go())
    assert (shown.kind, shown.index, shown.caption, shown.score) == ("steps", 1, "", None)
    assert shown.steps[0]["text"].startswith("Listen for the tone")
    assert shown.question == QUESTION
    assert shown.options == OPTIONS
    assert shown.clip["path"] == clip_path
    assert set(shown.reply) == {"approve", "edit", "reject"}

    ended = record(run.go("approve"))
    assert ended.iterations[0].edited == []
    assert [(r.kind, r.action) for r in ended.iterations[0].reviews] == [("steps", "approve")]
    assert ended.stop_reason == "exhausted"


def test_edited_steps_are_what_is_summarised_and_injected(model: str, clip_path: str) -> None:
    run = Reviewed(
        clip_path, review="steps", threshold=4, target=model, r_star_form="plan", **everyone(model)
    )
    first = asked(run.go())
    kept = first.steps[0]["text"]
    edit = {"action": "edit", "note": "too vague", "steps": [kept, "Look at the left edge."]}
    ended = record(run.go(edit))

    one = ended.iterations[0]
    assert one.edited == ["steps"]
    assert one.reviews[0].note == "too vague"
    assert one.reviews[0].before["steps"][1]["text"] == first.steps[1]["text"]
    assert one.reasoning is not None
    assert [s.text for s in one.reasoning.steps] == [kept, "Look at the left edge."]
    assert one.reasoning.steps[0].modality == "audio"  # a step that is kept keeps what it had
    summarised = next(c for c in one.calls if c.role == "summarizer")
    assert "Look at the left edge." in ended.texts[summarised.variables["steps"]]
    assert "Look at the left edge." in (ended.targets[model].injected_text or "")
    assert sum(c.role == "actor" for c in one.calls) == 1  # nobody was asked twice by the resume


def test_rejected_steps_end_the_run(model: str, clip_path: str) -> None:
    run = Reviewed(clip_path, review="steps", target=model, **everyone(model))
    run.go()
    ended = record(run.go({"action": "reject", "note": "it looks at the wrong thing"}))
    assert ended.stop_reason == "rejected"
    assert ended.stop_detail == "it looks at the wrong thing"
    assert ended.targets[model].injected_text is None
    assert ended.targets[model].distilled == ended.targets[model].zero_shot or (
        "rejected" in (ended.targets[model].distilled or aurelia.Answer(text="")).note
    )


def test_every_verdict_can_be_overruled(model: str, clip_path: str) -> None:
    run = Reviewed(clip_path, review="verdict", **everyone(model))
    shown = asked(run.go())
    assert (shown.kind, shown.score, shown.caption) == ("verdict", 4, "A tone, then a block.")
    shown = asked(run.go({"action": "edit", "feedback": "Listen to the end as well."}))
    assert (shown.index, shown.score) == (2, 5)

    ended = record(run.go({"action": "edit", "score": 9}))
    assert ended.stop_reason == "accepted"
    one, two = ended.iterations
    assert one.feedback is not None
    assert one.feedback.text == "Listen to the end as well."
    assert (two.score, two.edited, two.reviews[0].before) == (9, ["score"], {"score": 5.0})
    assert two.verdict is not None
    assert two.verdict.raw_score == 5  # type: ignore[union-attr]
    revised = next(c for c in two.calls if c.role == "actor")
    sent = " ".join(ended.texts[p.text] for m in revised.messages for p in m.parts if p.text)
    assert "Listen to the end as well." in sent


def test_a_low_score_sends_an_accepted_pass_back(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9, 1), verdict(8, 2)])
    run = Reviewed(clip_path, review="verdict", **everyone(model))
    run.go()
    shown = asked(run.go({"action": "edit", "score": 2, "note": "it is wrong"}))
    assert shown.index == 2
    assert record(run.go("approve")).stop_reason == "accepted"


def test_a_spent_loop_asks_once(model: str, clip_path: str) -> None:
    run = Reviewed(clip_path, review="exhausted", max_iterations=2, target=model, **everyone(model))
    shown = asked(run.go())
    assert (shown.kind, shown.index, shown.best) == ("exhausted", 2, 2)
    ended = record(run.go("approve"))
    assert ended.stop_reason == "accepted"
    assert ended.best is not None
    assert (ended.best.index, ended.best.why) == (2, "approved by a person")
    assert ended.totals.accepted_at == 2
    assert ended.targets[model].injected_text


def test_a_spent_loop_can_be_given_further_passes(model: str, clip_path: str) -> None:
    run = Reviewed(clip_path, review="exhausted", max_iterations=2, **everyone(model))
    run.go()
    shown = asked(run.go({"action": "edit", "feedback": "Once more.", "passes": 1}))
    assert (shown.index, shown.max_iterations, shown.best) == (3, 3, 2)
    ended = record(run.go("reject"))
    assert ended.stop_reason == "rejected"
    assert [i.index for i in ended.iterations] == [1, 2, 3]
    assert ended.best is not None
    assert ended.best.index == 2


@pytest.mark.parametrize(
    "edit",
    [{"answer": "the tone"}, {"steps": ["Listen once more."]}, {"findings": "x"}, {"score": 2}],
)
def test_an_edit_of_a_spent_loop_pays_for_no_further_pass(
    model: str, clip_path: str, edit: dict[str, Any]
) -> None:
    run = Reviewed(clip_path, review="exhausted", max_iterations=2, **everyone(model))
    assert "`passes`" in asked(run.go()).reply["edit"]
    ended = record(run.go({"action": "edit", **edit}))
    assert (ended.stop_reason, len(ended.iterations)) == ("exhausted", 2)
    assert ended.iterations[1].edited == list(edit)


@pytest.mark.parametrize("edit", [{"passes": 1}, {"passes": 1, "answer": "the tone"}])
def test_passes_that_are_asked_for_are_made(
    model: str, clip_path: str, edit: dict[str, Any]
) -> None:
    run = Reviewed(clip_path, review="exhausted", max_iterations=2, **everyone(model))
    run.go()
    assert asked(run.go({"action": "edit", **edit})).index == 3


def test_an_accepted_run_is_not_reviewed_when_only_spent_ones_are(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    run = Reviewed(clip_path, review="exhausted", **everyone(model))
    assert record(run.go()).stop_reason == "accepted"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("yes", 'Answer "approve", "reject"'),
        (None, 'Answer "approve", "reject"'),
        ({"action": "edit"}, '"edit" changes nothing'),
        ({"action": "approve", "steps": ["a"]}, 'steps can\'t be given with "approve"'),
        ({"action": "edit", "score": 3}, "score can't be edited in a review of steps"),
        ({"action": "edit", "steps": []}, "at least one text"),
        ({"action": "edit", "steps": ["a", " "]}, "Step 2 has no text"),
        ({"action": "edit", "steps": [{"text": "a", "colour": 1}]}, "Step 1 can't be used: colour"),
        ({"action": "edit", "answer": 3}, "answer must be a text"),
    ],
)
def test_a_reply_that_makes_no_sense_is_asked_for_again(
    model: str, clip_path: str, reply: Any, said: str
) -> None:
    run = Reviewed(clip_path, review="steps", max_iterations=1, **everyone(model))
    run.go()
    again = asked(run.go({"nothing": 0} if reply is None else reply))
    assert said in again.problem
    ended = record(run.go("approve"))
    assert len(ended.iterations[0].reviews) == 1


@pytest.mark.parametrize("score", [0, 11, "9", True, float("nan")])
def test_a_score_out_of_range_is_asked_for_again(model: str, clip_path: str, score: Any) -> None:
    run = Reviewed(clip_path, review="verdict", max_iterations=1, **everyone(model))
    run.go()
    again = asked(run.go({"action": "edit", "score": score}))
    assert "give a number from 1 to 10" in again.problem


def test_without_a_checkpointer_a_review_is_refused(model: str, clip_path: str) -> None:
    with pytest.raises(ConfigurationError, match="review='steps' needs a checkpointer"):
        aurelia.reason(clip_path, QUESTION, review="steps", **everyone(model))
