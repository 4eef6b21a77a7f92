"""What holds for all targets of one road: what was verified here, and what needs their weights."""

from collections.abc import Mapping
from dataclasses import dataclass

from aurelia.models.targets.record import Status, Target


@dataclass(frozen=True, slots=True)
class Road:
    """A way to a target.

    Attributes:
        verified: what tests of this repository show.
        needs: what only a run with the model can show.
    """

    verified: str
    needs: str


ROADS: Mapping[Status, Road] = {
    "served by vLLM": Road(
        "the request as the real client puts it on the wire: parts, order, extra body",
        "that vLLM serves it so, that the sound is heard, any answer",
    ),
    "served by transformers serve": Road(
        "the request as the real client puts it on the wire: parts, order, extra body",
        "that the server loads it, that the sound is heard, any answer",
    ),
    "worker": Road(
        "the request on the wire; the worker as a process; the adapter against a stub of its "
        "repository's entry point",
        "that the adapter runs in the model's environment, any answer",
    ),
    "hosted": Road(
        "the request as the vendor's real client puts it on the wire of a server on this machine",
        "a key: that the vendor takes it, any answer",
    ),
    "withdrawn": Road("that it is refused, and its successors named", "it can't be had"),
    "no code": Road("that it is refused, and why", "it can't be had"),
}


def verified(target: Target) -> str:
    """What was verified here of a target."""
    return "; ".join([ROADS[target.status].verified, *target.verified])


def needs(target: Target) -> str:
    """What needs its weights, or a key."""
    return ROADS[target.status].needs
