"""`aurelia bench verify`: a printed table against the raw replies, and reasons to doubt it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aurelia.bench.verify.findings import Verification
    from aurelia.cli.rows import Row


def verify(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="What `bench run` wrote to.")],
    r_star: Annotated[
        Path | None,
        typer.Option("--r-star", metavar="DIR", help="Its rollouts, if they were moved."),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="S", min=0, help="Of the resampling, as it was scored with.")
    ] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all findings as JSON, and nothing else.")
    ] = False,
) -> None:
    """Compute results and tables again from the replies; name whatever differs.

    Exits with 1 where a file is not what it should be. Reasons to doubt a difference (leaks,
    selection, replies that can't be read, unmatched budgets) are listed, and no failure.
    """
    from aurelia.bench.verify.run import verify as verified
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.exits import FAILED
    from aurelia.cli.rows import show

    with progress("replies"):
        found = verified(folder, r_star, seed)
    if as_json:
        write_result(found.model_dump_json(indent=2))
    else:
        show(open_console(), _rows(found))
    if found.wrong:
        raise typer.Exit(FAILED)


def _rows(found: "Verification") -> "list[Row]":
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import blank, field_row, row

    printed = ", ".join(found.tables) or "no printed table"
    rows = [
        field_row(
            "Checked",
            f"{found.replies:,} replies, {found.results:,} results, {found.cells:,} cells of "
            f"table.csv, {printed}, {found.rollouts:,} injected texts",
        )
    ]
    for wrong, title in ((True, "Wrong"), (False, "Mind")):
        for each in (f for f in found.findings if f.wrong == wrong):
            style = "bold red" if wrong else "yellow"
            rows.append(field_row(title, clean(f"{each.kind}: {each.text}"), style))
            rows += [row(clean(place), "            ") for place in each.where]
            if each.count > len(each.where):
                rows.append(row(f"and {each.count - len(each.where):,} more", "            "))
    differ = sum(f.count for f in found.findings if f.wrong)
    last = (
        f"{differ:,} things are not what they should be"
        if differ
        else "everything comes out of the replies as it was printed"
    )
    return [*rows, blank(), field_row("Verdict", last)]
