"""What became of a complaint: raised, addressed by a step, verified by the next verdict."""

from collections.abc import Sequence

from aurelia.types.reasoning import Complaint, Step, Unscored, Verdict


def follow_up(
    complaints: Sequence[Complaint], steps: Sequence[Step], verdict: Verdict | Unscored
) -> list[Complaint]:
    """Complaints of the last pass in the light of this one.

    A complaint is addressed when a new step names it, and verified when, besides, the claims
    that rest on such a step were checked and all of them are supported.
    """
    return [_follow(complaint, steps, verdict) for complaint in complaints]


def _follow(complaint: Complaint, steps: Sequence[Step], verdict: Verdict | Unscored) -> Complaint:
    answering = {step.id for step in steps if complaint.id in step.addresses}
    if not answering:
        return complaint
    claims = verdict.claims if isinstance(verdict, Verdict) else []
    checked = [claim for claim in claims if answering & set(claim.step_ids)]
    verified = bool(checked) and all(claim.status == "supported" for claim in checked)
    return complaint.model_copy(update={"status": "verified" if verified else "addressed"})
