"""Rates, distributions, benefit: counted by hand."""

from dataclasses import replace
from typing import Any

import pytest

from aurelia.bench.analysis.asked import answers_of
from aurelia.bench.analysis.critic import benefit_rows, critic_rows, threshold_rows
from aurelia.bench.analysis.grids import grids
from aurelia.bench.analysis.logged import Log
from aurelia.bench.analysis.logs import log_of
from aurelia.bench.analysis.report import analyse
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


def in_words(marks: Marks, words: str, at: int, name: str) -> Log:
    """A rollout whose actor, in one pass, gives its answer in words that are no option."""
    ran = made(sample(name), marks)
    reasoning = ran.iterations[at].reasoning
    assert reasoning
    ran.iterations[at].reasoning = reasoning.model_copy(update={"answer": words})
    return log_of(ran, sample(name))


def test_an_answer_that_nobody_could_read_is_neither_right_nor_wrong() -> None:
    """An actor that was not shown the options says option A in its own words, and the critic is
    right to accept that: it was not fooled."""
    said = "First a bell is heard (2.86 s), then a red triangle moves."
    logs = [
        in_words([(9, True)], said, 0, "s0"),
        log_of(made(sample("s1"), [(8, True)]), sample("s1")),
        log_of(made(sample("s2"), [(4, False)]), sample("s2")),
    ]
    assert logs[0].passes[0].outcome == "unparsed"
    row = critic_rows(logs)[0]
    assert (row.n, row.right, row.wrong, row.unread) == (2, 1, 1, 1)
    assert row.auroc.value == 1.0
    assert (row.false_accept.count, row.false_accept.n) == (0, 1)
    assert (row.false_reject.count, row.false_reject.n) == (0, 1)
    assert [(c.score, c.unread, c.neither) for c in row.scores][-1] == (9, 1, 0)
    lowest = threshold_rows(logs)[0]
    assert (lowest.false_accept.n, lowest.false_reject.n, lowest.unread) == (1, 1, 1)


def test_a_pass_without_steps_is_no_wrong_answer() -> None:
    ran = made(sample(), [(9, True), (3, False)])
    ran.iterations[1].reasoning = None
    ran.iterations[1].error = "the reply held no steps"
    row = next(r for r in critic_rows([log_of(ran, sample())]) if r.where == "every pass")
    assert (row.n, row.wrong, row.unread) == (1, 0, 1)


def test_every_accuracy_says_how_many_answers_were_not_read() -> None:
    """There they count 0, and the row says of how many that is so."""
    said = "The bell, I should think."
    logs = [
        in_words([(9, True), (2, True)], said, 0, "s0"),
        log_of(made(sample("s1"), [(3, False), (8, True)]), sample("s1")),
    ]
    found = analyse(logs, draws=20)
    cells = {(c.threshold, c.passes): c for c in found.replays.cells}
    assert (cells[6, 2].unread, cells[6, 2].accuracy.value) == (1, 0.5)
    assert cells[10, 2].unread == 1, "nothing accepted: the best pass is kept"
    assert (cells[1, 1].unread, cells[1, 1].accuracy.value) == (1, 0.0)
    unread = {rule.rule: rule.unread for rule in found.rules}
    assert unread["accepted at 6"] == unread["the first pass"] == unread["best of 2"] == 1
    assert unread["the last pass"] == 0
    assert unread["a random pass"] == 0.5
    assert unread["random acceptance"] == 0.5
    assert [row.unread for row in found.passes] == [1, 0]
    (note,) = [note for note in found.notes if "nobody could read" in note]
    assert "sample: 1." in note
    shown = {grid.title: grid for grid in grids(found)}
    for title in ("Other thresholds, with all passes", "Other rules, on the same passes"):
        assert "not read" in shown[title].head
        assert all(len(row.cells) == len(shown[title].head) for row in shown[title].rows)
    critic = shown["The critic's score against the actor's answer"]
    assert all(len(row.cells) == len(critic.head) for row in critic.rows)
    assert [row.cells[critic.head.index("not read")] for row in critic.rows][:2] == ["1", "0"]


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


def drawn(log: Log, why: str) -> Reply:
    """What `best_of_k` leaves where a fresh draw was picked."""
    origin = Origin(
        run=f"draw-{log.sample_id}", sample_id=log.sample_id, iteration=1, accepted=True
    )
    return reply(log, 1, "best_of_k", why=why, injected=Injected(text="Look.", origin=origin))


def test_a_pass_that_was_drawn_for_the_run_has_its_score_in_the_reply() -> None:
    logs = logs_of([[(2, True)], [(3, True)], [(4, False)]])
    told = ("best of 3: 2, failed, 9", "best of 2: unscored, 7.5", "no such list")
    replies = [drawn(log, why) for log, why in zip(logs, told, strict=True)]
    results = [result(log, "zero_shot", n == 1) for n, log in enumerate(logs)]
    results += [result(log, "best_of_k", n != 1) for n, log in enumerate(logs)]
    _, handed = answers_of(replies, results)
    assert [one.score for one in handed] == [9.0, 7.5, None]
    (row,) = benefit_rows(logs, handed)
    assert (row.helped, row.harmed, row.left_out) == (1, 1, 1)
    assert row.auroc.value == 1.0
    assert "1 passes are left out" in row.note
    assert "do not say what they scored" in row.note
    # Of a critic that was asked later nobody knows what it would say of the draws.
    again = [replace(log, id=f"again-{log.id}", same_as=log.id) for log in logs]
    (row,) = benefit_rows(again, handed)
    assert (row.helped, row.harmed, row.left_out) == (0, 0, 3)
    assert "judged by its critic" in row.note
    # Of other tasks than those asked about nothing is missing.
    assert not benefit_rows(logs_of([[(2, True)]])[:0], handed)


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
