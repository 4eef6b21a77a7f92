"""Replays do what the loop would have done, and refuse what nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.analysis.asked import TargetAnswers
from aurelia.bench.analysis.critic import threshold_rows
from aurelia.bench.analysis.grid import replays
from aurelia.bench.analysis.grids import grids
from aurelia.bench.analysis.instead import rules
from aurelia.bench.analysis.logs import failed_log, log_of, read_logs
from aurelia.bench.analysis.passes import pass_rows
from aurelia.bench.analysis.replay import replay, thresholds
from aurelia.bench.analysis.report import analyse
from aurelia.bench.rollouts import RolloutKey, RolloutLine
from aurelia.errors import InputError
from tests.bench.analysis.made import Marks, made, sample

SCORE = st.one_of(st.none(), st.integers(2, 20).map(lambda n: n / 2))
MARKS = st.lists(st.tuples(SCORE, st.booleans()), min_size=1, max_size=5)
THRESHOLD = st.integers(2, 20).map(lambda n: n / 2)


@given(MARKS, THRESHOLD, THRESHOLD, st.integers(1, 5))
def test_a_full_depth_log_replays_every_run_that_stops(
    marks: Marks, logged: float, threshold: float, most: int
) -> None:
    most = min(most, len(marks))
    log = log_of(made(sample(), marks, threshold=logged), sample())
    ran = made(sample(), marks, threshold=threshold, stops=True, most=most)
    found = replay(log, threshold, most)
    assert (found.kept.index if found.kept else None) == (ran.best.index if ran.best else None)
    assert found.stop_reason == ran.stop_reason
    assert found.passes == len(ran.iterations)
    assert found.spent.calls == ran.totals.calls
    assert found.spent.worth_usd == pytest.approx(ran.totals.cost_usd)
    answered = ran.best_iteration or ran.iterations[-1]
    assert answered.reasoning is not None
    assert found.mark == float(answered.reasoning.answer == "B")


@given(MARKS, THRESHOLD)
def test_a_run_replays_itself(marks: Marks, threshold: float) -> None:
    ran = made(sample(), marks, threshold=threshold, stops=True)
    found = replay(log_of(ran, sample()), threshold)
    assert found.stop_reason == ran.stop_reason
    assert found.passes == len(ran.iterations)


@given(st.lists(MARKS, min_size=1, max_size=6))
def test_coverage_never_grows_with_the_threshold(rollouts: list[Marks]) -> None:
    logs = [
        log_of(made(sample(f"s{n}"), marks, most=5), sample(f"s{n}"))
        for n, marks in enumerate(rollouts)
    ]
    found = replays(logs, draws=20)
    for passes in {cell.passes for cell in found.cells}:
        shares = [cell.coverage.value or 0.0 for cell in found.cells if cell.passes == passes]
        assert shares == sorted(shares, reverse=True)


def test_above_the_threshold_of_a_run_that_stopped_nobody_knows() -> None:
    log = log_of(made(sample(), [(3, False), (7, True), (9, True)], stops=True), sample())
    assert replay(log, 5).passes == 2
    assert replay(log, 8, 2).stop_reason == "exhausted"
    with pytest.raises(InputError, match=r"stopped at pass 2 with a threshold of 6.*--stop-when"):
        replay(log, 8)
    found = replays([log], draws=20)
    assert {c.threshold for c in found.cells if c.passes == 3} == {1, 2, 3, 4, 5, 6}
    assert {c.threshold for c in found.cells if c.passes == 2} == set(range(1, 11))
    assert "4 of 30 places can't be replayed" in found.refused[0]
    with pytest.raises(InputError, match="had 3 passes at most, and 4 are asked"):
        replay(log, 6, 4)


def test_half_steps_only_where_scores_have_them() -> None:
    whole = log_of(made(sample(), [(3, False)]), sample())
    half = log_of(made(sample(), [(3.5, False)]), sample())
    assert len(thresholds([whole])) == 10
    assert thresholds([whole, half])[:3] == [1.0, 1.5, 2.0]
    assert thresholds([half])[-1] == 10.0


def test_a_target_is_quoted_only_for_texts_that_it_was_given() -> None:
    logs = [
        log_of(made(sample(f"s{n}"), [(3, False), (9, True)]), sample(f"s{n}")) for n in range(2)
    ]
    known = TargetAnswers()
    for log in logs:
        known.add(log.sample_id, "", 0, 0.0)
        known.add(log.sample_id, log.passes[1].r_star, 0, 1.0)
    cells = {(c.threshold, c.passes): c.targets[0] for c in replays(logs, {"t": known}).cells}
    assert cells[6, 2].value == 1.0
    assert cells[10, 2].value == 0.0, "nothing accepted: the zero-shot reply stands"
    assert cells[1, 1].value is None
    assert cells[1, 1].known == 0
    assert cells[1, 1].lowest is None
    known.add("s0", logs[0].passes[0].r_star, 0, 1.0)
    half = replays(logs, {"t": known}).cells[0].targets[0]
    assert (half.known, half.value, half.lowest, half.highest) == (1, None, 0.5, 1.0)


def test_a_logged_threshold_between_the_steps_has_its_place() -> None:
    log = log_of(made(sample(), [(6, False), (7, True)], threshold=6.3), sample())
    cells = {(c.threshold, c.passes): c for c in replays([log], draws=20).cells}
    assert cells[6.3, 2].accuracy.value == 1.0
    assert cells[6, 2].accuracy.value == 0.0
    assert 6.3 in {row.threshold for row in threshold_rows([log])}
    shown = {grid.title: grid for grid in grids(analyse([log], draws=20))}
    assert [r.label for r in shown["Fewer passes, at the logged threshold"].rows] == ["1", "2"]


def test_captions_of_a_set_do_not_widen_what_a_target_may_be_worth() -> None:
    """What its caption alone is worth can never be known, however much was asked."""
    caption = sample("c0", answer_type="caption", options=None, ground_truth=["A dog barks."])
    log = log_of(made(sample(), [(9, True)]), sample())
    unseen = failed_log(RolloutLine.failed(RolloutKey("c0", "default", 1), "Gone."), caption, {})
    logs = [log, log_of(made(caption, [(9, True)]), caption), unseen]
    known = TargetAnswers()
    known.add("s0", log.passes[0].r_star, 0, 1.0)
    cell = replays(logs, {"t": known}).cells[0]
    (there,) = cell.targets
    assert (there.known, there.n, there.value, there.lowest) == (1, 1, 1.0, 1.0)
    assert (cell.accuracy.n, cell.coverage.n) == (1, 3)
    (rule,) = [r for r in rules(logs, {"t": known}) if r.rule == "the first pass"]
    assert rule.targets == cell.targets


def test_other_rules_on_the_same_passes() -> None:
    # The critic is right about the first and wrong about the second.
    marks: list[Marks] = [[(2, False), (8, True)], [(7, False), (3, True)]]
    logs = [log_of(made(sample(f"s{n}"), m), sample(f"s{n}")) for n, m in enumerate(marks)]
    found = {rule.rule: rule for rule in rules(logs)}
    assert found["accepted at 6"].accuracy.value == 0.5
    assert found["best of 2"].accuracy.value == 0.5
    assert found["the first pass"].accuracy.value == 0.0
    assert found["the last pass"].accuracy.value == 1.0
    # Stops after pass 1 or pass 2, each as likely: half of the time right.
    assert found["random acceptance"].accuracy.value == 0.5
    # Each pass as likely: one of two right, drawn after three calls or after six.
    assert found["a random pass"].accuracy.value == 0.5
    assert found["a random pass"].calls == 4.5
    assert found["accepted at 6"].calls == found["random acceptance"].calls == 4.5
    assert found["best of 2"].calls == 6


def test_rules_that_need_passes_nobody_made_are_left_out() -> None:
    logs = [
        log_of(made(sample(f"s{n}"), [(s, True), (9, True)], stops=True), sample(f"s{n}"))
        for n, s in enumerate((9, 3))
    ]
    assert [rule.rule for rule in rules(logs)] == ["accepted at 6", "the first pass"]


def test_the_best_of_independent_draws() -> None:
    logs = [
        log_of(made(sample(), [m], about={"repeat": n}), sample())
        for n, m in enumerate([(3, False), (8, True), (None, False)])
    ]
    best = next(rule for rule in rules(logs) if rule.rule == "best of 3 draws")
    assert best.accuracy.value == 1.0
    assert (best.accuracy.n, best.calls) == (1, 9)


def test_each_pass_against_the_first() -> None:
    marks: list[Marks] = [[(3, False), (8, True)]] * 8 + [[(3, True), (None, True)]] * 4
    logs = [log_of(made(sample(f"s{n}"), m), sample(f"s{n}")) for n, m in enumerate(marks)]
    first, second = pass_rows(logs)
    assert first.accuracy.value == pytest.approx(4 / 12)
    assert second.accuracy.value == 1.0
    assert second.gain == pytest.approx(8 / 12)
    assert second.p == pytest.approx(2 / 2**8)
    assert (second.unscored, second.mean_score, second.calls) == (4, 8.0, 36)


def test_rollouts_that_stopped_leave_the_comparison_of_passes() -> None:
    marks: list[Marks] = [[(9, True), (9, True)], [(2, False), (9, True)]]
    logs = [
        log_of(made(sample(f"s{n}"), m, stops=True), sample(f"s{n}")) for n, m in enumerate(marks)
    ]
    second = pass_rows(logs)[1]
    assert (second.reached, second.known) == (1, 1)
    assert "1 had stopped, accepted" in second.note


def test_a_person_decided_and_no_rule_replays_that() -> None:
    ran = made(sample(), [(3, False)])
    ran.iterations[0].edited = ["reasoning"]
    with pytest.raises(InputError, match="decided or edited by a person"):
        replay(log_of(ran, sample()), 6)


def test_rollouts_of_samples_that_are_not_there() -> None:
    line = RolloutLine.of(RolloutKey("s0"), made(sample(), [(3, False)]))
    with pytest.raises(InputError, match="'s0', which is not among the samples"):
        read_logs([line], {"s1": sample("s1")}, {})
    other = sample(question="What colour is it?")
    with pytest.raises(InputError, match="asks 'Which comes first"):
        read_logs([line], {"s0": other}, {})
    logs, notes = read_logs([line], {n: sample(n) for n in ("s0", "s1", "s2")}, {})
    assert len(logs) == 1
    assert notes[0].startswith("2 of 3 samples have no recorded run")


def test_a_sample_that_could_not_be_looked_at_is_wrong_and_stays() -> None:
    lines = [
        RolloutLine.of(RolloutKey("s0"), made(sample(), [(8, True)])),
        RolloutLine.failed(RolloutKey("s1"), "There is no such file."),
    ]
    samples = {n: sample(n) for n in ("s0", "s1")}
    logs, notes = read_logs(lines, samples, {"max_iterations": 1})
    assert not notes
    cell = next(c for c in replays(logs).cells if c.threshold == 6)
    assert (cell.accuracy.value, cell.coverage.value, cell.accuracy.n) == (0.5, 0.5, 2)
    assert pass_rows(logs)[0].accuracy.value == 0.5
