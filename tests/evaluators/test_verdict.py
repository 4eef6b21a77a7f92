"""From a critic's reply to a verdict: ids, senses that never reached it, caps, ranges."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.errors import ReplyError
from aurelia.evaluators.verdict import build_verdict, check_score, to_ten
from aurelia.types.reasoning import CaptionSentence, Modality, Verdict
from aurelia.types.replies import CaptionReply, ScoreReply, VerdictReply

BOTH: set[Modality] = {"visual", "audio"}
SENTENCES = [
    CaptionSentence(text="A bell rings at 1.5 s.", step_ids=["s1"]),
    CaptionSentence(text="Then the door opens, as the light goes on.", step_ids=["s2", "s3"]),
    CaptionSentence(text="Eine Tür fällt zu.", step_ids=["s4"]),
]


def _claim(text: str = "A bell rings.", status: str = "supported", **more: Any) -> dict[str, Any]:
    return {"text": text, "status": status, **more}


def _verdict(
    *claims: dict[str, Any], received: set[Modality] = BOTH, index: int = 3, **reply: Any
) -> Verdict:
    given = VerdictReply.model_validate({"score": 9, "claims": list(claims)} | reply)
    return build_verdict(given, index=index, sentences=SENTENCES, received=received)


def test_claims_and_complaints_are_numbered_and_find_each_other_and_their_steps() -> None:
    verdict = _verdict(
        _claim("The bell rings at 1.5 s"),
        _claim("The light goes on", status="contradicted"),
        complaints=[
            {"action": "Look at the lamp.", "claim": 2, "modality": "visual", "start_s": 1.0},
            {"action": "Listen on."},
            {"action": "Count.", "claim": 3},
            {"action": "Count.", "claim": 0},
            {"action": "Count.", "claim": -1},
        ],
    )
    assert [(c.id, c.step_ids) for c in verdict.claims] == [
        ("k3.1", ["s1"]),
        ("k3.2", ["s2", "s3"]),
    ]
    first, *others = verdict.complaints
    assert (first.id, first.resolves, first.step_id) == ("c3.1", "k3.2", "s2")
    assert (first.modality, first.start_s, first.status) == ("visual", 1.0, "raised")
    assert [(c.id, c.resolves, c.step_id) for c in others] == [
        ("c3.2", "", None),
        ("c3.3", "", None),
        ("c3.4", "", None),
        ("c3.5", "", None),
    ]


@pytest.mark.parametrize(
    ("text", "step_ids"),
    [
        ("A bell rings.", ["s1"]),
        ("THE DOOR OPENS", ["s2", "s3"]),
        ("die tür fällt", ["s4"]),
        ("A dog barks twice in the yard.", []),
        ("", []),
    ],
)
def test_a_claim_rests_on_the_steps_of_the_sentence_it_repeats(
    text: str, step_ids: list[str]
) -> None:
    assert _verdict(_claim(text)).claims[0].step_ids == step_ids


@pytest.mark.parametrize("status", ["supported", "contradicted", "unverifiable"])
@pytest.mark.parametrize(
    ("modality", "received", "missing"),
    [
        ("audio", {"visual"}, "sound"),
        ("visual", {"audio"}, "picture"),
        ("audio", set(), "sound"),
        ("both", set(), "picture and sound"),
        (None, set(), "picture and sound"),
    ],
)
def test_what_never_reached_the_critic_is_unverifiable_whatever_it_says(
    modality: Modality, received: set[Modality], missing: str, status: str
) -> None:
    verdict = _verdict(
        _claim(status=status, modality=modality, observed="As I heard."), received=received
    )
    claim = verdict.claims[0]
    assert claim.status == "unverifiable"
    if status != "unverifiable":
        assert claim.observed == f"The critic was not given the clip's {missing}."
    assert [cap.rule for cap in verdict.caps] == ["unchecked"]
    assert (verdict.score, verdict.raw_score) == (5.5, 9)


def test_a_coincidence_can_be_contradicted_but_not_supported_by_one_sense() -> None:
    seen: set[Modality] = {"visual"}
    supported = _verdict(_claim(modality="both"), received=seen).claims[0]
    contradicted = _verdict(_claim(status="contradicted", modality="both"), received=seen)
    assert supported.status == "unverifiable"
    assert supported.observed == "The critic was not given the clip's sound."
    assert contradicted.claims[0].status == "contradicted"
    assert contradicted.score == 5


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Supported.", "supported"),
        ("**contradicted**", "contradicted"),
        ("refuted", "contradicted"),
        ("unsupported", "unverifiable"),
        ("partly supported", "unverifiable"),
        ("", "unverifiable"),
    ],
)
def test_a_status_is_read_leniently_and_never_in_favour_of_the_claim(
    said: str, status: str
) -> None:
    assert _verdict(_claim(status=said)).claims[0].status == status


def test_the_strictest_cap_counts_and_all_are_kept() -> None:
    verdict = _verdict(
        _claim(status="contradicted"),
        score=9.5,
        caps=[{"rule": "own", "limit": 2.5, "reason": "made up"}, {"rule": "none", "limit": 50}],
    )
    assert [(cap.rule, cap.limit) for cap in verdict.caps] == [
        ("own", 2.5),
        ("none", 50),
        ("contradicted", 5),
    ]
    assert (verdict.score, verdict.raw_score) == (2.5, 9.5)
    assert verdict.caps[-1].reason == "k3.1 contradicts what the critic perceived"


def test_a_cap_never_raises_a_score_nor_leaves_the_scale() -> None:
    assert _verdict(_claim(status="contradicted"), score=3).score == 3
    assert _verdict(caps=[{"rule": "own", "limit": -4}]).score == 1


@given(
    low=st.floats(-100, 100), width=st.floats(0.1, 100), shares=st.tuples(*[st.floats(0, 1)] * 2)
)
def test_a_score_is_mapped_in_order_onto_one_to_ten(
    low: float, width: float, shares: tuple[float, float]
) -> None:
    high = low + width
    first, second = (min(high, low + share * width) for share in sorted(shares))
    assert 1 <= to_ten(first, low, high) <= to_ten(second, low, high) <= 10
    assert to_ten(low, low, high) == pytest.approx(1)
    assert to_ten(high, low, high) == pytest.approx(10)


@pytest.mark.parametrize("score", [0, 0.99, 10.01, -3, float("nan"), float("inf")])
def test_a_score_outside_the_range_is_refused(score: float) -> None:
    for reply in (ScoreReply(score=score), VerdictReply(score=score)):
        with pytest.raises(ReplyError, match="is outside 1 to 10"):
            check_score(reply)
        with pytest.raises(ReplyError):
            build_verdict(reply, index=1, sentences=[], received=BOTH)
    check_score(CaptionReply.model_validate({"sentences": [{"text": "No score here."}]}))


def test_a_bare_score_of_another_range_is_a_verdict_too() -> None:
    reply = ScoreReply(score=50, rationale="Half of it.")
    verdict = build_verdict(reply, index=1, sentences=[], received=BOTH, low=0, high=100)
    assert (verdict.score, verdict.raw_score) == (5.5, 50)
    assert verdict.rationale == "Half of it."


@pytest.mark.parametrize("modality", ["audio", "both"])
def test_what_was_checked_against_measured_sentences_is_weakly_verified(modality: Modality) -> None:
    given = VerdictReply.model_validate({"score": 10, "claims": [_claim(modality=modality)]})
    verdict = build_verdict(
        given, index=3, sentences=SENTENCES, received={"visual"}, measured={"audio"}
    )
    claim = verdict.claims[0]
    assert claim.status == "supported"
    assert claim.observed == "(checked against measured sentences about the sound: weak)"
    assert claim.confidence == 0.6
    assert [(cap.rule, cap.limit) for cap in verdict.caps] == [("measured only", 9)]
    assert verdict.caps[0].reason == (
        "k3.1 was checked against measured sentences, not the clip itself"
    )
    assert (verdict.score, verdict.raw_score) == (9, 10)


def test_a_sense_that_reached_the_critic_needs_no_measurement() -> None:
    given = VerdictReply.model_validate({"score": 10, "claims": [_claim(modality="audio")]})
    verdict = build_verdict(
        given, index=1, sentences=[], received=BOTH, measured={"audio", "visual"}
    )
    assert (verdict.score, verdict.caps) == (10, [])


def test_a_sense_that_was_neither_given_nor_measured_stays_unverifiable() -> None:
    given = VerdictReply.model_validate({"score": 10, "claims": [_claim(modality="visual")]})
    verdict = build_verdict(given, index=1, sentences=[], received=set(), measured={"audio"})
    assert (verdict.claims[0].status, verdict.score) == ("unverifiable", 5.5)
