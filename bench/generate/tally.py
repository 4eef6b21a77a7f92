"""How rollouts ended, and what they cost: sums over heads, without a trajectory in memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
        paid_usd: of the calls whose cost is known, in all sessions.
        unpriced: calls whose cost isn't.
        calls: in all; `cached` of them were served without asking.
        passes: in all; `unscored_passes` of them without a usable score.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    paid_usd: float = 0.0
    unpriced: int = 0
    calls: int = 0
    cached: int = 0
    passes: int = 0
    unscored_passes: int = 0

    def add(self, head: Mapping[str, Any], sign: int = 1) -> None:
        """Count a rollout; with `sign=-1` one whose place another has taken."""
        self.outcomes[outcome(head)] += sign
        self.paid_usd += sign * (head["paid_usd"] or 0.0)
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
    def cost(self) -> str:
        """In words: `$1.20`, `$1.20 + 3 calls of unknown price`."""
        known = f"${self.paid_usd:.2f}" if self.paid_usd >= 0.1 else f"${self.paid_usd:.4f}"
        known = "$0" if self.paid_usd == 0 else known
        if not self.unpriced:
            return known
        calls = f"{self.unpriced:,} call{'' if self.unpriced == 1 else 's'} of unknown price"
        return f"{known} + {calls}" if self.paid_usd else calls
