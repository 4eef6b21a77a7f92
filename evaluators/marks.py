"""What a critic's verdict means for a step."""

from typing import Literal

from aurelia.types.reasoning import Claim, Unscored, Verdict

Mark = Literal["supported", "contradicted", "unverifiable", "unchecked"]

_WORST_FIRST: tuple[Mark, ...] = ("contradicted", "unverifiable", "supported")


def claims_of(step_id: str, verdict: Verdict | Unscored | None) -> list[Claim]:
    """The critic's claims that rest on a step."""
    if not isinstance(verdict, Verdict):
        return []
    return [claim for claim in verdict.claims if step_id in claim.step_ids]


def step_mark(step_id: str, verdict: Verdict | Unscored | None) -> Mark:
    """A step is as good as the worst of its claims."""
    found = {claim.status for claim in claims_of(step_id, verdict)}
    return next((status for status in _WORST_FIRST if status in found), "unchecked")
