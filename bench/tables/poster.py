"""The poster's layout: targets down, tasks across, zero-shot above distilled, and the gain."""

from collections.abc import Mapping

from aurelia.bench.published.poster import (
    COLUMNS,
    PublishedCell,
    beside,
    published,
    published_target,
)
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import (
    METRICS,
    condition_text,
    p_text,
    percent,
    signed,
    span,
)
from aurelia.bench.tables.table import Cell, Comparison, ResultTable
from aurelia.errors import InputError

PUBLISHED_NOTE = (
    "Published: the AURELIA poster, on its authors' samples. It prints two zero-shot figures and "
    "does not say how they differ; its gains follow from the second, but for those with a `?`."
)
ASSUMED_NOTE = (
    "The publication does not name its metrics; that these columns are accuracies is assumed."
)
UNSTATED_NOTE = (
    "Published figures of a column are left out where the publication does not say what they "
    "measure, or it is something else than what was measured here."
)


def poster_grid(
    table: ResultTable,
    title: str,
    *,
    same_as: Mapping[str, str] | None = None,
    assume_accuracy: bool = False,
) -> Grid:
    """Lay a table out as the poster does, each measured figure with its interval.

    Args:
        table: the numbers.
        title: stands above it.
        same_as: published target by measured target, where the names differ.
        assume_accuracy: show published figures also where their metric is not stated and closed
            answers make accuracy the likely one; a note says so.

    Raises:
        InputError: `same_as` names a target that was not measured, or not published.
    """
    names = published_names(table, same_as or {})
    columns = _ordered(table.columns)
    rows, shown, hidden = [], set[bool](), False
    for target in table.targets:
        name = names[target]
        found = [
            beside(name, column, metric, assume_accuracy=assume_accuracy)
            for column, metric in columns
        ]
        for (column, _), cell in zip(columns, found, strict=True):
            shown |= {COLUMNS[column].stated} if cell else set()
            hidden |= cell is None and (name or "", column) in published()
        rows += _target_rows(table, target, columns, found)
    grid = Grid(title, tuple(column_title(*column) for column in columns), rows)
    grid.notes += [PUBLISHED_NOTE] if shown else []
    grid.notes += [ASSUMED_NOTE] if False in shown else []
    grid.notes += [UNSTATED_NOTE] if hidden else []
    grid.notes += _reading(table)
    grid.notes += table.notes
    grid.notes += _warnings(table)
    return grid


def column_title(column: str, metric: str) -> str:
    """The head of a column."""
    known = COLUMNS.get(column)
    name = known.title if known else column
    return name if metric == "accuracy" else f"{name} {METRICS.get(metric, metric)}"


def _target_rows(
    table: ResultTable,
    target: str,
    columns: list[tuple[str, str]],
    there: list[PublishedCell | None],
) -> list[GridRow]:
    rows = []
    for condition in table.conditions:
        cells: list[Cell | None] = [
            table.cells.get(((target, *column), condition)) for column in columns
        ]
        if not any(cells):
            continue
        values = tuple(percent(cell.value) if cell else "-" for cell in cells)
        rows.append(GridRow(target, condition_text(condition), values))
        spans = tuple(span(cell.interval) if cell else "" for cell in cells)
        rows.append(GridRow(target, "  95 %", spans, "interval"))
        if condition == "zero_shot":
            figures = tuple(f"{b.first:.1f} / {b.second:.1f}" if b else "" for b in there)
            rows += _published(target, figures)
        if condition == "distilled":
            rows += _published(
                target, tuple(f"{b.distilled:.1f}" if b and b.distilled else "" for b in there)
            )
    found: list[Comparison | None] = [
        table.comparisons.get((target, *column)) for column in columns
    ]
    if any(found):
        gains = tuple(signed(c.gain.relative) if c else "-" for c in found)
        rows.append(GridRow(target, "gain %", gains, "gain"))
        spans = tuple(span(c.gain.relative_interval, sign=True) if c else "" for c in found)
        rows.append(GridRow(target, "  95 %", spans, "interval"))
        if (table.first, table.second) == ("zero_shot", "distilled"):
            printed = tuple(
                f"{b.gain_percent:+.1f}{'' if b.recomputes else '?'}"
                if b and b.gain_percent is not None
                else ""
                for b in there
            )
            rows += _published(target, printed)
        ps = tuple(p_text(c.adjusted) if c else "" for c in found)
        rows.append(GridRow(target, "  p (Holm)", ps, "interval"))
    return rows


def _published(target: str, cells: tuple[str, ...]) -> list[GridRow]:
    return [GridRow(target, "  published", cells, "published")] if any(cells) else []


def _warnings(table: ResultTable) -> list[str]:
    """Each warning once, with where it holds."""
    where: dict[str, list[str]] = {}
    for (target, column, metric), found in table.comparisons.items():
        for warning in found.warnings:
            where.setdefault(warning, []).append(f"{target}: {column_title(column, metric)}")
    return [f"{warning} ({'; '.join(places)})" for warning, places in where.items()]


def _reading(table: ResultTable) -> list[str]:
    times = ", CIDEr-D times 100" if any(m == "cider_d" for _, m in table.columns) else ""
    notes = [
        f"In percent{times}; every sample is in the denominator; 95 % intervals are clustered by "
        "video."
    ]
    if table.comparisons:
        one, other = condition_text(table.first), condition_text(table.second)
        notes.append(
            f"Gain: ({other} - {one}) / {one}; p: the two swapped video by video, corrected after "
            f"Holm for {len(table.comparisons)} tests."
        )
    return notes


def _ordered(columns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The poster's columns first and in its order, then the others."""
    order = list(COLUMNS)
    return sorted(columns, key=lambda c: order.index(c[0]) if c[0] in order else len(order))


def published_names(table: ResultTable, same_as: Mapping[str, str]) -> dict[str, str | None]:
    """The published target of each measured one.

    Raises:
        InputError: `same_as` names a target that was not measured, or not published.
    """
    targets = dict.fromkeys(target for target, _ in published())
    for measured, name in same_as.items():
        if measured not in table.targets:
            raise InputError(
                f"There is no target {measured!r} in the results; there are: "
                f"{', '.join(table.targets)}."
            )
        if name not in targets:
            raise InputError(
                f"There is no published target {name!r}; there are: {', '.join(targets)}."
            )
    return {target: same_as.get(target) or published_target(target) for target in table.targets}
