"""`aurelia bench score`: a run's replies scored again; no target is asked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aurelia.cli.bench_run import AssumeAccuracy, AtOnce, Judge, Prompts

if TYPE_CHECKING:
    from aurelia.graph.context import Context
    from aurelia.prompts.loader import PromptSet

Form = Literal["terminal", "markdown", "latex", "csv"]
_FILES = {"markdown": "table.md", "latex": "table.tex", "csv": "table.csv"}


def score(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `bench run` wrote to.")],
    judge: Judge = None,
    prompts: Prompts = None,
    at_once: AtOnce = 8,
    form: Annotated[Form, typer.Option("--format", help="What is printed.")] = "terminal",
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of the resampling.")] = 0,
    assume_accuracy: AssumeAccuracy = False,
) -> None:
    """Score replies.jsonl again, and write results.jsonl and the tables anew.

    No target is asked. A judge is asked only where --judge names one, about answers that it has
    not judged yet; what it said is kept.
    """
    from aurelia.graph.context import make_context

    context = make_context(**({"prompts": prompts} if prompts else {}))
    score_and_show(
        folder,
        judge,
        context=context,
        prompts=context.load_prompts(),
        at_once=at_once,
        assume=assume_accuracy,
        form=form,
        seed=seed,
    )


def score_and_show(
    folder: Path,
    judge: str | None,
    *,
    context: "Context",
    prompts: "PromptSet",
    at_once: int,
    assume: bool,
    form: Form = "terminal",
    seed: int = 0,
) -> None:
    """Score a run, write its files and print its tables."""
    from aurelia.bench.run.scoring import judged_run, write_tables
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.bench_table import PLAIN_WIDTH
    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.grid_rows import grid_rows
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import Row, blank, field_row, show, text_width

    with progress("judged") as tell:
        run = judged_run(
            folder, judge, context=context, prompts=prompts, at_once=at_once, on_progress=tell
        )
    grids = write_tables(run, seed=seed, assume_accuracy=assume)
    if form in _FILES:
        write_result((folder / _FILES[form]).read_text("utf-8"))
        return
    console = open_console()
    rows: list[Row] = []
    for grid in grids:
        rows += [*([blank()] if rows else []), *grid_rows(grid, text_width(console) or PLAIN_WIDTH)]
    show(console, rows)
    written = f"{folder}/results.jsonl, table.md, table.tex, table.csv"
    show(open_console(stderr=True), [blank(), field_row("Written", clean(written))])
