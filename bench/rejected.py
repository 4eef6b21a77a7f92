"""How many captions a critic rejected: one definition, wherever it is counted."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from aurelia.bench.stats import wilson
from aurelia.types.reasoning import Record

Said = Literal["accepted", "rejected", "unscored", "failed"]


class Rejected(Record):
    """How many of some captions were rejected: scored below the threshold."""

    n: int
    rejected: int
    unscored: int = Field(description="No usable score in the reply: neither taken nor rejected.")
    failed: int = Field(description="The call failed: likewise.")
    share: float | None = Field(description="rejected / (n - unscored - failed).")
    low: float = Field(description="Lower end of Wilson's 95 % interval of the share.")
    high: float


def count_rejected(said: Sequence[Said]) -> Rejected:
    """Count what a critic said of some captions; the share is of those that got a score."""
    rejected, unscored, failed = (said.count(s) for s in ("rejected", "unscored", "failed"))
    scored = len(said) - unscored - failed
    interval = wilson(rejected, scored)
    return Rejected(
        n=len(said),
        rejected=rejected,
        unscored=unscored,
        failed=failed,
        share=rejected / scored if scored else None,
        low=interval.low,
        high=interval.high,
    )
