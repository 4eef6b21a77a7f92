"""The score of one answer to a sample."""

from dataclasses import dataclass

from aurelia.bench.facts import score_caption
from aurelia.bench.sample import Sample
from aurelia.errors import InputError
from aurelia.types.reasoning import Answer


@dataclass(frozen=True, slots=True)
class Score:
    """How right an answer is.

    Attributes:
        value: 0 or 1 for a chosen option, F1 over the sample's facts (0 to 1) for a caption.
        parsed: whether an answer could be read; one that could not is wrong, and counted apart.
    """

    value: float
    parsed: bool


def score_answer(sample: Sample, answer: Answer) -> Score:
    """Score what a target replied.

    Raises:
        InputError: answers of this type can't be scored yet.
    """
    if sample.answer_type == "option":
        return Score(float(answer.option in sample.ground_truth), answer.option is not None)
    if sample.answer_type == "caption":
        return Score(score_caption(answer.text, sample.true_facts).f1, bool(answer.text.strip()))
    raise InputError(
        f"Sample {sample.id!r} wants an answer of type {sample.answer_type!r}; the benchmark "
        "scores `option` and `caption`."
    )
