"""Reading statements: our own sentences and free paraphrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.media.measure_spans import Span
from aurelia.models.offline.claims import read
from aurelia.models.offline.notes import stretch

Read = tuple[str, float | None, float | None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The sound stops around 3.6 seconds.", ("sound.span", None, 3.6)),
        ("It is silent until 3 s.", ("silence.span", 0.0, 3.0)),
        ("For the first 3 seconds it is silent.", ("silence.span", 0.0, 3.0)),
        ("The audio goes silent at 2.5 s.", ("silence.span", 2.5, None)),
        ("Nothing is heard after five seconds.", ("silence.span", 5.0, float("inf"))),
        ("The video has no sound.", ("sound.none", None, None)),
        ("The clip has no audio track.", ("sound.no_track", None, None)),
        ("A cut occurs at 0:04.", ("cuts.at", 4.0, 4.0)),
        ("Sound is audible from about 1 to 2.2 seconds.", ("sound.span", 1.0, 2.2)),
        ("There is noise between 1.0s and 2.2s.", ("sound.span", 1.0, 2.2)),
        ("The image is completely static.", ("motion.none", None, None)),
        ("Nothing moves in the picture at any time.", ("motion.none", None, None)),
        ("Nothing moves from 1.0 s to 2.0 s, apart from hard cuts.", ("still.span", 1.0, 2.0)),
        ("There is movement the whole time.", ("motion.all", None, None)),
        ("The movement begins at 1.5 s.", ("motion.span", 1.5, None)),
        ("The sound begins at 1 s and ends at 2 s.", ("sound.span", 1.0, 2.0)),
    ],
)
def test_paraphrases_are_read(text: str, expected: Read) -> None:
    said = read(text)
    assert [(s.kind, s.start_s, s.end_s) for s in said] == [expected]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("The sound starts before the movement.", "sound", "motion"),
        ("The movement begins after the sound.", "sound", "motion"),
        ("The movement comes first, then the sound.", "motion", "sound"),
        ("The sound comes second, after the movement.", "motion", "sound"),
        ("First the sound is heard, then the picture moves.", "sound", "motion"),
        ("The sound starts 1.50 s before the cut.", "sound", "cut"),
    ],
)
def test_order_is_read(text: str, first: str, second: str) -> None:
    orders = [s for s in read(text) if s.kind == "order"]
    assert [(s.value, s.other) for s in orders] == [(first, second)]


def test_cuts_and_numbers_are_read() -> None:
    kinds = [(s.kind, s.value) for s in read("There are two cuts.")]
    assert kinds == [("cuts.count", 2.0)]
    assert [s.value for s in read("The video consists of three shots.")] == [2.0]
    assert [s.value for s in read("The sound averages -23 dBFS.")] == [-23.0]
    assert [s.value for s in read("The tempo is 120 bpm.")] == [120.0]


def test_what_cannot_be_measured_is_set_apart() -> None:
    said = read("The sound of a dog is heard at 2 s.")
    assert [s.kind for s in said] == ["sound.at", "unread"]
    assert said[1].value == "dog"
    assert [s.kind for s in read("A man greets a woman.")] == ["unread"]


def test_remarks_on_the_measuring_state_nothing() -> None:
    assert read("Measured again with a 5 ms hop: before, it was 1.00 s to 2.00 s.") == []


@given(
    st.floats(0, 60).map(lambda v: round(v, 2)),
    st.floats(0.1, 60).map(lambda v: round(v, 2)),
    st.floats(0.05, 2).map(lambda v: round(v, 2)),
    st.sampled_from(
        [
            ("Sound is heard", "sound.span"),
            ("It is silent", "silence.span"),
            ("The picture moves", "motion.span"),
            ("Nothing moves", "still.span"),
        ]
    ),
)
def test_our_own_sentences_survive_the_round_trip(
    start: float, length: float, tolerance: float, stem: tuple[str, str]
) -> None:
    text = f"{stem[0]} {stretch(Span(start, start + length), tolerance)}."
    (said,) = read(text)
    assert said.kind == stem[1]
    assert said.start_s == pytest.approx(start, abs=0.006)
    assert said.end_s == pytest.approx(start + length, abs=0.011)
    assert said.tolerance_s == pytest.approx(tolerance, abs=0.006)


@given(st.text(max_size=200))
def test_any_text_is_read_without_error(text: str) -> None:
    for said in read(text):
        assert said.text
