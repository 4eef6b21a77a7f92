"""The `aurelia` command: its commands, and how errors reach the shell.

Nothing heavy is imported here: `aurelia --help` and shell completion have to be quick. Each command
imports what it needs when it runs.
"""

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from aurelia.cli.demo import demo
from aurelia.cli.doctor import doctor
from aurelia.cli.exits import INTERRUPTED
from aurelia.cli.export_thread import export_thread
from aurelia.cli.gen_data import gen_data
from aurelia.cli.generate import generate
from aurelia.cli.models import models
from aurelia.cli.plain import clean
from aurelia.cli.reason import reason
from aurelia.cli.recritique import recritique
from aurelia.cli.show import show
from aurelia.cli.studio import studio
from aurelia.errors import AureliaError


class CommandGroup(TyperGroup):
    """Turns errors raised on purpose into one sentence and an exit code. A bug stays a bug."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except AureliaError as error:
            typer.echo(f"aurelia: {clean(str(error))}", err=True)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt:
            typer.echo("aurelia: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None


class LazyGroup(TyperGroup):
    """A group of commands that is imported when one of them, or their list, is asked for."""

    module = ""

    def _load(self) -> Any:
        group: typer.Typer = import_module(self.module).app
        group.rich_markup_mode = None  # one look for all help pages
        return typer.main.get_group(group)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands."""
        names: list[str] = self._load().list_commands(ctx)
        return names

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        return self._load().get_command(ctx, cmd_name)


class PromptsGroup(LazyGroup):
    """`aurelia prompts …`."""

    module = "aurelia.cli.prompts"


class ConfigGroup(LazyGroup):
    """`aurelia config …`."""

    module = "aurelia.cli.config"


class TargetsGroup(LazyGroup):
    """`aurelia targets …`."""

    module = "aurelia.cli.targets"


class BenchGroup(LazyGroup):
    """`aurelia bench …`."""

    module = "aurelia.cli.bench"


app = typer.Typer(
    name="aurelia",
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answer questions about a clip that take both eyes and ears, and show why.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("reason")(reason)
app.command("show")(show)
app.command("export-thread")(export_thread)
app.command("demo")(demo)
app.command("gen-data")(gen_data)
app.command("generate")(generate)
app.command("recritique")(recritique)
app.command("models")(models)
app.command("doctor")(doctor)
app.command("studio")(studio)
app.add_typer(
    typer.Typer(cls=PromptsGroup, no_args_is_help=True, rich_markup_mode=None),
    name="prompts",
    help="List, show, edit, check and compare prompts.",
)
app.add_typer(
    typer.Typer(cls=ConfigGroup, no_args_is_help=True, rich_markup_mode=None),
    name="config",
    help="Show what is configured, and where it comes from.",
)
app.add_typer(
    typer.Typer(cls=TargetsGroup, no_args_is_help=True, rich_markup_mode=None),
    name="targets",
    help="List targets, and show how each is served and asked.",
)
app.add_typer(
    typer.Typer(cls=BenchGroup, no_args_is_help=True, rich_markup_mode=None),
    name="bench",
    help="Measure on clips whose truth is known.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"aurelia {version('aurelia')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Root of all commands; options that stand before the command."""


def main() -> None:
    """Entry point of the `aurelia` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without UTF-8 must not end a run
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except SystemExit as stop:
        if stop.code == INTERRUPTED:  # a decode under way in a thread must not hold up Ctrl-C
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
