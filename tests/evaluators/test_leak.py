"""Steps that give the answer away, and steps that only look as if they did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.evaluators.leak import find_leaks
from tests.evaluators.records import steps

OPTIONS = {
    "A": "the red ball falls first",
    "B": "the green ball falls first",
    "C": "a drum",
    "D": "both balls fall at once",
}


def _spans(text: str, answer: str = "", options: dict[str, str] | None = None) -> list[str]:
    return [leak.text for leak in find_leaks(steps(text), answer, options)]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Therefore the answer is a drum.", "answer is a drum"),
        ("The correct answer must be the drum; check it.", "answer must be the drum"),
        ("Answer: 3.5 s", "Answer: 3.5 s"),
        ("Hence option B.", "option B"),
        ("Option (B) fits.", "Option (B)"),
        ("The best choice is B", "choice is B"),
        ("It cannot be C, so the answer is B.", "answer is B"),
        ("Note that the green ball falls first, at 2 s.", "the green ball falls first"),
        ("Note that The Green   ball, falls first.", "The Green   ball, falls first"),
    ],
)
def test_a_step_that_states_or_repeats_an_answer_leaks(text: str, span: str) -> None:
    assert span in _spans(text, options=OPTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "Listen from 1.0 to 2.0 s for the drum.",
        "Compare whether the red ball falls first or the green ball falls first.",
        "Tell option A from option B by the time of the fall.",
        "Hold options A, B and D against what is seen.",
        "Check whether the answer is visible in the first second.",
        "Find out what the answer is by counting the strikes.",
        "Look until it is clear which answer is right.",
        "The answer depends on the first strike.",
        "Note who answers: it may take a second.",
        "Watch optional details.",
        "Choose an option and verify it.",
        "A drum is heard at 2 s.",
        "The red ball falls; see when.",
        "",
    ],
)
def test_a_step_that_only_says_where_to_look_does_not(text: str) -> None:
    assert _spans(text, "a drum", OPTIONS) == []


def test_the_actors_own_answer_counts_with_or_without_its_letter() -> None:
    text = "The door opens after the bell has rung."
    for answer in (
        "door opens after the bell",
        "B. The door opens after the bell",
        "(B) Door opens",
    ):
        (leak,) = find_leaks(steps("Look.", text), answer)
        assert (leak.step_id, leak.against, leak.matched) == ("s2", "actor_answer", answer)
        assert leak.text in text


@pytest.mark.parametrize("answer", ["yes", "3", "the first", "B", "the drum", "", "it is the one"])
def test_short_answers_raise_no_false_alarm(answer: str) -> None:
    text = "First, yes: listen to the drum, the first of 3. B is the one that it is the one of."
    assert _spans(text, answer) == []


def test_an_option_within_a_longer_one_is_not_mentioned_beside_it() -> None:
    options = {"A": "the bell rings", "B": "the bell rings twice"}
    (leak,) = find_leaks(steps("Then the bell rings twice."), "", options)
    assert (leak.text, leak.against, leak.matched) == (
        "the bell rings twice",
        "option",
        "the bell rings twice",
    )


@pytest.mark.parametrize("letter", "ABCD")
def test_every_track_is_found_by_its_letter(letter: str) -> None:
    tracks = {key: f"track {name}" for key, name in zip("ABCD", "CADB", strict=True)}
    assert _spans(f"So track {letter} fits the dance.", options=tracks) == [f"track {letter}"]
    assert _spans("Track a dancer through the clip.", options=tracks) == []
    assert _spans("Count the beats of track A and of track B.", options=tracks) == []


def test_a_short_option_still_counts_as_mentioned() -> None:
    assert _spans("Is it a drum, or the red ball falls first?", options=OPTIONS) == []


def test_each_span_is_named_once_and_belongs_to_its_step() -> None:
    text = "The green ball falls first. Yes, the green ball falls first."
    leaks = find_leaks(steps("Look.", text, text), "the green ball falls first", OPTIONS)
    assert [leak.step_id for leak in leaks] == ["s2", "s3"]


@given(
    text=st.text(),
    answer=st.text(),
    options=st.dictionaries(st.sampled_from("ABCD"), st.text(min_size=1)),
)
def test_every_span_stands_in_its_step(text: str, answer: str, options: dict[str, str]) -> None:
    for leak in find_leaks(steps("Look.", text), answer, options):
        assert leak.text in {"s1": "Look.", "s2": text}[leak.step_id]
