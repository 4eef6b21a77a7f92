"""F1 over facts, and what counts as false."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.facts import Stated, false_statements, score_caption, stated
from aurelia.bench.sample import Fact

BELL = Fact(kind="event.heard", modality="audio", value="bell", start_s=1.0, end_s=1.6)
BELL_AGAIN = Fact(kind="event.heard", modality="audio", value="bell", start_s=1.5, end_s=2.0)
BALL = Fact(
    kind="object.moves", modality="visual", value="red ball", other="left to right", start_s=3.0
)
TEMPO = Fact(kind="candidate.tempo", modality="audio", value=120.0, other="B")
TEXT = Fact(kind="text.shown", modality="visual", value="GRAND opening")
TWO = Fact(kind="sources.count", modality="audio", value=2)


def heard(value: str, start_s: float | None = None, denied: bool = False) -> Stated:
    return Stated("event.heard", value, None, start_s, denied)


def test_all_that_is_true_and_nothing_else_is_one() -> None:
    said = [heard("bell", 1.3), Stated("object.moves", "red ball", "left to right", 3.0)]
    assert score_caption(said, [BELL, BALL]).f1 == 1.0


def test_precision_and_recall() -> None:
    said = [heard("bell", 1.0), heard("siren", 4.0), heard("crash", 5.0)]
    score = score_caption(said, [BELL, BALL])
    assert score.precision == pytest.approx(1 / 3)
    assert score.recall == 0.5
    assert score.f1 == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("said", "matches"),
    [
        (heard("bell", 1.4), True),
        (heard("bell", 1.41), False),
        (heard("bell"), True),
        (heard("siren", 1.0), False),
        (Stated("object.moves", "red ball", "right to left", 3.0), False),
        (Stated("object.moves", "red ball", None, 3.0), True),
        (Stated("object.moves", "ball", None, 3.0), False),
        (Stated("candidate.tempo", 124.0, "b", None), True),
        (Stated("candidate.tempo", 130.0, "b", None), False),
        (Stated("candidate.tempo", 120.0, "a", None), False),
        (Stated("text.shown", "grand opening", None, None), True),
        (Stated("sources.count", 2.0, None, None), True),
        (Stated("sources.count", 3.0, None, None), False),
        (Stated("shown.count", 2.0, None, None), False),
    ],
)
def test_what_matches(said: Stated, matches: bool) -> None:
    assert score_caption([said], [BELL, BALL, TEMPO, TEXT, TWO]).matched == int(matches)


def test_each_fact_is_matched_once_and_as_many_as_can_be() -> None:
    """The first statement fits both bells, the second only the earlier one."""
    said = [heard("bell", 1.25), heard("bell", 0.8)]
    assert score_caption(said, [BELL, BELL_AGAIN]).matched == 2
    assert score_caption(said, [BELL]).matched == 1


def test_a_denial_is_no_statement_of_a_fact() -> None:
    assert score_caption([heard("siren", denied=True)], [BELL]).stated == 0


def test_nothing_said_or_nothing_true_is_zero() -> None:
    assert score_caption("", [BELL]).f1 == 0.0
    assert score_caption([heard("bell")], []).f1 == 0.0
    assert score_caption([], []).f1 == 0.0


def test_what_the_facts_refute() -> None:
    lies = [heard("siren", 4.0), heard("bell", 2.5), heard("bell", denied=True)]
    others = [heard("bell", 1.0), heard("bell"), heard("siren", denied=True)]
    assert false_statements([*lies, *others], [BELL]) == lies


def test_less_than_the_whole_truth_is_not_false() -> None:
    ball = Stated("object.moves", "ball", None, None)
    assert false_statements([ball], [BALL]) == []
    assert false_statements([Stated("object.moves", "blue ball", None, None)], [BALL]) != []


def test_a_kind_that_no_fact_has_is_left_open() -> None:
    assert false_statements([Stated("mood.is", "dark", None, None)], [BELL]) == []


@given(st.lists(st.sampled_from([heard("bell", 1.0), heard("siren"), heard("bell", 9.0)])))
def test_f1_is_a_share(said: list[Stated]) -> None:
    score = score_caption(said, [BELL, BALL])
    assert 0 <= score.f1 <= 1
    assert score.matched <= min(score.stated, score.facts)


def test_statements_about_time_and_level_alone_are_not_counted() -> None:
    assert stated("Sound is heard from 1.0 s to 2.0 s. Nothing moves.") == []


def test_statements_are_read_out_of_a_text() -> None:
    text = "A bell is heard from 1.0 s to 1.6 s. A red ball moves from left to right from 3.0 s."
    assert score_caption(text, [BELL, BALL]).f1 == 1.0
    assert score_caption(text.replace("bell", "siren"), [BELL, BALL]).f1 == 0.5
    assert [s.value for s in false_statements(text.replace("red", "blue"), [BELL, BALL])] == [
        "blue ball"
    ]


def test_saying_it_twice_is_no_second_statement() -> None:
    assert len(stated("A bell is heard from 1.0 s to 1.6 s. A bell is heard.")) == 1


def test_what_could_not_be_identified_is_no_denial() -> None:
    assert false_statements("No single sound could be identified.", [BELL]) == []


def test_half_a_tempo_matches_no_fact_but_is_not_false() -> None:
    fact = Fact(kind="pace.picture", modality="visual", value=120.0)
    caption = "The movement repeats 60 times a minute."
    assert score_caption(caption, [fact]).f1 == 0.0
    assert false_statements(caption, [fact]) == []
    assert false_statements("The movement repeats 70 times a minute.", [fact])
