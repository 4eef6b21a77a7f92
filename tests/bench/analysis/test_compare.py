"""Two sets of rollouts beside each other."""

import pytest

from aurelia.bench.analysis.compare import compare
from aurelia.bench.analysis.logged import Log
from aurelia.bench.analysis.logs import log_of
from tests.bench.analysis.made import Marks, made, sample


def logs_of(rollouts: dict[str, Marks]) -> list[Log]:
    return [log_of(made(sample(name), marks), sample(name)) for name, marks in rollouts.items()]


def test_critics_on_the_same_captions() -> None:
    lenient = logs_of({f"s{n}": [(8, n % 2 == 0), (9, True)] for n in range(12)})
    strict = logs_of(
        {f"s{n}": [(8 if n % 2 == 0 else 3, n % 2 == 0), (9, True)] for n in range(12)}
    )
    found = compare(lenient, strict, ("lenient", "strict"))
    critics = found.critics
    assert (critics.n, critics.scored, critics.other_answers) == (24, 24, 0)
    assert (critics.same_decision.count, critics.same_decision.n) == (18, 24)
    assert [d.sample_id for d in critics.disagreements] == ["s1", "s3", "s5", "s7", "s9", "s11"]
    assert critics.disagreements[0].right is False
    assert critics.auroc.second == 1.0
    assert critics.auroc.first is not None
    assert critics.auroc.first < 1.0
    assert critics.auroc.low is not None
    assert critics.auroc.low > 0
    accuracy, coverage, score = found.pairs
    assert (accuracy.first, accuracy.second) == (0.5, 1.0)
    assert accuracy.p == pytest.approx(2 / 2**6)
    assert accuracy.p_holm is not None
    assert accuracy.p_holm == min(1.0, 3 * (accuracy.p or 0.0))
    assert coverage.difference == 0.0
    assert score.difference == pytest.approx(-1.25)


def test_other_answers_and_missing_partners_are_counted() -> None:
    one = logs_of({"s0": [(8, True)], "s1": [(8, True)], "s2": [(None, True)]})
    other = logs_of({"s0": [(8, False)], "s2": [(4, True)], "s3": [(4, True)]})
    found = compare(one, other, ("one", "other"))
    assert found.critics.other_answers == 1
    assert (found.critics.n, found.critics.scored, found.critics.unscored_first) == (1, 0, 1)
    assert not found.critics.disagreements, "neither accepts it"
    assert found.pairs[0].alone == 2
    assert found.pairs[2].n == 1
    assert found.pairs[0].warnings


def test_a_pass_without_a_score_is_not_accepted() -> None:
    """In the share of equal decisions as in the list of the others."""
    one = logs_of({"s0": [(None, True)], "s1": [(None, True)], "s2": [(8, True)]})
    other = logs_of({"s0": [(8, True)], "s1": [(4, True)], "s2": [(9, True)]})
    critics = compare(one, other, ("one", "other")).critics
    assert (critics.same_decision.count, critics.same_decision.n) == (2, 3)
    assert [(d.sample_id, d.first, d.second) for d in critics.disagreements] == [("s0", None, 8)]
    assert (critics.same_score.n, critics.unscored_first) == (1, 2)


def test_answers_that_nobody_could_read_are_pointed_out() -> None:
    """They count 0 in the accuracy and, of the critics, nothing."""
    ran = made(sample("s0"), [(8, True)])
    reasoning = ran.iterations[0].reasoning
    assert reasoning
    ran.iterations[0].reasoning = reasoning.model_copy(update={"answer": "The bell, surely."})
    one = [log_of(ran, sample("s0")), *logs_of({"s1": [(8, True)], "s2": [(7, False)]})]
    other = [log_of(ran, sample("s0")), *logs_of({"s1": [(4, True)], "s2": [(7, False)]})]
    found = compare(one, other, ("one", "other"))
    assert "1 answers of the first and 1 of the second could not be read" in " ".join(
        found.pairs[0].warnings
    )
    assert (found.critics.auroc.n, found.critics.auroc.positives) == (2, 1)
    assert not compare(one[1:], other[1:], ("one", "other")).pairs[0].warnings[1:]
