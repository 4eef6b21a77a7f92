"""The outcome of checking one statement."""

from typing import NamedTuple

from aurelia.types.reasoning import ClaimStatus


class Checked(NamedTuple):
    """A status, what was observed, and whether the critic had no other way to measure it."""

    status: ClaimStatus
    observed: str
    weak: bool = False


def supported(observed: str, weak: bool = False) -> Checked:
    """It holds."""
    return Checked("supported", observed, weak)


def contradicted(observed: str) -> Checked:
    """It does not hold."""
    return Checked("contradicted", observed)


def unverifiable(observed: str) -> Checked:
    """It can't be told."""
    return Checked("unverifiable", observed)
