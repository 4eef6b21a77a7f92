"""What became of the replies: right, wrong, and those that could not be counted as either."""

from typing import get_args

from aurelia.bench.scorers.scored import Outcome
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import condition_text
from aurelia.bench.tables.poster import column_title
from aurelia.bench.tables.table import ResultTable


def outcome_grid(table: ResultTable) -> Grid:
    """Counts by target, column and condition; outcomes that never occur have no column."""
    seen = [
        outcome
        for outcome in get_args(Outcome)
        if any(cell.outcomes[outcome] for cell in table.cells.values())
        or outcome in ("unparsed", "failed")
    ]
    rows, done = [], set[tuple[str, str, str]]()
    ordered = sorted(table.cells.items(), key=lambda entry: table.targets.index(entry[0][0][0]))
    for ((target, column, metric), condition), cell in ordered:
        if (target, column, condition) in done:  # a caption's metrics count the same replies
            continue
        done.add((target, column, condition))
        title = column_title(column, "accuracy" if metric == "cider_d" else metric)
        counts = (str(cell.n), str(cell.videos), *(str(cell.outcomes[o]) for o in seen))
        rows.append(GridRow(target, f"{title}, {condition_text(condition)}", counts))
    return Grid("What became of the replies", ("n", "videos", *seen), rows)
