"""How well a caption states what is true: statements read out of it, matched with a sample's facts.

Only statements about labels count (what sounds, moves, is shown …): when and how loud something is
can be said in too many ways to be listed as facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from aurelia.bench.sample import Fact, FactKind
from aurelia.models.offline.claims import read
from aurelia.models.offline.said import Said

START_S = 0.4
"""Starts of a statement and its fact may differ by so many seconds."""
RATE_SHARE = 0.05
"""Rates (per minute) may differ by this share of the fact's; counts and labels may not differ."""

KINDS: frozenset[str] = frozenset(get_args(FactKind))
_RATES = {"pace.picture", "candidate.tempo"}
_ABSENT = {
    "event.absent": "event.heard",
    "object.absent": "object.moves",
    "text.none": "text.shown",
    "pace.none": "pace.picture",
    "candidate.none": "candidate.tempo",
}
"""What each denial denies. That nothing could be identified is no denial, but a confession."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement about a label, as a fact would hold it; `denied` where it says the opposite."""

    kind: FactKind
    value: str | float | None
    other: str | None
    start_s: float | None
    denied: bool = False


@dataclass(frozen=True, slots=True)
class FactScore:
    """A caption against facts: `matched` of `stated` statements and of `facts` facts."""

    matched: int
    stated: int
    facts: int

    @property
    def precision(self) -> float:
        """Share of the statements that are true; 0 where nothing was stated."""
        return self.matched / self.stated if self.stated else 0.0

    @property
    def recall(self) -> float:
        """Share of the facts that were stated; 0 where there are none."""
        return self.matched / self.facts if self.facts else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        total = self.stated + self.facts
        return 2 * self.matched / total if total else 0.0


def stated(caption: str) -> list[Stated]:
    """The statements of a caption about labels, each once.

    A statement without a time that only repeats one with a time is not counted again.
    """
    found = list(dict.fromkeys(s for said in read(caption) if (s := _stated(said))))
    timed = {(s.kind, s.value, s.denied) for s in found if s.start_s is not None}
    return [s for s in found if s.start_s is not None or (s.kind, s.value, s.denied) not in timed]


def score_caption(caption: str | Sequence[Stated], facts: Sequence[Fact]) -> FactScore:
    """Match statements and facts one to one, as many as can be.

    Args:
        caption: a text, or what `stated` read out of one.
        facts: what is true.
    """
    said = stated(caption) if isinstance(caption, str) else list(caption)
    said = [s for s in said if not s.denied]
    if not said or not facts:
        return FactScore(0, len(said), len(facts))
    table = csr_array(np.array([[_fits(s, f) for f in facts] for s in said], dtype=np.int8))
    matched = int((maximum_bipartite_matching(table, perm_type="column") >= 0).sum())
    return FactScore(matched, len(said), len(facts))


def false_statements(caption: str | Sequence[Stated], facts: Sequence[Fact]) -> list[Stated]:
    """The statements that the facts refute.

    Facts list all there is of a kind, or nothing of it: a kind that no fact has is left open. A
    name that says less than the fact's ("ball" of a red ball) is not false, nor is half or double
    a rate: either fits any beat.
    """
    said = stated(caption) if isinstance(caption, str) else caption
    listed = {fact.kind for fact in facts}
    return [
        s
        for s in said
        if s.kind in listed and any(_fits(s, f, loosely=True) for f in facts) == s.denied
    ]


def _stated(said: Said) -> Stated | None:
    denied = said.kind in _ABSENT
    kind = _ABSENT.get(said.kind, said.kind)
    if kind not in KINDS or isinstance(said.value, bool):
        return None
    value = _plain(said.value)
    other = None if said.other is None else str(_plain(said.other))
    return Stated(cast("FactKind", kind), value, other, said.start_s, denied)


def _fits(said: Stated, fact: Fact, *, loosely: bool = False) -> bool:
    if said.kind != fact.kind:
        return False
    true = _plain(fact.value)
    if said.value is not None and not _same(said.value, true, fact.kind, octaves=loosely):
        part = (
            loosely and isinstance(true, str) and set(str(said.value).split()) < set(true.split())
        )
        if not part:
            return False
    if said.other is not None and fact.other is not None and said.other != _plain(fact.other):
        return False
    if said.start_s is None or fact.start_s is None:
        return True
    return abs(said.start_s - fact.start_s) <= START_S + 1e-9


def _same(said: str | float, true: str | float | None, kind: str, *, octaves: bool = False) -> bool:
    if isinstance(said, str) or isinstance(true, str) or true is None:
        return str(said) == str(true)
    if kind in _RATES:
        speeds = (0.5 * true, true, 2 * true) if octaves else (true,)
        return any(abs(said - speed) <= RATE_SHARE * speed for speed in speeds)
    return said == true


def _plain(value: str | float | None) -> str | float | None:
    """Labels in lower case with single spaces, numbers as they are."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value
