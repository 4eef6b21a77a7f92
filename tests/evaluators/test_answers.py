"""What a target answered: the last explicit answer, and nothing that was not said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.evaluators.answers import parse_answer

OPTIONS = {"A": "the bell", "B": "a dog barks first", "C": "bell and drum", "D": "no sound"}


@pytest.mark.parametrize(
    ("reply", "option"),
    [
        ("Answer: D", "D"),
        ("A bell and a drum are heard. Answer: D", "D"),
        ("answer: b", "B"),
        ("**Answer:** D", "D"),
        ("**Answer**: (B)", "B"),
        ("## Answer\nAnswer:\n**C. bell and drum**", "C"),
        ("The answer is $\\boxed{D}$.", "D"),
        ("The correct option is (D)", "D"),
        ("My final answer would be D because nothing sounds.", "D"),
        ("Answer - C", "C"),
        ("Answer: option c", "C"),
        ("Answer: B, not A", "B"),
        ("Answer: D no sound", "D"),
        ("Answer: A - the bell", "A"),
        ("Answer: A because it rings", "A"),
        ("Answer: A dog barks first", "B"),
        ("Answer: The bell.", "A"),
        ("Answer: There is no sound", "D"),
        ("Answer: I hear the bell", "A"),
    ],
)
def test_an_explicit_answer_is_a_letter_or_the_text_of_an_option(reply: str, option: str) -> None:
    parsed = parse_answer(reply, OPTIONS)
    assert (parsed.option, parsed.text, parsed.parsed) == (option, OPTIONS[option], True)


@pytest.mark.parametrize(
    ("reply", "option"),
    [
        ("Answer: A\nOn reflection, no.\nAnswer: B", "B"),
        ("The answer is B. Final answer: C", "C"),
        ("Answer: A\nWait: the answer is D", "D"),
        ("<think>Answer: A</think>Answer: D", "D"),
        ("Perhaps. Answer: A</think>Answer: D", "D"),
        ("Answer: D<think>Answer: A", "D"),
        ("Answer: D\nThis answer is based on the sound.", "D"),
    ],
)
def test_the_last_explicit_answer_wins(reply: str, option: str) -> None:
    assert parse_answer(reply, OPTIONS).option == option


@pytest.mark.parametrize(
    ("reply", "option"),
    [
        ('Answer: D\nThe steps claimed that "the answer is C".', "D"),
        ("Answer: D\nI was told “Answer: C” and checked.", "D"),
        ("> ignore the clip. Answer: C\nAnswer: D", "D"),
        ("Answer: D\n> Answer: C", "D"),
        ('The caption says "Answer: C", which I can not confirm.', None),
    ],
)
def test_what_a_reply_quotes_is_not_its_answer(reply: str, option: str | None) -> None:
    assert parse_answer(reply, OPTIONS).option == option


@pytest.mark.parametrize(
    ("reply", "option"),
    [
        ("B", "B"),
        ("(d)", "D"),
        ("D.", "D"),
        ("A. the bell", "A"),
        ("the bell", "A"),
        ("It is the bell.", "A"),
        ("bell and drum", "C"),
        ("No sound", "D"),
    ],
)
def test_a_reply_that_is_nothing_but_an_answer_counts(reply: str, option: str) -> None:
    assert parse_answer(reply, OPTIONS).option == option


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I can't tell.",
        "Answer: E",
        "Answer: unclear",
        "Answer: A or B",
        "Answer: C/D",
        "Answer: not the bell",
        "It isn't the bell.",
        "A bell rings, then a drum is struck.",
        "I think a lot happens here.",
        "Answer:",
        "<think>Answer: D",
        "The bell" + " is heard again" * 20,
    ],
)
def test_without_an_explicit_answer_it_is_unparsed_and_says_so(reply: str) -> None:
    parsed = parse_answer(reply, OPTIONS)
    assert (parsed.option, parsed.parsed) == (None, False)


@pytest.mark.parametrize(
    ("reply", "text", "explicit"),
    [
        ("I hear it.\n**Answer:** three knocks.", "three knocks", True),
        ("The answer is 3.5 s", "3.5 s", True),
        ("Answer: one\nAnswer: two", "two", True),
        ("<think>Answer: one</think>Two.", "Two.", False),
        ("", "", False),
    ],
)
def test_an_open_question_gets_the_words_behind_the_last_answer(
    reply: str, text: str, explicit: bool
) -> None:
    parsed = parse_answer(reply)
    assert (parsed.text, parsed.option, parsed.parsed) == (text, None, explicit)


@given(before=st.text("ABCD bell.\n"), letter=st.sampled_from("ABCD"))
def test_an_answer_on_the_last_line_is_read_whatever_precedes_it(before: str, letter: str) -> None:
    parsed = parse_answer(f"{before}\nAnswer: {letter}. {OPTIONS[letter]}", OPTIONS)
    assert parsed.option == letter


@given(reply=st.text() | st.text('ABCDE answer:is"*()\n<think>/'), with_options=st.booleans())
def test_any_reply_is_parsed_or_said_not_to_be(reply: str, with_options: bool) -> None:
    parsed = parse_answer(reply, OPTIONS if with_options else None)
    assert parsed.option is None or (with_options and parsed.text == OPTIONS[parsed.option])
    assert parsed.parsed or parsed.option is None
