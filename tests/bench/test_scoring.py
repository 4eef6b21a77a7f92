"""Answers against ground truth."""

import pytest

from aurelia.bench.sample import Fact
from aurelia.bench.scoring import Score, score_answer
from aurelia.errors import InputError
from aurelia.types.reasoning import Answer
from tests.bench.samples import make_sample


@pytest.mark.parametrize(
    ("option", "score"),
    [("B", Score(1.0, True)), ("A", Score(0.0, True)), (None, Score(0.0, False))],
)
def test_an_option_is_right_wrong_or_not_read(option: str | None, score: Score) -> None:
    assert score_answer(make_sample(), Answer(text="…", option=option)) == score


def test_a_letter_that_several_samples_accept() -> None:
    either = make_sample(ground_truth=["A", "B"])
    assert score_answer(either, Answer(text="", option="A")).value == 1.0


def test_a_caption_without_a_true_word_is_zero_and_an_empty_one_was_not_read() -> None:
    fact = Fact(kind="event.heard", modality="audio", value="bell")
    sample = make_sample(answer_type="caption", options=None, true_facts=[fact])
    assert score_answer(sample, Answer(text="Nothing moves.")) == Score(0.0, True)
    assert score_answer(sample, Answer(text=" ")) == Score(0.0, False)


def test_an_answer_of_another_type_is_refused() -> None:
    with pytest.raises(InputError, match="'open'"):
        score_answer(make_sample(answer_type="open", options=None), Answer(text="x"))
