"""A panel's verdict: median, union of what was found, disagreement."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.evaluators.panel import combine, merged_status
from aurelia.types.reasoning import (
    Claim,
    ClaimStatus,
    Complaint,
    Member,
    Unscored,
    Verdict,
)

UNSCORED = Unscored(reason="no JSON", raw="Lovely.")


def _claim(text: str, status: ClaimStatus = "supported", number: int = 1, **more: Any) -> Claim:
    return Claim(id=f"k1.{number}", text=text, status=status, **more)


def _said(score: float, *claims: Claim, **more: Any) -> Verdict:
    return Verdict(score=score, raw_score=score, claims=list(claims), **more)


def _panel(*verdicts: Verdict | Unscored, index: int = 2) -> Verdict:
    members = [Member(critic=f"m{n}", verdict=verdict) for n, verdict in enumerate(verdicts)]
    combined = combine(members, index)
    assert isinstance(combined, Verdict)
    assert combined.members == members
    return combined


@pytest.mark.parametrize(
    ("scores", "median", "disagreement"),
    [([7], 7, 0), ([2, 9], 5.5, 7), ([2, 9, 8], 8, 7), ([1, 2, 9, 10], 5.5, 9)],
)
def test_the_score_is_the_median(scores: list[float], median: float, disagreement: float) -> None:
    combined = _panel(*(_said(score) for score in scores))
    assert (combined.score, combined.disagreement) == (median, disagreement)


def test_the_spread_is_the_standard_deviation() -> None:
    assert _panel(_said(2), _said(4), _said(9)).spread == pytest.approx(2.943920)


def test_who_gives_no_score_does_not_count_and_is_noted() -> None:
    combined = _panel(UNSCORED, _said(4), _said(6))
    assert (combined.score, combined.disagreement) == (5, 2)
    assert combined.rationale == "The median of 4, 6; 1 of 3 gave no score."
    assert combined.members[0].verdict == UNSCORED


def test_no_score_at_all_is_unscored_with_every_reason() -> None:
    members = [Member(critic="a", verdict=UNSCORED), Member(critic="b", verdict=UNSCORED)]
    combined = combine(members, 1)
    assert isinstance(combined, Unscored)
    assert combined.reason == "none of 2 critics gave a score (a: no JSON; b: no JSON)"
    assert (combined.raw, combined.members) == ("Lovely.", members)


def test_the_score_before_caps_is_the_median_of_theirs() -> None:
    capped = Verdict(score=5, raw_score=9)
    combined = _panel(capped, capped, _said(3))
    assert (combined.score, combined.raw_score, combined.caps) == (5, 9, [])


def test_claims_are_the_union_and_the_same_words_are_one() -> None:
    combined = _panel(
        _said(7, _claim("The bell rings at 1.5 s.", step_ids=["s1"], confidence=0.5)),
        _said(
            7,
            _claim("A bell rings at 1.5 s", step_ids=["s2"], confidence=0.9),
            _claim("A bell rings at 2.5 s", number=2),
            _claim("A door opens", "unverifiable", 3),
        ),
    )
    assert [(c.id, c.text, c.status) for c in combined.claims] == [
        ("k2.1", "The bell rings at 1.5 s.", "supported"),
        ("k2.2", "A bell rings at 2.5 s", "supported"),
        ("k2.3", "A door opens", "unverifiable"),
    ]
    assert combined.claims[0].step_ids == ["s1", "s2"]
    assert combined.claims[0].confidence == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("statuses", "voters", "merged"),
    [
        (["contradicted"], 1, "contradicted"),
        (["supported", "contradicted"], 3, "contradicted"),  # the third is silent
        (["supported", "contradicted"], 2, "supported"),  # half of them support it
        (["supported", "supported", "contradicted"], 3, "supported"),
        (["supported", "contradicted", "contradicted"], 3, "contradicted"),
        (["unverifiable", "supported"], 2, "supported"),
        (["unverifiable", "contradicted"], 2, "contradicted"),
        (["unverifiable"], 3, "unverifiable"),
    ],
)
def test_one_contradiction_counts_unless_half_the_panel_supports_the_claim(
    statuses: list[ClaimStatus], voters: int, merged: ClaimStatus
) -> None:
    assert merged_status(statuses, voters) == merged


def test_a_contradiction_that_is_outvoted_is_told() -> None:
    combined = _panel(
        _said(7, _claim("A bell rings.", observed="A bell at 1 s.")),
        _said(3, _claim("A bell rings.", "contradicted", observed="Silence.")),
    )
    assert combined.claims[0].status == "supported"
    assert combined.claims[0].observed == "A bell at 1 s. A member contradicts it: Silence."


def test_complaints_and_omissions_stand_once_and_find_their_claims() -> None:
    listen: dict[str, Any] = {
        "action": "Listen again.",
        "modality": "audio",
        "start_s": 1.0,
        "end_s": 2.0,
    }
    combined = _panel(
        _said(
            5,
            _claim("Rain falls."),
            complaints=[Complaint(id="c1.1", **listen)],
            omissions=["A cut.", "A horn."],
        ),
        _said(
            5,
            _claim("It is dark.", "contradicted"),
            complaints=[
                Complaint(id="c1.1", **listen),
                Complaint(id="c1.2", **listen | {"end_s": 3.0}, resolves="k1.1"),
            ],
            omissions=["a horn"],
        ),
    )
    assert combined.omissions == ["A cut.", "A horn."]
    assert [(c.id, c.end_s, c.resolves) for c in combined.complaints] == [
        ("c2.1", 2.0, ""),
        ("c2.2", 3.0, "k2.2"),
    ]


scores = st.lists(st.none() | st.floats(1, 10), min_size=1, max_size=6)


@given(scores)
def test_a_panel_stays_between_its_members_and_reads_back(given_: list[float | None]) -> None:
    members = [
        Member(critic=f"m{n}", verdict=UNSCORED if score is None else _said(score))
        for n, score in enumerate(given_)
    ]
    combined = combine(members, 1)
    known = [score for score in given_ if score is not None]
    assert type(combined).model_validate_json(combined.model_dump_json()) == combined
    if not known:
        assert isinstance(combined, Unscored)
        return
    assert isinstance(combined, Verdict)
    assert min(known) <= combined.score <= max(known)
    assert combined.disagreement == pytest.approx(max(known) - min(known), abs=1e-5)
