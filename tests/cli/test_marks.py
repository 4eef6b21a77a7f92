"""Check marks follow the worst claim; complaints are followed from one pass to the next."""

import pytest

from aurelia.cli.marks import FATES, complaints_after
from aurelia.evaluators.marks import step_mark
from aurelia.types.reasoning import Claim, ClaimStatus, Unscored, Verdict
from tests.cli.records import first_pass, second_pass


def _verdict(*statuses: ClaimStatus) -> Verdict:
    claims = [
        Claim(id=f"k{n}", text="t", step_ids=["s1"], status=status)
        for n, status in enumerate(statuses)
    ]
    return Verdict(score=5, raw_score=5, claims=claims)


@pytest.mark.parametrize(
    ("statuses", "mark"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "unverifiable"], "unverifiable"),
        (["unverifiable", "contradicted", "supported"], "contradicted"),
        ([], "unchecked"),
    ],
)
def test_a_step_is_as_good_as_its_worst_claim(statuses: list[ClaimStatus], mark: str) -> None:
    assert step_mark("s1", _verdict(*statuses)) == mark


def test_without_a_score_no_step_is_marked() -> None:
    assert step_mark("s1", Unscored(reason="no number")) == "unchecked"
    assert step_mark("s1", None) == "unchecked"


def test_a_complaint_whose_new_step_is_supported_is_fixed() -> None:
    (complaint,) = complaints_after(first_pass(), second_pass())
    assert FATES[complaint.status] == "fixed"


def test_a_complaint_is_not_fixed_while_the_critic_has_not_scored() -> None:
    (complaint,) = complaints_after(
        first_pass(), second_pass().model_copy(update={"verdict": None})
    )
    assert FATES[complaint.status] == "taken up, not confirmed"


def test_a_complaint_that_no_step_addresses_was_not_taken_up() -> None:
    (complaint,) = complaints_after(first_pass(), first_pass())
    assert FATES[complaint.status] == "not taken up"
