"""Which of several replies counts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.run.reply import Said
from aurelia.bench.run.vote import elected
from tests.bench.samples import make_sample

SAMPLE = make_sample(options={"A": "red", "B": "blue", "C": "green"}, ground_truth=["B"])
VAGUE = "Hard to say: it may well be either of the two, for all that is seen and heard in it."


@given(st.lists(st.sampled_from(["A", "B", "C", ""]), min_size=1, max_size=9))
def test_the_most_frequent_answer_wins_and_the_earlier_one_of_two(letters: list[str]) -> None:
    said = [Said(raw=f"So I think.\nAnswer: {x}" if x else VAGUE) for x in letters]
    chosen = letters[said.index(elected(SAMPLE, said))]
    counts = Counter(x for x in letters if x)
    if not counts:
        assert chosen == ""
        return
    best = [x for x in letters if x and counts[x] == max(counts.values())]
    assert chosen == best[0]


def test_what_was_cut_off_has_no_vote() -> None:
    cut = [Said(raw="Answer: A", problem="cut off") for _ in range(3)]
    assert elected(SAMPLE, [*cut, Said(raw="Answer: B")]).raw == "Answer: B"


@pytest.mark.parametrize(
    ("kind", "truth", "raws", "expected"),
    [
        ("yes_no", "yes", ["No.", "Yes, it is.", "yes"], "Yes, it is."),
        ("short", "two", ["three", "Two.", "2"], "Two."),
        ("open", "a dog", ["Answer: a cat", "Answer: The dog", "Answer: dog"], "Answer: The dog"),
    ],
)
def test_answers_are_compared_in_their_normal_form(
    kind: str, truth: str, raws: list[str], expected: str
) -> None:
    sample = make_sample(options=None, answer_type=kind, ground_truth=[truth])
    assert elected(sample, [Said(raw=raw) for raw in raws]).raw == expected


def test_of_captions_the_one_most_like_the_others() -> None:
    sample = make_sample(options=None, answer_type="caption", ground_truth=["a dog barks"])
    raws = ["a dog barks at a cat", "rain", "a dog barks", ""]
    assert elected(sample, [Said(raw=raw) for raw in raws]).raw == "a dog barks at a cat"
