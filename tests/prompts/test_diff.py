"""A comparison loses nothing: either side can be read back from it."""

from hypothesis import assume, given
from hypothesis import strategies as st

from aurelia.prompts.diff import DiffLine, diff_sets, diff_texts
from aurelia.prompts.loader import load_prompts
from tests.prompts.sets import generator

texts = st.lists(st.text(alphabet="ab .,\n", max_size=12), max_size=6).map("\n".join)


def side(lines: tuple[DiffLine, ...], other: str) -> str:
    """The text of one side: everything but what only the other has."""
    kept = [
        "".join(segment.text for segment in line.segments if segment.kind != other)
        for line in lines
        if any(segment.kind != other for segment in line.segments)
    ]
    return "\n".join(kept)


@given(texts, texts)
def test_both_sides_can_be_read_back(a: str, b: str) -> None:
    assume(a != b)
    lines = diff_texts(a, b, context=len(a) + len(b) + 2)
    assert not any(line.gap for line in lines)
    assert side(lines, "added") == a
    assert side(lines, "removed") == b


@given(texts)
def test_equal_texts_show_nothing(text: str) -> None:
    assert diff_texts(text, text) == ()


def test_a_changed_word_is_shown_in_its_line_and_far_lines_are_left_out() -> None:
    a = "one\ntwo\nthree\nListen for the first bell.\nend"
    lines = diff_texts(a, a.replace("first", "second"), context=1)
    assert lines[0].gap
    changed = lines[2]
    assert [(s.kind, s.text) for s in changed.segments] == [
        ("same", "Listen for the "),
        ("removed", "first"),
        ("added", "second"),
        ("same", " bell."),
    ]


def test_lines_with_little_in_common_are_shown_whole() -> None:
    first, second = diff_texts("Listen for bells.", "Watch their faces closely, twice")
    assert [s.kind for s in (*first.segments, *second.segments)] == ["removed", "added"]


def test_sets_are_compared_with_partials_put_in() -> None:
    changed = load_prompts(overrides={"_r_star": "Notes:\n\n{{r_star}}"})
    assert [d.name for d in diff_sets(load_prompts(), changed)] == ["target_distilled"]
    assert diff_sets(load_prompts(), load_prompts()) == []


def test_a_prompt_that_one_set_alone_has_is_named() -> None:
    variant = generator("{{media}}\n{{question}}")
    more = load_prompts(overrides={"generator.av_meme": variant})
    (found,) = diff_sets(load_prompts(), more)
    assert (found.name, found.only) == ("generator.av_meme", "b")
    (found,) = diff_sets(more, load_prompts())
    assert found.only == "a"
