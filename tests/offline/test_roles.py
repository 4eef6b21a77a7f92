"""Actor, summarizer and target through the chat model: contracts, revisions, refusals."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import HumanMessage

from aurelia.errors import ConfigurationError, ModelError
from aurelia.media.open import open_clip
from aurelia.models.offline.chat import OfflineChat, build
from aurelia.models.offline.claims import read
from aurelia.types.clip import Clip
from aurelia.types.replies import CaptionReply, ReasoningReply
from tests.clips import tones, write_clip
from tests.offline.loop import THRESHOLD, ask, numbered, propose, respond, run, write
from tests.offline.test_intents import INSIDE

DESCRIBE = "Describe what can be seen and heard."
ORDER = "Which comes first, the sound or the movement?"
OPTIONS = {"A": "The movement", "B": "The sound"}


@pytest.mark.parametrize(
    ("name", "parameters", "word"),
    [
        ("sight", {}, "perception"),
        ("perception", {"temperature": "0"}, "modality"),
        ("perception", {"modality": "dumb"}, "deaf"),
    ],
)
def test_a_wrong_model_string_is_refused(name: str, parameters: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigurationError, match=word):
        build(name, parameters)


@pytest.mark.parametrize(
    "kwargs",
    [
        {},
        {"aurelia": {"role": "painter"}},
        {"aurelia": {"role": "actor", "clip": None, "inputs": {"question": "Is there sound?"}}},
        {"aurelia": {"role": "critic", "inputs": {"steps": 3}}},
    ],
)
def test_an_unreadable_request_is_one_clear_error(kwargs: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"offline|structured request"):
        build("perception", {}).invoke([HumanMessage("hello", additional_kwargs=kwargs)])


def test_two_models_with_other_senses_have_other_cache_keys() -> None:
    assert OfflineChat()._identifying_params != OfflineChat(modality="deaf")._identifying_params


def test_steps_name_sense_window_and_evidence(known: Clip) -> None:
    reply = propose(known, DESCRIBE)
    ids = {e.id for e in reply.evidence}
    assert len(ids) == len(reply.evidence)
    assert {s.modality for s in reply.steps} == {"audio", "visual"}
    for step in reply.steps:
        assert step.evidence
        assert set(step.evidence) <= ids
        assert step.start_s is not None
        assert step.end_s is not None
        assert read(step.text)
    assert all(re.match(r"look 1: ", e.source) for e in reply.evidence)


def test_steps_do_not_give_the_answer_away(known: Clip) -> None:
    reply = propose(known, ORDER, options=OPTIONS)
    assert reply.answer == "B"
    for step in reply.steps:
        assert "before" not in step.text
        assert "first" not in step.text
        assert "Option" not in step.text


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("Who is speaking?", None),
        ("What happens first?", {"A": "A dog barks", "B": "A man sings"}),
        ("Which comes first?", {"A": "the dog", "B": "the cat"}),
    ],
)
def test_a_question_outside_ends_at_once(
    known: Clip, question: str, options: dict[str, str] | None
) -> None:
    reply = propose(known, question, options=options)
    assert reply.cannot_answer is not None
    assert reply.cannot_answer.needed
    assert not reply.steps
    assert not reply.evidence
    assert reply.answer == ""


def test_options_that_do_not_fit_are_not_chosen(known: Clip) -> None:
    options = {"A": "5", "B": "6", "C": "7"}
    reply = propose(known, "How many hard cuts are there?", options=options)
    assert reply.answer == ""
    assert reply.cannot_answer is not None
    assert "1" in reply.cannot_answer.reason
    options["D"] = "None of the above"
    assert propose(known, "How many hard cuts are there?", options=options).answer == "D"


@pytest.mark.parametrize(
    ("modality", "start", "end", "topic"),
    [("audio", 1.0, 2.0, "sound"), ("visual", 2.5, 3.5, "movement"), ("visual", 3.0, 4.0, "cuts")],
)
def test_a_complaint_changes_what_is_measured_next(
    known: Clip, modality: str, start: float, end: float, topic: str
) -> None:
    first = propose(known, DESCRIBE)
    action = {
        "sound": "Listen again to when there is sound and when silence.",
        "movement": "Look again at when the picture moves.",
        "cuts": "Look again for hard cuts.",
    }[topic]
    complaint = {"id": "c1", "action": action, "modality": modality, "start_s": start, "end_s": end}
    previous = {**first.model_dump(), "steps": numbered(first)}
    second = propose(known, DESCRIBE, previous=previous, complaints=[complaint])
    addressed = [s for s in second.steps if s.addresses]
    assert addressed
    for step in addressed:
        assert step.addresses == ["c1"]
        assert step.modality == modality
        assert "Measured again" in step.text
        sources = {e.id: e.source for e in second.evidence}
        assert all(sources[i].startswith("look 2: ") for i in step.evidence)
    before = {e.source.split(": ", 1)[1] for e in first.evidence}
    after = {e.source.split(": ", 1)[1] for e in second.evidence}
    assert after - before
    untouched = [e for e in second.evidence if e.source.startswith("look 1: ")]
    assert untouched


def test_the_summary_keeps_every_fact_and_drops_the_remarks(known: Clip) -> None:
    reply = propose(known, DESCRIBE)
    stated = {(s.kind, s.start_s, s.end_s, s.value) for x in reply.steps for s in read(x.text)}
    caption = write(reply, DESCRIBE)
    assert {(s.kind, s.start_s, s.end_s, s.value) for s in read(caption)} >= stated
    steps = [{"id": "s1", "text": "There is 1 hard cut. Measured again with care: unchanged."}]
    raw = ask(build("perception", {}), "summarizer", None, question=DESCRIBE, steps=steps)
    (sentence,) = CaptionReply.model_validate_json(raw).sentences
    assert sentence.text == "There is 1 hard cut."
    assert sentence.steps == [1]


def test_the_loop_accepts_a_clear_clip_at_the_first_pass(known: Clip) -> None:
    (only,) = run(known, DESCRIBE)
    assert only.verdict.score >= THRESHOLD
    assert all(c.status == "supported" for c in only.verdict.claims)


def test_a_deaf_target_says_that_it_guesses_until_it_is_told(known: Clip) -> None:
    alone = respond(known, ORDER, OPTIONS, "deaf")
    assert "can't hear" in alone
    assert "guess" in alone
    steps = "\n".join(s.text for s in propose(known, ORDER, options=OPTIONS).steps)
    told = respond(known, ORDER, OPTIONS, "deaf", steps)
    assert "guess" not in told
    assert told.endswith("Answer: B")
    assert respond(known, ORDER, OPTIONS, "full").endswith("Answer: B")
    assert "can't see" in respond(known, ORDER, OPTIONS, "blind")


def test_a_target_believes_its_own_senses_first(known: Clip) -> None:
    lie = "Nothing moves in the picture at any time."
    options = {"A": "Yes", "B": "No"}
    assert respond(known, "Does the picture move?", options, "deaf", lie).endswith("Answer: A")


def test_guesses_are_repeatable_and_near_chance(known: Clip) -> None:
    question = "Is there any sound?"
    first = [respond(known, question, {"A": f"Yes{' ' * n}", "B": "No"}, "deaf") for n in range(60)]
    again = [respond(known, question, {"A": f"Yes{' ' * n}", "B": "No"}, "deaf") for n in range(60)]
    assert first == again
    share = float(np.mean([r.endswith("A") for r in first]))
    assert 0.25 < share < 0.75


def test_a_deaf_actor_declines_what_it_would_have_to_hear(known: Clip) -> None:
    deaf = build("perception", {"modality": "deaf"})
    raw = ask(deaf, "actor", known, question="When does the sound start?")
    reply = ReasoningReply.model_validate_json(raw)
    assert reply.cannot_answer is not None
    raw = ask(deaf, "actor", known, question="How many hard cuts are there?")
    assert ReasoningReply.model_validate_json(raw).answer == "1"


def test_a_deaf_critic_marks_sound_unverifiable(known: Clip) -> None:
    deaf = build("perception", {"modality": "deaf"})
    caption = "Sound is heard from 0.0 s to 6.0 s. The picture moves from 2.8 s to 4.5 s."
    verdict = ask(deaf, "critic", known, caption=caption, question=None)
    assert '"unverifiable"' in verdict
    assert '"contradicted"' not in verdict.split('"claims"')[1].split('"caps"')[0]


def test_a_window_of_the_clip_bounds_every_time(known: Clip) -> None:
    part = open_clip(known.path, start_s=2.5, end_s=4.8)
    for step in propose(part, DESCRIBE).steps:
        assert step.start_s is not None
        assert step.end_s is not None
        assert 2.5 <= step.start_s <= step.end_s <= 4.81


def test_a_contested_measurement_is_corrected_by_a_closer_look(shelf: Path) -> None:
    """A tiny object: the first look misses it, the critic does not, the second look finds it."""
    frames = [np.full((360, 640, 3), 90, np.uint8) for _ in range(75)]
    for index in range(25, 50):
        x = 100 + 6 * (index - 25)
        frames[index][200:212, x : x + 12] = 255
    for index in [*range(25), *range(50, 75)]:
        x = 100 if index < 25 else 100 + 6 * 24
        frames[index][200:212, x : x + 12] = 255
    path = write_clip(shelf / "tiny.mp4", frames, tones(3.0, [(0.5, 1.0)]))
    first, second = run(open_clip(path), "When does the picture move?")
    assert first.reasoning.answer == "There is no movement"
    assert first.verdict.score < THRESHOLD
    (claim,) = [c for c in first.verdict.claims if c.status == "contradicted"]
    assert "Nothing moves" in claim.text
    moved = [s for s in second.reasoning.steps if s.text.startswith("The picture moves")]
    assert len(moved) == 1
    assert moved[0].addresses
    assert "not found before" in moved[0].text
    assert moved[0].start_s == pytest.approx(1.0, abs=0.15)
    assert moved[0].end_s == pytest.approx(2.0, abs=0.15)
    assert second.verdict.score >= THRESHOLD


@pytest.mark.parametrize("question", [question for question, _ in INSIDE])
def test_every_question_inside_gets_statements_that_stand(known: Clip, question: str) -> None:
    (only,) = run(known, question)
    assert only.verdict.score >= THRESHOLD
    assert {c.status for c in only.verdict.claims} <= {"supported", "unverifiable"}
    assert only.reasoning.answer or only.reasoning.cannot_answer
