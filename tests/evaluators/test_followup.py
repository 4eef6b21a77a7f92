"""What becomes of a complaint: raised, addressed, verified."""

from typing import Any

import pytest

from aurelia.evaluators.followup import follow_up
from aurelia.types.reasoning import Claim, Complaint, Step, Unscored, Verdict

COMPLAINT = Complaint(id="c1.1", action="Listen from 2 s on.")
OTHER = Complaint(id="c1.2", action="Look at the door.")
ANSWERING = Step(id="s2", text="Listen.", addresses=["c1.1"])


def _claim(status: Any, *step_ids: str) -> Claim:
    return Claim(id="k2.1", text="A tone.", step_ids=list(step_ids), status=status)


def _verdict(*claims: Claim) -> Verdict:
    return Verdict(score=5, raw_score=5, claims=list(claims))


@pytest.mark.parametrize(
    ("steps", "verdict", "status"),
    [
        ([], _verdict(_claim("supported", "s2")), "raised"),
        ([Step(id="s2", text="Look.")], _verdict(_claim("supported", "s2")), "raised"),
        ([ANSWERING], Unscored(reason="no score"), "addressed"),
        ([ANSWERING], _verdict(), "addressed"),
        ([ANSWERING], _verdict(_claim("supported", "s1")), "addressed"),
        ([ANSWERING], _verdict(_claim("contradicted", "s2")), "addressed"),
        ([ANSWERING], _verdict(_claim("unverifiable", "s2")), "addressed"),
        ([ANSWERING], _verdict(_claim("supported", "s2", "s1")), "verified"),
        (
            [ANSWERING],
            _verdict(_claim("supported", "s2"), _claim("contradicted", "s2")),
            "addressed",
        ),
    ],
)
def test_a_complaint_is_followed_up(
    steps: list[Step], verdict: Verdict | Unscored, status: str
) -> None:
    followed, other = follow_up([COMPLAINT, OTHER], steps, verdict)
    assert followed == COMPLAINT.model_copy(update={"status": status})
    assert other == OTHER


def test_what_was_verified_stays_so_while_no_step_comes_back_to_it() -> None:
    verified = COMPLAINT.model_copy(update={"status": "verified"})
    assert follow_up([verified], [Step(id="s1", text="Look.")], _verdict()) == [verified]
