"""Reading captions about labels: our own sentences and free ones."""

import pytest

from aurelia.models.offline.actions import PLANS
from aurelia.models.offline.claims import read

Row = tuple[str, object, object, float | None, float | None]


def rows(text: str) -> list[Row]:
    return [(s.kind, s.value, s.other, s.start_s, s.end_s) for s in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A bell is heard from 1.20 s to 2.40 s (±0.10 s).",
            [("event.heard", "bell", None, 1.2, 2.4)],
        ),
        (
            "A red ball moves from left to right from 2.00 s to 4.00 s (±0.12 s).",
            [("object.moves", "red ball", "left to right", 2.0, 4.0)],
        ),
        (
            "A red ball rolls from the left edge to the right, from about 2.1 s, gone by 4.0 s.",
            [("object.moves", "red ball", "left to right", 2.1, 4.0)],
        ),
        (
            "Knocking can be heard between 1.5 and 2 seconds.",
            [("event.heard", "knock", None, 1.5, 2.0)],
        ),
        (
            "At 3.2 s you hear a siren, which wails until 5 s.",
            [("event.heard", "siren", None, 3.2, 5.0)],
        ),
        (
            "A crash is heard at 1.5 s while a blue square moves from 2 s to 3 s.",
            [
                ("event.heard", "crash", None, 1.5, None),
                ("object.moves", "blue square", None, 2.0, 3.0),
            ],
        ),
        (
            "A bell rings before the red ball crosses.",
            [
                ("event.heard", "bell", None, None, None),
                ("object.moves", "red ball", None, None, None),
                ("label.order", "event.heard|bell", "object.moves|red ball", None, None),
            ],
        ),
        (
            "3 different sound sources are heard (low pitched, percussion).",
            [("sources.count", 3.0, None, None, None)],
        ),
        (
            "Three instruments are heard, but only two are shown.",
            [
                ("sources.count", 3.0, None, None, None),
                ("shown.count", 2.0, None, None, None),
            ],
        ),
        (
            "By ear there are 3 instruments, by eye 2.",
            [
                ("sources.count", 3.0, None, None, None),
                ("shown.count", 2.0, None, None, None),
            ],
        ),
        (
            "A trio plays, while the picture shows one instrument.",
            [
                ("sources.count", 3.0, None, None, None),
                ("shown.count", 1.0, None, None, None),
            ],
        ),
        (
            "A bell rings from second 1.2 to second 2.6.",
            [("event.heard", "bell", None, 1.2, 2.6)],
        ),
        ("A bell rings. It lasts from 1.2 s to 2.6 s.", [("event.heard", "bell", None, 1.2, 2.6)]),
        ("There is a single instrument playing.", [("sources.count", 1.0, None, None, None)]),
        (
            "The movement repeats 104.0 times a minute.",
            [("pace.picture", 104.0, None, None, None)],
        ),
        (
            "Tracks: A at 98 bpm, B at 120.5 bpm and D at 88 bpm.",
            [
                ("candidate.tempo", 98.0, "A", None, None),
                ("candidate.tempo", 120.5, "B", None, None),
                ("candidate.tempo", 88.0, "D", None, None),
            ],
        ),
        (
            "The French flag is on screen until 2.1 s, then the flag of Nigeria until 4 s.",
            [
                ("flag.shown", "France", None, None, 2.1),
                ("flag.shown", "Nigeria", None, None, 4.0),
            ],
        ),
        (
            "The text “BEST DAY! Ever” is shown from 0.00 s to 6.00 s (±0.10 s).",
            [("text.shown", "BEST DAY! Ever", None, 0.0, 6.0)],
        ),
        (
            'The soundtrack is gloomy, and the text reads "I LOST MY KEYS".',
            [
                ("mood.is", "dark", None, None, None),
                ("text.shown", "I LOST MY KEYS", None, None, None),
            ],
        ),
        ("No bell is heard.", [("event.absent", "bell", None, None, None)]),
        ("No single sound could be identified.", [("events.none", None, None, None, None)]),
    ],
)
def test_a_sentence_about_labels_is_read(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


def test_a_word_that_no_label_accounts_for_is_left_unread() -> None:
    read_ = read("A red ball hits a postman from 1 s to 2 s.")
    assert [s.kind for s in read_] == ["object.moves", "unread"]
    assert "postman" in str(read_[1].value)


@pytest.mark.parametrize(
    "text",
    [
        "The music does not sound bright.",
        "The flag of France is not shown.",
        "A dog barks.",
        "Three instruments can't be heard.",
    ],
)
def test_a_denial_is_never_read_as_its_opposite(text: str) -> None:
    assert {s.kind for s in read(text)} == {"unread"}


def test_text_on_screen_can_forge_no_statement() -> None:
    shown = "5 sound sources are heard. The flag of Peru is shown. Score: 10"
    assert [s.kind for s in read(f"The text “{shown}” is shown.")] == ["text.shown"]


@pytest.mark.parametrize("topic", sorted(PLANS))
def test_a_plan_states_nothing(topic: str) -> None:
    assert [s for s in read(f"- {PLANS[topic]}") if s.kind != "unread"] == []


@pytest.mark.parametrize(
    "text",
    [
        "The picture is black from 1 s to 2 s.",
        "The picture gets brighter.",
        "A regular beat of 120 per minute is measured.",
        "There are 3 hard cuts.",
        "The second sound is heard from 2 s to 3 s.",
    ],
)
def test_sentences_about_when_and_how_much_are_not_taken_for_labels(text: str) -> None:
    kinds = {s.kind.partition(".")[0] for s in read(text)}
    assert not kinds & {"event", "object", "mood", "pace", "candidate", "shown", "sources"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A ball moves, then a bell rings, then a siren wails.", ["ball<bell", "bell<siren"]),
        ("A bell rings. Then a red ball moves.", ["bell<red ball"]),
        ("Before the bell rings, a ball moves.", ["ball<bell"]),
        ("A ball moves; before that, a bell rings.", ["bell<ball"]),
        ("The flag of Peru is shown first, then the flag of Japan.", ["Peru<Japan"]),
        ("The flag of Peru is shown when something crashes.", ["Peru=crash"]),
        ("A bell rings while a red ball moves.", ["bell=red ball"]),
        ("A bell rings at 1 s and a ball moves at 2 s.", []),
    ],
)
def test_order_and_coincidence_are_statements_of_their_own(text: str, expected: list[str]) -> None:
    related = [s for s in read(text) if s.kind.startswith("label.")]
    signs = {"label.order": "<", "label.together": "="}
    names = [
        str(s.value).partition("|")[2] + signs[s.kind] + str(s.other).partition("|")[2]
        for s in related
    ]
    assert names == expected


@pytest.mark.parametrize(
    "text",
    [
        "A bell rings twice.",
        "Two bells ring.",
        "A bell rings throughout.",
        "Only a red ball moves.",
        "More than four instruments are heard.",
        "Four instruments are heard, and just as many are shown.",
        "A bell rings near the end.",
        "A red ball moves from left to right and back.",
        "The bell rings for five seconds.",
    ],
)
def test_a_word_that_narrows_leaves_a_claim_unproven(text: str) -> None:
    assert all(s.more for s in read(text) if s.kind != "unread")


@pytest.mark.parametrize(
    "text",
    [
        "It is false that a bell rings.",
        "If a bell rings, a red ball moves.",
        "Perhaps a bell rings.",
        "The music is anything but cheerful.",
    ],
)
def test_doubt_states_nothing(text: str) -> None:
    assert {s.kind for s in read(text)} == {"unread"}
