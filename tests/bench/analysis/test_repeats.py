"""Variance between runs: by hand, and against what was drawn."""

import numpy as np
import pytest

from aurelia.bench.analysis.repeats import Scores, components, repeat_row


def test_by_hand() -> None:
    scores = {
        ("a", 0): 1.0, ("a", 1): 1.0,
        ("b", 0): 0.0, ("b", 1): 1.0,
        ("c", 0): 0.0, ("c", 1): 0.0,
        ("d", 0): 1.0,
    }  # fmt: skip
    row = repeat_row("x", scores, {name: f"v{name}" for name in "abcd"})
    assert row is not None
    assert (row.n, row.left_out, row.repeats) == (3, 1, 2)
    assert row.accuracies == [pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert row.sd == pytest.approx((1 / 3) / 2**0.5)
    assert (row.changed.count, row.changed.n) == (1, 3)
    assert row.run_variance == pytest.approx(0.5 / 3)
    assert row.expected_sd == pytest.approx((0.5 / 9) ** 0.5)
    assert row.sample_variance is None, "one sample a video"


def test_once_is_no_repeat() -> None:
    assert repeat_row("x", {("a", 0): 1.0}, {"a": "v"}) is None
    assert repeat_row("x", {("a", 0): 1.0, ("b", 1): 0.0}, {"a": "v", "b": "v"}) is None


def test_the_parts_of_a_drawn_variance() -> None:
    random = np.random.default_rng(8)
    each = []
    for video in range(400):
        of_video = random.normal(scale=0.6)
        for _ in range(random.integers(1, 5)):
            of_sample = of_video + random.normal(scale=0.4)
            values = of_sample + random.normal(scale=0.3, size=3)
            each.append(Scores(video, tuple(values.tolist())))
    video_part, sample_part, run_part = components(each)
    assert video_part == pytest.approx(0.36, rel=0.2)
    assert sample_part == pytest.approx(0.16, rel=0.2)
    assert run_part == pytest.approx(0.09, rel=0.1)


def test_what_a_design_can_not_tell() -> None:
    one_run = [Scores("a", (1.0,)), Scores("b", (0.0,))]
    assert components(one_run) == (None, None, None)
    one_video = [Scores("a", (1.0, 0.0)), Scores("a", (0.0, 0.0))]
    assert components(one_video)[0] is None
    assert components(one_video)[1] is not None
