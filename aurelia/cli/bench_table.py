"""`aurelia bench table`: scored replies as the table of the poster."""

from pathlib import Path
from typing import Annotated, Literal

import typer

PLAIN_WIDTH = 100
"""Columns to lay out for where nobody looks at a terminal."""


def table(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS.jsonl", help="Scored replies, one a line.")
    ],
    form: Annotated[
        Literal["terminal", "markdown", "latex", "csv"],
        typer.Option("--format", help="How to write it; `csv` has a line for each cell."),
    ] = "terminal",
    first: Annotated[
        str, typer.Option("--from", metavar="CONDITION", help="What the gain is relative to.")
    ] = "zero_shot",
    second: Annotated[
        str, typer.Option("--to", metavar="CONDITION", help="What is compared with it.")
    ] = "distilled",
    categories: Annotated[
        bool, typer.Option("--categories", help="The seventeen categories instead of the tasks.")
    ] = False,
    same_as: Annotated[
        list[str] | None,
        typer.Option(metavar="TARGET=PUBLISHED", help="Which published target one is; repeatable."),
    ] = None,
    assume_accuracy: Annotated[
        bool,
        typer.Option(
            "--assume-accuracy",
            help="Show published figures of closed questions though their metric is not stated.",
        ),
    ] = False,
    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Stands above it, in the place of what the results are."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of the resampling.")] = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it there.")
    ] = None,
) -> None:
    """Print accuracies with intervals, gains with tests, and what could not be read."""
    from aurelia.bench.tables.categories import category_grid
    from aurelia.bench.tables.outcomes import outcome_grid
    from aurelia.bench.tables.poster import poster_grid
    from aurelia.bench.tables.results import read_results
    from aurelia.bench.tables.table import make_table
    from aurelia.bench.tables.written import as_csv, as_latex, as_markdown
    from aurelia.cli.console import open_console
    from aurelia.cli.grid_rows import grid_rows
    from aurelia.cli.rows import Row, blank, lay_out, show, text_width
    from aurelia.errors import InputError

    listed = read_results(results)
    names = dict(_pair(entry) for entry in same_as or ())
    known = {r.condition for r in listed}
    if missing := [c for c in (first, second) if c not in known]:
        raise InputError(
            f"{results} has no condition {missing[0]!r}; it has {', '.join(sorted(known))}: name "
            "two with --from and --to."
        )
    if categories:
        if form == "csv":
            raise InputError("--categories has no CSV; use markdown, latex or terminal.")
        grids = [category_grid(listed, first=first, second=second)]
    else:
        made = make_table(listed, first=first, second=second, seed=seed)
        if form == "csv":
            _give(as_csv(made, names, assume_accuracy=assume_accuracy), output)
            return
        title = title or _title(results, made.targets)
        head = poster_grid(made, title, same_as=names, assume_accuracy=assume_accuracy)
        grids = [head, outcome_grid(made)]
    if form != "terminal":
        write = as_markdown if form == "markdown" else as_latex
        _give("\n".join(write(grid) for grid in grids), output)
        return
    console = open_console()
    width = None if output else text_width(console)
    rows: list[Row] = []
    for grid in grids:
        rows += [*([blank()] if rows else []), *grid_rows(grid, width or PLAIN_WIDTH)]
    if output:
        _give("\n".join(line.plain for line in lay_out(rows, console, None)) + "\n", output)
    else:
        show(console, rows)


def _title(results: Path, targets: list[str]) -> str:
    """What the results are, as the run says that they are of."""
    from aurelia.bench.run.grids import titled
    from aurelia.bench.run.manifest import RECONSTRUCTION
    from aurelia.bench.settled import NAME, read_settled

    of_run = (results.parent / NAME).is_file()
    held = read_settled(results.parent).get("title") if of_run else None
    return titled(str(held or RECONSTRUCTION), targets)


def _pair(text: str) -> tuple[str, str]:
    from aurelia.errors import InputError

    target, sign, name = text.rpartition("=")
    if not sign or not target or not name:
        raise InputError(f"--same-as {text!r} is no TARGET=PUBLISHED.")
    return target, name


def _give(text: str, output: Path | None) -> None:
    from aurelia.cli.console import write_result
    from aurelia.errors import InputError

    if output is None:
        write_result(text)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{output} can't be written: {error.strerror or error}.") from error
