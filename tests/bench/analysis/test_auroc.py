"""The area under the curve, against another way to compute it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from aurelia.bench.analysis.auroc import auroc, auroc_estimate, auroc_gain

SCORES = st.lists(st.tuples(st.integers(2, 20), st.booleans()), min_size=2, max_size=40)


@given(SCORES)
def test_it_is_mann_and_whitneys_u_over_the_pairs(drawn: list[tuple[int, bool]]) -> None:
    scores, positive = [n / 2 for n, _ in drawn], [yes for _, yes in drawn]
    ones = [s for s, yes in zip(scores, positive, strict=True) if yes]
    others = [s for s, yes in zip(scores, positive, strict=True) if not yes]
    found = auroc(scores, positive)
    if not ones or not others:
        assert found is None
        return
    u = mannwhitneyu(ones, others, method="asymptotic").statistic if len(set(scores)) > 1 else None
    expected = 0.5 if u is None else u / (len(ones) * len(others))
    assert found == pytest.approx(expected)


def test_the_interval_is_by_video_and_wider_for_it() -> None:
    random = np.random.default_rng(3)
    positive = (random.random(60) < 0.5).tolist()
    scores = (random.normal(size=60) + np.array(positive)).tolist()
    single = auroc_estimate(scores, positive, list(range(60)))
    # Each video four times over: as many scores, a quarter of the knowledge.
    twice = auroc_estimate(scores[:15] * 4, positive[:15] * 4, list(range(15)) * 4)
    assert single.low is not None
    assert single.high is not None
    assert single.value is not None
    assert single.low < single.value < single.high
    assert twice.low is not None
    assert twice.high is not None
    assert twice.high - twice.low > single.high - single.low
    assert twice.videos == 15


def test_no_interval_where_most_draws_lack_one_side() -> None:
    found = auroc_estimate([1.0, 2.0, 3.0], [True, False, False], ["a", "b", "c"])
    assert found.value == 0.0
    assert found.low is None


def test_a_score_that_is_the_same_gains_nothing() -> None:
    positive = [n % 3 == 0 for n in range(60)]
    scores = [float(n * 7 % 10) for n in range(60)]
    same = auroc_gain(scores, scores, positive, list(range(60)))
    assert (same.difference, same.low, same.high) == (0.0, 0.0, 0.0)
    better = auroc_gain(scores, [float(yes) for yes in positive], positive, list(range(60)))
    assert better.second == 1.0
    assert better.low is not None
    assert better.low > 0
