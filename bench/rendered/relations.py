"""How two facts of a sample go together: which comes first, what is shown while a sound is heard.

Worded plainly and alike in both sets: it is the relation that is examined here, not the wording.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from numpy.random import Generator

from aurelia.bench.sample import Fact, Sample

_PLACES = ("flag.shown", "text.shown")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between facts, which are given by their places in the sample's list.

    Attributes:
        kind: of the lie that states another.
        first: what comes first, or what is shown.
        second: what comes second, or the sound that is heard meanwhile.
        others: what else is shown in the clip, at other times.
    """

    kind: Literal["order_reversed", "place_moved"]
    first: int
    second: int
    others: tuple[int, ...] = ()

    def say(self, facts: Sequence[Fact | None]) -> str:
        """The sentence; what a changed fact says is said here as well. Empty if one is missing."""
        return self._sentence(facts[self.first], facts[self.second])

    def lie(self, facts: Sequence[Fact], draw: Generator) -> str:
        """The sentence with the relation that does not hold, about facts that do."""
        if self.kind == "order_reversed":
            return self._sentence(facts[self.second], facts[self.first])
        other = self.others[int(draw.integers(len(self.others)))]
        return self._sentence(facts[other], facts[self.second])

    def _sentence(self, first: Fact | None, second: Fact | None) -> str:
        if first is None or second is None:
            return ""
        if self.kind == "order_reversed":
            return f"The {first.value} comes before the {second.value}."
        shown = "flag of {}" if first.kind == "flag.shown" else 'sign "{}"'
        return f"The {shown.format(first.value)} is shown while the {second.value} is heard."


def relation_in(sample: Sample) -> Relation | None:
    """The relation that a sample of `av_compositional` or `av_geoiq` asks about."""
    facts = sample.true_facts
    heard = next((k for k, fact in enumerate(facts) if fact.kind == "event.heard"), None)
    if heard is None:
        return None
    if sample.task == "av_compositional":
        moves = next(k for k, fact in enumerate(facts) if fact.kind == "object.moves")
        first, second = sorted((moves, heard), key=lambda k: facts[k].start_s or 0.0)
        return Relation("order_reversed", first, second)
    if sample.task == "av_geoiq":
        places = [k for k, fact in enumerate(facts) if fact.kind in _PLACES]
        shown = max(places, key=lambda k: _together_s(facts[k], facts[heard]))
        return Relation("place_moved", shown, heard, tuple(k for k in places if k != shown))
    return None


def _together_s(one: Fact, other: Fact) -> float:
    """Seconds that both last; negative where they are apart."""
    ends = min(one.end_s or 0.0, other.end_s or 0.0)
    return ends - max(one.start_s or 0.0, other.start_s or 0.0)
