"""`aurelia bench mechanism`: what r* does for a target that lacks a sense, on rendered clips."""

from pathlib import Path
from typing import Annotated

import typer

from aurelia.cli.bench_render import Count, Difficulty, Family, Seed, Split, chosen_families

OFFLINE = "offline:perception"  # as in `aurelia.graph.context`, which takes a while to import


def mechanism(
    count: Count = 10,
    seed: Seed = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON, and nothing else, on stdout.")
    ] = False,
    family: Family = None,
    difficulty: Difficulty = "both",
    split: Split = "held_out",
    target: Annotated[
        str, typer.Option(metavar="M", help="The model that answers without and with the steps.")
    ] = f"{OFFLINE}?modality=deaf",
    actor: Annotated[
        str, typer.Option(metavar="M", help="The model that proposes steps.")
    ] = OFFLINE,
    summarizer: Annotated[
        str, typer.Option(metavar="M", help="The model that writes the caption.")
    ] = OFFLINE,
    critic: Annotated[
        str, typer.Option(metavar="M", help="The model that scores the caption.")
    ] = OFFLINE,
    panel: Annotated[
        list[str] | None,
        typer.Option(metavar="M", help="A further critic, repeatable; the median counts."),
    ] = None,
    threshold: Annotated[
        float, typer.Option(metavar="N", min=1, max=10, help="Accept at this score, 1 to 10.")
    ] = 6.0,
    max_iterations: Annotated[
        int, typer.Option(metavar="N", min=1, help="Give up after so many passes.")
    ] = 5,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes (default: one for each CPU, at most 4)."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Keep clips, report and paid replies here."
        ),
    ] = None,
) -> None:
    """Render clips, run the loop on them, and compare what the target answers.

    Ctrl-C prints what is done so far.
    """
    from aurelia.bench.folder import made
    from aurelia.bench.mechanism.plan import DIFFICULTIES
    from aurelia.bench.mechanism.run import run_mechanism
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.bench_tables import mechanism_rows
    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.exits import INTERRUPTED
    from aurelia.cli.rows import show

    families = chosen_families(family)
    with progress("clips") as tell:
        report = run_mechanism(
            count,
            seed,
            families=families,
            difficulties=DIFFICULTIES if difficulty == "both" else (difficulty,),
            split=split,
            target=target,
            actor=actor,
            summarizer=summarizer,
            critic=critic,
            panel=panel or (),
            threshold=threshold,
            max_iterations=max_iterations,
            workers=workers,
            folder=folder,
            on_progress=tell,
        )
    text = report.model_dump_json(indent=2)
    if as_json:
        write_result(text)
    else:
        show(open_console(), mechanism_rows(report))
    if folder:
        (made(folder) / "mechanism.json").write_text(f"{text}\n", "utf-8")
    if report.interrupted:
        typer.echo("aurelia: interrupted; this is what was done until then", err=True)
        raise typer.Exit(INTERRUPTED)
