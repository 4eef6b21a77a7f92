"""Replies of every answer type against their ground truth."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.sample import Fact, Sample
from aurelia.bench.scorers.reply import score_reply
from aurelia.errors import InputError
from aurelia.evaluators.normal import normalise
from tests.bench.samples import make_sample


def sample(answer_type: str, *truths: str, **more: Any) -> Sample:
    given: dict[str, Any] = {"answer_type": answer_type, "ground_truth": list(truths), **more}
    return make_sample(**{"options": None, **given})


def avqa(*truths: str) -> Sample:
    return sample("short", *truths, dataset="music-avqa", task="music_avqa")


FOUR = {"A": "a dog barks", "B": "a bell", "C": "rain", "D": "applause"}


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("Answer: D", "right"),
        ("A bell? No. Answer: applause", "right"),
        ("Answer: B\nOn reflection: Answer: D", "right"),
        ("<think>Answer: B</think>Answer: D", "right"),
        ("Answer: A", "wrong"),
        ("A Dog Could Do That", "unparsed"),
        ("All of this is hard to say.", "unparsed"),
        ("", "unparsed"),
    ],
)
def test_an_option_is_chosen_explicitly_or_not_at_all(reply: str, outcome: str) -> None:
    scored = score_reply(sample("option", "D", options=FOUR), reply)
    assert (scored.outcome, scored.score) == (outcome, float(outcome == "right"))


@pytest.mark.parametrize(
    ("truth", "reply", "outcome"),
    [
        ("two", "Answer: 2", "right"),
        ("two", "Two.", "right"),
        ("two", "Answer: There are two cellos.", "right"),
        ("two", "Answer: 2 cellos and 1 flute", "unparsed"),
        ("two", "Answer: three", "wrong"),
        (
            "two",
            "I hear much. There may be some, all in all rather a lot of them I think.",
            "unparsed",
        ),
        ("more than ten", "Answer: 14", "right"),
        ("more than ten", "Answer: more than ten", "right"),
        ("more than ten", "Answer: ten", "wrong"),
        ("ten", "Answer: more than ten", "wrong"),
        ("zero", "none", "right"),
        ("acoustic_guitar", "Answer: Acoustic guitar", "right"),
        ("acoustic_guitar", "Answer: the guitar, I think", "right"),
        ("congas", "Answer: conga", "right"),
        ("drum", "Answer: the drums", "right"),
        ("cello", "Answer: the violin and the cello", "unparsed"),
        ("cello", "Answer: not the cello", "unparsed"),
        ("cello", "Answer: harmonica", "wrong"),
        ("cello", "Answer: violin\nWait. Answer: cello", "right"),
        ("simultaneously", "Answer: They start at the same time", "right"),
        ("left", "Answer: the one on the left", "right"),
        ("left", "Answer: left or right", "unparsed"),
        ("left", "Answer: on the left, not the right", "right"),
        ("left", "Answer: not on the right, but left", "unparsed"),
        ("left", "The left instrument", "right"),
        ("left", "Answer: the leftmost one", "right"),
        ("violin", "Answer: Violin (the second instrument)", "right"),
        ("violin", "Answer: violin, cello", "unparsed"),
        ("indoor", "Indoors", "right"),
        ("no", "Answer: No, the flute is not playing.", "right"),
        ("yes", "Answer: No, the flute is not playing.", "wrong"),
        ("yes", "Answer: the flute", "unparsed"),
    ],
)
def test_music_avqa_is_scored_by_its_42_classes(truth: str, reply: str, outcome: str) -> None:
    assert score_reply(avqa(truth), reply).outcome == outcome


def test_there_are_42_classes() -> None:
    from aurelia.evaluators.vocabulary import MUSIC_AVQA

    assert sum(map(len, MUSIC_AVQA)) == len(frozenset().union(*MUSIC_AVQA)) == 42


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("Answer: A red car.", "right"),
        ("the Red Car", "right"),
        ("Answer: It's the red car", "right"),
        ("Answer: red car, because it is the loudest", "right"),
        ("Answer: red car, or a bus", "wrong"),
        ("Answer: a car", "wrong"),
        ("Answer: two red cars", "wrong"),
        ("It is hard to say.\nPerhaps a red car.", "unparsed"),
    ],
)
def test_other_short_answers_are_compared_without_case_articles_and_points(
    reply: str, outcome: str
) -> None:
    assert score_reply(sample("short", "red car"), reply).outcome == outcome


def test_any_of_several_ground_truths_is_right() -> None:
    assert score_reply(sample("short", "lorry", "truck"), "Answer: the truck").outcome == "right"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Yes", "yes"),
        ("Answer: no", "no"),
        ("**Answer:** Yes, it barks.", "yes"),
        ("No. The dog sleeps, and nobody else is there who could make any noise at all.", "no"),
        ("Answer: I would say yes", "yes"),
        ("Answer: there is a dog, so: yes.", "yes"),
        ("Answer: yes or no", None),
        ("Answer: yes and no", None),
        ("Yes, but no", None),
        ("Yes... no", None),
        ("Yes, there is no doubt", "yes"),
        ("Nothing can be heard that would settle it, so no further word on that from me.", None),
        ("Answer: maybe", None),
        ("", None),
    ],
)
def test_yes_and_no(reply: str, said: str | None) -> None:
    for truth in ("yes", "no"):
        outcome = "unparsed" if said is None else "right" if said == truth else "wrong"
        assert score_reply(sample("yes_no", truth), reply).outcome == outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("She walks to the kitchen and closes the door.", "right"),
        ("Answer: she closes the door", "right"),
        ("Answer: she does not close; closes the door never", "wrong"),
        ("Answer: she closes the door or the window", "wrong"),
        ("Answer: she leaves", "wrong"),
        ("<think>she closes the door</think>", "unparsed"),
    ],
)
def test_an_open_answer_by_its_words(reply: str, outcome: str) -> None:
    assert score_reply(sample("open", "closes the door"), reply).outcome == outcome


def test_what_was_cut_off_is_unparsed_whatever_it_says() -> None:
    scored = score_reply(avqa("two"), "Answer: two", "the reply was cut off at the token limit")
    assert (scored.outcome, scored.score) == ("unparsed", 0.0)
    assert "cut off" in scored.how


def test_a_caption_with_facts_is_graded_and_one_without_is_for_the_set() -> None:
    fact = Fact(kind="event.heard", modality="audio", value="bell")
    scored = score_reply(sample("caption", "A bell.", true_facts=[fact]), "Nothing moves.")
    assert (scored.outcome, scored.score, scored.metric) == ("graded", 0.0, "fact_f1")
    with pytest.raises(InputError, match="as a set"):
        score_reply(sample("caption", "A bell."), "A bell.")


@given(st.text(max_size=80), st.sampled_from(["short", "yes_no", "open"]))
def test_any_reply_gets_an_outcome(reply: str, answer_type: str) -> None:
    scored = score_reply(sample(answer_type, "yes"), reply)
    assert scored.outcome in ("right", "wrong", "unparsed")
    assert scored.score == float(scored.outcome == "right")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more_than_a_carrier(text: str) -> None:
    once = normalise(text)
    assert once == once.casefold()
    assert normalise(once) in once


@given(st.integers(0, 20))
def test_numbers_in_words_and_digits_are_one(number: int) -> None:
    from aurelia.evaluators.normal import NUMBERS

    (word,) = [w for w, n in NUMBERS.items() if n == str(number)]
    assert score_reply(sample("short", word), f"Answer: {number}").outcome == "right"
    assert score_reply(sample("short", str(number)), f"Answer: {word.upper()}").outcome == "right"
