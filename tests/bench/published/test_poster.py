"""The published figures, and which of them do not follow from each other."""

import pytest

from aurelia.bench.published.poster import (
    COLUMNS,
    beside,
    published,
    published_categories,
    published_target,
)
from aurelia.bench.tasks import CATEGORIES, PUBLISHED_TOTAL, TASKS

DO_NOT_RECOMPUTE = {
    ("imagebind-llm-7b", "av_geoiq"),
    ("av-llm-13b", "av_geoiq"),
    ("avicuna-7b", "av_geoiq"),
    ("videollama2-7b", "av_meme"),
    ("bay-cat-7b", "av_meme"),
}


def test_112_of_117_gains_follow_from_the_second_figure_and_five_do_not() -> None:
    gains = {key: cell for key, cell in published().items() if cell.recomputes is not None}
    assert len(gains) == 117
    wrong = {key for key, cell in gains.items() if not cell.recomputes}
    assert wrong == DO_NOT_RECOMPUTE
    assert len(gains) - len(wrong) == 112


def test_none_follows_better_from_the_first_figure() -> None:
    """So the second is what gains are relative to."""
    for key, cell in published().items():
        if cell.recomputes and cell.distilled and cell.gain_percent:
            other = 100 * (cell.distilled - cell.first) / cell.first
            assert abs(other - cell.gain_percent) > 0.15, key


def test_the_table_is_whole() -> None:
    targets = {target for target, _ in published()}
    assert len(targets) == 19
    assert len(published()) == 19 * 7 - 2
    assert {c for _, c in published()} == set(COLUMNS) == set(TASKS)
    closed = {cell.target for cell in published().values() if cell.distilled is None}
    assert closed == {"gemini-1.5-pro", "reka-core"}
    assert all(cell.second < cell.first for cell in published().values())


def test_the_categories_are_those_that_samples_may_have() -> None:
    ours = [(c.name, c.samples) for c in published_categories()]
    assert ours == [(c.name, c.samples) for c in CATEGORIES]
    assert sum(samples for _, samples in ours) == PUBLISHED_TOTAL == 4504
    assert sum(c.classes or 0 for c in published_categories()) == 89


@pytest.mark.parametrize(
    ("model", "target"),
    [
        ("vita-7b", "vita-7b"),
        ("google_genai:gemini-1.5-pro?temperature=0", "gemini-1.5-pro"),
        ("http://127.0.0.1:8000/v1#org/VITA-7B", "vita-7b"),
        ("google_genai:gemini-2.5-pro", None),
        ("my-vita-7b-tuned", None),
    ],
)
def test_a_model_is_a_published_target_by_its_exact_name(model: str, target: str | None) -> None:
    assert published_target(model) == target


def test_figures_stand_beside_measured_ones_only_where_the_metric_is_the_same() -> None:
    cell = beside("vita-7b", "dm_match", "accuracy", assume_accuracy=True)
    assert cell
    assert (cell.first, cell.second, cell.distilled) == (29.2, 27.5, 35.0)
    assert beside("vita-7b", "dm_match", "accuracy") is None  # no metric is stated
    for column, metric in [("avsd", "accuracy"), ("av_captioning", "cider_d"), ("dm_match", "f1")]:
        assert beside("vita-7b", column, metric, assume_accuracy=True) is None
    assert beside(None, "dm_match", "accuracy", assume_accuracy=True) is None
    assert beside("vita-7b", "worldsense", "accuracy", assume_accuracy=True) is None
