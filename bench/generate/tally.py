"""How rollouts ended, and what they cost: sums over heads, without a trajectory in memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aurelia.bench.worth import in_dollars

OUTCOMES = (
    *("accepted", "exhausted", "unscored", "cannot_answer", "budget", "rejected", "failed"),
)
"""How a rollout can end: its stop reason; `unscored` where it was exhausted and no pass had a
usable score."""


def outcome(head: Mapping[str, Any]) -> str:
    """How a rollout ended; one of `OUTCOMES`.

    Args:
        head: fields of a `RolloutLine`.
    """
    reason = str(head["stop_reason"])
    passes = head["passes"] or 0
    return "unscored" if reason == "exhausted" and 0 < passes == head["unscored"] else reason


@dataclass
class Tally:
    """Sums over the rollouts that are recorded.

    Attributes:
        outcomes: how many ended in which way.
        paid_usd: of the calls of these rollouts whose cost is known, in all sessions.
        unpriced: calls whose cost isn't.
        worth_usd: the same calls at list price, served ones included. A reply that was paid for
            just before a kill comes from the ledger when its rollout is made again: it is in here,
            and not in `paid_usd`.
        unlisted: calls whose list price is unknown.
        charged_usd: the larger of the two, rollout by rollout: what a bound on the cost goes by.
        calls: in all; `cached` of them were served without asking.
        passes: in all; `unscored_passes` of them without a usable score.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    paid_usd: float = 0.0
    unpriced: int = 0
    worth_usd: float = 0.0
    unlisted: int = 0
    charged_usd: float = 0.0
    calls: int = 0
    cached: int = 0
    passes: int = 0
    unscored_passes: int = 0

    def add(self, head: Mapping[str, Any], sign: int = 1) -> None:
        """Count a rollout; with `sign=-1` one whose place another has taken."""
        self.outcomes[outcome(head)] += sign
        paid = head["paid_usd"] or 0.0
        worth = paid if head["worth_usd"] is None else head["worth_usd"]
        self.paid_usd += sign * paid
        self.worth_usd += sign * worth
        self.charged_usd += sign * max(paid, worth)
        self.unlisted += sign * (head["unlisted"] or 0)
        self.unpriced += sign * (head["unpriced"] or 0)
        self.calls += sign * (head["calls"] or 0)
        self.cached += sign * (head["cached"] or 0)
        self.passes += sign * (head["passes"] or 0)
        self.unscored_passes += sign * (head["unscored"] or 0)

    @property
    def done(self) -> int:
        """Rollouts recorded."""
        return sum(self.outcomes.values())

    @property
    def paid(self) -> str:
        """What was paid, in words: `$1.20`, `$1.20 + 3 calls of unknown price`."""
        return in_dollars(self.paid_usd, self.unpriced)

    @property
    def worth(self) -> str:
        """What all calls cost at list price, in the same words; empty where that was paid."""
        if in_dollars(self.worth_usd, self.unlisted) == self.paid:
            return ""
        return in_dollars(self.worth_usd, self.unlisted, " at list price")

    @property
    def cost(self) -> str:
        """Both in short: `$0.54 paid, $0.86 at list price`; `$0.54` where they are the same."""
        return f"{self.paid} paid, {self.worth}" if self.worth else self.paid
