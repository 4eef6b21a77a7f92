"""`aurelia show`: a saved run again, without asking any model."""

from typing import Annotated

import typer


def show(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="A saved run: its folder, its trajectory.json, or its id."
        ),
    ],
    iteration: Annotated[
        int | None, typer.Option(metavar="K", min=1, help="Show this iteration in depth.")
    ] = None,
    call: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Show one call: messages as sent, raw reply, tokens."),
    ] = None,
) -> None:
    """Show a saved run, an iteration, or a call."""
    from aurelia.cli import rows
    from aurelia.cli.callview import call_rows
    from aurelia.cli.console import open_console, signs_for
    from aurelia.cli.view import one_iteration_rows, run_rows
    from aurelia.errors import ConfigurationError
    from aurelia.saved import find_run, load_run
    from aurelia.settings import load_settings

    if iteration is not None and call is not None:
        raise ConfigurationError("--iteration and --call show different things; give one of them.")
    path = find_run(run, load_settings().runs_dir)
    trajectory = load_run(path)
    console = open_console()
    signs = signs_for(console)
    if call is not None:
        entries = call_rows(trajectory, call)
    elif iteration is not None:
        entries = one_iteration_rows(trajectory, iteration, signs)
    else:
        entries = run_rows(trajectory, path, signs)
    rows.show(console, entries)
