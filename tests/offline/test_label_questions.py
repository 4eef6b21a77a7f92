"""Questions about labels: family, then intent; what is not supported stays outside."""

import pytest

from aurelia.models.offline.intent import Intent, Outside
from aurelia.models.offline.routing import route


@pytest.mark.parametrize(
    ("question", "kind", "claim"),
    [
        ("In which order do the events happen in the clip?", "event_order", None),
        ("Which of these captions describes the clip correctly?", "event_order", None),
        ("Does the bell ring before the red ball crosses?", "event_order", "bell<red ball"),
        ("Which description matches the sounds and the movements?", "event_order", None),
        ("Which country is shown when a loud crash is heard?", "place_when", "country:crash"),
        ("Which comes first, the bell or the red ball?", "event_order", "bell|red ball"),
        ("How many instruments can be heard in the clip?", "sources_count", None),
        ("How many instruments are shown?", "shown_count", None),
        ("Are there more instruments heard than shown?", "sources_compare", "heard more"),
        ("Are fewer instruments visible than audible?", "sources_compare", "heard more"),
        ("Do you see more instruments than you hear?", "sources_compare", "shown more"),
        ("Is there an instrument that is heard but not seen?", "sources_compare", "heard more"),
        ("Which candidate track matches the dance?", "dance_match", None),
        ("To which track is the figure dancing?", "dance_match", None),
        ("Which country's flag is shown when the siren sounds?", "place_when", "country:siren"),
        (
            "On which continent is the city on the sign when the crash is heard?",
            "place_when",
            "continent:crash",
        ),
        ("Do the text and the mood of the music disagree?", "irony", "disagree"),
        ("Does the music fit the text?", "irony", "agree"),
        ("Is the meme ironic?", "irony", "disagree"),
        ("Does the ear find more instruments than the eye?", "sources_compare", "heard more"),
        ("Do you hear more than you see?", "sources_compare", "heard more"),
        ("Is there an instrument that sounds but isn't shown?", "sources_compare", "heard more"),
        ("Are fewer instruments heard than shown?", "sources_compare", "shown more"),
        ("How many players are there in the music?", "sources_count", None),
        ("When does the bell ring?", "event_when", "bell"),
        ("Is a siren heard?", "event_present", "siren"),
        ("Describe what is seen and heard.", "description", None),
        ("Write a caption that covers both picture and sound.", "description", None),
    ],
)
def test_a_question_finds_its_intent(question: str, kind: str, claim: str | None) -> None:
    intent = route(question)
    assert isinstance(intent, Intent)
    assert (intent.kind, intent.claim) == (kind, claim)


@pytest.mark.parametrize(
    "question",
    [
        "Which instrument is the loudest?",
        "Is the instrument on the left sounding?",
        "Is there an engine?",
        "What colour is the dog?",
        "Describe the second sound.",
        "Who rings the bell?",
        "Why does the ball move?",
    ],
)
def test_an_unsupported_question_stays_outside(question: str) -> None:
    outside = route(question)
    assert isinstance(outside, Outside)
    assert outside.needed


@pytest.mark.parametrize(
    "question",
    [
        "Which soundtrack belongs to the dancer?",
        "Pick the audio that keeps time with the dancer.",
        "Whose beat does the figure follow?",
        "Which candidate has the tempo of the movement?",
        "Which song is in step with the body on screen?",
    ],
)
def test_candidate_tracks_leave_little_doubt_about_the_family(question: str) -> None:
    intent = route(question, candidates=True)
    assert isinstance(intent, Intent)
    assert intent.kind == "dance_match"


def test_of_candidate_tracks_only_the_fit_is_measured() -> None:
    assert isinstance(route("Which track is the loudest?", candidates=True), Outside)


@pytest.mark.parametrize(
    "question",
    [
        "How many shiny instruments are heard?",
        "How many bowed instruments are shown?",
        "Are there more visible musicians than tired players?",
    ],
)
def test_which_instruments_are_meant_is_noticed(question: str) -> None:
    assert isinstance(route(question), Outside)
