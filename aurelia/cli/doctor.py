"""`aurelia doctor`: whether the configured roles can work here, and what would help."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aurelia.cli.role_options import Actor, Critic, Panel, Summarizer, Target

if TYPE_CHECKING:
    from aurelia.cli.rows import Row
    from aurelia.graph.context import Context
    from aurelia.types.finding import Finding

STYLES = {"ok": "green", "warning": "yellow", "missing": "dim"}
STOPS = "bold red"


def doctor(
    actor: Actor = None,
    summarizer: Summarizer = None,
    critic: Critic = None,
    panel: Panel = None,
    target: Target = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the findings as JSON, and nothing else, on stdout."),
    ] = False,
) -> None:
    """Check models, keys, servers, media tools, cache, packages and extras.

    Keys are never shown, and no model is asked anything. Only servers that you configured are
    talked to, for the list of what they serve. Exits with 1 if something stops the configured
    roles from working.
    """
    import json
    from dataclasses import asdict

    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.exits import FAILED
    from aurelia.cli.role_options import played
    from aurelia.cli.rows import show
    from aurelia.models.doctor import examine

    roles = {"actor": actor, "summarizer": summarizer, "critic": critic, "target": target}
    context, found = _configuration({**roles, "panel": panel})
    groups = {"Configuration": found, **examine(played(context) if context else [])}
    stops = any(finding.blocks for each in groups.values() for finding in each)
    if as_json:
        record = {"works": not stops, "findings": _by_group(groups, asdict)}
        write_result(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        show(open_console(), doctor_rows(groups))
    if stops:
        raise typer.Exit(FAILED)


def _by_group(groups: "Mapping[str, Sequence[Finding]]", as_dict: Any) -> dict[str, Any]:
    return {name.lower(): [as_dict(finding) for finding in each] for name, each in groups.items()}


def _configuration(given: Mapping[str, Any]) -> "tuple[Context | None, list[Finding]]":
    """The settings, where they can be read, and what is to be said of them."""
    from aurelia.cli.role_options import configured
    from aurelia.errors import ConfigurationError, InputError
    from aurelia.graph.context import Context
    from aurelia.nodes.budget import check_prices
    from aurelia.settings import configuration, stray_variables
    from aurelia.types.finding import Finding

    try:
        context = configured(**given)
        file = configuration()
    except ConfigurationError as error:
        return None, [Finding("settings", "missing", str(error).rstrip("."), blocks=True)]
    named = str(file.path) if file.path else "no aurelia.toml"
    text = "read" if file.path else "settings come from the environment and the defaults"
    found = [Finding(named, "ok", text)]
    strays = stray_variables(Context.model_fields)
    found += [Finding("environment", "warning", sentence.rstrip(".")) for sentence in strays]
    for subject, check in (
        ("prompts", context.load_prompts),
        ("max_cost", lambda: check_prices(context)),
    ):
        try:
            check()
        except InputError as error:
            # A model that can't be set up is told below, by its own name.
            if subject == "prompts" or "price" in str(error):
                found.append(Finding(subject, "missing", str(error).rstrip("."), blocks=True))
    return context, found


def doctor_rows(groups: "Mapping[str, Sequence[Finding]]") -> "list[Row]":
    """A line for each finding below its group, and what it comes to."""
    from aurelia.cli.plain import clean, count
    from aurelia.cli.rows import Row, blank, heading, row

    rows: list[Row] = []
    for name, findings in groups.items():
        if not findings:
            continue
        rows.append(heading(name))
        for finding in findings:
            rows += _finding_rows(finding)
        rows.append(blank())
    stops = sum(finding.blocks for each in groups.values() for finding in each)
    if not stops:
        return [*rows, row("Nothing stops the configured roles from working.", style="green")]
    subjects = [f.subject for each in groups.values() for f in each if f.blocks]
    names = ", ".join(dict.fromkeys(clean(subject) for subject in subjects))
    verb = "stops" if stops == 1 else "stop"
    text = f"{count(stops, 'problem')} {verb} the configured roles from working: {names}"
    return [*rows, row(text, style=STOPS)]


def _finding_rows(finding: "Finding") -> "list[Row]":
    from rich.text import Text

    from aurelia.cli.plain import clean
    from aurelia.cli.rows import row

    style = STOPS if finding.blocks else STYLES[finding.state]
    gutter = Text.assemble("  ", (f"{finding.state:<9}", style))
    body = f"{clean(finding.subject)}: {clean(finding.text)}"
    rows = [row(body, gutter)]
    return [*rows, row(f"help: {clean(finding.help)}", " " * 11)] if finding.help else rows
