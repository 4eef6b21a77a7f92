"""Every role meets every fault, on real clients: what is tried, what becomes of the run, and what
the record keeps. The table is in `tests/models/faults.py`."""

from collections.abc import Iterator

import pytest

from aurelia.models.call import CallFailed
from aurelia.types.reasoning import Answer, Unscored, Verdict
from tests.models.asking import Shown
from tests.models.cells import Ran, Stage, staged
from tests.models.faults import LIMIT_S, PROVIDERS, ROLES, TRIES, Cell, cells
from tests.models.wire.script import fail
from tests.models.wire.server import KEY

ALONE = [
    cell
    for cell in cells()
    if cell.role in ("critic", "target") and cell.provider in PROVIDERS and cell.ends != "renewed"
]
CELLS = pytest.mark.parametrize("cell", list(cells()), ids=str)


@pytest.fixture(scope="module")
def stage(shown: Shown, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(shown.clip, tmp_path_factory.mktemp("matrix")) as stage:
        yield stage


@CELLS
def test_it_is_tried_so_often_and_waited_so_long(cell: Cell, stage: Stage) -> None:
    ran = stage.ran(cell)
    delays = cell.meets.delays(cell.provider)
    assert ran.clock.delays == list(delays)
    if cell.ends == "unreadable":  # asked once more to repair it; a target for its second answer
        assert ran.met == (1 if cell.role == "repair" else 2)
    elif cell.ends == "renewed":
        assert ran.met == 2 + (cell.role == "target")
    else:
        assert ran.met == 1 + len(delays)
    assert ran.last.retries == len(delays)
    assert ran.last.total_s == (LIMIT_S if cell.ends == "time" else sum(delays))


@CELLS
def test_so_ends_the_run(cell: Cell, stage: Stage) -> None:
    run = stage.ran(cell).run
    fails = cell.ends in ("again", "final", "time")
    if cell.ends == "renewed" or cell.role in ("panel", "target"):
        assert run.stop_reason == "accepted"
        assert run.best
        assert run.best.index == 2
    elif fails:
        assert run.stop_reason == "failed"
    elif cell.role == "summarizer":  # without a caption there is nothing to score
        assert run.stop_reason == "failed"
        assert "gave no caption" in run.stop_detail
    else:
        assert run.stop_reason == "exhausted"


@CELLS
def test_the_role_s_own_result_says_what_happened(cell: Cell, stage: Stage) -> None:
    ran = stage.ran(cell)
    second = ran.run.iterations[1]
    if cell.ends == "renewed":
        assert ran.last.error is None
        return
    fails = cell.ends != "unreadable"
    match cell.role:
        case "actor" | "repair":
            assert second.reasoning is None
            assert second.error
        case "summarizer":
            assert second.reasoning
            assert (second.caption, second.verdict) == ("", None)
        case "critic" | "grounded":
            assert isinstance(second.verdict, Unscored)
            assert second.caption
        case "panel":
            assert isinstance(second.verdict, Verdict)
            assert second.verdict.score == 5
            main, member = second.verdict.members
            assert isinstance(main.verdict, Verdict)
            assert isinstance(member.verdict, Unscored)
        case "target":
            (record,) = ran.run.targets.values()
            assert bool(record.error) == fails
            if not fails:
                assert record.zero_shot
                assert not record.zero_shot.parsed
                assert record.zero_shot.note


@CELLS
def test_the_record_keeps_all_that_was_there_and_no_key(cell: Cell, stage: Stage) -> None:
    ran = stage.ran(cell)
    first = ran.run.iterations[0]
    assert first.reasoning
    assert first.caption
    assert isinstance(first.verdict, Verdict)
    assert first.verdict.score == 2
    assert not [call.error for call in first.calls if call.error]
    assert len(ran.run.iterations) == 2
    assert KEY not in ran.run.model_dump_json()
    assert bool(ran.last.error) == (cell.ends in ("again", "final", "time"))
    assert ran.last.messages
    assert ran.last.request
    if ran.last.error:
        assert ran.last.error.startswith(f"The {ran.last.role}'s model ")
        assert ("retries)" in ran.last.error) == (cell.ends == "again")
        assert ("TimeoutError" in ran.last.error) == (cell.ends == "time")
        assert ran.last.usage.cost_usd is None


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("role", ROLES)
def test_what_passes_costs_once(role: str, provider: str, stage: Stage) -> None:
    ran = _recovered(stage, role, provider, used=TRIES)
    plain = _recovered(stage, role, provider, used=0)
    assert (ran.run.stop_reason, plain.run.stop_reason) == ("accepted", "accepted")
    assert ran.clock.delays == [1, 2]
    assert ran.sent == plain.sent + TRIES
    assert sum(call.retries for call in ran.calls) == TRIES
    assert not [call.error for call in ran.calls if call.error]
    assert ran.run.totals.cost_usd == plain.run.totals.cost_usd
    assert ran.run.totals.cost_usd


@pytest.mark.parametrize("cell", ALONE, ids=str)
def test_a_role_that_is_asked_alone(cell: Cell, stage: Stage) -> None:
    said, met, clock = stage.ask(cell)
    delays = cell.meets.delays(cell.provider)
    assert clock.delays == list(delays)
    assert KEY not in repr(said)
    if cell.ends == "unreadable":
        assert met == (2 if cell.role == "critic" else 1)
        problem = said.reason if cell.role == "critic" else said.note
    else:
        assert met == 1 + len(delays)
        problem = said.reason if cell.role == "critic" else str(said)
        assert problem.startswith(f"The {cell.role}'s model ")
    assert problem
    assert isinstance(said, Unscored if cell.role == "critic" else (Answer, CallFailed))
    assert isinstance(said, CallFailed) == (cell.role == "target" and cell.ends != "unreadable")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", ["refusal", "truncated"])
@pytest.mark.parametrize("role", ["actor", "critic", "grounded"])
def test_a_pass_that_is_lost_does_not_end_the_loop(
    role: str, fault: str, provider: str, stage: Stage
) -> None:
    cell = Cell(role, fault, provider)
    run = stage.play(cell, [cell.meets.behaviour] * 2, recovers=True, passes=3).run
    assert [i.score for i in run.iterations] == [2, None, 5]
    assert run.stop_reason == "accepted"


def _recovered(stage: Stage, role: str, provider: str, used: int) -> Ran:
    return stage.play(Cell(role, "429", provider), [fail(429)] * used, recovers=True)
