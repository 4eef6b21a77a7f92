"""The table of the fault matrix: what can go wrong, and what each provider's role makes of it.

A fault ends in one of these ways:

    again        the call is tried again until the tries are used up, then it has failed
    final        the call has failed at the first try
    time         no reply comes: the call is cut off at its time limit, and has failed
    unreadable   the provider calls it a success; there is nothing in it that counts
    renewed      what the provider has lost is sent again, and the call goes well
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tests.models.wire.script import (
    Behaviour,
    Fail,
    empty,
    expired,
    fail,
    hang,
    malformed,
    prompt_blocked,
    quota_used_up,
    refused,
    reset,
    safety_blocked,
    say,
    truncated,
    wrong_content_type,
)
from tests.models.wire.server import KEY

Ending = Literal["again", "final", "time", "unreadable", "renewed"]

TRIES = 2
"""Further tries that each call may make here."""
DOUBLING = (1.0, 2.0)
"""The delays of these tries, at the longest that jitter allows."""
LIMIT_S = 300.0
"""Time that a call may take."""

ROLES = ("actor", "summarizer", "critic", "panel", "grounded", "target", "repair")
SEEING = ("actor", "critic", "panel", "grounded", "target")
"""Roles that are shown the clip."""
PROVIDERS = ("openai", "gemini")
"""For these, every role meets every fault."""
OTHERS = {
    "url": ("critic", "target"),
    "anthropic": ("actor", "critic", "target"),
    "ollama": ("summarizer",),
}
"""For these, some roles meet every fault."""
ALL = (*PROVIDERS, *OTHERS)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        behaviour: of the server; None: the host's name can't be resolved.
        ends: how, by provider; a provider without an entry knows no such fault.
        waits: delays before further tries, where there are any.
    """

    behaviour: Behaviour | None
    ends: Mapping[str, Ending]
    waits: tuple[float, ...] = DOUBLING

    def delays(self, provider: str) -> tuple[float, ...]:
        """What is waited before further tries."""
        return self.waits if self.ends[provider] == "again" else ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A role of a provider that meets a fault."""

    role: str
    fault: str
    provider: str

    def __str__(self) -> str:
        return f"{self.role}-{self.fault}-{self.provider}"

    @property
    def meets(self) -> Fault:
        """The fault."""
        return FAULTS[self.fault]

    @property
    def ends(self) -> Ending:
        """How it ends."""
        return self.meets.ends[self.provider]


def _ends(ending: Ending, *without: str, **otherwise: Ending) -> dict[str, Ending]:
    return {p: otherwise.get(p, ending) for p in ALL if p not in without}


def _told(status: int, retry_after: float | None = None) -> Fail:
    """An error whose text repeats the key, as some do."""
    return fail(status, f"It is not to be had with {KEY}.", retry_after=retry_after)


_HALF = say('{"steps": [], "sentences": []}')

FAULTS: dict[str, Fault] = {
    "429-retry-after": Fault(_told(429, retry_after=7), _ends("again"), waits=(7.0, 7.0)),
    "429-too-long": Fault(_told(429, retry_after=LIMIT_S + 1), _ends("final")),
    "429": Fault(_told(429), _ends("again")),
    "500": Fault(_told(500), _ends("again")),
    "503": Fault(_told(503), _ends("again")),
    "529": Fault(_told(529), _ends("again")),
    "hang": Fault(hang(), _ends("time")),
    "reset": Fault(reset(), _ends("again")),
    "reset-midway": Fault(reset(_HALF), _ends("again")),
    "dns": Fault(None, _ends("again")),
    "malformed": Fault(malformed(), _ends("final")),
    "wrong-type": Fault(wrong_content_type(), _ends("final")),
    "empty": Fault(empty(), _ends("final", gemini="unreadable", anthropic="unreadable")),
    "safety": Fault(safety_blocked(), _ends("unreadable", "ollama")),
    "prompt-blocked": Fault(prompt_blocked(), _ends("unreadable", "ollama", "anthropic")),
    "refusal": Fault(refused(), _ends("unreadable")),
    "truncated": Fault(truncated('{"steps": [{"text": "Li'), _ends("unreadable")),
    "quota": Fault(
        replace(quota_used_up(), message=f"No credit for {KEY}."), _ends("final", "ollama")
    ),
    "401": Fault(_told(401), _ends("final")),
    "expired": Fault(expired(), {"gemini": "renewed"}),
}


def cells() -> Iterator[Cell]:
    """All that there are."""
    for name, fault in FAULTS.items():
        for provider in fault.ends:
            roles = ROLES if provider in PROVIDERS else OTHERS[provider]
            for role in roles:
                if fault.ends[provider] != "renewed" or role in SEEING:
                    yield Cell(role, name, provider)
