"""Which questions are inside the family, and what they ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.models.offline.intent import Intent, Outside
from aurelia.models.offline.routing import route

INSIDE = [
    ("Is there any sound?", "sound_present"),
    ("Is the clip silent?", "sound_present"),
    ("Does the video have audio?", "sound_present"),
    ("When does the sound start?", "sound_when"),
    ("At what time does the audio stop?", "sound_when"),
    ("How long is it silent?", "sound_length"),
    ("How many times is a sound heard?", "sound_count"),
    ("How loud is the sound?", "level"),
    ("When is it loudest?", "loudest_when"),
    ("Does the sound get louder towards the end?", "loudness_trend"),
    ("Does the picture move?", "motion_present"),
    ("Is the image still?", "motion_present"),
    ("When does the movement stop?", "motion_when"),
    ("How many cuts are there?", "cuts_count"),
    ("How many shots does the video have?", "cuts_count"),
    ("When is there a cut?", "cuts_when"),
    ("Is there a scene change?", "cuts_present"),
    ("Is the picture dark or light?", "light_mean"),
    ("Does the picture get darker?", "light_change"),
    ("What is the tempo of the music?", "tempo"),
    ("Which comes first, the sound or the movement?", "order"),
    ("Does the sound start before the movement?", "order"),
    ("Do the sound and the movement coincide?", "together"),
    ("Does the picture move while there is sound?", "together"),
    ("Describe what happens.", "description"),
    ("What can be seen and heard, and when?", "description"),
]


@pytest.mark.parametrize(("question", "kind"), INSIDE)
def test_a_question_inside_the_family_has_its_intent(question: str, kind: str) -> None:
    intent = route(question)
    assert isinstance(intent, Intent)
    assert intent.kind == kind


@pytest.mark.parametrize(
    "question",
    [
        "Who is speaking?",
        "What instrument sounds first?",
        "What is the sound?",
        "What is the sound of?",
        "What sound is heard?",
        "What does it sound like?",
        "Where does the sound come from?",
        "Why is there no sound?",
        "What is moving?",
        "What moves first?",
        "What can be heard?",
        "What colour is the ball?",
        "Is there a dog?",
        "How many people are seen?",
        "How many different sounds are heard?",
        "Is there music?",
        "What is said?",
        "Does the door close before the sound?",
        "Does the sound feel sad?",
        "",
        "?!",
    ],
)
def test_a_question_outside_is_declined_with_what_is_needed(question: str) -> None:
    outside = route(question)
    assert isinstance(outside, Outside)
    assert outside.reason
    assert outside.needed


@given(st.text(max_size=80))
def test_any_text_is_routed(text: str) -> None:
    assert isinstance(route(text), Intent | Outside)


@given(st.sampled_from(["dog", "violin", "woman", "laughter", "engine", "blue"]))
def test_one_strange_noun_takes_a_question_outside(noun: str) -> None:
    assert isinstance(route(f"Is the sound of a {noun} heard?"), Outside)
    assert isinstance(route(f"Does the {noun} move?"), Outside)


def test_the_stretch_that_a_question_names_is_kept() -> None:
    intent = route("Is there sound between 2 and 3.5 seconds?")
    assert isinstance(intent, Intent)
    assert (intent.start_s, intent.end_s) == (2.0, 3.5)
    half = route("Does anything move in the second half?")
    assert isinstance(half, Intent)
    assert half.part == (0.5, 1.0)
