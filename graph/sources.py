"""Settings of a run that nobody gave explicitly: those of the file, and of the environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError

from aurelia.configuration.file import ConfigFile
from aurelia.configuration.problem import unknown
from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.prompts.loader import SETS
from aurelia.settings import run_variables

_ROLES = ("actor", "summarizer", "critic", "target")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Values by setting, and where each comes from: a variable, or a file and its table."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]


def gather(model: type[BaseModel], file: ConfigFile) -> Gathered:
    """What file and environment say; the file beats the environment.

    Args:
        model: whose fields the settings are.
        file: the configuration file as read.

    Raises:
        ConfigurationError: a setting is unknown, or its value wrong; names file or variable.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, (variable, text) in run_variables(model.model_fields).items():
        parsed = parse_text(model, name, text, f"{variable} is {redact(text)!r}")
        values[name], sources[name] = parsed, variable
    for name, value in _of_file(model, file).items():
        values[name] = value
        sources[name] = f"{file.label} [{'prompts' if name == 'prompt_pins' else 'run'}]"
    return Gathered(values, sources)


Settings = TypeVar("Settings", bound=BaseModel)


def check_given(model: type[Settings], settings: Mapping[str, Any]) -> Settings:
    """Settings as a model of them; those that are unknown or wrong are refused.

    Raises:
        ConfigurationError: names the first of them.
    """
    try:
        return model(**settings)
    except ValidationError as error:
        raise refusal(model, error) from None


def refusal(model: type[BaseModel], error: ValidationError) -> ConfigurationError:
    """The first thing that is wrong with settings, in a sentence without the value."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(model.model_fields))
        return ConfigurationError(f"There is no setting {name[:200]!r}; there are: {known}.")
    return ConfigurationError(f"The setting {name} is wrong: {complaint(error)}.")


class Refusing(type(BaseModel)):  # type: ignore[misc]
    """What makes `Model(**settings)` raise a `ConfigurationError`, in a sentence.

    LangGraph makes a context of what a client sends by that call, and hands its error on. Pydantic
    would turn an error raised in a validator into a block of its own again.
    """

    def __call__(cls, *args: Any, **settings: Any) -> Any:
        """A model of the settings."""
        try:
            return super().__call__(*args, **settings)
        except ValidationError as error:
            raise refusal(cls, error) from None


def parse_text(model: type[BaseModel], name: str, text: str, said: str) -> Any:
    """A setting's value from text: lists as JSON or with commas, objects as JSON.

    Args:
        model: whose field `name` is.
        said: how a complaint begins, such as `AURELIA_THRESHOLD is 'high'`.

    Raises:
        ConfigurationError: it can't be such a value.
    """
    kind = get_origin(model.model_fields[name].annotation)
    given: Any = text
    if kind is dict or (kind is list and text.lstrip().startswith("[")):
        try:
            given = json.loads(text)
        except ValueError:
            example = '{"temperature": 0}' if kind is dict else '["a", "b"]'
            raise ConfigurationError(f"{said}; give JSON, such as {example}.") from None
    elif kind is list:
        given = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return getattr(model.model_validate({name: given}), name)
    except ValidationError as error:
        if _is_ours(error):
            said = f"{said.partition(' is ')[0]} is wrong"
        raise ConfigurationError(f"{said}; {complaint(error)}.") from None


def _of_file(model: type[BaseModel], file: ConfigFile) -> dict[str, Any]:
    where = f"{file.label} [run]"
    for name in file.run:
        if name == "prompt_pins":
            raise ConfigurationError(f"{where}: write prompt_pins as pins in the table [prompts].")
        if name not in model.model_fields:
            raise ConfigurationError(unknown(where, name, model.model_fields))
    try:
        model.model_validate(dict(file.run), strict=True)
    except ValidationError as error:
        name = str(error.errors(include_url=False)[0]["loc"][0])
        if _is_ours(error):
            raise ConfigurationError(f"{where}: {name} is wrong: {complaint(error)}.") from None
        value = redact(repr(file.run[name]))
        raise ConfigurationError(f"{where}: {name} is {value}; {complaint(error)}.") from None
    values = {name: _located(file, name, value) for name, value in file.run.items()}
    return values if file.pins is None else {**values, "prompt_pins": list(file.pins)}


def _located(file: ConfigFile, name: str, value: Any) -> Any:
    """Relative paths of a file begin where it stands."""
    if name == "prompts" and value not in SETS:
        return file.located(value)
    if name in _ROLES:
        return file.located_model(value)
    return [file.located_model(member) for member in value] if name == "panel" else value


def complaint(error: ValidationError) -> str:
    """What is wrong, in words that can follow a colon, without the value."""
    message = error.errors(include_url=False, include_input=False)[0]["msg"]
    message = message.removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def _is_ours(error: ValidationError) -> bool:
    """Whether a rule of ours was broken, whose sentence says enough: the value may be a key."""
    return error.errors(include_url=False, include_input=False)[0]["type"] == "value_error"
