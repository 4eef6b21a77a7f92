"""`aurelia config`: what is set, and who says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aurelia.errors import ConfigurationError, PromptError

if TYPE_CHECKING:  # models and prompts are loaded by the command, not for `--help`
    from aurelia.configuration.file import ConfigFile
    from aurelia.configuration.profile import Profile
    from aurelia.graph.context import Context
    from aurelia.settings import Settings

app = typer.Typer(
    name="config", help="Show what is configured, and where it comes from.", no_args_is_help=True
)

Entry = dict[str, Any]


@app.callback()
def root() -> None:
    """Show what is configured, and where it comes from."""


@app.command()
def show(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]...", help="As if given explicitly, to a run."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Show every setting with its value and where it comes from. Keys are never shown."""
    from aurelia.graph.context import Context, make_context
    from aurelia.models.faults import redact
    from aurelia.settings import configuration, load_settings, stray_variables

    context = make_context(**_explicit(Context, overrides or []))
    file = configuration()
    everything: Entry = {
        "file": str(file.path) if file.path else None,
        "settings": _settings(context),
        "limits": _limits(load_settings()),
        "models": [_model(profile) for profile in file.models.values()],
        "pins": _pins(context),
        "notes": stray_variables(Context.model_fields),
    }
    if as_json:
        typer.echo(redact(json.dumps(everything, indent=2, ensure_ascii=False, default=str)))
        return
    for line in _lines(everything, file):
        typer.echo(redact(line))


def _explicit(model: type[Context], overrides: Sequence[str]) -> Entry:
    """`NAME=VALUE` as arguments of a run."""
    from aurelia.configuration.problem import unknown
    from aurelia.graph.sources import parse_text

    given: Entry = {}
    for text in overrides:
        name, sign, value = text.partition("=")
        if not sign:
            raise ConfigurationError(f"{text!r} is not NAME=VALUE, such as threshold=7.")
        if name not in model.model_fields:
            raise ConfigurationError(unknown("The command line", name, model.model_fields))
        given[name] = parse_text(model, name, value, f"{name} is {value!r}")
    return given


def _settings(context: Context) -> list[Entry]:
    values, sources = context.model_dump(mode="json"), context.sources
    return [
        {"name": n, "value": values[n], "source": sources[n]} for n in type(context).model_fields
    ]


def _limits(settings: Settings) -> list[Entry]:
    from aurelia.settings import LIMITS

    values: Entry = {
        "cache_dir": str(settings.cache_dir),
        "cache_max_mb": round(settings.cache_max_bytes / 1024**2, 3),
        "runs_dir": str(settings.runs_dir),
    }
    for name in ("max_concurrency", "rpm"):
        limit = getattr(settings, name)
        every = {} if limit.default is None else {"default": limit.default}
        values[name] = {**every, **limit.by_provider}
    return [
        {"name": name, "value": values[name], "source": settings.sources.get(name, "default")}
        for name in LIMITS
    ]


def _model(profile: Profile) -> Entry:
    """A profile with what it takes in; its client is set up without its key."""
    from aurelia.models.prices import list_price
    from aurelia.models.registry import describe_profile
    from aurelia.settings import variable

    entry: Entry = profile.facts()
    if profile.api_key_env:
        entry["key"] = "set" if variable(profile.api_key_env) else "not set"
    try:
        model = describe_profile(profile)
    except ConfigurationError as error:
        return {**entry, "takes": f"unknown: {error}"}
    entry["takes"] = "the clip, to measure" if model.computes else model.takes.describe()
    if not model.computes:
        entry["costs"] = str(model.price or list_price(model.identity))
    return entry


def _pins(context: Context) -> list[Entry]:
    from aurelia.prompts.loader import load_prompts
    from aurelia.prompts.pins import wanted

    pins = wanted(context.prompt_pins)
    try:
        templates = load_prompts(context.prompts, context.overrides).templates if pins else {}
    except PromptError as error:
        return [{"prompt": n, "pinned": h, "runs": f"none: {error}"} for n, h in pins.items()]
    return [
        {
            "prompt": name,
            "pinned": hashes,
            "runs": templates[name].hash if name in templates else "no such prompt",
            "matches": name in templates and templates[name].hash in hashes,
        }
        for name, hashes in pins.items()
    ]


def _lines(everything: Entry, file: ConfigFile) -> list[str]:
    lines = [f"file  {file.path or 'none: there is no aurelia.toml'}", "", "settings of a run"]
    lines += _columns(everything["settings"])
    lines += ["", "limits of this process", *_columns(everything["limits"])]
    for model in everything["models"]:
        lines += ["", f"model {model['name']}"]
        if "key" in model:
            model = {**model, "api_key_env": f"{model['api_key_env']} ({model['key']})"}
        shown = [(k, _value(v)) for k, v in model.items() if k not in ("name", "key", "price")]
        lines += [f"  {name:<12}  {value}" for name, value in shown]
    if everything["pins"]:
        lines += ["", "pinned prompts"]
    for pin in everything["pins"]:
        pinned = " or ".join(f"{pin['prompt']}@{digest}" for digest in pin["pinned"])
        lines.append(f"  {pinned}  {'matches' if pin.get('matches') else 'REFUSED: ' + _runs(pin)}")
    lines += ["", *everything["notes"]] if everything["notes"] else []
    return lines


def _runs(pin: Entry) -> str:
    is_hash = "matches" in pin and pin["runs"] != "no such prompt"
    return f"would run {pin['prompt']}@{pin['runs']}" if is_hash else str(pin["runs"])


def _columns(entries: Sequence[Entry]) -> list[str]:
    rows = [(str(e["name"]), _value(e["value"]), str(e["source"])) for e in entries]
    first, second = (max(len(row[n]) for row in rows) for n in (0, 1))
    second = min(second, 60)
    return [f"  {name:<{first}}  {value:<{second}}  {source}" for name, value, source in rows]


def _value(value: Any) -> str:
    """A value on one line; of long texts, such as templates, their length."""
    from aurelia.cli.plain import clean

    if isinstance(value, str):
        text = value
    elif value is None or value == [] or value == {}:
        return "-"
    else:
        shortened = value
        if isinstance(value, dict):
            shortened = {
                key: f"{len(v)} characters" if isinstance(v, str) and "\n" in v else v
                for key, v in value.items()
            }
        text = json.dumps(shortened, ensure_ascii=False, default=str)
    return clean(text)
