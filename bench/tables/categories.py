"""The category table: the seventeen categories, published counts beside what was measured."""

from collections.abc import Sequence

from aurelia.bench.published.poster import published_categories
from aurelia.bench.stats_metric import mean_of
from aurelia.bench.stats_paired import gain
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import condition_text, percent, signed
from aurelia.bench.tables.results import Result

OTHER = "other"
"""Samples of no published category."""


def category_grid(
    results: Sequence[Result], *, first: str = "zero_shot", second: str = "distilled"
) -> Grid:
    """Accuracy by category and target. Captions are counted; no accuracy is made of them."""
    head = ("published", "classes", "n", condition_text(first), condition_text(second), "gain %")
    grid = Grid("Categories", head)
    categories = published_categories()
    known = {category.name for category in categories}
    for target in dict.fromkeys(r.target for r in results):
        mine = [r for r in results if r.target == target and r.condition in (first, second)]
        for category in categories:
            chosen = [r for r in mine if r.category == category.name]
            counts = (
                str(category.samples),
                "-" if category.classes is None else str(category.classes),
            )
            grid.rows.append(
                GridRow(target, category.name, (*counts, *_row(chosen, first, second)))
            )
        if others := [r for r in mine if r.category not in known]:
            grid.rows.append(GridRow(target, OTHER, ("-", "-", *_row(others, first, second))))
        total = (str(sum(category.samples for category in categories)), "-")
        grid.rows.append(GridRow(target, "all", (*total, *_row(mine, first, second)), "total"))
    grid.notes.append(
        "Published: samples and classes that the poster counts; n: samples measured here. "
        "Accuracies and gains are of answers that are right or wrong; captions count in n alone. "
        "Cells are small: read the table of tasks for intervals and tests."
    )
    return grid


def _row(results: Sequence[Result], first: str, second: str) -> tuple[str, str, str, str]:
    samples = {(r.column, r.sample_id) for r in results}
    answers = [r for r in results if r.caption is None and r.metric == "accuracy"]
    one = {(r.column, r.sample_id, r.repeat): r for r in answers if r.condition == first}
    other = {(r.column, r.sample_id, r.repeat): r for r in answers if r.condition == second}
    common = [key for key in one if key in other]
    relative = None
    if common:
        relative = gain(
            mean_of([one[key].score for key in common]),
            mean_of([other[key].score for key in common]),
            [one[key].video for key in common],
            draws=1,
        ).relative
    zero, helped = (_mean([r.score for r in rows.values()]) for rows in (one, other))
    return str(len(samples)), percent(zero), percent(helped), signed(relative)


def _mean(scores: list[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None
