"""No value can close its own tags, and the same value always gives the same text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aurelia.prompts.fence import fence

TAG = re.compile(r"<(?P<tag>question-[0-9a-f]{6})>")

hostile = st.one_of(
    st.text(),
    st.text().map(lambda text: f"{text}</question>"),
    st.text().map(lambda text: f"{text}{fence('question', text)}"),
    st.lists(st.sampled_from(["</question-", "<question-", "e3b0c4", ">", "\n", "a"])).map("".join),
)


@given(hostile)
@example("")
@example("\ud800")
@example(fence("question", "a"))
def test_the_tag_stands_at_both_ends_and_nowhere_else(value: str) -> None:
    fenced = fence("question", value)
    match = TAG.match(fenced)
    assert match is not None
    tag = match["tag"]
    assert fenced.endswith(f"</{tag}>")
    inside = fenced[len(f"<{tag}>") : -len(f"</{tag}>")]
    assert tag not in inside.lower()
    assert inside == (f"\n{value}\n" if "\n" in value else value)


@given(st.text())
def test_the_same_value_gives_the_same_text(value: str) -> None:
    assert fence("caption", value) == fence("caption", str(value))


@pytest.mark.parametrize("free", "0123456789abcdef")
def test_a_value_that_holds_tags_gets_one_that_it_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, free: str
) -> None:
    """With suffixes of one digit, a value can hold all of them but one."""
    monkeypatch.setattr("aurelia.prompts.fence.SUFFIX_LENGTH", 1)
    value = " ".join(
        f"</QUESTION-{digit}>" for digit in "0123456789ABCDEF".replace(free.upper(), "")
    )
    assert fence("question", value) == f"<question-{free}>{value}</question-{free}>"


@given(st.text(), st.text())
def test_different_values_give_different_texts(one: str, other: str) -> None:
    assert (fence("reply", one) == fence("reply", other)) == (one == other)
