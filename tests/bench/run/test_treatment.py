"""Intention to treat: whoever has no accepted steps keeps the zero-shot reply, and is counted."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.imports.rows import Wish
from aurelia.bench.imports.run import collect, write
from aurelia.bench.run.grids import accepted_grid, all_grids, titled, whole_table
from aurelia.bench.run.manifest import OWN, PLUMBING, RECONSTRUCTION, RENDERED
from aurelia.bench.run.score import ScoredRun, score_run, write_results
from aurelia.bench.run.scoring import write_tables
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.steps import loop_calls, loop_passes
from aurelia.bench.sample import Sample
from aurelia.bench.tables.table import ResultTable
from aurelia.bench.verify.run import verify
from aurelia.errors import InputError
from aurelia.types.reasoning import Reasoning, Step
from tests.bench.analysis.made import Marks, made, sample
from tests.bench.run.study import Study, follower, make_study, run, target
from tests.models.wire.server import Wire

MARKS: dict[str, Marks | None] = {
    "accepted": [(3.0, False), (9.0, True)],
    "exhausted": [(3.0, False), (4.0, True)],
    "unscored": [(None, True)],
    "gone": None,
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = make_study(tmp_path, MARKS)
    with Wire(follower) as server:
        run(study.order(target(server)))
        assert len(server.calls) == 5  # four zero-shot, one with steps
    return study


def test_the_zero_shot_reply_stands_where_nothing_was_accepted(study: Study) -> None:
    replies = study.replies()
    for name, why in {
        "exhausted": "no steps were accepted (exhausted)",
        "unscored": "no steps were accepted (exhausted)",
        "gone": "there is no rollout of this sample",
    }.items():
        reply, zero = replies["distilled", name], replies["zero_shot", name]
        assert (reply.status, reply.stands_for, reply.why) == ("stands", "zero_shot", why)
        assert reply.said == zero.said
        assert reply.calls == []
        assert reply.injected is None
        assert reply.spent == zero.spent.model_copy(update={"paid_usd": 0.0})
    accepted = replies["distilled", "accepted"]
    assert accepted.status == "answered"
    assert accepted.is_accepted
    assert accepted.said[0].raw == "Answer: B"


def test_the_loop_is_paid_for_whether_or_not_it_ended_well(study: Study) -> None:
    replies = study.replies()
    taken = {name: replies["distilled", name].elsewhere for name in MARKS}
    assert [taken[name].calls for name in MARKS] == [6, 6, 3, 0]
    assert taken["exhausted"].worth_usd == pytest.approx(0.06)


def test_one_log_of_full_depth_costs_what_the_loop_that_stops_does(tmp_path: Path) -> None:
    """Passes beyond the accepted one are made for analysis: no user of the loop pays for them."""
    marks: Marks = [(9.0, True), (9.0, True), (3.0, False)]
    for name, stops in (("whole", False), ("stopped", True)):
        (tmp_path / name).mkdir()
        study = make_study(tmp_path / name, {"s0": marks}, rollout={"stops": stops})
        with Wire(follower) as server:
            run(study.order(target(server)))
        distilled = study.replies()["distilled", "s0"]
        assert distilled.elsewhere.calls == 3, name
        assert distilled.elsewhere.worth_usd == pytest.approx(0.03)
        notes = [n for g in all_grids(*_table(study)) for n in g.notes]
        assert any("up to the accepted one" in note for note in notes)
        scored = score_run(study.out)
        write_results(study.out, scored.results)
        write_tables(scored)
        assert not [f.text for f in verify(study.out).findings if f.wrong]


def _table(study: Study) -> tuple[ScoredRun, ResultTable]:
    scored = score_run(study.out)
    return scored, whole_table(scored)


@given(
    scores=st.lists(st.none() | st.sampled_from([2.0, 6.0, 9.0]), min_size=1, max_size=4),
    stops=st.booleans(),
)
def test_a_loop_is_counted_up_to_its_first_accepted_pass(
    scores: list[float | None], stops: bool
) -> None:
    rollout = made(sample("s0"), [(score, False) for score in scores], stops=stops)
    first = next((n for n, s in enumerate(scores, 1) if s is not None and s >= 6), len(scores))
    assert [i.index for i in loop_passes(rollout)] == list(range(1, first + 1))
    assert len(loop_calls(rollout)) == 3 * first


def test_the_table_has_everybody_and_the_accepted_subset_beside(study: Study) -> None:
    scored = score_run(study.out)
    assert Counter((r.condition, r.outcome) for r in scored.results) == {
        ("zero_shot", "wrong"): 4,
        ("distilled", "wrong"): 3,
        ("distilled", "right"): 1,
    }
    table = whole_table(scored)
    (place,) = table.comparisons
    assert table.cells[place, "distilled"].n == 4
    assert table.comparisons[place].gain.absolute == pytest.approx(0.25)
    (subset,) = accepted_grid(scored, table)
    cells = {row.label: row.cells[0] for row in subset.rows}
    assert cells["accepted"] == "1/4 (25 %)"
    assert (cells["zero-shot, there"], cells["with r*, there"]) == ("0.0", "100.0")


def test_tables_say_what_stood_and_why(study: Study) -> None:
    scored = score_run(study.out)
    notes = [note for grid in all_grids(scored, whole_table(scored)) for note in grid.notes]
    stood = next(note for note in notes if "another condition's reply stands" in note)
    assert "2 (no steps were accepted (exhausted))" in stood
    assert "1 (there is no rollout of this sample)" in stood


def test_nothing_accepted_leaves_a_subset_of_none(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(3, True)]})
    with Wire(follower) as server:
        run(study.order(target(server)))
    scored = score_run(study.out)
    (subset,) = accepted_grid(scored, whole_table(scored))
    assert [row.cells[0] for row in subset.rows[:3]] == ["0/1 (0 %)", "-", "-"]


LEAKING = Reasoning(
    steps=[
        Step(id="s1", text="Look when it moves."),
        Step(id="s2", text="The answer is the movement."),
    ],
    findings="",
    answer="The movement",
)


@pytest.mark.parametrize(
    ("leaks", "handed"),
    [
        ("record", "- Look when it moves.\n- The answer is the movement."),
        ("drop", "- Look when it moves."),
        ("withhold", None),
        ("as_run", "- Look when it moves.\n- The answer is the movement."),
    ],
)
def test_steps_that_reveal_the_answer(tmp_path: Path, leaks: str, handed: str | None) -> None:
    from aurelia.bench.run.steps import accepted_steps

    rollout = made(sample("s0"), [(9, True)])
    rollout.iterations[0] = rollout.iterations[0].model_copy(update={"reasoning": LEAKING})
    policy = RunSettings.model_validate({"leaks": leaks}).leaks
    steps = accepted_steps(rollout, "plan", policy)
    if handed is None:
        assert (steps.text, steps.why) == ("", "its steps reveal the answer and were withheld")
        return
    assert [line.split(" ", 1)[1] for line in steps.text.splitlines()] == [
        line.split(" ", 1)[1] for line in handed.splitlines()
    ]
    assert steps.origin is not None
    assert steps.origin.leaks == (0 if leaks == "drop" else 1)


def test_a_run_of_one_mode_has_no_gain_and_no_subset(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Wire(follower) as server:
        run(study.order(target(server), modes=["zero_shot"], r_star=None))
    scored: ScoredRun = score_run(study.out)
    table = whole_table(scored)
    assert table.comparisons == {}
    assert accepted_grid(scored, table) == []


@pytest.mark.parametrize(
    ("samples", "target_name", "title"),
    [
        (RECONSTRUCTION, "openai:gpt-4o", RECONSTRUCTION),
        (RECONSTRUCTION, "offline:perception", f"{RECONSTRUCTION}: {PLUMBING}"),
        (RENDERED, "openai:gpt-4o", f"{RENDERED}: {PLUMBING}"),
    ],
)
def test_titles_say_what_results_are(samples: str, target_name: str, title: str) -> None:
    assert titled(samples, [target_name]) == title


def test_samples_of_ones_own_are_called_so_and_imported_ones_a_reconstruction(
    tmp_path: Path,
) -> None:
    def imported(_: Sample) -> dict[str, str]:
        return {"dataset": "music-avqa"}

    for name, change, title in (
        ("own", lambda _: {}, OWN.format(name="samples.jsonl")),
        ("imported", imported, RECONSTRUCTION),
    ):
        (tmp_path / name).mkdir()
        study = make_study(tmp_path / name, {"s0": [(9, True)]}, change)
        with Wire(follower) as server:
            run(study.order(target(server), modes=["zero_shot"], r_star=None))
        assert score_run(study.out).manifest["title"] == title


def test_a_table_of_ones_own_is_no_reconstruction_of_the_papers_set(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    lines = "video,question,answer\none.mp4,What is it?,it\n"
    (tmp_path / "own.csv").write_text(lines)
    wish = Wish(task="own")
    made = collect("csv", [tmp_path / "own.csv"], tmp_path, tmp_path, wish=wish)
    write(tmp_path / "mine.jsonl", made, wish, None, None)
    order = study.order("offline:perception", modes=["zero_shot"], r_star=None)
    run(replace(order, samples=tmp_path / "mine.jsonl"))
    manifest = score_run(study.out).manifest
    assert manifest["title"] == "Results on mine.jsonl (reconstruction of own samples)"


def test_the_folder_of_another_command_is_left_as_it_was(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    before = sorted(p.name for p in study.rollouts.iterdir())
    with pytest.raises(InputError, match="holds the results of `aurelia generate`"):
        run(study.order("offline:perception", folder=study.rollouts))
    assert sorted(p.name for p in study.rollouts.iterdir()) == before


def test_replies_that_another_condition_needed_are_no_result(tmp_path: Path) -> None:
    """They are there for those samples alone that had no accepted steps."""
    study = make_study(tmp_path, {"s0": [(9, True)], "s1": [(2, True)]})
    with Wire(follower) as server:
        run(study.order(target(server), modes=["distilled"]))
        assert len(server.calls) == 2
        assert ("zero_shot", "s1") in study.replies()
        scored = score_run(study.out)
        assert {(r.condition, r.sample_id) for r in scored.results} == {
            ("distilled", "s0"),
            ("distilled", "s1"),
        }
        assert not scored.unfinished
        run(study.order(target(server)))  # now they are asked for
        assert len(server.calls) == 3
    assert len(score_run(study.out).results) == 4


def test_tables_list_targets_and_conditions_as_they_were_asked_for(tmp_path: Path) -> None:
    study = make_study(tmp_path, {f"s{n}": [(9, True)] for n in range(3)})
    with Wire(follower) as server:
        names = [f"{server.openai}#b", f"{server.openai}#a"]
        run(study.order(names[1], modes=["distilled"]))
        run(study.order(*names, controls="first_pass"))
    scored = score_run(study.out)
    assert scored.targets == names
    assert scored.conditions == ["zero_shot", "distilled", "first_pass"]
    assert [r.target for r in scored.results] == [names[0]] * 9 + [names[1]] * 9
