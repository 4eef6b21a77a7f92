"""`aurelia targets`: which targets are known by name, how each is served, and how it is asked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

if TYPE_CHECKING:
    from aurelia.cli.rows import Row
    from aurelia.models.targets.record import Target

app = typer.Typer(
    name="targets", help="List targets, and show how each is served.", no_args_is_help=True
)


@app.callback()
def root() -> None:
    """List targets, and show how each is served and asked."""


@app.command("list")
def list_(
    status: Annotated[
        str | None,
        typer.Option(
            "--status",
            metavar="ROAD",
            help="Only those of a road: vllm, transformers, worker, hosted, withdrawn, 'no code'.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list as JSON, and nothing else, on stdout.")
    ] = False,
) -> None:
    """List all targets: the nineteen of the published table, then current ones."""
    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import show as print_rows
    from aurelia.errors import InputError
    from aurelia.models.targets.catalogue import targets
    from aurelia.models.targets.record import Status

    everything = targets()
    listed = [target for target in everything if _of(target, status)]
    if not listed:
        raise InputError(
            f"There is no road {clean(status or '')!r}; there are: {', '.join(get_args(Status))}."
        )
    if as_json:
        records = [as_record(target) for target in listed]
        write_result(json.dumps({"targets": records}, indent=2, ensure_ascii=False))
        return
    print_rows(open_console(), list(_listed(listed)))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `aurelia targets list` has it.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all of it as JSON, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Show how a target is served, with the commands, and how it is asked, with its profile."""
    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.rows import show as print_rows
    from aurelia.models.targets.catalogue import find_target

    target = find_target(name.removeprefix("target:"))
    if as_json:
        write_result(json.dumps(as_record(target), indent=2, ensure_ascii=False))
        return
    print_rows(open_console(), _shown(target))


@app.command("worker-file")
def worker_file(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="The folder to copy them to.")
    ],
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="A target, whose adapter is copied as well."),
    ] = None,
) -> None:
    """Copy worker.py, and a target's adapter, into a model's own environment."""
    from aurelia.cli.plain import clean
    from aurelia.models.targets.catalogue import find_target
    from aurelia.models.targets.copying import copy_files, worker_files

    target = find_target(name.removeprefix("target:")) if name else None
    for copy in copy_files(worker_files(target), output):
        typer.echo(clean(str(copy)))


def as_record(target: Target) -> dict[str, Any]:
    """All that is known of a target, for programs."""
    from aurelia.models.targets.paste import profile_block
    from aurelia.models.targets.roads import in_words, needs, verified

    return {
        "name": target.name,
        "title": target.title,
        "paper": target.paper or None,
        "status": target.status,
        "sees": target.sees,
        "hears": target.hears,
        "frames": target.frames,
        "licence": target.licence,
        "source": target.source,
        "commit": target.commit or None,
        "adapter": target.adapter or None,
        "environment": target.environment or None,
        "serve": list(target.serve),
        "profile": target.table,
        "toml": profile_block(target) or None,
        "budget_note": target.budget_note or None,
        "instead": [f"target:{name}" for name in target.instead],
        "verified": in_words(verified(target)),
        "needs": in_words(needs(target)),
        "unconfirmed": list(target.unconfirmed),
    }


def _of(target: Target, status: str | None) -> bool:
    if status is None:
        return True
    return bool(status.strip()) and status.casefold() in target.status.casefold()


def _listed(listed: list[Target]) -> list[Row]:
    from rich.text import Text

    from aurelia.cli.rows import blank, heading, row
    from aurelia.models.targets.page import budget_words

    width = max(len(target.name) for target in listed)
    rows: list[Row] = []
    for generation, title in (("paper", "Of the published table"), ("current", "Current")):
        some = [target for target in listed if target.generation == generation]
        if not some:
            continue
        rows.append(heading(f"{title} ({len(some)})"))
        for target in some:
            said = f"{target.title}: {target.status}; sees {target.sees}; hears {target.hears}"
            bound = f"; {budget_words(target)} of text" if _has_budget(target) else ""
            rows.append(row(said + bound, Text(f"  {target.name:<{width}}  ", style="cyan")))
        rows.append(blank())
    counts = Counter(target.status for target in listed)
    rows.append(row(", ".join(f"{count} {road}" for road, count in counts.items()), style="dim"))
    return rows


def _has_budget(target: Target) -> bool:
    return bool(target.profile and target.profile.text.budget)


def _shown(target: Target) -> list[Row]:
    from aurelia.cli.rows import blank, command_row, field_row, heading
    from aurelia.models.targets.paste import profile_block
    from aurelia.models.targets.roads import in_words, needs, verified

    rows = [heading(target.title), field_row("Name", f"target:{target.name}")]
    fields = [
        ("Road", target.status),
        ("Table", f"row {target.paper} of the published table" if target.paper else ""),
        ("Sees", target.sees),
        ("Hears", target.hears),
        ("Frames", target.frames),
        ("Text", _text(target)),
        ("Licence", target.licence),
        ("Source", f"{target.source}{f' at {target.commit}' if target.commit else ''}"),
        ("Needs", target.environment),
        ("Instead", ", ".join(f"target:{name}" for name in target.instead)),
    ]
    rows += [field_row(name, body) for name, body in fields if body]
    if target.serve:
        rows += [blank(), heading("Serve it")]
        rows += [command_row("", command) for command in target.serve]
    if block := profile_block(target):
        rows += [blank(), heading("Ask it, as target:" + target.name + ", or with this to edit:")]
        rows += [command_row("", line) for line in block.split("\n")]
    rows += [blank(), field_row("Verified", in_words(verified(target)))]
    rows.append(field_row("Not", in_words(needs(target))))
    rows += [field_row("Unknown", text, "yellow") for text in target.unconfirmed]
    return rows


def _text(target: Target) -> str:
    """How its text is held, in words."""
    if target.profile is None:
        return ""
    rules = target.profile.text
    places = {
        "as_written": "r* stands where the prompt set has it",
        "system": "r* stands in the system message",
        "before_question": "r* stands before the question",
        "after_question": "r* stands after the question",
        "merged": "one message, without a system's",
    }
    parts = [places[rules.r_star]]
    if rules.prompt != "set":
        parts.append(f"asked in the words of `{rules.prompt}`")
    if rules.budget:
        counted = {"server": "counted by its server", "estimate": "estimated"}
        parts.append(f"{rules.budget:,} tokens, {counted.get(rules.tokenizer, rules.tokenizer)}")
    note = f" ({target.budget_note})" if target.budget_note else ""
    return f"{'; '.join(parts)}{note}"
