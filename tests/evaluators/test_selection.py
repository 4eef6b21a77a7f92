"""Which pass is kept, and how far a log can be replayed."""

from hypothesis import given
from hypothesis import strategies as st

from aurelia.evaluators.selection import accepted_at, best_so_far, conclude, replayable_to
from aurelia.types.reasoning import Verdict
from aurelia.types.trajectory import Iteration
from tests.evaluators.records import iteration, runs

thresholds = st.floats(1, 10)


def _contradictions(passed: Iteration) -> int:
    assert isinstance(passed.verdict, Verdict)
    return [claim.status for claim in passed.verdict.claims].count("contradicted")


@given(run=runs, order=st.randoms())
def test_the_best_has_the_highest_score_in_any_order(run: list[Iteration], order: object) -> None:
    scored = [i for i in run if i.score is not None]
    best = best_so_far(run)
    if best is None:
        assert not scored
        return
    assert best.score == max(i.score for i in scored if i.score is not None)
    rivals = [i for i in scored if i.score == best.score]
    assert _contradictions(best) == min(map(_contradictions, rivals))
    equal = [i for i in rivals if _contradictions(i) == _contradictions(best)]
    assert best.index == min(i.index for i in equal)
    shuffled = list(run)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best_so_far(shuffled) == best


@given(run=runs, threshold=thresholds, order=st.randoms())
def test_the_accepted_pass_is_the_first_that_reaches_the_threshold(
    run: list[Iteration], threshold: float, order: object
) -> None:
    shuffled = list(run)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    at = accepted_at(shuffled, threshold)
    reached = [i.index for i in run if i.score is not None and i.score >= threshold]
    assert at == (reached[0] if reached else None)


@given(run=runs, threshold=thresholds, keep_best=st.booleans())
def test_a_loop_ends_accepted_or_exhausted_and_keeps_what_it_may(
    run: list[Iteration], threshold: float, keep_best: bool
) -> None:
    best, reason = conclude(run, threshold=threshold, keep_best=keep_best)
    at = accepted_at(run, threshold)
    assert reason == ("exhausted" if at is None else "accepted")
    if at is not None:
        assert best is not None
        assert best.index == at
    elif best is not None:
        assert keep_best
        kept = best_so_far(run)
        assert kept is not None
        assert best.index == kept.index
    else:
        assert not keep_best or best_so_far(run) is None


@given(run=runs, logged=thresholds, other=thresholds, limit=st.integers(1, 6))
def test_a_replay_within_bounds_needs_no_pass_that_was_not_made(
    run: list[Iteration], logged: float, other: float, limit: int
) -> None:
    full = [*run, *(iteration(n) for n in range(len(run) + 1, limit + 1))][:limit]
    stop = accepted_at(full, logged)
    log = full[:stop] if stop else full
    if other <= replayable_to(log, threshold=logged, max_iterations=limit):
        assert conclude(log, threshold=other)[1] == conclude(full, threshold=other)[1]
        assert accepted_at(log, other) == accepted_at(full, other)


def test_ties_go_to_fewer_contradictions_and_then_to_the_earlier() -> None:
    best = best_so_far([iteration(1, 5, 2), iteration(2, 5, 1), iteration(3, 5, 1), iteration(4)])
    assert best is not None
    assert best.index == 2


def test_a_full_log_keeps_what_the_loop_that_stops_would_have_kept() -> None:
    log = [iteration(1, 4), iteration(2, 6), iteration(3, 9)]
    best, reason = conclude(log, threshold=6)
    assert (best and best.index, reason) == (2, "accepted")
    assert best is not None
    assert best.why == "first to reach the threshold of 6"
    assert replayable_to(log, threshold=6, max_iterations=3) == 10


def test_a_log_that_stopped_says_nothing_above_its_threshold() -> None:
    assert replayable_to([iteration(1, 6.5)], threshold=6, max_iterations=5) == 6
    assert replayable_to([iteration(1, 3)], threshold=6, max_iterations=5) == 10


def test_a_run_without_any_steps_failed() -> None:
    assert conclude([Iteration(index=1, error="unreadable")], threshold=6) == (None, "failed")
    assert conclude([], threshold=6) == (None, "exhausted")
    unread = Iteration(index=1, error="unreadable")
    best, reason = conclude([unread, iteration(2, 3)], threshold=6)
    assert (best and best.index, reason) == (2, "exhausted")
