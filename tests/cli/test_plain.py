"""Text of unknown origin is made safe, and times and windows read well."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.cli.plain import clean, clean_lines, window

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), st.sampled_from("[]0;2Jm\\ab ")
    )
)


@given(HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for character in clean_lines(text):
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in {"RLO", "LRO", "RLE", "LRE", "PDF"}
        assert unicodedata.bidirectional(character) not in {"LRI", "RLI", "FSI", "PDI"}


@given(HOSTILE)
def test_one_line_stays_one_line(text: str) -> None:
    assert len(clean(text).splitlines()) <= 1


@given(st.text(alphabet="abc äöü✓漢 .,[]{}"))
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert clean(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;never closed", "52;c;never closed"),
        ("\x9b2Jcleared", "cleared"),
        ("ab\x08\x08cd", "abcd"),
        ("a\rb", "a b"),
        ("\u202egnp.exe", "gnp.exe"),
        ("[red]markup[/red]", "[red]markup[/red]"),
    ],
)
def test_hostile_text_becomes_harmless(hostile: str, harmless: str) -> None:
    assert clean(hostile) == harmless


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (1.0, 2.25, "1.0–2.25 s"),
        (1.0, None, "from 1.0 s"),
        (None, 2.0, "to 2.0 s"),
        (4.5, 4.5, "at 4.5 s"),
        (None, None, ""),
    ],
)
def test_windows_read_as_words(start: float | None, end: float | None, words: str) -> None:
    assert window(start, end) == words
