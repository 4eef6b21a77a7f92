"""Words that narrow a question: they are used, or the question is declined; never dropped."""

import pytest

from aurelia.models.offline.intent import Outside
from aurelia.models.offline.routing import route
from aurelia.types.clip import Clip
from tests.offline.loop import THRESHOLD, run

ANSWERED = [
    ("How long is the second sound?", "1.0 s"),
    ("How long is the first movement?", "1.2 s"),
    ("When does the second sound start?", "At 5.49 s"),
    ("When does the last sound start?", "At 5.49 s"),
    ("When does the first sound end?", "At 3.61 s"),
    ("When is the first cut?", "At 4.52 s"),
    ("When is the sound first heard?", "At 2.99 s"),
    ("When does the sound start and when does it stop?", "From 2.99 s to 3.61 s and"),
    ("Which stops first, the sound or the movement?", "Neither"),
    ("Does the movement stop before the sound?", "No"),
    ("Which starts first, the sound or the movement?", "The movement"),
    ("How long after the movement does the sound start?", "2.0 s"),
    ("Does the sound start at 3 s?", "Yes"),
    ("Does the sound start at 4 s?", "No"),
    ("Does the movement stop at 2.2 s?", "Yes"),
    ("Do the sound and the movement start together?", "No"),
    ("Is it silent from 2 s to 4 s?", "No"),
    ("Is it silent from 0 s to 2 s?", "Yes"),
]


@pytest.mark.parametrize(("question", "start"), ANSWERED)
def test_a_qualifier_that_is_understood_counts(demo: Clip, question: str, start: str) -> None:
    last = run(demo, question)[-1]
    assert last.reasoning.answer.startswith(start)
    assert last.verdict.score >= THRESHOLD
    assert "contradicted" not in {c.status for c in last.verdict.claims}


@pytest.mark.parametrize(
    "question",
    [
        "How long is it silent before the first sound?",
        "Does every movement come with a sound?",
        "Does the sound stop before the movement starts?",
        "How loud is the sound at 3.2 s?",
        "How loud is the second sound?",
        "How bright is it at 5 s?",
        "When does the picture move most?",
        "When is the movement strongest?",
        "Is there sound all the time?",
        "Is there only one sound?",
        "Are there two cuts?",
        "Is there no cut?",
        "Is there movement without sound?",
        "How many sounds are there after 4 s?",
        "Is the sound longer than the movement?",
        "Which comes last, the sound or the movement?",
        "When does it get louder?",
        "What is the longest sound?",
        "How many cuts are there, and when?",
        "Is there any sound? Is there movement?",
        "How many cuts are there before the sound?",
        "Describe the second sound.",
        "Does the sound not start before the movement?",
    ],
)
def test_a_qualifier_that_is_not_understood_takes_the_question_outside(question: str) -> None:
    outside = route(question)
    assert isinstance(outside, Outside), outside
    assert outside.reason


def test_a_third_sound_that_is_not_there_is_not_invented(demo: Clip) -> None:
    last = run(demo, "When does the third sound start?")[-1]
    assert last.reasoning.answer == ""
    assert last.reasoning.cannot_answer is not None
