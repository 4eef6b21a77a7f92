"""Caption metrics against figures of pycocoevalcap 1.2 and worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.sample import Sample
from aurelia.bench.scorers.captions import caption_parts, score_captions
from aurelia.errors import InputError
from aurelia.evaluators.bleu import bleu_4, bleu_parts
from aurelia.evaluators.caption_words import caption_words
from aurelia.evaluators.cider import CiderD
from aurelia.evaluators.rouge import rouge_l
from tests.bench.samples import make_sample

REFERENCES = [
    ["a dog barks while a man speaks", "a man talks and a dog barks"],
    ["a bell rings twice in the church", "church bells are ringing"],
    ["rain falls on a metal roof", "heavy rain hits the roof"],
]
CAPTIONS = [
    "a dog barks and a man talks",
    "a bell is ringing in a church",
    "a man plays the piano on a roof",
]


def caption_sample(number: int, references: list[str]) -> Sample:
    return make_sample(
        id=f"c{number}", answer_type="caption", options=None, ground_truth=references
    )


SAMPLES = [caption_sample(n, texts) for n, texts in enumerate(REFERENCES)]


def test_the_metrics_are_those_of_pycocoevalcap() -> None:
    """Its Cider, Bleu(4) and Rouge gave these on the same words."""
    scores = score_captions(SAMPLES, {f"c{n}": text for n, text in enumerate(CAPTIONS)})
    assert scores.cider_d == pytest.approx(2.265595651216358, abs=1e-12)
    assert [s.score for s in scores.scored] == pytest.approx(
        [4.416666666666666, 1.4416522392676248, 0.9384680477147839], abs=1e-12
    )
    assert scores.bleu_4 == pytest.approx(4.0063796419581426e-05, abs=1e-15)
    assert scores.rouge_l == pytest.approx(0.5752060439560439, abs=1e-12)
    assert "these 3 clips" in scores.note


def test_bleu_by_hand() -> None:
    """5 of 6 words, 3 of 5 pairs, 1 of 4 triples; no quadruple: nearly nothing is left."""
    parts = np.array(bleu_parts("the cat sat on the mat", ["the cat is on the mat"]))
    assert list(parts) == [5, 3, 1, 0, 6, 5, 4, 3, 6, 6]
    assert bleu_4(parts) < 1e-3
    same = np.array(bleu_parts("one two three four five", ["one two three four five six"]))
    assert bleu_4(same) == pytest.approx(math.exp(1 - 6 / 5), abs=1e-6)


def test_rouge_by_hand() -> None:
    """Common: "the cat on the mat", 5 of 6 words on either side."""
    assert rouge_l("the cat sat on the mat", ["the cat is on the mat"]) == pytest.approx(5 / 6)


def test_a_set_of_one_clip_has_no_telling_words() -> None:
    assert CiderD([["a dog barks"]]).score(0, "a dog barks") == 0.0


def test_the_same_caption_scores_otherwise_in_another_set() -> None:
    whole = caption_parts(CAPTIONS, REFERENCES).cider[1]
    assert abs(caption_parts(CAPTIONS[:2], REFERENCES[:2]).cider[1] - whole) > 0.05


def test_lost_captions_stay_in_the_denominator() -> None:
    whole = score_captions(SAMPLES, {f"c{n}": text for n, text in enumerate(CAPTIONS)})
    replies = {"c0": CAPTIONS[0], "c1": "<think>a bell", "c2": None}
    part = score_captions(SAMPLES, replies)
    assert [s.outcome for s in part.scored] == ["graded", "unparsed", "failed"]
    assert (part.n, part.unparsed, part.failed) == (3, 1, 1)
    assert part.cider_d == pytest.approx(whole.scored[0].score / 3)
    cut = score_captions(SAMPLES, replies, {"c0": "the reply was cut off"})
    assert cut.cider_d == 0.0
    assert cut.unparsed == 2


def test_only_captions_are_taken() -> None:
    with pytest.raises(InputError, match="wants no caption"):
        score_captions([make_sample()], {})
    with pytest.raises(InputError, match="no samples"):
        score_captions([], {})


def test_words_are_split_much_as_the_usual_tokeniser_does() -> None:
    assert caption_words("The dog's bark, isn't it? A black-and-white cat.") == [
        *("the", "dog", "'s", "bark", "is", "n't", "it", "a", "black-and-white", "cat"),
    ]


words = st.lists(
    st.sampled_from(["a", "dog", "man", "bell", "rings", "barks", "roof"]), max_size=9
).map(" ".join)


@given(st.lists(st.tuples(words, words.filter(bool)), min_size=1, max_size=6))
def test_the_metrics_keep_their_bounds(pairs: list[tuple[str, str]]) -> None:
    parts = caption_parts([caption for caption, _ in pairs], [[text] for _, text in pairs])
    assert (parts.cider >= 0).all()
    assert (parts.cider <= 10 + 1e-9).all()
    assert (parts.rouge >= 0).all()
    assert (parts.rouge <= 1 + 1e-9).all()
    assert 0 <= float(bleu_4(parts.bleu.sum(axis=0))) <= 1 + 1e-6
