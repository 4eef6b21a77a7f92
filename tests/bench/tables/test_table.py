"""The numbers of a table."""

import pytest

from aurelia.bench.scorers.captions import caption_parts
from aurelia.bench.stats_tests import holm
from aurelia.bench.tables.table import make_table
from aurelia.errors import InputError
from tests.bench.tables.rows import REFERENCES, make_captions, make_pairs, make_result

PLACE = ("vita-7b", "dm_match", "accuracy")


def test_failed_and_unread_replies_stay_in_the_denominator() -> None:
    table = make_table(make_pairs("10uf", "1110"), draws=200)
    cell = table.cells[PLACE, "zero_shot"]
    assert (cell.n, cell.value) == (4, 0.25)
    assert cell.outcomes == {"right": 1, "wrong": 1, "unparsed": 1, "failed": 1}
    found = table.comparisons[PLACE]
    assert found.gain.relative == pytest.approx(2.0)
    assert found.binary
    assert (found.binary.gained, found.binary.lost) == (2, 0)
    assert (found.n, found.videos, found.differing) == (4, 4, 2)


def test_any_two_conditions_can_be_compared() -> None:
    critics = [r.model_copy(update={"condition": "critic_x"}) for r in make_pairs("10", "")]
    critics += [r.model_copy(update={"condition": "critic_y"}) for r in make_pairs("11", "")]
    table = make_table(critics, first="critic_x", second="critic_y", draws=200)
    assert table.comparisons[PLACE].gain.absolute == 0.5
    back = make_table(critics, first="critic_y", second="critic_x", draws=200)
    assert back.comparisons[PLACE].gain.relative == -0.5
    with pytest.raises(InputError, match="with itself"):
        make_table(critics, first="critic_x", second="critic_x")


def test_only_samples_with_both_conditions_are_compared_and_it_is_said() -> None:
    table = make_table(make_pairs("1010", "11"), draws=200)
    assert table.comparisons[PLACE].n == 2
    assert table.cells[PLACE, "zero_shot"].n == 4
    assert any("2 replies have no partner" in note for note in table.notes)


def test_two_questions_a_video_are_no_case_for_mcnemar() -> None:
    results = [r.model_copy(update={"video": "same"}) for r in make_pairs("10", "11")]
    found = make_table(results, draws=200).comparisons[PLACE]
    assert found.binary is None
    assert found.videos == 1
    assert found.p == 1.0
    assert "1 video no difference" in found.warnings[0]


def test_holm_is_over_targets_and_columns() -> None:
    results = [
        *make_pairs("0" * 12, "1" * 12),
        *make_pairs("0" * 12, "1" * 6 + "0" * 6, column="av_meme"),
        *make_pairs("1" * 12, "1" * 12, target="crema-4b"),
    ]
    table = make_table(results, draws=200)
    raw = {place: found.p for place, found in table.comparisons.items()}
    assert len(raw) == 3
    assert raw[PLACE] == pytest.approx(2 / 2**12)
    expected = holm(raw)
    assert expected[PLACE] == pytest.approx(3 * 2 / 2**12)
    assert {place: f.adjusted for place, f in table.comparisons.items()} == expected


def test_captions_become_three_columns_with_the_caveat() -> None:
    before = ["a dog", "", "rain falls"]
    after = ["a dog barks", "a bell rings", "rain falls on the roof"]
    results = [*make_captions("zero_shot", before), *make_captions("distilled", after)]
    table = make_table(results, draws=200)
    assert table.columns == [
        ("av_captioning", metric) for metric in ("cider_d", "bleu_4", "rouge_l")
    ]
    parts = caption_parts(after, REFERENCES)
    cells = {
        metric: table.cells[("vita-7b", c, metric), "distilled"] for c, metric in table.columns
    }
    assert cells["cider_d"].value == pytest.approx(parts.cider.mean())
    assert cells["rouge_l"].value == pytest.approx(parts.rouge.mean())
    assert 0 < cells["bleu_4"].value < 1
    assert any("these 3 clips" in note for note in table.notes)
    assert table.cells[("vita-7b", "av_captioning", "cider_d"), "zero_shot"].outcomes["failed"] == 1


def test_replies_that_are_unread_more_often_in_one_mode_are_pointed_out() -> None:
    table = make_table(make_pairs("uuu1111111", "1111111111"), draws=200)
    assert any("30 % of the replies under zero_shot" in note for note in table.notes)
    even = make_table(make_pairs("u111", "111u"), draws=200)
    assert not any("could not be read" in note for note in even.notes)


def test_repeats_are_pairs_of_their_own_in_one_video() -> None:
    once, again = make_pairs("1", "1"), make_pairs("0", "1", repeat=1)
    found = make_table([*once, *again], draws=200).comparisons[PLACE]
    assert (found.n, found.videos) == (2, 1)
    assert found.gain.first == 0.5


def test_metrics_of_one_task_are_columns_of_their_own() -> None:
    captions = [r.model_copy(update={"column": "dm_match"}) for r in make_captions("x", ["a"] * 3)]
    table = make_table([*make_pairs("10", "11"), *captions], draws=100)
    assert [metric for _, metric in table.columns] == ["accuracy", "cider_d", "bleu_4", "rouge_l"]
    assert table.cells[PLACE, "zero_shot"].n == 2


def test_mismatched_samples_are_refused() -> None:
    moved = [*make_pairs("1", ""), make_result(0, condition="distilled", video="elsewhere")]
    with pytest.raises(InputError, match="different video"):
        make_table(moved)
    with pytest.raises(InputError, match="no results"):
        make_table([])


def test_the_same_file_gives_the_same_table() -> None:
    results = make_pairs("1001011010", "1111011010")
    assert make_table(results, draws=300) == make_table(results, draws=300)
