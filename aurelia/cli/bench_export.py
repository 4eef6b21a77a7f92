"""`aurelia bench export`: results in the forms of other programs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from aurelia.cli.bench_export_lmms import lmms_eval

app = typer.Typer(name="export", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root() -> None:
    """Write reasoning data and tasks for other programs."""


app.command("lmms-eval")(lmms_eval)


@app.command("r-star")
def r_star(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `aurelia generate` wrote.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")
    ],
    file_format: Annotated[
        Literal["jsonl", "parquet", "avrt"] | None,
        typer.Option(
            "--format",
            help="By FILE's ending unless given. `avrt`: question, choices, answer, reasoning.",
        ),
    ] = None,
    form: Annotated[
        Literal["plan", "plan_and_findings", "evidence"] | None,
        typer.Option(help="The form of r*; as each rollout was made unless given."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also the best pass of rollouts that were not accepted.")
    ] = False,
) -> None:
    """Write accepted steps r* as data, with a data card beside them."""
    from aurelia.bench.rollouts import open_rollouts
    from aurelia.bench.rstar_export.export import card_path, export
    from aurelia.cli.console import open_console
    from aurelia.cli.plain import clean, count
    from aurelia.cli.rows import field_row, show

    counted = export(open_rollouts(folder), output, file_format, form, all_rollouts=every)
    rows = [
        field_row("Rows", clean(f"{counted.rows:,} in {output}")),
        field_row("Card", clean(str(card_path(output)))),
    ]
    if counted.left_out:
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in counted.left_out.most_common())
        rows.append(field_row("Left out", clean(reasons)))
    if counted.leaking_text:
        leaking = count(counted.leaking_text, "row")
        rows.append(field_row("Leaks", f"{leaking} with text that gives the answer away", "yellow"))
    if counted.for_measuring:
        rows.append(
            field_row(
                "Beware",
                f"{counted.for_measuring:,} of {counted.rows:,} rows are of splits to measure "
                "with; what is trained on them can't be measured on them",
                "yellow",
            )
        )
    show(open_console(stderr=True), rows)
