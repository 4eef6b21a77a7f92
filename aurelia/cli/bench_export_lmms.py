"""`aurelia bench export lmms-eval`: a folder in which any model of lmms-eval answers."""

from pathlib import Path
from typing import Annotated, Literal

import typer

SHOWN = 10
"""Skipped samples that are printed; the folder's aurelia_export.json names them all."""


def lmms_eval(
    samples: Annotated[
        Path, typer.Argument(metavar="SAMPLES", help="The samples file that is asked about.")
    ],
    r_star: Annotated[
        Path, typer.Option("--r-star", metavar="DIR", help="What `aurelia generate` wrote.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="The folder to write.")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Of the tasks; the folder's by default.")
    ] = "",
    form: Annotated[
        Literal["plan", "plan_and_findings", "evidence"] | None,
        typer.Option(help="The form of r*; as each rollout was made unless given."),
    ] = None,
    variant: Annotated[
        str, typer.Option("--variant", metavar="NAME", help="The rollouts' variant.")
    ] = "default",
    prompts: Annotated[
        str | None,
        typer.Option("--prompts", metavar="SET", help="A prompt set, or a folder of your own."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="The first N samples alone.")
    ] = None,
) -> None:
    """Write a folder for lmms-eval's --include_path: both modes, prompts filled in, no truth."""
    from aurelia.bench.harness.lmms_export import export_lmms_eval
    from aurelia.bench.rollouts import open_rollouts
    from aurelia.bench.run.manifest import check_same_samples
    from aurelia.bench.run.settings import RunSettings
    from aurelia.bench.sample import read_samples
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.plain import clean
    from aurelia.graph.context import make_context

    every, rollouts = read_samples(samples), open_rollouts(r_star)
    note = check_same_samples(rollouts, every, samples)
    context = make_context(**({"prompts": prompts} if prompts else {}))
    chosen = every[:limit]
    with progress("Clips") as tell:
        done_so_far = iter(range(1, len(chosen) + 1))
        done = export_lmms_eval(
            chosen,
            rollouts,
            output,
            prompts=context.load_prompts(),
            name=name,
            settings=RunSettings(form=form, variant=variant),
            on_sample=lambda sample: tell(next(done_so_far), len(chosen)),
        )
    if note:
        typer.echo(clean(note), err=True)
    for sample_id, why in list(done.skipped.items())[:SHOWN]:
        typer.echo(clean(f"left out: {sample_id}: {why}"), err=True)
    if len(done.skipped) > SHOWN:
        typer.echo(f"… and {len(done.skipped) - SHOWN} more", err=True)
    typer.echo(f"{done.samples} samples, {done.accepted} with an accepted r*")
    typer.echo(clean(f"how to run them: {output / 'README.md'}"))
