"""`aurelia prompts`: list, show, copy, check and compare prompt sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aurelia.cli.prompts_server import pull, push
from aurelia.errors import InputError

if TYPE_CHECKING:  # Rich and YAML are loaded by the commands that need them, not for `--help`.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from aurelia.prompts.diff import DiffLine
    from aurelia.prompts.loader import PromptSet

app = typer.Typer(
    name="prompts", help="List, show, copy, check and compare prompts.", no_args_is_help=True
)

app.command()(push)
app.command()(pull)

Source = Annotated[str, typer.Option("--set", "-s", help="`default`, `published`, or a directory.")]


@app.command("list")
def list_prompts(
    source: Annotated[
        str | None,
        typer.Option("--set", "-s", help="`default`, `published`, or a directory; both sets."),
    ] = None,
) -> None:
    """List the prompts of a set: identity, version, who reads it, what it asks for."""
    from aurelia.prompts.loader import SETS, load_prompts

    console = _console()
    for name in (source,) if source else SETS:
        rows = _rows(load_prompts(name))
        typer.secho(name, bold=True)
        if console.is_terminal:
            console.print(_table(rows))
        else:
            widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
            for row in rows:
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                typer.echo(f"  {'  '.join(cells).rstrip()}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A prompt, e.g. `generator`.")],
    source: Source = "default",
    rendered: Annotated[
        bool, typer.Option("--rendered", help="As a model reads it, with example values.")
    ] = False,
) -> None:
    """Show a prompt: its file with partials put in, or the messages it becomes."""
    from aurelia.prompts.loader import load_prompts

    if name.startswith("control_"):
        from aurelia.prompts.control_prompts import load_controls

        template = load_controls(source).get(name)
    else:
        template = load_prompts(source).get(name)
    if not rendered:
        typer.echo(template.text.rstrip("\n"))
        return
    from aurelia.prompts.check import EXAMPLES
    from aurelia.prompts.template import MediaPart

    for message in template.render(EXAMPLES):
        typer.secho(f"── {message.role} ──", bold=True)
        for part in message.parts:
            if isinstance(part, MediaPart):
                typer.secho("[the clip: its frames and sound, each with its label]\n", dim=True)
            else:
                typer.echo(f"{part.text}\n")


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="Where to put the copy.")],
    source: Source = "default",
) -> None:
    """Copy a prompt set to a directory, to be edited there. Never overwrites a file."""
    from aurelia.prompts.copy import copy_set

    written = copy_set(source, directory)
    typer.echo(f"Wrote {len(written)} files to {directory}. Edit them, then run:")
    typer.echo(f"  aurelia prompts check {directory}")
    typer.echo(f"  aurelia prompts diff {source} {directory}")


@app.command()
def check(
    source: Annotated[str, typer.Argument(metavar="SET_OR_DIR", help="What to check.")],
) -> None:
    """Check templates and run the set's cases. Prints `file:line: message`; exit 2 if any."""
    from aurelia.prompts.check import check_prompts

    problems = check_prompts(source)
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        typer.echo(f"{count} in {source}.", err=True)
        raise typer.Exit(InputError.exit_code)
    typer.echo(f"{source}: nothing to complain about.")


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A set or directory.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
) -> None:
    """Compare two sets by template and word; `[-old-]` and `{+new+}` where not on a terminal."""
    from aurelia.prompts.diff import diff_sets
    from aurelia.prompts.loader import load_prompts

    found = diff_sets(load_prompts(a), load_prompts(b))
    console = _console()
    for template in found:
        typer.secho(f"── {template.name} ──", bold=True)
        if template.only:
            typer.echo(f"only in {a if template.only == 'a' else b}")
        for line in template.lines:
            console.print(_diff_line(line, marked=not console.is_terminal), soft_wrap=True)
    if not found:
        typer.echo(f"{a} and {b} hold the same prompts.")


def _rows(prompts: PromptSet) -> list[tuple[str, ...]]:
    from aurelia.prompts.inventory_controls import spec_of

    return [
        (t.identity, t.version, t.role, t.output, spec_of(t.name).purpose)
        for t in map(prompts.get, prompts.names)
    ]


def _table(rows: list[tuple[str, ...]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("prompt", no_wrap=True)
    for column in ("version", "reader", "asks for", "purpose"):
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    return table


def _diff_line(line: DiffLine, *, marked: bool) -> Text:
    from rich.text import Text

    if line.gap:
        return Text("…", style="dim")
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    styles = {"same": "", "removed": "red strike", "added": "green"}
    text = Text()
    for segment in line.segments:
        shown = marks[segment.kind].format(segment.text) if marked else segment.text
        text.append(shown, style=styles[segment.kind])
    return text


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)
