"""`aurelia bench critic`: a critic on captions whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer


def critic(
    cases: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Captions of known truth: JSONL, one case a line."),
    ],
    critic: Annotated[
        str, typer.Option(metavar="M", help="The model that scores the captions.")
    ] = "offline:perception",
    panel: Annotated[
        list[str] | None,
        typer.Option(metavar="M", help="A further critic, repeatable; the median counts."),
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(metavar="N", min=1, max=10, help="A caption below this is rejected, 1 to 10."),
    ] = 6.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Let a critic score true captions and lies, and count what it rejects."""
    from aurelia.bench.cases import read_cases
    from aurelia.bench.critic import ask_critic
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.bench_tables import critic_rows
    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.exits import FAILED, INTERRUPTED
    from aurelia.cli.rows import show

    listed = read_cases(cases)
    with progress("captions") as tell:
        report = ask_critic(listed, critic, threshold, tell, panel=panel or ())
    if as_json:
        write_result(report.model_dump_json(indent=2))
    else:
        show(open_console(), critic_rows(report))
    if report.interrupted:
        typer.echo("aurelia: interrupted; this is what was done until then", err=True)
        raise typer.Exit(INTERRUPTED)
    if len(report.failures) == report.n:
        raise typer.Exit(FAILED)
