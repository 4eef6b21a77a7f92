"""What holds for all targets of one road: what was verified here, and what needs their weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from aurelia.models.targets.record import Status, Target

WORDS: Mapping[str, str] = {
    "wire": "the request as the real client sends it to a server on this machine: its parts, their "
    "order and bytes, model, extra body, where r* stands",
    "worker": "`worker.py` as a process: what arrives, what it refuses, how it ends",
    "adapter": "the adapter against a stub of its repository's entry point, with the signature of "
    "the cited commit",
    "lmms-eval": "the adapter against a stand-in of lmms-eval's own interface; the model's class "
    "there was read at the cited commit, and nothing with its signatures was run",
    "refusal": "that it is refused with a sentence that says why",
    "serving": "that the server, or the adapter in the model's environment, loads and runs it",
    "hearing": "that the sound is heard",
    "answers": "any answer of the model",
    "key": "that the vendor takes the request",
    "all": "it can't be had at all",
}
"""What the words of a road mean."""


@dataclass(frozen=True, slots=True)
class Road:
    """A way to a target, in words of `WORDS`.

    Attributes:
        verified: what tests of this repository show.
        needs: what only a run with the model can show.
    """

    verified: tuple[str, ...]
    needs: tuple[str, ...]


_SERVED = Road(("wire",), ("serving", "hearing", "answers"))
ROADS: Mapping[Status | Literal["lmms-eval"], Road] = {
    "served by vLLM": _SERVED,
    "served by transformers serve": _SERVED,
    "worker": Road(("wire", "worker", "adapter"), ("serving", "hearing", "answers")),
    "lmms-eval": Road(("wire", "worker", "lmms-eval"), ("serving", "hearing", "answers")),
    "hosted": Road(("wire",), ("key", "hearing", "answers")),
    "withdrawn": Road(("refusal",), ("all",)),
    "no code": Road(("refusal",), ("all",)),
}


def verified(target: Target) -> tuple[str, ...]:
    """What was verified here of a target: words of `WORDS`, then what is its alone."""
    return (*_road(target).verified, *target.verified)


def needs(target: Target) -> tuple[str, ...]:
    """What needs its weights, or a key; words of `WORDS`."""
    deaf = target.profile is not None and target.profile.takes.get("audio") == "off"
    return tuple(n for n in _road(target).needs if not (deaf and n == "hearing"))


def _road(target: Target) -> Road:
    return ROADS["lmms-eval" if target.adapter == "lmms_eval.py" else target.status]


def in_words(names: Iterable[str]) -> str:
    """Words of `WORDS` spelled out."""
    return "; ".join(WORDS.get(name, name) for name in names)
