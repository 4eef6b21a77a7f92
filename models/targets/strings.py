"""From `target:NAME@URL#MODEL?name=value` to a profile, as `aurelia.toml` would have it."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from aurelia.configuration.profile import Profile, read_profile
from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.models.providers import client_settings, own_settings
from aurelia.models.targets.catalogue import find_target
from aurelia.models.targets.record import Target

PREFIX = "target:"


@lru_cache(maxsize=256)
def target_profile(name: str) -> Profile:
    """The profile of a shipped target.

    Args:
        name: `target:NAME`, as it stands; `@URL` leads to another server, which is sent no key;
            `#MODEL` is what that server calls it; settings behind a `?` are added to its own.

    Raises:
        ConfigurationError: there is no such target, it can't be asked, or a part is wrong.
    """
    before, _, query = name.removeprefix(PREFIX).partition("?")
    place, _, model = before.partition("#")
    key, elsewhere, url = place.partition("@")
    target = find_target(key)
    table = _table(target)
    if elsewhere or model:
        if "base_url" not in table:
            raise ConfigurationError(
                f"{redact(name)!r} can't be served elsewhere: {target.title} is its vendor's own; "
                f"write {PREFIX}{key}."
            )
        _check_url(name, key, elsewhere, url)
        table |= {"model": model or table["model"], "base_url": url or table["base_url"]}
        if elsewhere:
            table.pop("api_key_env", None)  # the vendor's key is for the vendor's host
    if query:
        table = _with_settings(table, f"{PREFIX}{key}?{query}")
    profile = read_profile(f"{PREFIX}{key}", key, table)
    return replace(profile, name=name)


def _check_url(name: str, key: str, elsewhere: str, url: str) -> None:
    form = f"write {PREFIX}{key}@http://host:port/v1, or {PREFIX}{key} for the address it has"
    if elsewhere and not url:
        raise ConfigurationError(f"{redact(name)!r} has no address behind the @: {form}.")
    scheme, _, rest = url.partition("://")
    # An @ before the host follows a user's name, which the profile refuses in words of its own.
    if "@" in scheme or "://" in rest or "@" in rest.partition("/")[2]:
        raise ConfigurationError(f"{redact(name)!r} has two addresses: {form}.")


def _table(target: Target) -> dict[str, Any]:
    if target.table is None:
        said = {
            "withdrawn": "was withdrawn by its vendor",
            "no code": "has no published code to run it with",
        }[target.status]
        other = " or ".join(f"{PREFIX}{name}" for name in target.instead)
        more = f"`aurelia targets show {target.name}` says more"
        helps = f"use {other} instead" if other else more
        raise ConfigurationError(f"{target.title} {said}; {helps}.")
    return dict(target.table)


def _with_settings(table: dict[str, Any], string: str) -> dict[str, Any]:
    """The table with what a string adds: what a model takes, its client's settings, extra body."""
    settings = client_settings(string)
    body = {**table.get("extra_body", {}), **settings.pop("extra_body", {})}
    merged = table | own_settings(string)
    if settings:
        merged["parameters"] = {**table.get("parameters", {}), **settings}
    return merged | ({"extra_body": body} if body else {})
