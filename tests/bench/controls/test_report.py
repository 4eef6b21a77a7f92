"""The tables of controls, against numbers worked out by hand."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.controls.contrast import contrast, scores_by
from aurelia.bench.controls.leak import chances
from aurelia.bench.controls.report import control_grids, origin_grid
from aurelia.bench.run.reply import Spent
from aurelia.bench.run.score import SAMPLES, ScoredRun, score_run
from aurelia.bench.sample import write_samples
from aurelia.bench.tables.grid import Grid
from aurelia.bench.tables.results import Result
from tests.bench.samples import make_sample

N = 40


def scored(folder: Path, marks: Mapping[str, str], calls: Mapping[str, int] = {}) -> ScoredRun:
    """A run of one target: by condition a mark for each sample, `1`, `0`, or `-` for missing."""
    run = ScoredRun(folder, {})
    for condition, of in marks.items():
        run.taken["t", condition] = Spent(calls=calls.get(condition, 1) * len(of), worth_usd=0.1)
        run.results += [
            Result(
                target="t",
                column="music_avqa",
                condition=condition,
                sample_id=f"s{n}",
                video=f"v{n}",
                score=float(mark),
                outcome="right" if mark == "1" else "wrong",
            )
            for n, mark in enumerate(of)
            if mark != "-"
        ]
    samples = [make_sample(id=f"s{n}") for n in range(max(map(len, marks.values())))]
    write_samples(folder / SAMPLES, samples)
    return run


def row(grid: Grid, label: str, number: int = 0) -> tuple[str, ...]:
    """The cells of a line."""
    return [line.cells for line in grid.rows if line.label.strip() == label][number]


def test_every_control_is_paired_with_both_modes(tmp_path: Path) -> None:
    marks = {
        "zero_shot": "0" * 20 + "1" * 20,
        "distilled": "1" * 10 + "0" * 10 + "1" * 20,
        "first_pass": "1" * 5 + "0" * 15 + "1" * 20,
        "other_clip_steps": "-" * 20 + "1" * 10 + "0" * 10,
        "muted": "0" * 40,
    }
    run = scored(tmp_path, marks, {"distilled": 4, "first_pass": 2})
    grid = origin_grid(run)
    n, accuracy, gain, *_ = row(grid, "with r*")
    # 10 of 10 pairs differ one way: p = 2 / 2^10, a family of its own.
    assert (n, accuracy[:6], gain) == ("40", "75.0 (", "+25.0 (0.002)")
    # 5 of 5: 2 / 2^5, the larger of two in either family of controls.
    assert row(grid, "steps of pass 1")[2:6] == ("+12.5 (0.062)", "+12.5 (0.062)", "2.0", "0.50")
    # 10 of 10, of two: 2 / 2^10, twice.
    assert row(grid, "steps of another clip")[:1] == ("20",)
    assert row(grid, "steps of another clip")[2:4] == ("-50.0 (0.004)", "+50.0 (0.004)")
    assert row(grid, "zero-shot")[2:] == ("-", "-", "1.0", "0.25", "0.00250")
    assert [line.label for line in grid.rows if line.label == "muted"] == []  # its own table
    assert "r* on zero-shot (1), controls on zero-shot (2), r* on controls (2)" in grid.notes[0]
    (unmatched,) = [note for note in grid.notes if "no comparison at equal" in note]
    assert "steps of pass 1 (0.50 times), steps of another clip (0.50 times)" in unmatched
    assert not any("no difference, however large" in note for note in grid.notes)


def test_on_the_accepted_subset_controls_hand_over_as_often_as_r_star(tmp_path: Path) -> None:
    """Over all samples a random pass is level with r*, for it also helps where nothing was
    accepted; where both hand something over r* is ahead, and that is the choice."""
    marks = {
        "zero_shot": "0" * 40,
        "distilled": "1" * 20 + "0" * 20,
        "random_acceptance": "1" * 10 + "0" * 10 + "1" * 10 + "0" * 10,
        "muted": "0" * 40,
    }
    run = scored(tmp_path, marks)
    assert [grid.title for grid in control_grids(run)] == ["Where a gain comes from"]
    run.accepted = {("t", f"s{n}", 0) for n in range(20)}
    every, kept = control_grids(run)
    assert row(every, "a random pass accepted")[2:4] == ("+50.0 (<0.001)", "+0.0 (1.000)")
    n, accuracy, gain, ahead = row(kept, "a random pass accepted")
    assert (n, accuracy[:6]) == ("20", "50.0 (")
    # 10 of 10 pairs differ one way: 2 / 2^10, alone in its family.
    assert (gain, ahead) == ("+50.0 (0.002)", "+50.0 (0.002)")
    assert row(kept, "with r*")[:1] == ("20",)
    assert row(kept, "with r*")[2:] == ("+100.0 (<0.001)", "-")
    assert [line.label for line in kept.rows if line.label == "muted"] == []
    assert "t 20 of 40 replies" in kept.notes[0]


def test_a_few_videos_are_said_to_be_few(tmp_path: Path) -> None:
    run = scored(tmp_path, {"zero_shot": "000", "distilled": "111", "first_pass": "000"})
    assert any(note.startswith("With 3 videos no difference") for note in origin_grid(run).notes)


def test_the_clip_and_r_star_are_taken_apart(tmp_path: Path) -> None:
    marks = {
        "zero_shot": "0" * 30 + "1" * 10,
        "distilled": "1" * 20 + "0" * 10 + "1" * 10,
        "text_only": "0" * 35 + "1" * 5,
        "text_only_r_star": "1" * 4 + "0" * 31 + "1" * 5,
        "muted": "-" * 20 + "0" * 20,
        "muted_r_star": "-" * 20 + "1" * 10 + "0" * 10,
    }
    grid, _ = control_grids(scored(tmp_path, marks))
    assert [line.label for line in grid.rows] == [
        *("the clip", "no clip", "  lost by that"),
        *("the clip", "muted", "  lost by that"),
    ]
    whole, none, lost = (line.cells for line in grid.rows[:3])
    assert [cell.split(" ")[0] for cell in whole] == ["40", "25.0", "75.0", "+50.0"]
    assert [cell.split(" ")[0] for cell in none] == ["40", "12.5", "22.5", "+10.0"]
    assert [cell.split(" ")[0] for cell in lost] == ["", "+12.5", "+52.5", "+40.0"]
    whole, muted, lost = (line.cells for line in grid.rows[3:])
    assert [cell.split(" ")[0] for cell in whole] == ["20", "50.0", "50.0", "+0.0"]  # 20 samples
    assert [cell.split(" ")[0] for cell in muted] == ["20", "0.0", "50.0", "+50.0"]
    assert [cell.split(" ")[0] for cell in lost] == ["", "+50.0", "+0.0", "-50.0"]


def test_the_leak_is_what_a_reader_gains(tmp_path: Path) -> None:
    marks = {
        "zero_shot": "0" * N,
        "distilled": "1" * 20 + "0" * 20,
        "text_only": "0" * 20 + "1" * 20,
        "text_only_r_star": "1" * 8 + "0" * 12 + "1" * 20,
    }
    run = scored(tmp_path, marks)
    run.accepted = {("t", f"s{n}", 0) for n in range(20)}
    grid = control_grids(run)[-1]
    every, kept = row(grid, "all samples"), row(grid, "with accepted steps")
    assert every[0] == "40"
    assert every[1].startswith("50.0 (")
    assert every[2].startswith("70.0 (")
    assert every[3].startswith("+20.0 (")
    assert (every[4], kept[4]) == ("0.008", "0.008")  # 2 / 2^8, the same pairs in both lines
    assert "over readers (1)" in grid.notes[0]
    assert every[5].startswith("+50.0 (")
    assert every[6] == "50.0"  # two options
    assert (kept[0], kept[3][:6], kept[5][:7]) == ("20", "+40.0 ", "+100.0 ")


def test_the_leaks_p_is_corrected_for_the_readers(tmp_path: Path) -> None:
    marks = {"text_only": "0" * N, "text_only_r_star": "1" * 8 + "0" * 32}
    run = scored(tmp_path, marks)
    other = [r.model_copy(update={"target": "u"}) for r in run.results]
    run.results += other
    run.taken |= {("u", condition): Spent(calls=N) for condition in marks}
    grid = control_grids(run)[-1]
    assert [line.cells[4] for line in grid.rows] == ["0.016", "0.016"]  # twice 2 / 2^8
    assert "over readers (2)" in grid.notes[0]


def test_chance_is_what_a_question_offers() -> None:
    samples = [
        make_sample(id="two"),
        make_sample(id="four", options=dict.fromkeys("ABCD", "x"), ground_truth=["B", "D"]),
        make_sample(id="yes", options=None, answer_type="yes_no", ground_truth=["yes"]),
        make_sample(id="free", options=None, answer_type="open", ground_truth=["a bell"]),
    ]
    assert chances(samples) == {"two": 0.5, "four": 0.5, "yes": 0.5}


def test_without_controls_there_is_no_table(tmp_path: Path) -> None:
    assert control_grids(scored(tmp_path, {"zero_shot": "01", "distilled": "11"})) == []


@given(st.lists(st.tuples(*[st.sampled_from("01")] * 4), min_size=1, max_size=12))
def test_an_interaction_is_the_difference_of_two_gains(
    tmp_path_factory: pytest.TempPathFactory, marks: list[tuple[str, str, str, str]]
) -> None:
    names = ("a", "b", "c", "d")
    columns = {
        n: "".join(column) for n, column in zip(names, zip(*marks, strict=True), strict=True)
    }
    run = scored(tmp_path_factory.mktemp("run"), columns)
    a, b, c, d = (scores_by(run)["t", name] for name in names)
    both = contrast((1, a), (-1, b), (-1, c), (1, d), draws=50)
    one, other = contrast((1, a), (-1, b), draws=50), contrast((1, c), (-1, d), draws=50)
    assert both
    assert one
    assert other
    assert both.value == pytest.approx(one.value - other.value)
    assert both.interval.low - 1e-9 <= both.value <= both.interval.high + 1e-9 or len(marks) > 1
    assert 0 < both.p <= 1


def test_a_run_with_all_controls_gives_all_tables(everything: Path) -> None:
    run = score_run(everything)
    origin, accepted, media, leak = control_grids(run)
    assert [line.label for line in accepted.rows] == [line.label for line in origin.rows]
    # The critic accepted a pass of all samples but one.
    assert row(accepted, "with r*")[0] == "5"
    assert row(origin, "with r*")[0] == "6"
    told = {line.label for line in origin.rows}
    assert {"zero-shot", "with r*", "actor's own answer", "best of k, no feedback"} <= told
    assert len(told) == 12  # both modes, and the controls that ask about the clip as it is
    assert {"no clip", "muted", "another clip's sound", "sound shifted", "picture frozen"} <= {
        line.label for line in media.rows
    }
    assert [line.label for line in leak.rows] == ["all samples", "with accepted steps"]
    # Draws match the loop's calls; nothing else is called matched that is not.
    assert row(origin, "self-consistency")[5] == row(origin, "best of k, no feedback")[5] == "1.00"
