"""Intervals and tests against scipy, and by the properties they must have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from aurelia.bench import stats

pairs = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=60)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_what_scipy_says(share: tuple[int, int]) -> None:
    ours = stats.wilson(*share)
    theirs = scipy_stats.binomtest(*share).proportion_ci(0.95, "wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_wilson_of_nothing_is_everything() -> None:
    assert stats.wilson(0, 0) == stats.Interval(0.0, 1.0)


@pytest.mark.parametrize("share", [(-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(share: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        stats.wilson(*share)


@given(pairs, st.integers(0, 5))
def test_the_bootstrap_holds_its_bounds_and_repeats(
    scores: list[tuple[int, int]], seed: int
) -> None:
    values = [float(a) for a, _ in scores]
    clusters = [i // 2 for i in range(len(values))]
    interval = stats.bootstrap(values, clusters, seed=seed, draws=200)
    assert min(values) <= interval.low <= interval.high <= max(values)
    assert interval == stats.bootstrap(values, clusters, seed=seed, draws=200)


def test_the_bootstrap_agrees_with_scipy_where_each_video_has_one_question() -> None:
    values = np.random.default_rng(5).random(80)
    ours = stats.bootstrap(list(values), list(range(80)), seed=1)
    theirs = scipy_stats.bootstrap(
        (values,), np.mean, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_questions_about_one_video_are_not_independent() -> None:
    """Ten copies of each score say no more than one of it."""
    scores = [float(s) for s in np.random.default_rng(7).integers(0, 2, 40)]
    once = stats.bootstrap(scores, list(range(40)), seed=1)
    copied = [s for s in scores for _ in range(10)]
    videos = [v for v in range(40) for _ in range(10)]
    clustered = stats.bootstrap(copied, videos, seed=1)
    assert (clustered.low, clustered.high) == pytest.approx((once.low, once.high))
    naive = stats.bootstrap(copied, list(range(400)), seed=1)
    assert naive.high - naive.low < 0.5 * (clustered.high - clustered.low)


def test_large_samples_are_resampled_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    values, clusters = [0.0, 1.0] * 30, list(range(60))
    whole = stats.bootstrap(values, clusters, draws=500)
    monkeypatch.setattr(stats, "_CELLS", 1000)
    pieces = stats.bootstrap(values, clusters, draws=500)
    assert (pieces.low, pieces.high) == pytest.approx((whole.low, whole.high), abs=0.05)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=11))
def test_the_exact_sign_flip_is_what_scipy_says(scores: list[tuple[int, int]]) -> None:
    first, second = [a / 4 for a, _ in scores], [b / 4 for _, b in scores]
    theirs = scipy_stats.permutation_test(
        (np.array(second), np.array(first)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    ours = stats.sign_flip_p(first, second, list(range(len(scores))))
    assert ours == pytest.approx(theirs.pvalue, abs=1e-9)


@given(pairs)
def test_the_sign_flip_does_not_care_which_comes_first(scores: list[tuple[int, int]]) -> None:
    first, second = [float(a) for a, _ in scores], [float(b) for _, b in scores]
    videos = [i // 3 for i in range(len(scores))]
    forth = stats.sign_flip_p(first, second, videos, draws=500)
    assert forth == stats.sign_flip_p(second, first, videos, draws=500)
    assert 0 < forth <= 1


def test_drawn_patterns_come_near_the_exact_p() -> None:
    """One video more than can be counted: binary differences have a binomial p."""
    better, worse = 14, 5
    differences = [1.0] * better + [-1.0] * worse
    drawn = stats.sign_flip_p([0.0] * 19, differences, list(range(19)), seed=3)
    exact = scipy_stats.binomtest(better, better + worse).pvalue
    assert stats.MOST_PATTERNS < 2**19
    assert drawn == pytest.approx(exact, abs=0.01)


def test_one_video_proves_nothing_however_many_questions() -> None:
    assert stats.sign_flip_p([0.0] * 50, [1.0] * 50, ["same"] * 50) == 1.0


def test_no_difference_is_p_one() -> None:
    assert stats.sign_flip_p([1.0, 0.0], [1.0, 0.0], ["a", "b"]) == 1.0


def test_the_paired_bound_is_of_the_difference() -> None:
    first, second = [0.0] * 30, [1.0] * 24 + [0.0] * 6
    bound = stats.paired_lower(first, second, list(range(30)), seed=1)
    assert 0.5 < bound < 0.8
    assert stats.paired_lower(second, first, list(range(30)), seed=1) < -0.8


@pytest.mark.parametrize(("count", "gain"), [(1, 1.0), (1, 0.0), (4, 1.0), (9, 1.0), (100, 0.0)])
def test_the_bound_of_the_gain_does_not_collapse_where_all_agree(count: int, gain: float) -> None:
    zero = [0.0] * count
    bound = stats.paired_lower(zero, [gain] * count, list(range(count)))
    assert -1 <= bound < gain - 0.03
    assert bound < stats.paired_lower(zero * 4, [gain] * 4 * count, list(range(4 * count)))


@pytest.mark.parametrize(("won", "lost"), [(30, 0), (40, 10), (50, 20)])
def test_the_bound_stays_sharp_over_a_hundred(won: int, lost: int) -> None:
    first = [0.0] * won + [1.0] * lost + [1.0] * (100 - won - lost)
    second = [1.0] * won + [0.0] * lost + [1.0] * (100 - won - lost)
    assert 0.1 < stats.paired_lower(first, second, list(range(100))) < 0.3


@pytest.mark.parametrize(("values", "videos"), [([], []), ([1.0], ["a", "b"])])
def test_nothing_and_unequal_lengths_are_refused(values: list[float], videos: list[str]) -> None:
    with pytest.raises(ValueError, match=r"no values|go together"):
        stats.bootstrap(values, videos)
