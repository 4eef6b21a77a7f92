"""A language model's score, bounded by what measurement contradicts."""

from aurelia.evaluators.grounding import MEASURING, ground
from aurelia.types.reasoning import Cap, Claim, Complaint, Unscored, Verdict

FLUENT = Verdict(
    score=9,
    raw_score=9,
    claims=[
        Claim(id="k2.1", text="A sound is heard at 1 s.", status="supported", step_ids=["s1"]),
        Claim(id="k2.2", text="A dog barks.", status="supported"),
    ],
    complaints=[Complaint(id="c2.1", action="Look at the dog.")],
)


def _measured(*claims: Claim, **more: object) -> Verdict:
    return Verdict.model_validate({"score": 3, "raw_score": 3, "claims": list(claims)} | more)


def _wrong(text: str, number: int = 1) -> Claim:
    return Claim(
        id=f"k2.{number}",
        text=text,
        status="contradicted",
        observed="silence throughout",
        confidence=0.9,
    )


def test_a_contradicted_fact_bounds_the_score_and_both_scores_are_kept() -> None:
    own_caps = [Cap(rule="contradicted", limit=3, reason="wrong")]
    verdict = ground(FLUENT, _measured(_wrong("It gets dark."), caps=own_caps))
    assert (verdict.score, verdict.raw_score) == (5, 9)
    assert verdict.grounded is not None
    assert (verdict.grounded.critic, verdict.grounded.score) == (MEASURING, 3)
    assert verdict.grounded.caps == own_caps
    assert [claim.id for claim in verdict.grounded.contradicted] == ["k2.1"]
    assert [(cap.rule, cap.limit) for cap in verdict.caps] == [("grounded", 5)]
    assert verdict.caps[0].reason == "measurement contradicts k2.3: silence throughout"


def test_the_same_claim_takes_what_was_measured_and_another_joins() -> None:
    asked = [
        Complaint(id="c2.1", action="Listen again.", resolves="k2.1"),
        Complaint(id="c2.2", action="Look again.", resolves="k2.2"),
        Complaint(id="c2.3", action="Leave out what can't be measured.", resolves="k2.9"),
    ]
    measured = _measured(
        _wrong("Sound is heard at 1 s"), _wrong("It gets dark.", 2), complaints=asked
    )
    plain = ground(FLUENT, measured)
    assert [(c.id, c.status) for c in plain.claims] == [
        ("k2.1", "contradicted"),
        ("k2.2", "supported"),
        ("k2.3", "contradicted"),
    ]
    assert plain.claims[0].step_ids == ["s1"]
    assert plain.claims[0].observed == "Measured: silence throughout"
    assert [(c.id, c.action, c.resolves) for c in plain.complaints] == [
        ("c2.1", "Look at the dog.", ""),
        ("c2.2", "Listen again.", "k2.1"),
        ("c2.3", "Look again.", "k2.3"),
    ]


def test_what_measurement_can_not_tell_bounds_nothing() -> None:
    unread = Claim(id="k2.1", text="A dog barks.", status="unverifiable")
    caps = [Cap(rule="nothing verified", limit=2, reason="no statement could be verified")]
    verdict = ground(FLUENT, _measured(unread, caps=caps))
    assert (verdict.score, verdict.caps, verdict.claims) == (9, [], FLUENT.claims)
    assert verdict.grounded is not None
    assert (verdict.grounded.score, verdict.grounded.contradicted) == (3, [])


def test_a_low_score_is_not_raised() -> None:
    low = FLUENT.model_copy(update={"score": 2.0})
    assert ground(low, _measured(_wrong("It gets dark."))).score == 2


def test_where_nothing_was_measured_that_is_said() -> None:
    verdict = ground(FLUENT, Unscored(reason="the file is gone"))
    assert verdict.score == 9
    assert verdict.grounded is not None
    assert (verdict.grounded.score, verdict.grounded.problem) == (None, "the file is gone")


def test_older_records_have_neither_members_nor_grounds() -> None:
    old = {"score": 7, "raw_score": 8, "claims": [], "caps": [], "rationale": ""}
    verdict = Verdict.model_validate(old)
    assert (verdict.members, verdict.grounded, verdict.disagreement) == ([], None, None)
    assert Unscored.model_validate({"unscored": True, "reason": "x", "raw": ""}).members == []
