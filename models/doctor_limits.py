"""Whether limits are those of models that are there: a misspelt one holds for none, in silence."""

from collections.abc import Iterable
from difflib import get_close_matches

from aurelia.errors import ConfigurationError
from aurelia.models.keys import PROVIDERS
from aurelia.models.limits import limited_as, provider_of
from aurelia.models.profiles import usable_profile
from aurelia.models.registry import GROUNDED
from aurelia.settings import load_settings
from aurelia.types.finding import Finding

_KINDS = ("max_concurrency", "rpm")
_HELP = "name the part of a model's string before the colon, or a server's host:port"


def check_limits(names: Iterable[str]) -> list[Finding]:
    """A line for each limit by which no configured model goes.

    Args:
        names: strings of the models, those of profiles included.
    """
    try:
        settings = load_settings()
    except ConfigurationError:  # told with the cache
        return []
    known = {each for name in names for each in limited_as(name.removeprefix(GROUNDED))}
    return [
        _finding(f"{kind} of {name}", name, known)
        for kind in _KINDS
        for name in getattr(settings, kind).by_provider
        if name not in known
    ]


def _finding(subject: str, name: str, known: set[str]) -> Finding:
    providers = {keys.provider for keys in PROVIDERS}
    if usable_profile(name):
        help_ = f"write {provider_of(name)}: a profile counts as what it leads to"
        return Finding(subject, "warning", "limits don't go by a profile's name", help_)
    if name in providers:
        return Finding(subject, "ok", "no configured model goes by it")
    near = get_close_matches(name, sorted(known | providers), n=1)
    help_ = f"did you mean {near[0]}?" if near else _HELP
    return Finding(subject, "warning", "no configured model goes by it, so it bounds none", help_)
