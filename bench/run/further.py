"""Further conditions beside the main one, and what each way of asking took."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aurelia.bench.published.poster import COLUMNS
from aurelia.bench.run.conditions import titles
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.stats_tests import holm
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import condition_text, p_text, percent
from aurelia.bench.tables.poster import column_title
from aurelia.bench.tables.table import ResultTable, make_table

MODES = ("zero_shot", "distilled")
_Column = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Beside:
    """Each further condition against the main one, and p values after Holm over all of them."""

    main: str
    tables: dict[str, ResultTable]
    adjusted: dict[tuple[str, str, str, str], float]


def further_grid(run: ScoredRun, seed: int = 0) -> list[Grid]:
    """Every further condition, and what the main one is ahead of it on the samples both have.

    The main one is `distilled`, or `zero_shot` in a run without it.
    """
    beside = _compared(run, seed)
    if beside is None:
        return []
    columns = in_order(c for table in beside.tables.values() for c in table.columns)
    grid = Grid("Further conditions", tuple(column_title(*column) for column in columns))
    for target in run.targets:
        for condition in beside.tables:
            grid.rows += _rows(run, beside, target, condition, columns)
    main = condition_text(beside.main)
    grid.notes.append(
        f"In percent. Ahead: {main} less the condition, in points, on the samples both have; p "
        f"of the permutation test by video, after Holm for {len(beside.adjusted)} tests."
    )
    return [grid]


def in_order(columns: Iterable[_Column]) -> list[_Column]:
    """Each column once: the poster's first and in its order, then the others."""
    order = list(COLUMNS)
    return sorted(
        dict.fromkeys(columns), key=lambda c: order.index(c[0]) if c[0] in order else len(order)
    )


def _compared(run: ScoredRun, seed: int) -> _Beside | None:
    further = [c for c in run.conditions if c not in MODES]
    main = next((c for c in reversed(MODES) if c in run.conditions), None)
    if main is None:
        return None
    tables = {
        condition: make_table(
            [r for r in run.results if r.condition in (main, condition)],
            first=condition,
            second=main,
            seed=seed,
        )
        for condition in further
        if any(r.condition == condition for r in run.results)
    }
    raw = {
        (condition, *place): found.p
        for condition, table in tables.items()
        for place, found in table.comparisons.items()
    }
    return _Beside(main, tables, holm(raw)) if tables else None


def _rows(
    run: ScoredRun, beside: _Beside, target: str, condition: str, columns: list[_Column]
) -> list[GridRow]:
    """A condition's values, what the main one is ahead by, and n where it is not everybody."""
    table = beside.tables[condition]
    there = [table.cells.get(((target, *c), condition)) for c in columns]
    if not any(there):
        return []
    found = [table.comparisons.get((target, *c)) for c in columns]
    everybody = [table.cells.get(((target, *c), beside.main)) for c in columns]
    ahead = tuple(f"{100 * x.gain.absolute:+.1f}" if x else "" for x in found)
    ps = tuple(
        p_text(beside.adjusted[condition, target, *c]) if x else ""
        for c, x in zip(columns, found, strict=True)
    )
    values = tuple(percent(x.value) if x else "-" for x in there)
    rows = [GridRow(target, titles().get(condition, condition), values)]
    if any(x and y and x.n != y.n for x, y in zip(there, everybody, strict=True)):
        rows.append(GridRow(target, "  n", tuple(str(x.n) if x else "" for x in there), "interval"))
    return [
        *rows,
        GridRow(target, f"  {condition_text(beside.main)} ahead by", ahead, "interval"),
        GridRow(target, "  p (Holm)", ps, "interval"),
    ]


def _left_out(run: ScoredRun) -> list[str]:
    """Conditions that had nothing to say about some samples, a note a target."""
    return [
        f"{target}: some conditions have nothing to say about some samples, which are no part of "
        f"their lines: {listed}."
        for target, listed in _by_target(run, run.missing)
    ]


def _faltered(run: ScoredRun) -> list[str]:
    """Replies that were made without what failed, a note a target."""
    return [
        f"{target}: replies that were made without draws or steps whose calls failed: {listed}; "
        "--retry-failed asks for those again."
        for target, listed in _by_target(run, run.faltered)
    ]


def _by_target(run: ScoredRun, counts: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, str]]:
    """Targets that have counts, with these by condition in words."""
    for target in run.targets:
        listed = [
            f"{titles().get(condition, condition)} ({count})"
            for (who, condition), count in counts.items()
            if who == target
        ]
        if listed:
            yield target, ", ".join(listed)


def cost_grid(run: ScoredRun) -> Grid:
    """Every condition's replies, those that could not be counted, and what one took."""
    head = ("replies", "unparsed", "failed", "calls", "tokens in", "tokens out", "USD", "paid now")
    grid = Grid("Replies, and what one took", head)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for result in run.results:
        counts.setdefault((result.target, result.condition), Counter())[result.outcome] += 1
    for target in run.targets:
        for condition in run.conditions:
            outcomes = counts.get((target, condition))
            if not outcomes:
                continue
            spent, n = run.taken[target, condition], outcomes.total()
            cells = (
                str(n),
                str(outcomes["unparsed"]),
                str(outcomes["failed"]),
                f"{spent.calls / n:.1f}",
                _each(spent.input_tokens, n, 0),
                _each(spent.output_tokens, n, 0),
                _each(spent.worth_usd, n, 5),
                _each(spent.paid_usd, n, 5),
            )
            grid.rows.append(GridRow(target, titles().get(condition, condition), cells))
    grid.notes.append(
        "The loop's calls count with every condition that hands its steps over, whether or not "
        "they were accepted: of a rollout with an accepted pass those up to the accepted one, of "
        "others all, whatever else a log of full depth holds. USD: at list price, served replies "
        "as well; `?`: not all is known."
    )
    grid.notes += _left_out(run) + _faltered(run)
    return grid


def _each(total: float | None, n: int, digits: int) -> str:
    return "?" if total is None else f"{total / n:.{digits}f}"
