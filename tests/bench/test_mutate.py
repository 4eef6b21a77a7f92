"""Lies differ from a caption by one thing, in our words and in anybody's."""

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.mutate import lies
from aurelia.bench.mutate_runs import cases_from_runs
from aurelia.errors import InputError
from aurelia.graph.run import reason
from aurelia.saved import save_run
from tests.clips import make_clip

MEASURED = (
    "It is silent from 0.00 s to 2.99 s (±0.05 s). Sound is heard from 2.99 s to 3.61 s "
    "(±0.05 s). The picture moves from 1.02 s to 2.18 s (±0.10 s). The movement starts 1.97 s "
    "before the sound."
)
FREE = (
    "A man in a red jacket walks from left to right; after about three seconds two dogs start "
    "barking. A sign reads “OPEN all day”. A guitar plays at 120 bpm."
)


def by_kind(caption: str) -> dict[str, str]:
    return {lie.kind: lie.caption for lie in lies(caption)}


@pytest.mark.parametrize(
    ("caption", "kind", "part"),
    [
        (MEASURED, "time_shifted", "from 3.49 s to 4.11 s (±0.05 s)"),
        (MEASURED, "order_reversed", "1.97 s after the sound"),
        (MEASURED, "modality_dropped", "The picture moves from 1.02 s to 2.18 s (±0.10 s)."),
        (FREE, "time_shifted", "after about 3.5 seconds"),
        (FREE, "rate_off", "at 130 bpm"),
        (FREE, "count_off", "three dogs"),
        (FREE, "colour_swapped", "a blue jacket"),
        (FREE, "path_reversed", "walks from right to left"),
        (FREE, "sound_swapped", "start meowing"),
        (FREE, "text_changed", "“HARBOUR all day”"),
        ("The music is bright.", "mood_flipped", "The music is dark."),
        ("Sad music plays.", "mood_flipped", "Happy music plays."),
        ("The sound is at 1-2 s.", "time_shifted", "at 1.5-2.5 s"),
        ("Two bells ring at 3 s.", "count_off", "Three bells ring"),
        ("SHE SEES A RED BALL.", "colour_swapped", "A BLUE BALL"),
    ],
)
def test_each_kind_of_lie(caption: str, kind: str, part: str) -> None:
    assert part in by_kind(caption)[kind]


@pytest.mark.parametrize(
    ("caption", "kind"),
    [
        ("It is silent from 0.0 s on.", "time_shifted"),
        ("He waits (±0.50 s).", "time_shifted"),
        ("One of them waits for 2 minutes.", "count_off"),
        ("It lasts from 3 to 5 seconds.", "count_off"),
        ("The sign reads “red bell before 2 cars”.", "colour_swapped"),
        ("The sign reads “red bell before 2 cars”.", "sound_swapped"),
        ("The sign reads “red bell before 2 cars”.", "order_reversed"),
        ("The sign reads “red bell before 2 cars”.", "count_off"),
        ("A reddish, pre-recorded scene.", "colour_swapped"),
        ("She wears a bright yellow coat.", "mood_flipped"),
        ("A loud tone follows the flash of light on screen.", "modality_dropped"),
    ],
)
def test_what_a_rule_leaves_alone(caption: str, kind: str) -> None:
    assert kind not in by_kind(caption)


@pytest.mark.parametrize("caption", [MEASURED, FREE])
def test_one_thing_changes(caption: str) -> None:
    found = lies(caption)
    assert len({lie.kind for lie in found}) == len(found)
    for lie in found:
        if lie.kind == "modality_dropped":
            assert set(lie.caption.split()) < set(caption.split())
            continue
        assert lie.was in caption
        assert lie.now in lie.caption
        pieces = difflib.SequenceMatcher(None, caption.split(), lie.caption.split()).get_opcodes()
        changed = [p for p in pieces if p[0] != "equal"]
        assert 1 <= len(changed) <= 4  # a stretch has two ends; the silence before it; the gap


