"""What stands on the command line is read, or refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.cli.inputs import parse_candidates, parse_fork, parse_options
from aurelia.errors import InputError


def test_plain_options_are_lettered_in_order() -> None:
    assert parse_options(["the sound", "the movement"]) == {"A": "the sound", "B": "the movement"}


def test_plain_options_take_the_letters_that_are_free() -> None:
    assert parse_options(["B=yes", "no", "c=perhaps", "never"]) == {
        "A": "no",
        "B": "yes",
        "C": "perhaps",
        "D": "never",
    }


def test_no_option_is_an_open_question() -> None:
    assert parse_options([]) is None


@pytest.mark.parametrize(
    ("given_options", "named"),
    [
        (["A=x", "A=y"], "Option A"),
        (["A=x", "a=y"], "Option A"),
        (["x", " "], "empty"),
        (["A=", "y"], "empty"),
        (["only one"], "at least two"),
        ([f"text {n}" for n in range(27)], "too many"),
    ],
)
def test_options_that_make_no_sense_are_refused(given_options: list[str], named: str) -> None:
    with pytest.raises(InputError, match=named):
        parse_options(given_options)


@given(st.lists(st.text(alphabet="xyz ", min_size=1).filter(str.strip), min_size=2, max_size=26))
def test_every_plain_option_keeps_its_text(texts: list[str]) -> None:
    assert list((parse_options(texts) or {}).values()) == [text.strip() for text in texts]


def test_candidates_keep_signs_in_file_names() -> None:
    assert parse_candidates(["A=a=b.wav", " B =c.wav"]) == {"A": "a=b.wav", "B": "c.wav"}
    assert parse_candidates([]) is None


@pytest.mark.parametrize("text", ["a.wav", "=a.wav", "A="])
def test_candidates_without_label_or_file_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="LABEL=FILE"):
        parse_candidates([text])


def test_a_candidate_label_may_come_once() -> None:
    with pytest.raises(InputError, match="twice"):
        parse_candidates(["A=x.wav", "A=y.wav"])


def test_a_fork_names_run_and_iteration() -> None:
    assert parse_fork("runs/a@b@2") == ("runs/a@b", 2)


@pytest.mark.parametrize("text", ["run", "@1", "run@", "run@0", "run@-1", "run@1.5", "run@²"])
def test_a_fork_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="RUN@K"):
        parse_fork(text)
