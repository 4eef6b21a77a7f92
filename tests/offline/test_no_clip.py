"""A target that is given no clip has nothing but r*: what a text-only reader gains from it."""

from pathlib import Path

from aurelia.media.open import open_clip
from aurelia.models.offline.envelope import Inputs
from aurelia.models.offline.looks import TOPICS
from aurelia.models.offline.target import answer
from tests.clips import make_clip

QUESTION = "Which comes first, the sound or the movement?"
OPTIONS = {"A": "The sound", "B": "The movement"}
TOLD = {
    "A": "- Sound is heard from 0.40 s to 0.90 s (±0.05 s).\n"
    "- The picture moves from 1.90 s to 2.50 s (±0.10 s).",
    "B": "- Sound is heard from 1.90 s to 2.50 s (±0.05 s).\n"
    "- The picture moves from 0.40 s to 0.90 s (±0.10 s).",
}


def said(r_star: str | None) -> str:
    inputs = Inputs(question=QUESTION, options=OPTIONS, r_star=r_star)
    return answer(None, inputs, TOPICS)


def test_it_reads_the_answer_off_measured_sentences() -> None:
    for letter, told in TOLD.items():
        assert said(told).endswith(f"Answer: {letter}")


def test_without_them_it_guesses_and_says_so() -> None:
    assert said(None) == said(None)
    assert said(None).startswith("I was given no clip")
    assert "guess" in said("- Listen for the sound.")
    questions = (f"{QUESTION} ({n})" for n in range(40))
    inputs = (Inputs(question=q, options=OPTIONS) for q in questions)
    letters = {answer(None, i, TOPICS)[-1] for i in inputs}
    assert letters == {"A", "B"}


def test_with_a_clip_nothing_has_changed(tmp_path: Path) -> None:
    clip = open_clip(make_clip(tmp_path / "a.mp4", 3.0, moves=[(0.4, 0.9)], sounds=[(1.9, 2.5)]))
    own = answer(clip, Inputs(question=QUESTION, options=OPTIONS, r_star=TOLD["A"]), TOPICS)
    assert own.endswith("Answer: B")  # what it measures itself goes before what it is told
