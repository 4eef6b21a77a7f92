"""A role's string before it is resolved: `grounded:` in front of it, and what can be no model."""

from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.models.registry import GROUNDED

CRITICS = ("critic", "panel")
_SCHEMES = ("http", "https", "scripted", "replay")  # of the latter two the rest is a path


def bare(name: str) -> str:
    """A critic's string without `grounded:`: the model that is asked.

    Raises:
        ConfigurationError: it is wrapped twice, or around nothing, or a URL of another scheme.
    """
    inner = name.removeprefix(GROUNDED)
    if inner.startswith(GROUNDED):
        raise ConfigurationError(f"{redact(name)!r} is grounded twice; write {GROUNDED} once.")
    if name and not inner:
        raise ConfigurationError(f"{name!r} names no critic; write its string behind {GROUNDED}.")
    kind, _, rest = inner.partition(":")
    if rest.startswith("//") and kind.lower() not in _SCHEMES:
        raise ConfigurationError(
            f"{redact(inner)!r} begins with {kind}://, which leads to no server; write "
            "http://host:port/v1#MODEL, or https://."
        )
    return inner


def asked_as(role: str, name: str) -> str:
    """The model that is asked where `role` has the string `name`.

    Args:
        role: such as `critic`, `panel member 2` or `actor`.
        name: its string.

    Raises:
        ConfigurationError: it is wrapped twice, or the role is none that can be grounded.
    """
    if name.startswith(GROUNDED) and not role.startswith(CRITICS):
        raise ConfigurationError(
            f"The {role} can't be grounded, as it gives no score: write {redact(name)!r} without "
            f"{GROUNDED}, which is for the critic and members of the panel."
        )
    return bare(name)