@pytest.mark.parametrize(
    ("caption", "kind", "lie"),
    [
        (
            "4 different sound sources are there. Four sound sources can be heard.",
            "count_off",
            "5 different sound sources are there. Five sound sources can be heard.",
        ),
        (
            "A bell is heard from 3.40 s to 4.0 s. First a ball moves (2.2 s), then a bell is"
            " heard (3.4 s).",
            "sound_swapped",
            "A siren is heard from 3.40 s to 4.0 s. First a ball moves (2.2 s), then a siren is"
            " heard (3.4 s).",
        ),
        (
            "A triangle moves from 2.23 s to 3.00 s. First a triangle moves (2.23 s), then a bell"
            " is heard (4.50 s).",
            "time_shifted",
            "A triangle moves from 2.73 s to 3.50 s. First a triangle moves (2.73 s), then a bell"
            " is heard (4.50 s).",
        ),
        (
            "It moves at 1.0 s. It sounds at 3.0 s. The movement starts 2.0 s before the sound.",
            "time_shifted",
            "It moves at 1.5 s. It sounds at 3.0 s. The movement starts 1.5 s before the sound.",
        ),
        (
            "First a bell is heard (0.65 s), then a red ball moves (2.60 s).",
            "order_reversed",
            "First a red ball moves (2.60 s), then a bell is heard (0.65 s).",
        ),
        (
            "A dog barks, then a man waves. The bark comes before the wave.",
            "order_reversed",
            "A man waves, then a dog barks. The bark comes after the wave.",
        ),
        (
            "Two guitars are seen. Two guitars are heard.",
            "count_off",
            "Three guitars are seen. Two guitars are heard.",
        ),
        (
            "A red ball and a red car. The red ball rolls.",
            "colour_swapped",
            "A blue ball and a red car. The blue ball rolls.",
        ),
    ],
)
def test_what_is_said_twice_is_changed_twice(caption: str, kind: str, lie: str) -> None:
    assert by_kind(caption)[kind] == lie


def test_a_time_is_not_moved_past_another_that_it_is_ordered_with() -> None:
    caption = "First a ball moves (2.3 s), then a bell is heard (2.5 s)."
    assert "(1.8 s)" in by_kind(caption)["time_shifted"]


@given(st.text(max_size=200))
def test_any_text_is_taken(caption: str) -> None:
    assert all(lie.caption != caption for lie in lies(caption))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clip, the run about it, and a run without an accepted caption."""
    folder = tmp_path_factory.mktemp("runs")
    clip = make_clip(folder / "a.mp4", 3.0, moves=[(0.4, 0.9)], sounds=[(1.9, 2.5)])
    run = reason(clip, "Which comes first, the sound or the movement?")
    save_run(run, folder / "run")
    declined = reason(clip, "What colour is the dog?")
    save_run(declined, folder / "declined")
    return folder


def test_an_accepted_caption_becomes_a_case_with_its_lies(saved: Path) -> None:
    given_runs = [str(saved / name) for name in ("run", "declined", "run/trajectory.json")]
    cases, skipped = cases_from_runs(given_runs, saved, saved)
    true, *rest = cases
    assert (true.truth, true.clip) == ("true", str(saved / "a.mp4"))
    assert {"time_shifted", "order_reversed"} <= {case.kind for case in rest}
    assert {case.of for case in rest} == {true.id}
    assert all(case.truth == "lie" and case.caption != true.caption for case in rest)
    assert [words.split(": ")[1] for words in skipped] == [
        "no caption was accepted (cannot_answer)",
        "the same run was given before",
    ]


def test_runs_without_an_accepted_caption_are_refused(saved: Path) -> None:
    with pytest.raises(InputError, match="No run has an accepted caption"):
        cases_from_runs([str(saved / "declined")], saved, saved)


def test_the_clip_has_to_be_there_and_the_same(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'a\.mp4' is not in .*--clips"):
        cases_from_runs([str(saved / "run")], saved, tmp_path)
    make_clip(tmp_path / "a.mp4", 2.0)
    with pytest.raises(InputError, match="not the file that the run was about"):
        cases_from_runs([str(saved / "run")], saved, tmp_path)
