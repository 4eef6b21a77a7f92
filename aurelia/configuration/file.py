"""`aurelia.toml`: where it is looked for, and what stands in it."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aurelia.configuration.problem import kind_of, unknown, wrong
from aurelia.configuration.profile import Profile, read_profile
from aurelia.configuration.secrets import named_secret, shaped_secret
from aurelia.configuration.text_rules import ESTIMATE, SERVER, TextRules
from aurelia.errors import ConfigurationError

NAME = "aurelia.toml"
TABLES = ("models", "run", "limits", "prompts")
_BEFORE = ("", "grounded:")
PIN = re.compile(r"(?P<name>[\w.]+)@(?P<hash>[0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file as read; names and types of `run` and `limits` are looked at where they are used.

    Attributes:
        path: of the file; None where there is none.
        label: how messages call it.
        run: settings of a run.
        limits: settings of the process.
        models: profiles by name.
        pins: `name@hash` of prompts; None where the file says nothing of them.
        base: where its relative paths begin; None: in the working directory, beside it.
    """

    path: Path | None = None
    label: str = NAME
    run: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Profile] = field(default_factory=dict)
    pins: tuple[str, ...] | None = None
    base: Path | None = None

    def located(self, path: str) -> str:
        """A path of the file's: relative ones begin where the file stands."""
        expanded = Path(path).expanduser()
        return str(expanded) if self.base is None else str(self.base / expanded)

    def located_text(self, rules: TextRules) -> TextRules:
        """Rules of the file's, where they name a tokenizer's file."""
        if rules.tokenizer in (SERVER, ESTIMATE):
            return rules
        return replace(rules, tokenizer=self.located(rules.tokenizer))

    def located_model(self, name: str) -> str:
        """A role's string of the file's, where it names a file."""
        before, kind, path = name.rpartition("scripted:")
        if not kind:
            before, kind, path = name.rpartition("replay:")
        return f"{before}{kind}{self.located(path)}" if kind and before in _BEFORE else name


def find_file(start: Path | None, home: Path | None) -> Path | None:
    """The file in `start`, or in its nearest parent that has one.

    Not above the root of the repository that holds `start`, nor above `home`. Outside both only
    `start` itself counts: whoever may write to a shared folder above must not decide where clips
    are sent.
    """
    if start is None:
        return None
    files = (directory / NAME for directory in _searched(start, home))
    return next((file for file in files if os.path.isfile(file)), None)  # noqa: PTH113


def check_owner(file: Path) -> None:
    """Refuse a file that was found, not named, and belongs to somebody else.

    Raises:
        ConfigurationError: its owner is neither this user nor root.
    """
    me = os.getuid()
    if me != 0 and file.stat().st_uid not in (me, 0):
        raise ConfigurationError(
            f"{file} belongs to another user; set AURELIA_CONFIG to it if you trust it."
        )


def read_file(path: Path) -> ConfigFile:
    """A configuration file.

    Raises:
        ConfigurationError: it can't be read, or holds what it must not; names the place.
    """
    base = None if _is_here(path.parent) else path.parent
    label = path.name if base is None else str(path)
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{label} can't be read as TOML: {error}.") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{label} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{label} can't be read: {error.strerror}.") from None
    for name, table in content.items():
        if name not in TABLES:
            raise ConfigurationError(unknown(label, name, TABLES, "table"))
        if not isinstance(table, dict):
            raise wrong(label, f"{name} is {kind_of(table)}; write a table [{name}]")
        if name == "models":  # a profile's own name is no secret, whatever it is
            for model, settings in table.items():
                _refuse_secrets(f"{label} [models.{model}]", {"": settings})
        else:
            _refuse_secrets(f"{label} [{name}]", table)
    models = {
        name: read_profile(f"{label} [models.{name}]", name, table)
        for name, table in content.get("models", {}).items()
    }
    file = ConfigFile(
        path=path,
        label=label,
        run=content.get("run", {}),
        limits=content.get("limits", {}),
        pins=_pins(f"{label} [prompts]", content.get("prompts", {})),
        base=base,
    )
    return replace(
        file,
        models={
            name: replace(
                profile,
                model=file.located_model(profile.model),
                text=file.located_text(profile.text),
            )
            for name, profile in models.items()
        },
    )


def _searched(start: Path, home: Path | None) -> list[Path]:
    line = [start, *start.parents]
    # Of `os.path`, which says no where a directory may not be looked into, instead of raising.
    tops = [n for n, place in enumerate(line) if place == home or os.path.exists(place / ".git")]  # noqa: PTH110
    return line[: min(tops, default=0) + 1]


def _is_here(directory: Path) -> bool:
    try:
        return directory == Path.cwd()
    except OSError:  # the working directory was removed
        return False


def _refuse_secrets(where: str, table: Mapping[str, Any]) -> None:
    """Whatever it is called, and however deep it stands; the value is never shown."""
    help_ = 'name the variable that holds it: api_key_env = "MY_KEY" in a [models.NAME] table'
    if name := named_secret(table):
        raise wrong(
            where, f"{name} would hold a secret, and keys never stand in this file; {help_}"
        )
    if name := shaped_secret(table):
        raise wrong(
            where,
            f"the value of {name} looks like a key, and keys never stand in this file; {help_}",
        )


def _pins(where: str, table: Mapping[str, Any]) -> tuple[str, ...] | None:
    for name in table:
        if name != "pins":
            raise ConfigurationError(unknown(where, name, ("pins",), "key"))
    pins = table.get("pins")
    if pins is None:
        return None
    if not isinstance(pins, list) or not all(isinstance(pin, str) for pin in pins):
        raise wrong(where, 'pins must be a list of texts, such as ["generator@0123456789ab"]')
    for pin in pins:
        if not PIN.fullmatch(pin):
            raise wrong(where, f"{pin!r} is no pin; write name@hash as `aurelia prompts list` does")
    return tuple(pins)
