"""With nothing but defaults: the offline models on the demo clip, through the public API."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.types.reasoning import Verdict
from tests.clips import audio_only, no_audio, one_frame

MOVEMENT = "The picture moves from 1.0 s to 2.2 s and from 5.5 s to 6.5 s."


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> aurelia.Clip:
    path: Path = aurelia.demo_clip(tmp_path_factory.mktemp("demo"))
    return aurelia.open_clip(path)


def test_an_empty_input_runs_on_the_demo_clip() -> None:
    result = asyncio.run(aurelia.build_graph().ainvoke({}))
    assert result["stop_reason"] == "accepted"
    assert result["answer"] == "The movement"
    assert set(result) == {"trajectory", "answer", "stop_reason"}
    assert any("the demo clip" in text for text in result["trajectory"]["warnings"])


@pytest.mark.parametrize("options", [None, ["a", "b"]])
def test_a_question_without_a_clip_is_refused(options: Any) -> None:
    """An answer about the demo clip would look as if it had been checked."""
    given: Any = {"question": "What does the man say?", "options": options}
    with pytest.raises(aurelia.InputError, match=r"a question but no clip; give clip as well"):
        asyncio.run(aurelia.build_graph().ainvoke(given))


def test_a_parent_without_a_clip_is_told_so() -> None:
    from langgraph.graph import END, START, StateGraph
    from typing_extensions import TypedDict

    class Parent(TypedDict, total=False):
        question: str
        answer: str

    builder = StateGraph(Parent)
    builder.add_node("aurelia", aurelia.build_graph())
    builder.add_edge(START, "aurelia")
    builder.add_edge("aurelia", END)
    with pytest.raises(aurelia.InputError, match="a question but no clip"):
        asyncio.run(builder.compile().ainvoke({"question": "What does the man say?"}))


def test_a_context_of_a_parent_graph_is_not_taken_for_ours() -> None:
    from langgraph.graph import END, START, StateGraph
    from pydantic import BaseModel
    from typing_extensions import TypedDict

    class ParentContext(BaseModel):
        threshold: float = 1.0
        max_iterations: int = 1

    class Parent(TypedDict, total=False):
        trajectory: dict[str, object]

    builder = StateGraph(Parent, context_schema=ParentContext)
    builder.add_node("aurelia", aurelia.build_graph())
    builder.add_edge(START, "aurelia")
    builder.add_edge("aurelia", END)
    given: Parent = {}
    result = asyncio.run(builder.compile().ainvoke(given, context=ParentContext()))
    run = aurelia.Trajectory.model_validate(result["trajectory"])
    assert run.context["threshold"] == 6
    assert run.context["max_iterations"] == 5


def test_reason_answers_and_its_record_survives_a_round_trip(demo: aurelia.Clip) -> None:
    run = aurelia.reason(demo, "When does the sound start?")
    assert run.stop_reason == "accepted"
    assert "3.0" in run.actor_answer or "2.9" in run.actor_answer
    assert aurelia.Trajectory.model_validate_json(run.model_dump_json()) == run
    assert run.totals.cost_usd == 0


def test_a_deaf_target_can_only_tell_with_the_steps(demo: aurelia.Clip) -> None:
    deaf = "offline:perception?modality=deaf"
    run = aurelia.reason(demo, "Which comes first, the sound or the movement?", target=deaf)
    record = run.targets[deaf]
    assert record.zero_shot is not None
    assert record.distilled is not None
    assert "can't tell" in record.zero_shot.text
    assert record.distilled.text == "The movement"
    alone = aurelia.answer(deaf, demo, run.question)
    assert alone.text == record.zero_shot.text
    helped = aurelia.answer(deaf, demo, run.question, r_star=record.injected_text)
    assert helped.text == record.distilled.text


@pytest.mark.parametrize(
    ("caption", "accepted"),
    [
        (f"Sound is heard from 3.0 s to 3.6 s and from 5.5 s to 6.5 s. {MOVEMENT}", True),
        (f"The clip is silent from start to end. {MOVEMENT}", False),
    ],
)
def test_critique_tells_true_captions_from_lies(
    demo: aurelia.Clip, caption: str, accepted: bool
) -> None:
    verdict = aurelia.critique(demo, caption, "Which comes first, the sound or the movement?")
    assert isinstance(verdict, Verdict)
    assert (verdict.score >= 6) == accepted


def test_an_async_caller_need_not_leave_its_loop(demo: aurelia.Clip) -> None:
    async def go() -> list[aurelia.Trajectory]:
        questions = ["How many cuts are there?", "Is there any sound?"]
        return await asyncio.gather(*(aurelia.areason(demo, q) for q in questions))

    cuts, sound = asyncio.run(go())
    assert cuts.actor_answer == "1"
    assert sound.actor_answer.lower().startswith("yes")


def test_prepared_media_has_what_it_promises(demo: aurelia.Clip) -> None:
    media = aurelia.prepare_media(demo, max_frames=6)
    assert 1 <= len(media.frames) <= 6
    assert [f.time_s for f in media.frames] == sorted(f.time_s for f in media.frames)
    assert media.wav is not None
    assert any(abs(onset.time_s - 3.0) < 0.1 for onset in media.onsets)
    assert [round(shot.start_s, 1) for shot in media.shots] == [0.0, 4.5]


@pytest.mark.parametrize(
    ("make", "words"), [(no_audio, "no sound"), (audio_only, "no picture"), (one_frame, "no sound")]
)
def test_a_sense_that_the_clip_lacks_is_a_fact_and_not_a_failure(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    run = aurelia.reason(str(make(tmp_path)), "Describe what happens in the clip.")
    assert run.stop_reason == "accepted"
    assert words in run.iterations[0].caption
    assert any(words in warning for warning in run.warnings)


def test_a_blind_critic_accepts_no_claim_about_the_picture(demo: aurelia.Clip) -> None:
    blind = "offline:perception?modality=blind"
    run = aurelia.reason(demo, "When does the sound start?", critic=blind, max_iterations=1)
    verdict = run.iterations[0].verdict
    assert isinstance(verdict, Verdict)
    assert any(c.modality == "visual" and c.status == "unverifiable" for c in verdict.claims)
    assert run.stop_reason == "exhausted"
