"""`aurelia bench mutate`: cases for a critic from the accepted captions of saved runs."""

from pathlib import Path
from typing import Annotated

import typer


def mutate(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...", help="Saved runs: their folders, trajectory files, or ids."
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The JSONL file to write.")
    ],
    clips: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where the clips are; a saved run only names them."),
    ] = Path(),
) -> None:
    """Turn accepted captions into true cases, and into lies that change one thing each."""
    from collections import Counter
    from typing import get_args

    from aurelia.bench.cases import write_cases
    from aurelia.bench.mutate import LieKind
    from aurelia.bench.mutate_runs import cases_from_runs
    from aurelia.cli.console import open_console
    from aurelia.cli.plain import clean
    from aurelia.cli.plain import count as counted
    from aurelia.cli.rows import field_row, show
    from aurelia.settings import load_settings

    cases, skipped = cases_from_runs(runs, load_settings().runs_dir, clips)
    write_cases(output, cases)
    kinds = Counter(case.kind for case in cases if case.kind)
    true = sum(case.truth == "true" for case in cases)
    rows = [
        field_row("Cases", str(output)),
        field_row("True", counted(true, "accepted caption")),
        field_row("Lies", ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "none"),
    ]
    none = [kind for kind in get_args(LieKind) if kind not in kinds]
    if none:
        rows.append(field_row("None of", ", ".join(none)))
    rows += [field_row("Skipped", clean(why), "yellow") for why in skipped]
    show(open_console(), rows)
