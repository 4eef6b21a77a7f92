"""`aurelia models`: what each configured role's model takes in, and what it costs."""

from typing import TYPE_CHECKING, Annotated

import typer

from aurelia.cli.role_options import Actor, Critic, Panel, Summarizer, Target

if TYPE_CHECKING:
    from aurelia.cli.rows import Row
    from aurelia.models.overview import Known

UNKNOWN = "neither its string nor its package says; set video=, audio= and context= there"
SUMMARIZER = "a summarizer is never sent the clip, whatever it takes"


def models(
    actor: Actor = None,
    summarizer: Summarizer = None,
    critic: Critic = None,
    panel: Panel = None,
    target: Target = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list as JSON, and nothing else, on stdout.")
    ] = False,
) -> None:
    """List what each role's model takes in, its context size, and its price.

    Nothing is asked of any model, and nothing sent. Exits with 2 if one can't be set up.
    """
    import json

    from aurelia.cli.console import open_console, write_result
    from aurelia.cli.role_options import configured, played
    from aurelia.cli.rows import show
    from aurelia.errors import ConfigurationError
    from aurelia.models.overview import overview
    from aurelia.nodes.judging import family_warnings

    context = configured(
        actor=actor, summarizer=summarizer, critic=critic, panel=panel, target=target
    )
    listed = overview(played(context))
    warnings = family_warnings(context)
    if as_json:
        record = {"models": [each.as_json() for each in listed], "warnings": warnings}
        write_result(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        show(open_console(), models_rows(listed, warnings))
    if any(each.problem for each in listed):
        raise typer.Exit(ConfigurationError.exit_code)


def models_rows(listed: "list[Known]", warnings: list[str]) -> "list[Row]":
    """A block for each model, then what is worth noting about them together."""
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import field_row

    rows = [line for each in listed for line in _block(each)]
    senses = [sense for each in listed for sense in (each.picture, each.sound) if sense]
    if any(sense.takes is None for sense in senses):
        rows.append(field_row("Unknown", UNKNOWN, "dim"))
    return [*rows, *(field_row("Warning", clean(text), "yellow") for text in warnings)]


def _block(each: "Known") -> "list[Row]":
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import blank, heading, note_row
    from aurelia.models.overview import picture_words, sound_words

    rows = [heading(clean(each.model)), note_row("as", ", ".join(each.roles))]
    if each.leads_to:
        rows.append(note_row("is", clean(each.leads_to)))
    if each.problem:
        rows.append(note_row("problem", clean(each.problem), "bold red"))
    if not each.client:  # it can't be set up, for want of more than a key
        return [*rows, blank()]
    if each.client == "measures":
        rows.append(note_row("takes", _measured(each)))
    elif each.picture and each.sound:
        rows.append(note_row("picture", picture_words(each.picture)))
        rows.append(note_row("sound", sound_words(each.sound)))
        size = f"{each.context_tokens:,} tokens" if each.context_tokens else "unknown"
        rows.append(note_row("context", size))
        if each.roles == ("summarizer",):
            rows.append(note_row("note", SUMMARIZER))
    rows.append(note_row("price", each.price.text if each.price else "unknown"))
    rows += [note_row("family", clean(each.family))] if each.family else []
    return [*rows, blank()]


def _measured(each: "Known") -> str:
    """What of a clip a model looks at that opens it itself."""
    senses = (("picture", each.picture), ("sound", each.sound))
    taken = " and ".join(name for name, sense in senses if sense and sense.takes)
    return f"the clip itself: {taken}"
