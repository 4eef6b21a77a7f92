"""`aurelia bench analyse`: what finished rollouts say, without asking anybody."""

from pathlib import Path
from typing import Annotated, Literal

import typer

PLAIN_WIDTH = 110
"""Columns to lay out for where nobody looks at a terminal."""


def analyse(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Rollouts, of `generate` or `recritique`.")
    ],
    samples: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The samples with their ground truth: JSONL."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="A scored `bench run` on these rollouts."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Other rollouts of the same samples, to compare with."),
    ] = None,
    task: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this task's samples; repeatable."),
    ] = None,
    form: Annotated[
        Literal["terminal", "md", "csv", "json"],
        typer.Option("--format", help="How to write it; `csv` has a line for each figure."),
    ] = "terminal",
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of the resampling.")] = 0,
    draws: Annotated[
        int, typer.Option(metavar="N", min=100, help="Resamples of an interval.")
    ] = 2_000,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it there.")
    ] = None,
) -> None:
    """Tell what the critic's score is worth, and what other thresholds would have led to."""
    from aurelia.bench.analysis.flat import as_csv
    from aurelia.bench.analysis.folder import open_folder
    from aurelia.bench.analysis.grids import grids
    from aurelia.bench.analysis.report import analyse as analysed
    from aurelia.bench.tables.written import as_markdown
    from aurelia.cli.console import open_console
    from aurelia.cli.grid_rows import grid_rows
    from aurelia.cli.rows import Row, blank, lay_out, show, text_width

    opened = open_folder(folder, samples, run, against, task or ())
    found = analysed(
        opened.logs, opened.asked, opened.against, seed=seed, draws=draws, notes=opened.notes
    )
    if form == "json":
        _give(found.model_dump_json(indent=2) + "\n", output)
        return
    if form == "csv":
        _give(as_csv(found), output)
        return
    tables = grids(found)
    if form == "md":
        _give("\n".join(as_markdown(table) for table in tables), output)
        return
    console = open_console()
    width = None if output else text_width(console)
    rows: list[Row] = []
    for table in tables:
        rows += [*([blank()] if rows else []), *grid_rows(table, width or PLAIN_WIDTH)]
    if output:
        _give("\n".join(line.plain for line in lay_out(rows, console, None)) + "\n", output)
    else:
        show(console, rows)


def _give(text: str, output: Path | None) -> None:
    from aurelia.bench.run.files import write_file
    from aurelia.cli.console import write_result

    if output is None:
        write_result(text)
    else:
        write_file(output, text)
