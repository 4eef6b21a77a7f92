"""How the loop goes, and what its record says."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

import aurelia
from aurelia.types.events import AnyEvent
from aurelia.types.reasoning import Unscored, Verdict
from tests.clips import audio_only
from tests.scripts import actor, caption, everyone, failing, said, script, target, verdict

QUESTION = "What comes first?"


def test_feedback_sends_the_actor_back_until_the_score_reaches_the_threshold(
    tmp_path: Path, clip_path: str
) -> None:
    complaint = {"action": "Listen again for the start of the tone.", "modality": "audio"}
    claim = {"text": "A tone starts.", "modality": "audio", "status": "contradicted"}
    model = script(
        tmp_path,
        [
            actor(1),
            actor(
                2,
                steps=[
                    {"text": "Listen from 0.5 s on.", "modality": "audio", "addresses": ["c1.1"]}
                ],
            ),
            caption("A tone starts."),
            verdict(3, 1, claims=[claim], complaints=[complaint | {"claim": 1}]),
            verdict(8, 2, claims=[claim | {"status": "supported"}]),
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, **everyone(model))

    assert run.stop_reason == "accepted"
    assert [i.index for i in run.iterations] == [1, 2]
    assert [i.score for i in run.iterations] == [3, 8]
    assert run.best is not None
    assert run.best.index == 2
    assert run.totals.accepted_at == 2
    first = run.iterations[0]
    assert first.feedback is not None
    assert "Listen again for the start of the tone." in first.feedback.text
    assert isinstance(first.verdict, Verdict)
    assert first.verdict.complaints[0].status == "verified"
    revision = next(c for c in run.iterations[1].calls if c.role == "actor")
    assert revision.prompt.startswith("generator_revise@")
    sent = " ".join(
        run.texts[part.text] for m in revision.messages for part in m.parts if part.text
    )
    assert "Listen again for the start of the tone." in sent


def test_events_tell_the_run_in_order(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(2, 1), verdict(9, 2)])
    events: list[AnyEvent] = []
    aurelia.reason(clip_path, QUESTION, on_event=events.append, **everyone(model))
    one_pass = ["iteration_started", "steps", "caption", "verdict"]
    assert [e.type for e in events] == [*one_pass, "feedback", *one_pass, "stopped"]


def test_the_best_pass_is_kept_when_none_reaches_the_threshold(
    tmp_path: Path, clip_path: str
) -> None:
    lie = {"text": "A.", "modality": "audio", "status": "contradicted"}
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            verdict(2, 1),
            verdict(5, 2, claims=[lie]),
            verdict(5, 3),
            verdict(5, 4),
            said("critic", "I would rather not say.", 5),
            said("critic", "Still not.", 5, purpose="repair"),
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert run.stop_reason == "exhausted"
    assert run.best is not None
    assert run.best.index == 3  # ties: fewer contradictions, then the earlier
    assert run.actor_answer == "the tone"


def test_the_published_preset_keeps_nothing_below_the_threshold(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [actor(), caption("A."), said("critic", '{"score": 4}')])
    run = aurelia.reason(clip_path, QUESTION, preset="published", **everyone(model))
    assert run.stop_reason == "exhausted"
    assert run.best is None
    assert len(run.iterations) == 5
    assert run.context["max_frames"] == 5
    assert run.context["r_star_form"] == "plan"


def test_a_score_that_cannot_be_read_is_unscored_after_one_repair(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            said("critic", "Lovely clip.", 1),
            said("critic", "Really lovely.", 1, purpose="repair"),
            verdict(7, 2),
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert run.stop_reason == "accepted"
    first = run.iterations[0].verdict
    assert isinstance(first, Unscored)
    assert first.raw == "Really lovely."
    purposes = [c.purpose for c in run.iterations[0].calls if c.role == "critic"]
    assert purposes == ["main", "repair"]
    assert "unscored" in run.model_dump_json()


def test_a_score_out_of_range_is_not_guessed_at(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            said("critic", '{"score": 85}'),
            said("critic", '{"score": 85}', purpose="repair"),
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, max_iterations=1, **everyone(model))
    assert isinstance(run.iterations[0].verdict, Unscored)
    assert "outside 1 to 10" in run.iterations[0].verdict.reason


def test_an_actor_that_cannot_be_read_costs_an_iteration(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path,
        [
            said("actor", "Hm.", 1),
            said("actor", "Hm hm.", 1, purpose="repair"),
            actor(2),
            caption("A."),
            verdict(9),
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert run.stop_reason == "accepted"
    assert run.iterations[0].error is not None
    assert run.iterations[0].reasoning is None
    assert run.best is not None
    assert run.best.index == 2


def test_only_unreadable_passes_are_a_failed_run(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [said("actor", "Hm."), said("actor", "Hm.", purpose="repair")])
    run = aurelia.reason(clip_path, QUESTION, max_iterations=2, **everyone(model))
    assert run.stop_reason == "failed"
    assert len(run.iterations) == 2


def test_declining_ends_at_once_and_without_steps(tmp_path: Path, clip_path: str) -> None:
    declined = {"reason": "It asks who speaks.", "needed": ["a speaker model"]}
    model = script(tmp_path, [actor(steps=[], answer="", cannot_answer=declined)])
    run = aurelia.reason(clip_path, "Who speaks?", **everyone(model))
    assert run.stop_reason == "cannot_answer"
    assert "a speaker model" in run.stop_detail
    assert len(run.iterations) == 1
    assert run.actor_answer == ""


@pytest.mark.parametrize("role", ["actor", "summarizer", "critic"])
def test_a_failing_model_ends_the_run_and_loses_nothing(
    tmp_path: Path, clip_path: str, role: str
) -> None:
    replies = [actor(1), caption("A.", iteration=1), verdict(2, 1)]
    later = [actor(2), caption("A.", iteration=2), verdict(3, 2)]
    later = [failing(role, "The server is gone.", 2) if r["role"] == role else r for r in later]
    model = script(tmp_path, [*replies, *later])
    run = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert run.stop_reason == "failed"
    assert "The server is gone." in run.stop_detail
    assert run.iterations[0].score == 2
    assert run.best is not None
    assert run.best.index == 1
    assert [c.error for c in run.iterations[1].calls if c.error] == ["The server is gone."]


def test_full_depth_logs_can_be_replayed_and_stopped_ones_only_so_far(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(7, 1), verdict(9)])
    full = aurelia.reason(
        clip_path, QUESTION, stop_when="never", max_iterations=3, **everyone(model)
    )
    assert len(full.iterations) == 3
    assert full.stop_reason == "accepted"
    assert full.best is not None
    assert full.best.index == 1
    assert full.replayable_to == 10
    stopped = aurelia.reason(clip_path, QUESTION, **everyone(model))
    assert len(stopped.iterations) == 1
    assert stopped.replayable_to == 6


def test_the_target_answers_without_and_with_the_accepted_steps(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            verdict(9),
            target("I guess.\nAnswer: B", "zero_shot"),
            target("By the steps.\nAnswer: A", "plan"),
        ],
    )
    run = aurelia.reason(
        clip_path, QUESTION, ["the tone", "the block"], target=model, **everyone(model)
    )
    record = run.targets[model]
    assert record.zero_shot is not None
    assert record.distilled is not None
    assert (record.zero_shot.option, record.distilled.option) == ("B", "A")
    assert record.injected_text is not None
    assert "Listen for the tone" in record.injected_text
    zero, distilled = (
        "\n".join(run.texts[p.text] for m in call.messages for p in m.parts if p.text).split("\n")
        for call in record.calls
    )
    block = [line for line in distilled if line not in zero]
    assert [line for line in distilled if line and line not in block] == [z for z in zero if z]
    assert any("Listen for the tone" in line for line in block)


def test_unaccepted_steps_reach_the_target_only_when_allowed(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            verdict(3),
            target("Answer: B", "zero_shot"),
            target("Answer: A", "plan"),
        ],
    )
    settings: dict[str, Any] = {**everyone(model), "target": model, "max_iterations": 1}
    kept_out = aurelia.reason(clip_path, QUESTION, ["x one", "y two"], **settings).targets[model]
    assert kept_out.distilled is not None
    assert kept_out.distilled.option == "B"
    assert "zero-shot answer stands" in kept_out.distilled.note
    assert len(kept_out.calls) == 1
    let_in = aurelia.reason(
        clip_path, QUESTION, ["x one", "y two"], inject_unaccepted=True, **settings
    ).targets[model]
    assert let_in.distilled is not None
    assert let_in.distilled.option == "A"


def test_leaks_are_recorded_and_dropped_on_request(tmp_path: Path, clip_path: str) -> None:
    steps = [{"text": "Watch the block."}, {"text": "So the answer is the loud tone."}]
    model = script(
        tmp_path,
        [
            actor(steps=steps, answer="the loud tone"),
            caption("A."),
            verdict(9),
            target("Answer: x"),
        ],
    )
    settings = {**everyone(model), "target": model}
    recorded = aurelia.reason(clip_path, QUESTION, **settings)
    assert {leak.step_id for leak in recorded.leaks} == {"s2"}
    assert "loud tone" in (recorded.targets[model].injected_text or "")
    dropped = aurelia.reason(clip_path, QUESTION, leak_policy="drop", **settings)
    assert "loud tone" not in (dropped.targets[model].injected_text or "")
    assert "Watch the block." in (dropped.targets[model].injected_text or "")


def test_a_failing_target_is_recorded_with_the_run(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9), failing("target", "No.")])
    run = aurelia.reason(clip_path, QUESTION, target=model, **everyone(model))
    assert run.stop_reason == "accepted"
    assert run.targets[model].error == "No."


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"threshold": 11}, "threshold"),
        ({"tau": 3}, "no setting 'tau'"),
        ({"actor": "nonsense"}, "names no model"),
        ({"prompts": "no-such-set"}, "no-such-set"),
    ],
)
def test_wrong_settings_are_one_sentence(
    clip_path: str, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(aurelia.InputError, match=words) as caught:
        aurelia.reason(clip_path, QUESTION, **settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["one"], "at least two"),
        (["one", "One"], "no two alike"),
        ({"A": "x", "a": "y"}, "same letter"),
        ({"AB": "x", "C": "y"}, "single letters"),
    ],
)
def test_wrong_options_are_one_sentence(clip_path: str, options: object, words: str) -> None:
    with pytest.raises(aurelia.InputError, match=words):
        aurelia.reason(clip_path, QUESTION, options)  # type: ignore[arg-type]


def test_an_empty_question_is_refused(clip_path: str) -> None:
    with pytest.raises(aurelia.InputError, match="question is empty"):
        aurelia.reason(clip_path, "  ")


def test_what_does_not_reach_a_model_is_said(tmp_path: Path, clip_path: str) -> None:
    aurelia.register_model("frames-only", FakeListChatModel(responses=["Answer: a tone"]))
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    run = aurelia.reason(clip_path, QUESTION, target="frames-only", **everyone(model))
    assert any(
        w.startswith("The target frames-only is sent frames only; it ") for w in run.warnings
    )
    sent = [p.media for c in run.targets["frames-only"].calls for m in c.messages for p in m.parts]
    assert any(media and media.startswith("frame@") for media in sent)


def test_a_model_that_nothing_would_reach_is_refused(tmp_path: Path) -> None:
    aurelia.register_model("frames-only", FakeListChatModel(responses=["Answer: a tone"]))
    with pytest.raises(aurelia.ConfigurationError, match="has no picture; use offline:perception"):
        aurelia.reason(str(audio_only(tmp_path)), QUESTION, critic="frames-only")


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, ZeroDivisionError])
def test_what_a_listener_raises_reaches_the_caller(
    tmp_path: Path, clip_path: str, error: type[BaseException]
) -> None:
    def listen(_event: AnyEvent) -> None:
        raise error

    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    with pytest.raises(error):
        aurelia.reason(clip_path, QUESTION, on_event=listen, **everyone(model))
    assert aurelia.reason(clip_path, QUESTION, **everyone(model)).stop_reason == "accepted"
