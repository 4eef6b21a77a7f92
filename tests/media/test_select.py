"""Properties of frame selection, of onsets and of change detection."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aurelia.media.changes import ChangeDetector
from aurelia.media.onsets import EnergyMeter, find_onsets
from aurelia.media.select import Mark, choose, least_useful, uniform_times, weigh

_REASONS = ("start", "cut", "change", "sound", "sound and change", "grid")


@st.composite
def _marks(draw: st.DrawFn) -> list[Mark]:
    times = draw(st.lists(st.integers(0, 3000), min_size=0, max_size=40, unique=True))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    marks = []
    for time in sorted(times):
        reason = draw(st.sampled_from(_REASONS))
        rise = draw(st.floats(6, 60)) if "sound" in reason else 0.0
        look = seed.uniform(0, 255, (9, 16)).astype(np.float32)
        marks.append(Mark(time / 25, reason, weigh(reason, rise), look))
    return marks


@given(_marks(), st.integers(0, 12), st.lists(st.floats(0, 120), max_size=5).map(sorted))
def test_chosen_frames_are_sorted_unique_and_few(
    marks: list[Mark], count: int, cuts: list[float]
) -> None:
    chosen = choose(marks, count, 120.0, cuts)
    assert list(chosen) == sorted(set(chosen))
    assert len(chosen) == min(count, len(marks))  # all look different, so none is left out
    assert all(0 <= i < len(marks) for i in chosen)
    assert chosen == choose(list(marks), count, 120.0, cuts)


@given(_marks(), st.integers(1, 8))
def test_the_strongest_moment_is_always_kept(marks: list[Mark], count: int) -> None:
    look = np.full((9, 16), 300, np.float32)
    strongest = Mark(60.02, "sound and change", weigh("sound and change", 30.0) + 0.01, look)
    both = sorted([*marks, strongest], key=lambda m: m.time_s)
    assert both.index(strongest) in choose(both, count, 120.0)


@given(st.floats(6, 30), st.floats(0.5, 20))
def test_weight_grows_with_the_strength_of_an_onset(rise: float, more: float) -> None:
    assert weigh("sound", rise) <= weigh("sound", rise + more)
    assert weigh("sound", rise) < weigh("sound and change", rise)


@given(_marks().filter(lambda m: len(m) > 1))
def test_the_first_candidate_is_never_dropped(marks: list[Mark]) -> None:
    assert 1 <= least_useful(marks, 120.0, 8) < len(marks)


def test_equal_pictures_close_together_are_kept_once() -> None:
    look = np.zeros((9, 16), np.float32)
    marks = [Mark(i / 25, "grid", weigh("grid"), look) for i in range(10)]
    assert len(choose(marks, 4, 10.0)) == 1


def test_each_shot_gets_a_frame_before_one_gets_two() -> None:
    random = np.random.default_rng(0)
    marks = [
        Mark(float(t), "grid", weigh("grid"), random.uniform(0, 255, (9, 16)).astype(np.float32))
        for t in range(12)
    ]
    times = [marks[i].time_s for i in choose(marks, 3, 12.0, [2.5, 3.5])]
    assert {sum(t >= c for c in (2.5, 3.5)) for t in times} == {0, 1, 2}


@given(st.floats(0, 100), st.floats(0.1, 100), st.integers(1, 20))
def test_uniform_times_lie_inside_and_are_even(start: float, span: float, count: int) -> None:
    times = uniform_times(start, start + span, count)
    assert len(times) == count
    assert all(start < t < start + span for t in times)
    assert np.allclose(np.diff(times), span / count)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(5, 80), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(50, 4000), min_size=1, max_size=8),
)
def test_onsets_are_found_however_the_samples_are_cut(tenths: list[int], sizes: list[int]) -> None:
    starts = [t / 10 for t in sorted(tenths) if not any(0 < t - u < 5 for u in tenths)]
    samples = np.random.default_rng(1).normal(0, 20, 16_000 * 9)
    for start in starts:
        at = round(start * 16_000)
        samples[at : at + 1600] += 6000 * np.sin(np.arange(1600) * 0.5)
    whole = samples.astype(np.int16)
    meter, at = EnergyMeter(), 0
    while at < len(whole):
        size = sizes[at % len(sizes)]
        meter.feed(whole[at : at + size])
        at += size
    found = find_onsets(meter.levels_db(), 100.0)
    assert [o.time_s for o in found] == sorted(o.time_s for o in found)
    strong = [o.time_s - 100.0 for o in found if o.strength_db > 20]
    assert np.allclose(strong, starts, atol=0.021)


def test_sound_that_was_always_there_does_not_set_in() -> None:
    meter = EnergyMeter()
    meter.feed((8000 * np.sin(np.arange(32_000) * 0.3)).astype(np.int16))
    assert find_onsets(meter.levels_db()) == ()


def _scene(seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(0, 255, (36, 64)).astype(np.float32)


def test_a_scene_that_returns_was_interrupted_not_cut() -> None:
    detector = ChangeDetector()
    for index in range(100):
        flash = 40 <= index < 50
        detector.feed(index / 25, _scene(2) if flash else _scene(1))
    assert detector.cuts == []
    for index in range(100, 150):
        detector.feed(index / 25, _scene(3))
    assert detector.cuts == [4.0]


def test_other_light_on_the_same_scene_is_a_jump_but_no_cut() -> None:
    detector = ChangeDetector()
    jumps = []
    for index in range(50):
        detector.feed(index / 25, _scene(1) * np.float32(0.4 if index < 25 else 1.0))
        jumps += [index] * detector.jump_now
    assert jumps == [25]
    assert detector.cuts == []
