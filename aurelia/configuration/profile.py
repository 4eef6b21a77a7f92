"""A model profile: a model with all its settings under a name of one's own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from aurelia.configuration.parameters import parameters_problem
from aurelia.configuration.problem import kind_of, unknown, wrong
from aurelia.configuration.strings import query_problem
from aurelia.configuration.text_rules import PLAIN, TextRules, read_text_rules
from aurelia.errors import ConfigurationError

LOCAL = ("offline", "scripted", "replay")
"""Models of this machine, which take parameters at most."""

_KEYS: Mapping[str, type] = {
    "model": str,
    "base_url": str,
    "api_key_env": str,
    "video": str,
    "audio": str,
    "context": int,
    "extra_body": dict,
    "parameters": dict,
    "price": dict,
    "text": dict,
}
_NAME = re.compile(r"[\w.-]+")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
_OWN = ("video", "audio", "context", "extra_body", "model", "model_provider")


@dataclass(frozen=True, slots=True)
class Profile:
    """One `[models.NAME]` table.

    Attributes:
        name: what roles call it.
        model: as its server calls it; without `base_url` a role's string, `openai:gpt-4o`.
        base_url: of a server that speaks OpenAI's protocol.
        api_key_env: name of the variable that holds the key; the key itself is never here.
        takes: `video`, `audio` and `context` where configured.
        extra_body: goes into every request.
        parameters: of the client, such as `temperature`.
        price: USD for a million tokens in and out.
        text: what its text is held to, where it is a target.
    """

    name: str
    model: str
    base_url: str | None = None
    api_key_env: str | None = None
    takes: Mapping[str, Any] = field(default_factory=dict)
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    price: tuple[float, float] | None = None
    text: TextRules = PLAIN

    @property
    def is_local(self) -> bool:
        """Whether it names a model of this machine."""
        return self.base_url is None and self.model.partition(":")[0] in LOCAL

    @property
    def spelled_out(self) -> str:
        """The role's string that says the same, without key and price.

        It stands for the profile where replies are kept, so that an edit never serves old ones.
        """
        if self.model.startswith(("scripted:", "replay:")) and not self.base_url:
            return self.model
        settings = {**self.parameters, **self.takes}
        if self.extra_body:
            settings["extra_body"] = self.extra_body
        base, _, query = self.model.partition("?")
        target = f"{self.base_url}#{base}" if self.base_url else base
        if self.base_url is None:
            settings |= dict(parse_qsl(query, keep_blank_values=True))
        said = urlencode(
            {name: _said(value) for name, value in sorted(settings.items())},
            safe='{}[]":,/',
            quote_via=quote,
        )
        return f"{target}?{said}" if said else target

    def facts(self) -> dict[str, Any]:
        """What a record of a call keeps: everything but the key."""
        facts: dict[str, Any] = {"name": self.name, "model": self.model}
        facts |= {
            name: value
            for name, value in (
                ("base_url", self.base_url),
                ("api_key_env", self.api_key_env),
                ("extra_body", dict(self.extra_body)),
                ("parameters", dict(self.parameters)),
            )
            if value
        }
        facts |= self.takes
        if self.price:
            facts["price"] = {"input": self.price[0], "output": self.price[1]}
        if self.text != PLAIN:
            facts["text"] = self.text.table()
        return facts


def read_profile(where: str, name: str, table: object) -> Profile:
    """A profile from its table.

    Args:
        where: file and table, for messages.
        name: of the profile.
        table: what TOML gave.

    Raises:
        ConfigurationError: a key is unknown, of the wrong type, or holds a secret.
    """
    if not _NAME.fullmatch(name):
        raise wrong(where, f"{name!r} is no name; use letters, digits, '_', '.' and '-'")
    if not isinstance(table, dict):
        raise wrong(where, f'it is {kind_of(table)}; write a table with at least model = "…"')
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigurationError(unknown(where, key, _KEYS, "key"))
        if type(value) is not _KEYS[key]:
            raise wrong(where, f"{key} is {kind_of(value)}; give {kind_of(_KEYS[key]())}")
    profile = Profile(
        name=name,
        model=table.get("model", ""),
        base_url=table.get("base_url"),
        api_key_env=table.get("api_key_env"),
        takes={key: table[key] for key in ("video", "audio", "context") if key in table},
        extra_body=table.get("extra_body", {}),
        parameters=table.get("parameters", {}),
        price=_price(where, table.get("price")),
        text=read_text_rules(where, table.get("text", {})),
    )
    _check_model(where, profile)
    _check_rest(where, profile)
    return profile


def _check_model(where: str, profile: Profile) -> None:
    model, url = profile.model, profile.base_url
    if not model:
        raise wrong(where, 'it has no model; give model = "…", as its server calls it')
    if url is not None:
        if problem := _url_problem(url):
            raise wrong(where, f'base_url {problem}, such as "http://127.0.0.1:8000/v1"')
        if "?" in model or "#" in model:
            raise wrong(where, f"model is {model!r}; its settings go into parameters")
    elif "://" in model:
        raise wrong(where, 'model is a URL; give base_url = "http://host:port/v1" and model')
    elif model.startswith("grounded:"):
        raise wrong(where, f"a profile names one model; write grounded:{profile.name} in the role")
    elif not all(model.partition(":")[::2]):
        help_ = 'give base_url for a server, or a provider\'s model such as "openai:gpt-4o"'
        raise wrong(where, f"model is {model!r}, and there is no base_url; {help_}")


def _check_rest(where: str, profile: Profile) -> None:
    variable = profile.api_key_env
    if variable is not None and not _VARIABLE.fullmatch(variable):
        # Not shown: it may well be a key.
        raise wrong(where, "api_key_env is no name of a variable; keys never stand in this file")
    if profile.is_local:
        extra = [variable, profile.takes, profile.extra_body, profile.price, profile.text != PLAIN]
        if any(extra) or (profile.parameters and not profile.model.startswith("offline:")):
            raise wrong(
                where, f"{profile.model!r} is a model of this machine and takes no such keys"
            )
    if profile.extra_body and not profile.base_url and not profile.model.startswith("openai:"):
        raise wrong(where, "extra_body goes with base_url, or with a model of openai:")
    query = {} if profile.is_local else dict(parse_qsl(profile.model.partition("?")[2]))
    if not profile.is_local and (problem := query_problem(profile.model.partition("?")[2])):
        raise wrong(where, f"{problem}; here its name goes into api_key_env")
    for name in profile.parameters:
        if name in _OWN:
            raise wrong(where, f"{name} is no parameter; it is a key of the table itself")
        if name in query:
            raise wrong(where, f"{name} stands both in model and in parameters; leave one out")
    for key, values in (("", profile.parameters), ("extra_body", profile.extra_body)):
        if problem := parameters_problem(values, key):
            raise wrong(where, f"in {key or 'parameters'} {problem}")


def _price(where: str, table: Mapping[str, Any] | None) -> tuple[float, float] | None:
    if table is None:
        return None
    for name, value in table.items():
        if name not in ("input", "output"):
            raise ConfigurationError(unknown(where, name, ("input", "output"), "price"))
        if type(value) not in (int, float) or not 0 <= value < float("inf"):
            raise wrong(where, f"price.{name} is {value!r}; give USD for a million tokens")
    if len(table) < 2:
        raise wrong(where, "price needs both input and output, in USD for a million tokens")
    return float(table["input"]), float(table["output"])


def _url_problem(url: str) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine, parts = False, urlsplit("")
    if parts.username or parts.password:
        return "holds a user or password; name a variable in api_key_env, and write the URL alone"
    if not fine or parts.query or parts.fragment:
        return "is no URL of a server; write scheme, host, port and path"
    return ""


def _said(value: object) -> str:
    """A value as a role's string has it: text as it is unless it reads as something else."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
