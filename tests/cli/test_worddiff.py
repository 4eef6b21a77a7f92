"""The word diff reads both ways and pairs steps that were reworded."""

from hypothesis import given
from hypothesis import strategies as st

from aurelia.cli.worddiff import diff_steps, diff_words, pair_steps

WORDS = st.sampled_from(["a", "sound", "moves", "at", "3.0", "s,", "then", "stops"])
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
STEPS = st.lists(TEXTS.filter(bool), max_size=5)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_a_diff(old: str, new: str) -> None:
    runs = diff_words(old, new)
    assert " ".join(r.words for r in runs if r.op != "added").split() == old.split()
    assert " ".join(r.words for r in runs if r.op != "removed").split() == new.split()


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(run.op == "same" for run in diff_words(text, text))


@given(STEPS, STEPS)
def test_every_step_appears_once_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = pair_steps(old, new)
    assert [i for i, _ in pairs if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))


@given(STEPS)
def test_the_same_steps_show_no_change(steps: list[str]) -> None:
    assert not [change for change in diff_steps(steps, steps) if change.changed]


def test_a_reworded_step_is_paired_although_another_was_put_before_it() -> None:
    old = ["A tone sounds at 3.0 s.", "Nothing moves before the tone."]
    new = ["The scene is dark.", "A tone sounds at 3.1 s.", "Nothing moves before the tone."]
    assert pair_steps(old, new) == [(None, 0), (0, 1), (1, 2)]
    reworded = diff_steps(old, new)[1]
    assert [(r.op, r.words) for r in reworded.runs] == [
        ("same", "A tone sounds at"),
        ("removed", "3.0"),
        ("added", "3.1"),
        ("same", "s."),
    ]


def test_steps_with_little_in_common_are_not_paired() -> None:
    assert pair_steps(["Listen for a tone."], ["The picture is cut at 4.5 s."]) == [
        (0, None),
        (None, 0),
    ]
