"""McNemar's and Holm's by hand and by scipy; warnings about small samples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from aurelia.bench.stats import Interval
from aurelia.bench.stats_metric import mean_of
from aurelia.bench.stats_paired import swap_p
from aurelia.bench.stats_tests import holm, mcnemar, smallest_p, too_small
from aurelia.errors import InputError

binary = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=30)


@given(binary)
def test_mcnemar_is_the_exact_binomial_test(pairs: list[tuple[int, int]]) -> None:
    first, second = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found = mcnemar(first, second, list(range(len(pairs))))
    gained, lost = pairs.count((0, 1)), pairs.count((1, 0))
    assert (found.gained, found.lost) == (gained, lost)
    expected = scipy_stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert found.p == pytest.approx(expected)


@given(binary.filter(bool).filter(lambda pairs: len(pairs) <= 14))
def test_with_one_question_a_video_it_is_the_permutation_test(pairs: list[tuple[int, int]]) -> None:
    first, second = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    videos = list(range(len(pairs)))
    p = swap_p(mean_of(first), mean_of(second), videos)
    assert mcnemar(first, second, videos).p == pytest.approx(p)


def test_mcnemar_is_refused_where_it_does_not_hold() -> None:
    with pytest.raises(InputError, match="'a' has 2; use the permutation test"):
        mcnemar([1, 0], [0, 0], ["a", "a"])
    with pytest.raises(InputError, match=r"one is 0\.5"):
        mcnemar([1, 0.5], [0, 0], ["a", "b"])
    with pytest.raises(ValueError, match="do not match"):
        mcnemar([1], [0, 0], ["a"])


def test_holm_by_hand() -> None:
    """0.01 · 4, 0.02 · 3, 0.03 · 2 (not below the one before), 0.5 · 1."""
    given_p = {"c": 0.03, "a": 0.01, "d": 0.5, "b": 0.02}
    assert holm(given_p) == pytest.approx({"c": 0.06, "a": 0.04, "d": 0.5, "b": 0.06})
    assert list(holm(given_p)) == list("cadb")
    assert holm({"a": 0.4, "b": 0.9}) == {"a": 0.8, "b": 0.9}
    assert holm(dict[str, float]()) == {}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_order_and_bounds(values: list[float]) -> None:
    adjusted = holm(dict(enumerate(values)))
    ranked = sorted(range(len(values)), key=lambda n: values[n])
    assert all(values[n] <= adjusted[n] <= 1 for n in ranked)
    assert [adjusted[n] for n in ranked] == sorted(adjusted.values())
    best = ranked[0]
    assert adjusted[best] == pytest.approx(min(1.0, values[best] * len(values)))


def test_holm_wants_probabilities() -> None:
    with pytest.raises(ValueError, match="no probability"):
        holm({"a": 1.2})


@pytest.mark.parametrize("count", [1, 2, 5, 6, 14])
def test_the_smallest_p_is_what_the_test_gives_at_best(count: int) -> None:
    best = swap_p(mean_of([0.0] * count), mean_of([1.0] * count), list(range(count)))
    assert smallest_p(count) == pytest.approx(best)


def test_warnings_say_what_is_too_small() -> None:
    (few,) = too_small(5, 5, 1)
    assert few == (
        "With 5 videos no difference, however large, can reach p < 0.05 (the smallest is 0.062)."
    )
    assert too_small(6, 6, 1) == []
    (corrected,) = too_small(6, 6, 2)
    assert "among 2 tests" in corrected
    (alike,) = too_small(500, 4, 1)
    assert "differ on 4 of 500 videos" in alike
    assert too_small(500, 100, 119) == []
    (wide,) = too_small(50, 30, 1, Interval(0.3, 0.58))
    assert "wider than 20 points" in wide
