"""What a critic's verdict means for a step, and what became of what it asked for."""

from typing import Literal

from aurelia.evaluators.followup import follow_up
from aurelia.types.reasoning import Claim, Complaint, Unscored, Verdict
from aurelia.types.trajectory import Iteration

Mark = Literal["supported", "contradicted", "unverifiable", "unchecked"]

_WORST_FIRST: tuple[Mark, ...] = ("contradicted", "unverifiable", "supported")

FATES = {
    "verified": "fixed",
    "addressed": "taken up, not confirmed",
    "raised": "not taken up",
}
"""Statuses of a complaint, one pass after it was raised, in words."""


def claims_of(step_id: str, verdict: Verdict | Unscored | None) -> list[Claim]:
    """The critic's claims that rest on a step."""
    if not isinstance(verdict, Verdict):
        return []
    return [claim for claim in verdict.claims if step_id in claim.step_ids]


def step_mark(step_id: str, verdict: Verdict | Unscored | None) -> Mark:
    """A step is as good as the worst of its claims."""
    found = {claim.status for claim in claims_of(step_id, verdict)}
    return next((status for status in _WORST_FIRST if status in found), "unchecked")


def complaints_after(previous: Iteration, iteration: Iteration) -> list[Complaint]:
    """The complaints of one pass, with what the next pass made of them.

    Events tell nothing of it, and a record holds the state at the end of the run; so it is worked
    out here from these two passes alone.
    """
    if not isinstance(previous.verdict, Verdict):
        return []
    raised = [c.model_copy(update={"status": "raised"}) for c in previous.verdict.complaints]
    steps = iteration.reasoning.steps if iteration.reasoning else []
    return follow_up(raised, steps, iteration.verdict or Unscored(reason="not scored yet"))
