"""`aurelia bench import-results`: replies that another harness logged, scored as our own."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def import_results(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="LOG…",
            help="lmms-eval's …_samples_….jsonl, or VLMEvalKit's .xlsx, .tsv, .csv or .json; all "
            "of one target.",
        ),
    ],
    samples: Annotated[
        Path, typer.Option("--samples", metavar="FILE", help="The samples that were asked about.")
    ],
    target: Annotated[
        str, typer.Option("--target", metavar="NAME", help="How tables call the target.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="DIR", help="A folder as of `bench run`; may hold others."
        ),
    ],
    r_star: Annotated[
        Path | None,
        typer.Option("--r-star", metavar="DIR", help="The rollouts whose steps were handed over."),
    ] = None,
    harness: Annotated[
        Literal["lmms-eval", "vlmevalkit"] | None,
        typer.Option("--format", help="Who wrote the logs; otherwise told by the files' names."),
    ] = None,
    condition: Annotated[
        Literal["zero_shot", "distilled"] | None,
        typer.Option("--condition", help="How the target was asked, where the logs don't say."),
    ] = None,
    id_field: Annotated[
        str,
        typer.Option(
            "--id", metavar="FIELD", help="Where a log holds the sample's id, if not as usual."
        ),
    ] = "",
    form: Annotated[
        Literal["plan", "plan_and_findings", "evidence"] | None,
        typer.Option("--form", help="The form of r* that was handed over, as in the export."),
    ] = None,
    variant: Annotated[
        str, typer.Option("--variant", metavar="NAME", help="The rollouts' variant.")
    ] = "default",
) -> None:
    """Take over replies of another harness, and score them like those of `aurelia bench run`."""
    from aurelia.bench.harness.imported import Logs, import_results
    from aurelia.bench.rollouts import open_rollouts
    from aurelia.bench.run.settings import RunSettings
    from aurelia.cli.plain import clean

    logs = Logs(
        files=files,
        target=target,
        samples=samples,
        harness=harness,
        condition=condition or "",
        id_field=id_field,
        settings=RunSettings(form=form, variant=variant),
    )
    taken = import_results(logs, output, open_rollouts(r_star) if r_star else None)
    for name, count in taken.replies.items():
        typer.echo(f"{count} {name} replies")
    if taken.stand:
        typer.echo(f"{taken.stand} samples without an accepted r*: the zero-shot reply stands")
    for name, count in taken.lost.items():
        typer.echo(f"{count} samples without a {name} reply: failed, and in the denominator")
    for note in taken.notes:
        typer.echo(clean(note))
    typer.echo(f"\nScore them with: aurelia bench score {clean(str(output))}")
