"""What became of what a critic asked for."""

from aurelia.evaluators.followup import follow_up
from aurelia.types.reasoning import Complaint, Unscored, Verdict
from aurelia.types.trajectory import Iteration

FATES = {
    "verified": "fixed",
    "addressed": "taken up, not confirmed",
    "raised": "not taken up",
}
"""Statuses of a complaint, one pass after it was raised, in words."""


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
