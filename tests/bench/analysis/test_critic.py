"""Rates, distributions, benefit: counted by hand."""

from typing import Any

import pytest

from aurelia.bench.analysis.asked import answers_of
from aurelia.bench.analysis.critic import benefit_rows, critic_rows, threshold_rows
from aurelia.bench.analysis.logged import Log
from aurelia.bench.analysis.logs import log_of
from aurelia.bench.run.reply import Injected, Origin, Reply, Said
from aurelia.bench.tables.results import Result
from tests.bench.analysis.made import Marks, made, sample
from tests.bench.tables.rows import make_result


def logs_of(rollouts: list[Marks]) -> list[Log]:
    return [
        log_of(made(sample(f"s{n}"), marks), sample(f"s{n}")) for n, marks in enumerate(rollouts)
    ]


def test_rates_leave_the_unscored_out_and_count_them() -> None:
    rows = critic_rows(
        logs_of(
            [
                [(8, True), (9, True)],
                [(7, False), (3, False)],
                [(4, True), (None, False)],
                [(2, False), (6, True)],
            ]
        )
    )
    by = {row.where: row for row in rows}
    every = by["every pass"]
    assert (every.n, every.right, every.wrong, every.unscored) == (8, 4, 4, 1)
    assert (every.false_accept.count, every.false_accept.n) == (1, 3)
    assert (every.false_reject.count, every.false_reject.n) == (1, 4)
    assert [(c.score, c.right, c.wrong) for c in every.scores] == [
        *((2, 0, 1), (3, 0, 1), (4, 1, 0), (6, 1, 0)),
        *((7, 0, 1), (8, 1, 0), (9, 1, 0)),
    ]
    # Of 12 pairs of a right and a wrong answer, 7 stands above 4 and 6: ten are in order.
    assert every.auroc.value == pytest.approx(10 / 12)
    assert by["pass 1"].auroc.value == pytest.approx(3 / 4)
    # Accepted at pass 1, 1 and 2; of the third the last pass that was asked about.
    decision = by["the decision"]
    assert (decision.n, decision.right, decision.unscored) == (4, 2, 1)
    assert decision.false_accept.count == 1


def test_rates_by_threshold() -> None:
    rows = {r.threshold: r for r in threshold_rows(logs_of([[(8, True)], [(7, False)]]))}
    assert (rows[7].false_accept.count, rows[8].false_accept.count) == (1, 0)
    assert (rows[8].false_reject.count, rows[9].false_reject.count) == (0, 1)


def reply(log: Log, index: int | None, condition: str = "distilled", **changes: Any) -> Reply:
    fields: dict[str, object] = {
        "target": "t",
        "condition": condition,
        "sample_id": log.sample_id,
        "status": "answered",
        "said": [Said(raw="B")],
        "prompt": "target_distilled@1" if index else "target_zero_shot@1",
    }
    if index:
        origin = Origin(run=log.id, sample_id=log.sample_id, iteration=index, accepted=True)
        fields["injected"] = Injected(text=log.passes[index - 1].r_star, origin=origin)
    return Reply.model_validate({**fields, **changes})


def result(log: Log, condition: str, right: bool) -> Result:
    return make_result(
        target="t",
        column="av_compositional",
        condition=condition,
        sample_id=log.sample_id,
        score=float(right),
        outcome="right" if right else "wrong",
    )


def test_the_score_against_what_the_steps_did() -> None:
    logs = logs_of([[(9, True)], [(8, True)], [(7, False)], [(9, True)], [(6, True)]])
    after = [True, True, False, True, False]
    before = [False, False, True, True, False]
    replies = [reply(log, None, "zero_shot") for log in logs]
    replies += [reply(log, 1) for log in logs]
    results = [result(log, "zero_shot", yes) for log, yes in zip(logs, before, strict=True)] + [
        result(log, "distilled", yes) for log, yes in zip(logs, after, strict=True)
    ]
    known, handed = answers_of(replies, results)
    (row,) = benefit_rows(logs, handed)
    assert (row.helped, row.harmed, row.same) == (2, 1, 2)
    assert row.auroc.value == 1.0
    assert "With 1 on one side" in row.note
    assert known["t"].value("s0", logs[0].passes[0].r_star, 0) == 1.0
    assert known["t"].value("s0", "", 0) == 0.0


@pytest.mark.parametrize(
    "changes",
    [
        {"clip": "muted"},
        {"options": False},
        {"model": "other"},
        {"status": "given"},
        {"prompt": "steps_first@1"},
        {"said": [Said(raw="A"), Said(raw="B")]},
        {"injected": Injected(text="x", origin=Origin(sample_id="s7", run="r", accepted=True))},
        {"injected": Injected(text="x", origin=None)},
    ],
)
def test_other_requests_say_nothing_about_the_distilled_one(changes: dict[str, Any]) -> None:
    (log,) = logs_of([[(9, True)]])
    known, handed = answers_of([reply(log, 1, **changes)], [result(log, "distilled", True)])
    assert not handed
    assert all(not answers.marks for answers in known.values())
