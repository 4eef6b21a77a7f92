"""Profiles by what roles call them: those of `aurelia.toml` by name, shipped ones as `target:NAME`.

A registered model hides a profile of the same name.
"""

from aurelia.configuration.profile import Profile
from aurelia.errors import ConfigurationError
from aurelia.models.targets.strings import PREFIX, target_profile
from aurelia.settings import configuration

_hidden: set[str] = set()


def hide(name: str) -> None:
    """Have `name` mean a registered model, not a profile."""
    _hidden.add(name)


def profile_of(name: str) -> Profile | None:
    """The profile that a role's string names; None where it names none.

    Raises:
        ConfigurationError: it names a target that there is not, or that can't be asked.
    """
    if name.startswith(PREFIX):
        return target_profile(name)
    if ":" in name or name in _hidden:  # every other form but a registered name has a colon
        return None
    return configuration().models.get(name)


def usable_profile(name: str) -> Profile | None:
    """`profile_of`, but None for a target that can't be asked; that is said where it is asked."""
    try:
        return profile_of(name)
    except ConfigurationError:
        return None


def spelled_out(name: str) -> str:
    """A role's string with a profile's settings in the place of its name."""
    profile = usable_profile(name)
    return profile.spelled_out if profile else name
