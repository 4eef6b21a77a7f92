"""`aurelia bench`: data sets in, clips of known truth, what r* does on them, what a critic does."""

import typer

from aurelia.cli.bench_analyse import analyse
from aurelia.cli.bench_check import check
from aurelia.cli.bench_critic import critic
from aurelia.cli.bench_export import app as export
from aurelia.cli.bench_import import import_
from aurelia.cli.bench_import_results import import_results
from aurelia.cli.bench_mechanism import mechanism
from aurelia.cli.bench_mutate import mutate
from aurelia.cli.bench_render import render
from aurelia.cli.bench_run import run
from aurelia.cli.bench_score import score
from aurelia.cli.bench_table import table
from aurelia.cli.bench_verify import verify

app = typer.Typer(
    name="bench",
    help="Measure on data sets, and on clips whose truth is known.",
    no_args_is_help=True,
)
app.command("import")(import_)
app.command("check")(check)
app.command("render")(render)
app.command("mechanism")(mechanism)
app.command("critic")(critic)
app.command("mutate")(mutate)
app.command("run")(run)
app.command("score")(score)
app.command("import-results")(import_results)
app.command("table")(table)
app.command("analyse")(analyse)
app.command("verify")(verify)
app.add_typer(export, name="export", help="Write results in the forms of other programs.")
